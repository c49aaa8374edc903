"""The incentive map: every lever one step from now, the same residents, paid for in several ways."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from paysim.incentives.expected import EXPECTED
from paysim.incentives.marginal import Change, Verdict, changes, points, verdicts
from paysim.incentives.outcome import Trial
from paysim.model.errors import InputError
from paysim.model.lever import Lever
from paysim.model.system import System
from paysim.study.executor import Progress, counted, silent, workers_map
from paysim.study.first_start import compile_levers_ahead
from paysim.study.incentives.tables import changes_table, verdicts_table, work_done
from paysim.study.memory import replications_that_fit
from paysim.study.neutral import with_amounts
from paysim.study.outcomes import outcomes_by_replication, tasks_of
from paysim.study.provenance import provenance
from paysim.study.settings import Settings, chosen_names

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class IncentiveMap:
    """What one more unit of each lever does to everybody under each arrangement.

    - `changes`: every change, replication by replication; `judged`: the verdicts on them.
    - `table`: lever, arrangement, horizon, organisation, quantity, unit, mean, low, high, per_event_mean,
      per_event_low, per_event_high, replications.
    - `verdicts`: lever, arrangement, horizon, owner, verdict, owner change, system change, gainers, losers,
      replications_needed.
    """

    system: System
    settings: Settings
    levers: tuple[Lever, ...] = field(repr=False)
    changes: tuple[Change, ...] = field(repr=False)
    judged: tuple[Verdict, ...] = field(repr=False)
    table: "pd.DataFrame" = field(repr=False)
    verdicts: "pd.DataFrame" = field(repr=False)
    provenance: dict[str, object] = field(repr=False)


def chosen_levers(system: System, names: Sequence[str] | None) -> tuple[Lever, ...]:
    """Return the levers of these names, all of them for None; raise InputError where there are none such."""
    if not system.levers:
        expected = (
            "expected at least one, such as [lever.day_case] with name, owner, unit, range = [0.0, 0.3],"
            " effects = [{ kind = ... }] and cost = { per_unit = ... }"
        )
        raise InputError("", "lever", "found none in the config", expected)
    known = tuple(system.levers)
    chosen = known if names is None else chosen_names("levers", names, known)
    return tuple(system.levers[name] for name in chosen)


def map_incentives(
    system: System, levers: Sequence[Lever], settings: Settings, *, workers: int = 1, progress: Progress = silent
) -> IncentiveMap:
    """Return the incentives of these levers under the arrangements of the settings.

    Each replication is simulated once as things are and once for each lever that changes care, with the same random
    numbers, and settled under every arrangement. Budget-neutral amounts are set at baseline and stay as they are, so
    their own error is the same in both of a pair: it cancels in what a fixed sum pays, and is in proportion to the
    change in what a rate by the head pays for those on a list. The result does not depend on `workers`.

    Raises InputError without an arrangement or a worker, or where memory does not hold a single replication.
    """
    if not settings.arrangements:
        raise InputError("", "arrangements", "found none", "expected at least one")
    exact = settings.engine == EXPECTED
    most = 1
    if not exact:
        most = replications_that_fit(system, settings)
        compile_levers_ahead(system, settings, progress)
    asked = points(levers)
    trial = Trial(settings.years, settings.seed, settings.sample, settings.engine, measured=True)
    with workers_map(workers, most, system.own_terms) as run:
        calibrating = counted(run, "setting budget-neutral amounts", progress)
        chosen = [system.arrangements[arrangement] for arrangement in settings.arrangements]
        paid, _ = with_amounts(system, settings, chosen, levers, calibrating)
        simulating = counted(run, "simulating and settling", progress)
        arrangements = [paid.arrangements[each.id] for each in chosen]
        outcomes = outcomes_by_replication(paid, arrangements, asked, trial, settings.replications, simulating)
    made = changes(system, levers, settings.arrangements, outcomes, exact)
    judged = verdicts(levers, settings.arrangements, made)
    return IncentiveMap(
        system=system,
        settings=settings,
        levers=tuple(levers),
        changes=made,
        judged=judged,
        table=changes_table(made),
        verdicts=verdicts_table(judged),
        provenance={
            **provenance(system, settings),
            "levers": {lever.id: asked[n].get(lever.id) for n, lever in enumerate(levers, start=1)},
            "work": work_done(settings, outcomes, simulations=len(tasks_of(system, asked, settings.replications))),
        },
    )
