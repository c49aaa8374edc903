"""A config file in, a system out."""

import os
from pathlib import Path

from paysim.config.check import check
from paysim.config.merge import read_document
from paysim.config.own_terms import own_terms
from paysim.config.paths import refuse_no_file
from paysim.config.resolve.system import resolve
from paysim.config.validate import validate
from paysim.model.errors import refuse_other
from paysim.model.system import System


def system_of(system: System | str | os.PathLike[str]) -> System:
    """Return a system as it is, or the one that the config file of this path describes."""
    refuse_other("system", system, (System, str, os.PathLike), "expected a System or the path of its config")
    return system if isinstance(system, System) else load(system)


def load(path: str | os.PathLike[str]) -> System:
    """Return the system that a config file describes, checked as a whole.

    The config may extend another one (`extends`) and name CSV tables, all of them in its folder or below, and Python
    files with kinds of term of its own (`own_terms`), which are run.
    Raises InputError, with file, key path, what was found and what was expected, for anything that is missing,
    misspelt, of the wrong type or contradictory.
    """
    refuse_other("path", path, (str, os.PathLike), "expected the path of a config")
    file = Path(path)
    refuse_no_file(file, "expected a config")
    document = read_document(file)
    own = own_terms(document)
    system = resolve(document, validate(document), own)
    check(document, system)
    # Nobody else has it yet, and a copy would have to make its digest again.
    object.__setattr__(system, "configured", system.content)
    return system
