"""The search for a contract: levers simulated once, then settled under one contract after another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from paysim.incentives.design.candidate import Candidate, best
from paysim.incentives.design.change import arrangement_with
from paysim.incentives.design.frontier import apart, frontier
from paysim.incentives.design.judge import Outcomes, Reference, Rules, judged, partners_of, pseudo_values, reference
from paysim.incentives.design.ranges import Free, free_parameters
from paysim.incentives.design.ranking import Confidence, confidence
from paysim.incentives.design.search import CANDIDATES_PER_PARAMETER, search
from paysim.incentives.evaluate import evaluate
from paysim.incentives.outcome import Outcome, Point, Trial
from paysim.incentives.response.objective import objectives_of, strategic_levers
from paysim.incentives.response.points import Design, design_points
from paysim.model.contract import Arrangement
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.study.executor import Progress, counted, keeping_map, silent
from paysim.study.first_start import compile_ahead
from paysim.study.kept import forgetting, keep, settle_kept
from paysim.study.memory import available_bytes, replications_that_fit
from paysim.study.neutral import resolve_neutral
from paysim.study.provenance import provenance
from paysim.study.replication import own_log
from paysim.study.settings import EXPECTED, Settings, refuse_unknown, whole_number

TOLERANCE = 1e-4
"""Of what a partner receives: a loss as small as this on average is none."""

ZONE = 0.05
"""Of the gap under the contract that others are held against: contracts that are nearer in gap are as good."""

CONTENDERS = 8
"""Contracts that the winner is ranked against."""

SETTLING = "settling contracts"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a design is asked for: the arrangement to change, the ranges of its free parameters, and the limits.

    `than` is the arrangement under which partners must not be better off, `tolerance` the share of what a partner
    receives that it may lose all the same, `floor` the least pounds a year, beside its average under `than`, that a
    partner keeps in a year as bad as one in twenty. `candidates` is the most contracts to try, `zone` the pounds a
    year that make no difference to the gap; None stands for what is usual.
    """

    arrangement: str
    free: Mapping[str, tuple[float, float]]
    than: str | None = None
    floor: float | None = None
    tolerance: float = TOLERANCE
    candidates: int | None = None
    zone: float | None = None
    levers: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class Designed:
    """What a design came to. `written` is the arrangement as it is, `candidates` all that were tried, in order.

    `contenders` are the winner and those ranked against it. `checked` are outcomes that were simulated, not fitted, by
    replication: at the equilibrium under `than`, at the winner's and at the joint optimum, under both contracts, that
    of `than` first.
    """

    system: System
    settings: Settings
    asked: Asked
    than: str
    free: tuple[Free, ...]
    rules: Rules
    reference: Reference
    written: Candidate
    candidates: tuple[Candidate, ...]
    winner: Candidate
    frontier: tuple[Candidate, ...]
    contenders: tuple[Candidate, ...]
    confidence: Confidence
    checked: tuple[tuple[Outcome, ...], ...]
    provenance: dict[str, object]


def find_design(
    system: System, settings: Settings, asked: Asked, *, workers: int = 1, progress: Progress = silent
) -> Designed:
    """Return the contract, within the ranges and limits asked for, whose equilibrium is nearest to the joint optimum.

    Every replication is simulated once at each point that its outcomes are fitted from, and settled under every
    contract that is tried. Budget-neutral amounts are set once, at baseline and for the arrangement as it is written.
    No contract that keeps to the limits is an answer too. The result does not depend on `workers`.

    Raises InputError for what cannot be asked, and where memory does not hold what is kept of the simulations.
    """
    arrangement, than, design = _refused(system, settings, asked)
    free = free_parameters(arrangement, asked.free)
    most = CANDIDATES_PER_PARAMETER * len(free) if asked.candidates is None else asked.candidates
    whole_number("candidates", most, 1, 1_000_000)
    workers = _workers(system, settings, workers, progress)
    trial = Trial(settings.years, settings.seed, settings.sample, settings.engine)
    with forgetting(), keeping_map(workers, own_terms=system.own_terms) as run:
        calibrating = counted(run, "setting budget-neutral amounts", progress)
        pair = [arrangement] if than is arrangement else [arrangement, than]
        resolved, _ = resolve_neutral(system, settings, pair, calibrating)
        arrangement, than = resolved[0], resolved[-1]
        _simulate(run, partial(keep, system, resolved, design.points, trial), settings, progress)

        def settled(contract: Arrangement) -> Outcomes:
            return list(run(partial(settle_kept, [contract]), range(settings.replications)))

        rules = Rules(
            design, objectives_of(system), partners_of(system), asked.tolerance, asked.floor, settings.sample
        )
        of_than = settled(than)
        against = reference(rules, than.id, of_than)
        outcomes: dict[int, Outcomes] = {}

        def judge(number: int, values: tuple[float, ...]) -> Candidate:
            chosen = {each.name: value for each, value in zip(free, values, strict=True)}
            outcomes[number] = settled(arrangement_with(arrangement, chosen))
            progress(SETTLING, min(number + 1, most), most)
            return judged(rules, against, arrangement.id, outcomes[number], number, values)

        progress(SETTLING, 0, most)
        written = judged(rules, against, arrangement.id, settled(arrangement), -1, ())
        candidates = search(judge, free, most, _now(free))
        progress(SETTLING, most, most)
        winner = best(candidates)
        contenders = apart(candidates, free)[:CONTENDERS]
        zone = max(1.0, ZONE * float(against.ending.gap.mean())) if asked.zone is None else asked.zone
        sure = confidence(_ranked(rules, (than.id, of_than), arrangement.id, contenders, outcomes), zone, settings.seed)
        won = arrangement_with(arrangement, {each.name: v for each, v in zip(free, winner.values, strict=True)})
        points = [against.ending.point, winner.ending.point, against.best_for_all]
        checking = counted(run, "simulating the winner", progress)
        checked = checking(partial(_outcomes, system, [than, won], points, trial), range(settings.replications))
        simulated = tuple(checked)
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
        confidence=sure,
        checked=simulated,
        provenance=_provenance(system, settings, asked, most),
    )
