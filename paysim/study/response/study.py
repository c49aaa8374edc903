"""Response: what organisations make of an arrangement, at rest and year by year, and what that is short of the best."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from paysim.incentives.expected import EXPECTED
from paysim.incentives.outcome import Outcome, Trial
from paysim.incentives.response.decisions import Deciding, as_now, deciding
from paysim.incentives.response.equilibrium import Equilibria, equilibria
from paysim.incentives.response.objective import objectives_of, strategic_levers
from paysim.incentives.response.optimum import Optimum, optimum
from paysim.incentives.response.points import design_points
from paysim.incentives.response.surface import Surface, fit
from paysim.incentives.response.years import Course, course
from paysim.model.contract import Arrangement
from paysim.model.errors import InputError
from paysim.model.objective import Objective
from paysim.model.system import System
from paysim.study.executor import Progress, counted, silent, workers_map
from paysim.study.first_start import compile_levers_ahead
from paysim.study.memory import replications_that_fit
from paysim.study.neutral import with_amounts
from paysim.study.outcomes import outcomes_by_replication
from paysim.study.provenance import provenance
from paysim.study.replication import own_log
from paysim.study.response.tables import equilibria_table, fit_table, gap_table, path_table, runs_table
from paysim.study.settings import Settings
from paysim.study.tables import neutral_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Responded:
    """How organisations respond to an arrangement, and what to.

    `at_now`, `at_rests` and `at_optimum` are simulated outcomes by replication, in the mean of `static_years`;
    `acting` and `as_now` the courses of the years, with decisions and without. The tables are `path`, `runs` (the same
    by replication), `equilibria`, `gap`, `fit` and `neutral`, see `paysim.study.response.tables`.
    """

    system: System
    settings: Settings
    static_years: int
    objectives: Mapping[str, Objective] = field(repr=False)
    surface: Surface = field(repr=False)
    found: Equilibria = field(repr=False)
    best: Optimum = field(repr=False)
    at_now: tuple[Outcome, ...] = field(repr=False)
    at_rests: tuple[tuple[Outcome, ...], ...] = field(repr=False)
    at_optimum: tuple[Outcome, ...] = field(repr=False)
    acting: tuple[Course, ...] = field(repr=False)
    as_now: tuple[Course, ...] = field(repr=False)
    path: "pd.DataFrame" = field(repr=False)
    runs: "pd.DataFrame" = field(repr=False)
    equilibria: "pd.DataFrame" = field(repr=False)
    gap: "pd.DataFrame" = field(repr=False)
    fit: "pd.DataFrame" = field(repr=False)
    neutral: "pd.DataFrame" = field(repr=False)
    provenance: Mapping[str, object] = field(repr=False)


def find_response(
    system: System, settings: Settings, static_years: int = 1, *, workers: int = 1, progress: Progress = silent
) -> Responded:
    """Return how organisations respond to the one arrangement of the settings, over the settings' years.

    Levers are simulated at a few intensities over `static_years`; what organisations expect is fitted to that. Where
    their best responses end, and where net benefit is largest, is simulated too. Then every replication runs through
    the years twice, with decisions and with all levers at `now`. Budget-neutral amounts are set first, with all levers
    at `now`. The result does not depend on `workers`.

    Raises InputError for a config without levers, without an arrangement or a worker, or where memory does not hold a
    single replication.
    """
    _refuse(system, settings)
    expected = settings.engine == EXPECTED
    longest = replace(settings, years=max(settings.years, static_years))
    most = 1 if expected else replications_that_fit(system, longest)
    if not expected:
        compile_levers_ahead(system, settings, progress)
    objectives = objectives_of(system)
    design = design_points(system, strategic_levers(system))
    trial = Trial(static_years, settings.seed, settings.sample, settings.engine)
    with workers_map(workers, most, system.own_terms) as run:
        chosen = [system.arrangements[arrangement] for arrangement in settings.arrangements]
        calibrating = counted(run, "setting budget-neutral amounts", progress)
        paid, amounts = with_amounts(system, settings, chosen, design.levers, calibrating)
        (arrangement,) = (paid.arrangements[each.id] for each in chosen)
        simulating = counted(run, "simulating levers", progress)
        outcomes = outcomes_by_replication(paid, [arrangement], design.points, trial, settings.replications, simulating)
        surface = fit(design, [arrangement.id], outcomes, settings.sample)
        progress("looking for equilibria", 0, 1)
        found, best = equilibria(surface, arrangement.id, objectives), optimum(surface)
        progress("looking for equilibria", 1, 1)
        ends = [*(rest.intensities for rest in found.rests), best.intensities]
        checking = counted(run, "simulating equilibria and optimum", progress)
        checked = outcomes_by_replication(paid, [arrangement], ends, trial, settings.replications, checking)
        decide = deciding(surface, arrangement.id, objectives)
        tasks = [(replication, acts) for replication in range(settings.replications) for acts in (True, False)]
        going = counted(run, "going through the years", progress)
        courses = list(going(partial(_course, paid, settings, arrangement, decide), tasks))
    at_now = tuple(of_replication[0] for of_replication in outcomes)
    by_end = tuple(zip(*checked, strict=True))
    acting, quiet = tuple(courses[::2]), tuple(courses[1::2])
    return Responded(
        system=system,
        settings=settings,
        static_years=static_years,
        objectives=objectives,
        surface=surface,
        found=found,
        best=best,
        at_now=at_now,
        at_rests=by_end[:-1],
        at_optimum=by_end[-1],
        acting=acting,
        as_now=quiet,
        path=path_table(system, acting, quiet),
        runs=runs_table(system, acting, quiet),
        equilibria=equilibria_table(design.levers, found, best),
        gap=gap_table(system, surface, found, best, by_end),
        fit=fit_table(system, surface, found, best, at_now, by_end),
        neutral=neutral_table(amounts),
        provenance={**provenance(system, settings), "static_years": static_years},
    )


def _refuse(system: System, settings: Settings) -> None:
    if not system.levers:
        raise InputError("", "lever", "found none", "expected at least one [lever.*] that somebody can respond with")
    if len(settings.arrangements) != 1:
        found = ", ".join(settings.arrangements) or "none"
        raise InputError("", "arrangement", f"found {found}", "expected one to respond to")


def _course(
    system: System, settings: Settings, arrangement: Arrangement, decide: Deciding, task: tuple[int, bool]
) -> Course:
    replication, acts = task
    trial = Trial(settings.years, settings.seed, settings.sample, settings.engine)
    watched = acts and decide.watches
    decided = decide if acts else as_now(system)
    return course(system, arrangement, decided, trial, replication, watched=watched, log=own_log())
