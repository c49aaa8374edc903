"""What commands that run a study over several processes begin with."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import paysim
from paysim.cli.terminal import showing_progress
from paysim.study.workers import started

if TYPE_CHECKING:
    from paysim.model.system import System
    from paysim.study.whole import Command


@contextmanager
def study_of(
    command: "Command", config: Path, out: Path, workers: int, modules: Sequence[str], quiet: bool
) -> Iterator[tuple["System", Callable[[str, int, int], None]]]:
    """Yield the system of a config and where to tell progress, with processes started that import `modules`.

    None starts before the config and the folder for the results are known to be good. Raises InputError where they are
    not.
    """
    with showing_progress(quiet) as progress:
        from paysim.study.whole import refuse_unusable_folder

        system = paysim.load(config)
        refuse_unusable_folder(out, command)
        with started(workers, modules, system.own_terms):
            yield system, progress
