"""How incentives are put into words: the same in figure, report and terminal tables."""

import math
from collections.abc import Callable, Sequence

from paysim.incentives.expected import EXPECTED
from paysim.incentives.marginal import Change, Verdict, resolved_sign
from paysim.intervals import Interval
from paysim.model.lever import Lever
from paysim.model.system import System
from paysim.report.answer import Passage
from paysim.report.incentives.records import Party, Readable, parties
from paysim.report.sampled import sampled_capacity
from paysim.report.wording import THOUSANDS, counted, number, percent, scaled_sample
from paysim.study.incentives.study import IncentiveMap

MARKS = {
    "aligned": "✓",
    "misaligned": "✗",
    "transfer": "⇄",
    "indifferent": "○",
    "not distinguishable": "?",
}
"""A sign beside the word, so that a verdict can be told at a glance and without colour."""

MEANINGS = {
    "aligned": "owner and system gain together, or where it says so both lose",
    "misaligned": "one gains where the other loses",
    "transfer": "the owner's money moves, the system gains nothing",
    "indifferent": "nothing at stake for the owner",
    "not distinguishable": "an interval holds zero",
}

_WORTH_NAMING = 0.02
"""Of the largest sum that anybody gains or loses: who moves less is counted and not named."""

HORIZON_NAMES = {"short_run": "short run", "long_run": "long run"}


def short(pounds: float) -> str:
    """Return pounds in thousands as a figure has room for: '-48.2', '+1,240'; '0' where nothing moves."""
    thousands = pounds / THOUSANDS.pounds
    return "0" if pounds == 0 else number(thousands, 1 if abs(thousands) < 99.95 else 0, signed=True)


def short_qalys(qalys: float) -> str:
    """Return QALYs as a figure has room for."""
    return "0" if qalys == 0 else number(qalys, 2 if abs(qalys) < 9.995 else 1 if abs(qalys) < 99.95 else 0, True)


def step_text(lever: Lever) -> str:
    """Return one step of a lever, such as '0.03 share of stays'; where the range ends above, the last one up to now."""
    last = f", from {lever.now + lever.stride:.3g} up to now" if lever.stride < 0 else ""
    return f"{lever.step:.3g} {lever.unit}{last}"


def verdict_word(verdict: Verdict) -> str:
    """Return the word for a verdict; aligned interests are told apart, since nobody wants what both lose by."""
    return "both lose" if verdict.verdict == "aligned" and verdict.owner_change.mean < 0 else verdict.verdict


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict with its sign, and how many replications would make one of it."""
    text = f"{MARKS[verdict.verdict]} {verdict_word(verdict)}"
    return f"{text} ({needed_text(verdict)})" if verdict.verdict == "not distinguishable" else text


def needed_text(verdict: Verdict) -> str:
    """Return how many replications would tell owner's and system's changes from zero."""
    needed = verdict.replications_needed
    if math.isnan(needed):
        return "one replication shows no spread"
    return ">10,000 needed" if math.isinf(needed) else f"{needed:,.0f} needed"


def incentive_basis(incentives: IncentiveMap) -> str:
    """Return what a map rests on: replications and years, or that there is no chance in it, and the prices."""
    settings, prices = incentives.settings, f"{incentives.system.price_year} prices"
    years = counted(settings.years, "year")
    if settings.engine == EXPECTED:
        return f"Expected values of {years}, without queues or chance; {prices}"
    return f"{counted(settings.replications, 'replication')} of {years}, paired{scaled_sample(settings)}; {prices}"


def warnings(incentives: IncentiveMap) -> tuple[str, ...]:
    """Return what to be wary of beside the intervals: levers whose capacity the sample does not have."""
    return sampled_capacity(incentives.system, incentives.levers, incentives.settings)


def full_name(system: System, party: Party) -> str:
    """Return an organisation's name, or that of a kind."""
    return system.organisations[party.name].name if party.name in system.organisations else party.name


def short_name(system: System, party: Party) -> str:
    """Return an organisation's id, or the name of a kind."""
    return party.name


def partners(readable: Readable) -> tuple[str, ...]:
    """Return, arrangement by arrangement, which partners of a lever's owner lose by it though the system gains."""
    incentives = readable.incentives
    sentences = []
    good = [lever for lever in incentives.levers if _sign(readable.of_system(lever, "net_benefit")) == 1]
    for arrangement in incentives.settings.arrangements:
        lost = []
        for party in parties(incentives):
            changes = [
                readable.surplus(lever, arrangement, party) for lever in good if lever.owner not in party.members
            ]
            losses = [f"{c.lever} ({short(float(c.per_step.mean()))})" for c in changes if _sign(c) == -1]
            lost += [f"{party.name} by {', '.join(losses)}"] if losses else []
        name = incentives.system.arrangements[arrangement].name
        sentences.append(f"{name}: {'; '.join(lost) or 'no partner for sure'}.")
    return tuple(sentences)


def _sign(change: Change) -> int | None:
    return resolved_sign(change.per_unit, change.exact)


