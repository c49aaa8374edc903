"""The first start on a machine: compiling once, before worker processes would each compile the same."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from paysim.incentives.evaluate import evaluate
from paysim.incentives.marginal import points
from paysim.incentives.outcome import Trial
from paysim.jit import compiled_note
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.study.executor import Progress
from paysim.study.neutral import resolve_neutral, with_amounts
from paysim.study.replication import replicate
from paysim.study.settings import Settings

COMPILING = "compiling (first run on this machine)"

_FEW_RESIDENTS = 1000


def compile_ahead(system: System, settings: Settings, progress: Progress) -> None:
    """Compile what a comparison runs, by a year of a few residents, unless an earlier process did; tell `progress`."""
    _unless_compiled(settings.engine, _compared, system, settings, progress)


def compile_levers_ahead(system: System, settings: Settings, progress: Progress) -> None:
    """Compile what studies of levers run, by a year of a few residents as things are and with each lever moved."""
    _unless_compiled(f"{settings.engine}-levers", _with_levers, system, settings, progress)


def _unless_compiled(
    what: str, run: Callable[[System, Settings], object], system: System, settings: Settings, progress: Progress
) -> None:
    note = compiled_note(what)
    if note is None or note.exists():
        return
    progress(COMPILING, 0, 1)
    sample = min(settings.sample, _FEW_RESIDENTS / system.population.total)
    few = replace(settings, years=1, sample=sample, calibration_replications=1)
    # Whatever is wrong with the input is for the study itself to tell.
    with suppress(InputError):
        run(system, few)
        with suppress(OSError):
            note.touch()
    progress(COMPILING, 1, 1)


def _compared(system: System, settings: Settings) -> None:
    chosen = [system.arrangements[arrangement] for arrangement in settings.arrangements]
    arrangements, amounts = resolve_neutral(system, settings, chosen, map)
    replicate(system, settings, arrangements, amounts, 0)


def _with_levers(system: System, settings: Settings) -> None:
    levers = tuple(system.levers.values())
    chosen = [system.arrangements[arrangement] for arrangement in settings.arrangements]
    paid, _ = with_amounts(system, settings, chosen, levers, map)
    arrangements = [paid.arrangements[each.id] for each in chosen]
    trial = Trial(settings.years, settings.seed, settings.sample, settings.engine, measured=True)
    evaluate(paid, arrangements, points(levers), trial, 0)
