"""The search for a contract: levers simulated once, then settled under one contract after another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from math import isfinite
from numbers import Real

import numpy as np

from paysim.incentives.design.candidate import Candidate, best
from paysim.incentives.design.change import arrangement_with
from paysim.incentives.design.frontier import apart, frontier
from paysim.incentives.design.judge import Outcomes, Rules, judged, partners_of, reference, spread_over_replications
from paysim.incentives.design.ranges import Free, free_parameters
from paysim.incentives.design.ranking import Confidence, confidence_in_first, confidence_in_none
from paysim.incentives.design.search import CANDIDATES_PER_PARAMETER, PRECISE, ROUGH, search
from paysim.incentives.evaluate import alike_in_care, evaluate
from paysim.incentives.expected import EXPECTED
from paysim.incentives.outcome import Outcome, Point, Trial
from paysim.incentives.response.objective import objectives_of, strategic_levers
from paysim.incentives.response.points import Design, design_points
from paysim.model.contract import Arrangement
from paysim.model.errors import InputError, refuse_unknown
from paysim.model.system import System
from paysim.study.design.designed import ZONE, Asked, Designed
from paysim.study.executor import Progress, counted, keeping_map, silent
from paysim.study.first_start import compile_levers_ahead
from paysim.study.kept import forgetting, keep, settle_kept
from paysim.study.memory import available_bytes, replications_that_fit
from paysim.study.neutral import with_amounts
from paysim.study.provenance import provenance
from paysim.study.replication import own_log
from paysim.study.settings import Settings, chosen_names, whole_number

CONTENDERS = 8
"""Contracts that the ranking knows: the winner and the best of the others."""

MOST_CANDIDATES = 100_000

SIMULATIONS_AT_ONCE = 3
"""How many times each replication is simulated between two reports of progress."""

SIMULATING, SETTLING = "simulating levers", "settling contracts"


def find_design(
    system: System, settings: Settings, asked: Asked, *, workers: int = 1, progress: Progress = silent
) -> Designed:
    """Return the contract, within the ranges and limits asked for, whose equilibrium is nearest to the joint optimum.

    Every replication is simulated once at each point that outcomes are fitted from, and settled under every contract
    that is tried. Budget-neutral amounts are set once, at baseline and for the arrangement as it is written. That no
    contract keeps to the limits is an answer too. The result does not depend on `workers`.

    Raises InputError for what cannot be asked, and where memory does not hold what is kept of the simulations.
    """
    arrangement, than = _arrangements(system, settings, asked)
    free = free_parameters(arrangement, asked.free)
    most = CANDIDATES_PER_PARAMETER * len(free) if asked.candidates is None else asked.candidates
    most = whole_number("candidates", most, 1, MOST_CANDIDATES)
    rules = _rules(system, settings, asked)
    trial = Trial(settings.years, settings.seed, settings.sample, settings.engine)
    at_once = _at_once(system, settings, progress)
    with forgetting(), keeping_map(workers, at_once, system.own_terms) as run:
        calibrating = counted(run, "setting budget-neutral amounts", progress)
        asked_for = list({each.id: each for each in (arrangement, than)}.values())
        paid, _ = with_amounts(system, settings, asked_for, rules.design.levers, calibrating)
        arrangement, than = paid.arrangements[arrangement.id], paid.arrangements[than.id]
        resolved = [paid.arrangements[each.id] for each in asked_for]
        _simulate(run, paid, resolved, rules.design, trial, settings.replications, progress)

        def settled(contract: Arrangement) -> Outcomes:
            return list(run(partial(settle_kept, [contract]), range(settings.replications)))

        def with_values(values: Sequence[float]) -> Arrangement:
            return arrangement_with(arrangement, {each.name: v for each, v in zip(free, values, strict=True)})

        of_than, outcomes = settled(than), {}
        against = reference(rules, than.id, of_than)

        def judge(number: int, values: tuple[float, ...]) -> Candidate:
            outcomes[number] = settled(with_values(values))
            progress(SETTLING, number + 1, most)
            return judged(rules, against, arrangement.id, outcomes[number], number, values)

        progress(SETTLING, 0, most)
        written = judged(rules, against, arrangement.id, settled(arrangement), -1, ())
        candidates = search(judge, free, most, _now(free), PRECISE if settings.engine == EXPECTED else ROUGH)
        progress(SETTLING, most, most)
        winner, contenders = best(candidates), apart(candidates, free)[:CONTENDERS]
        points = [against.ending.point, winner.ending.point, against.best_for_all]
        checking = counted(run, "simulating the winner", progress)
        check = partial(_outcomes, paid, [than, with_values(winner.values)], points, trial)
        checked = tuple(checking(check, range(settings.replications)))
    zone = max(1.0, ZONE * float(against.ending.gap.mean())) if asked.zone is None else asked.zone
    kept = [(each, outcomes[each.number]) for each in contenders]
    return Designed(
        system=system,
        settings=settings,
        asked=asked,
        than=than.id,
        free=free,
        rules=rules,
        reference=against,
        written=written,
        candidates=candidates,
        winner=winner,
        frontier=frontier(candidates, free),
        contenders=contenders,
        confidence=_ranked(rules, (than.id, of_than), arrangement.id, kept, zone, settings.seed),
        checked=checked,
        provenance={**provenance(system, settings), "design": asdict(asked), "candidates": len(candidates)},
    )


def _arrangements(system: System, settings: Settings, asked: Asked) -> tuple[Arrangement, Arrangement]:
    """Return the arrangement to change and the one that it is held against; raise InputError for limits of no use."""
    than = settings.arrangements[0] if asked.than is None else asked.than
    refuse_unknown("arrangement", [asked.arrangement], tuple(system.arrangements))
    refuse_unknown("than", [than], tuple(system.arrangements))
    _refuse_limit("floor", asked.floor, "a finite number", isfinite)
    _refuse_limit("zone", asked.zone, "a finite number of at least 0", lambda zone: isfinite(zone) and zone >= 0)
    _refuse_limit("tolerance", asked.tolerance, "a number of at least 0", lambda tolerance: tolerance >= 0)
    return system.arrangements[asked.arrangement], system.arrangements[than]


def _refuse_limit(name: str, value: float | None, expected: str, is_fit: Callable[[float], bool]) -> None:
    """Raise InputError for a limit that is no number or not fit."""
    if value is not None and (not isinstance(value, Real) or isinstance(value, bool) or not is_fit(float(value))):
        raise InputError("", name, f"found {value!r}", f"expected {expected}")


def _rules(system: System, settings: Settings, asked: Asked) -> Rules:
    """Return how contracts are judged; raise InputError where nobody sets any of the levers."""
    strategic = strategic_levers(system)
    if not strategic:
        found = "found no lever that an organisation sets"
        raise InputError("", "lever", found, "expected at least one whose owner is not passive")
    chosen = strategic if asked.levers is None else chosen_names("levers", asked.levers, strategic)
    return Rules(
        design=design_points(system, chosen),
        objectives=objectives_of(system),
        partners=partners_of(system),
        tolerance=asked.tolerance,
        floor=asked.floor,
        sample=settings.sample,
    )


def _at_once(system: System, settings: Settings, progress: Progress) -> int:
    """Return how many replications memory holds at once while they are simulated."""
    if settings.engine == EXPECTED:
        return 1
    most = replications_that_fit(system, settings)
    compile_levers_ahead(system, settings, progress)
    return min(most, settings.replications)


def _simulate(
    run: Callable[..., Iterable[int]],
    system: System,
    arrangements: Sequence[Arrangement],
    design: Design,
    trial: Trial,
    replications: int,
    progress: Progress,
) -> None:
    """Simulate every point of every replication where it will be settled.

    Raises InputError where memory does not hold what is kept of all of them.
    """
    points = design.points
    done = 0
    progress(SIMULATING, 0, len(points) * replications)
    for numbers in _rounds(design):
        chosen = {number: points[number] for number in numbers}
        taken = sum(run(partial(keep, system, arrangements, chosen, trial), range(replications)))
        done += len(numbers)
        progress(SIMULATING, done * replications, len(points) * replications)
        needed, available = taken / len(numbers) * (len(points) - done), available_bytes()
        if needed > available:
            each = taken / len(numbers) / replications * len(points) / 2**30
            found = f"found {replications}, of which {len(points)} digests take about {each:,.1f} GiB each"
            raise InputError("", "replications", found, "expected fewer, a smaller sample or fewer levers")


def _rounds(design: Design) -> Iterator[Sequence[int]]:
    """Yield the numbers of points that are simulated together: first all that leave care as it is, then a few each."""
    as_now, *others = alike_in_care(design.system, design.points)
    yield as_now
    for first in range(0, len(others), SIMULATIONS_AT_ONCE):
        yield [number for alike in others[first : first + SIMULATIONS_AT_ONCE] for number in alike]


def _outcomes(
    system: System, arrangements: Sequence[Arrangement], points: Sequence[Point], trial: Trial, replication: int
) -> tuple[Outcome, ...]:
    return evaluate(system, arrangements, points, trial, replication, own_log())


def _now(free: Sequence[Free]) -> tuple[float, ...] | None:
    """Return the values as they are written, None where one is not a single value within its range."""
    now = [value for each in free for value in set(each.present) if each.low <= value <= each.high]
    return tuple(now) if len(now) == len(free) and all(len(set(each.present)) == 1 for each in free) else None


def _ranked(
    rules: Rules,
    than: tuple[str, Outcomes],
    arrangement: str,
    contenders: Sequence[tuple[Candidate, Outcomes]],
    zone: float,
    seed: int,
) -> Confidence:
    """Return how sure the first of the contenders is, or that none of them is feasible where it is not."""
    sure = confidence_in_first if contenders[0][0].feasible else confidence_in_none
    if len(than[1]) == 1:
        return sure(np.zeros((1, 1)), np.zeros((1, 1, 0)), zone, seed)
    return sure(*spread_over_replications(rules, than, arrangement, contenders), zone, seed)