def most_telling(readable: Readable) -> tuple[Lever, ...]:
    """Return the lever that counts steps and whose verdicts differ most between arrangements; none where none counts.

    Those whose steps surely change come first; of levers with as many verdicts, the one whose owner has most at stake
    between one arrangement and another.
    """
    arrangements = readable.incentives.settings.arrangements

    def spread(lever: Lever) -> tuple[bool, int, float]:
        found = [readable.verdict(lever, arrangement) for arrangement in arrangements]
        sums = [verdict.owner_change.mean * lever.step for verdict in found]
        different = {verdict.verdict for verdict in found} - {"not distinguishable"}
        return bool(_sign(readable.of_residents(lever, "counted_steps"))), len(different), max(sums) - min(sums)

    counting = [lever for lever in readable.incentives.levers if lever.counted]
    return (max(counting, key=spread),) if counting else ()


def events(
    readable: Readable,
    called: Callable[[System, Party], str] = full_name,
    told: Sequence[Lever] | None = None,
) -> tuple[Passage, ...]:
    """Return who gains and who loses from one counted step avoided, lever by lever and arrangement by arrangement.

    `told` are the levers to tell of, all of the map where it is None. Where it is not known how many there are, or
    there are none, nobody's share of one is told.
    """
    levers = [lever for lever in (readable.incentives.levers if told is None else told) if lever.counted]
    everybody = parties(readable.incentives)
    return tuple(
        Passage(
            f"One {lever.counted_name}: {lever.name}",
            (
                _size(readable, lever),
                *(
                    _parties(readable, lever, arrangement, everybody, called)
                    for arrangement in readable.incentives.settings.arrangements
                    if _sign(readable.of_residents(lever, "counted_steps"))
                ),
            ),
        )
        for lever in levers
    )


def _size(readable: Readable, lever: Lever) -> str:
    steps = readable.of_residents(lever, "counted_steps")
    sign = _sign(steps)
    if sign == 0:
        return "The lever changes none of the steps that are counted."
    if sign is None:
        return "How many there are cannot be told from zero at this number of replications."
    moved = abs(steps.step_interval().mean)
    avoided = f"One step of the lever ({step_text(lever)}) {'avoids' if sign < 0 else 'adds'} {number(moved, 0)} a year"
    turned = "" if sign < 0 else "; what follows is for one fewer, so one more has the other sign"
    cost, health = readable.of_system(lever, "real_cost"), readable.of_residents(lever, "qalys")
    benefit = readable.of_system(lever, "net_benefit")
    return (
        f"{avoided}{turned}. For each, in the {HORIZON_NAMES[readable.horizon]}, the real cost of the system, the"
        f" lever's own included, {_moves(cost, 'rises', 'falls')}; the net benefit,"
        f" {_qalys(health.event_interval().mean)} for residents included, {_moves(benefit, 'rises', 'falls')}."
    )


def _parties(
    readable: Readable,
    lever: Lever,
    arrangement: str,
    everybody: Sequence[Party],
    called: Callable[[System, Party], str],
) -> str:
    incentives = readable.incentives
    changes = [(called(incentives.system, party), readable.surplus(lever, arrangement, party)) for party in everybody]
    changes.sort(key=lambda each: -abs(float(each[1].per_unit.mean())))
    known = [(who, c.event_interval()) for who, c in changes if _sign(c)]
    most = max((abs(amount.mean) for _, amount in known), default=0.0)
    named = [(who, amount) for who, amount in known if abs(amount.mean) >= _WORTH_NAMING * most]
    gain = ", ".join(f"{who} {_amount(amount)}" for who, amount in named if amount.mean > 0)
    lose = ", ".join(f"{who} {_amount(amount)}" for who, amount in named if amount.mean < 0)
    unknown = sum(_sign(c) is None for _, c in changes)
    said = [f"gain {gain}"] * bool(gain) + [f"lose {lose}"] * bool(lose)
    said += [f"{len(known) - len(named)} more by less than {percent(_WORTH_NAMING)} of the largest sum"] * (
        len(named) < len(known)
    )
    said += [f"{unknown} cannot be told from nothing"] * (unknown > 0)
    name, word = incentives.system.arrangements[arrangement].name, verdict_word(readable.verdict(lever, arrangement))
    return f"{name} ({word}): {'; '.join(said) if said else 'nobody gains or loses'}."


def _moves(change: Change, up: str, down: str) -> str:
    """Return how a sum moves with one event, and that it is not certain where it is not."""
    interval = change.event_interval()
    if math.isnan(interval.mean) or interval.mean == 0:
        return "stays as it is"
    moved = f"{up if interval.mean > 0 else down} by {_amount(interval)}"
    if math.isnan(interval.low) or interval.low * interval.high > 0:
        return moved
    return f"{moved} ({_pounds(interval.low)} less to {_pounds(interval.high)} more, so chance alone may explain it)"


def _pounds(pounds: float) -> str:
    return f"£{number(abs(pounds), 0)}" if abs(pounds) >= 10 else f"£{number(abs(pounds), 2)}"


def _qalys(qalys: float) -> str:
    return f"{qalys:+.2g} QALYs" if qalys else "no change of health"


def _amount(interval: Interval) -> str:
    """Return a sum that is gained or lost, with its interval where there is one on that side of zero."""
    if not interval.low * interval.high > 0 or interval.low == interval.high:
        return _pounds(interval.mean)
    near, far = sorted((abs(interval.low), abs(interval.high)))
    return f"{_pounds(interval.mean)} ({_pounds(near)} to {_pounds(far)})"
