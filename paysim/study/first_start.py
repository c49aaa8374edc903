"""The first start on a machine: compiling once, before worker processes would each compile the same."""

from contextlib import suppress
from dataclasses import replace

from paysim.jit import compiled_note
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.study.executor import Progress
from paysim.study.neutral import resolve_neutral
from paysim.study.replication import replicate
from paysim.study.settings import Settings

COMPILING = "compiling (first run on this machine)"

_FEW_RESIDENTS = 1000


def compile_ahead(system: System, settings: Settings, progress: Progress) -> None:
    """Compile what a study runs, by a year of a few residents, unless an earlier process did; tell `progress` of it."""
    note = compiled_note(settings.engine)
    if note is None or note.exists():
        return
    progress(COMPILING, 0, 1)
    sample = min(settings.sample, _FEW_RESIDENTS / system.population.total)
    few = replace(settings, years=1, sample=sample, calibration_replications=1)
    # Whatever is wrong with the input is for the study itself to tell.
    with suppress(InputError):
        chosen = [system.arrangements[arrangement] for arrangement in settings.arrangements]
        arrangements, _ = resolve_neutral(system, few, chosen, map)
        replicate(system, few, arrangements, 0)
        note.touch()
    progress(COMPILING, 1, 1)
