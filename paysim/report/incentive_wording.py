"""How incentives are put into words: the same in figure, report and terminal tables."""

import math
from collections.abc import Callable, Sequence

from paysim.incentives.marginal import Change, Verdict, resolved_sign, stride
from paysim.intervals import Interval
from paysim.model.lever import Lever
from paysim.model.system import System
from paysim.report.answer import Passage
from paysim.report.incentive_records import Party, Readable, parties
from paysim.report.wording import THOUSANDS, counted, number, percent
from paysim.study.incentives import IncentiveMap
from paysim.study.settings import EXPECTED

MARKS = {
    "aligned": "✓",
    "misaligned": "✗",
    "transfer": "⇄",
    "indifferent": "○",
    "not distinguishable": "?",
}
"""A sign beside the word, so that a verdict can be told at a glance and without colour."""

MEANINGS = {
    "aligned": "owner and system gain together",
    "misaligned": "one gains where the other loses",
    "transfer": "the owner's money moves, the system gains nothing",
    "indifferent": "nothing at stake for the owner",
    "not distinguishable": "an interval holds zero",
}

HORIZON_NAMES = {"short_run": "short run", "long_run": "long run"}


def short(pounds: float) -> str:
    """Return pounds in thousands as a figure has room for: '-48.2', '+1,240'; '0' where nothing moves."""
    thousands = pounds / THOUSANDS.pounds
    return "0" if pounds == 0 else number(thousands, 1 if abs(thousands) < 99.95 else 0, signed=True)


def short_qalys(qalys: float) -> str:
    """Return QALYs as a figure has room for."""
    return "0" if qalys == 0 else number(qalys, 2 if abs(qalys) < 9.995 else 1 if abs(qalys) < 99.95 else 0, True)


def step_text(lever: Lever) -> str:
    """Return one step of a lever, such as '0.03 share of stays'; where it was taken downwards, that too."""
    return f"{lever.step:.3g} {lever.unit}{' less' if stride(lever) < 0 else ''}"


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict with its sign, and how many replications would make one of it."""
    text = f"{MARKS[verdict.verdict]} {verdict.verdict}"
    return f"{text} ({needed_text(verdict)})" if verdict.verdict == "not distinguishable" else text


def needed_text(verdict: Verdict) -> str:
    """Return how many replications would tell owner's and system's changes from zero."""
    needed = verdict.replications_needed
    if math.isnan(needed):
        return "one replication shows no spread"
    return "over 10,000 needed" if math.isinf(needed) else f"{needed:,.0f} needed"


def incentive_basis(incentives: IncentiveMap) -> str:
    """Return what a map rests on: replications and years, or that there is no chance in it, and the prices."""
    settings, prices = incentives.settings, f"{incentives.system.price_year} prices"
    years = counted(settings.years, "year")
    if settings.engine == EXPECTED:
        return f"Expected values of {years}, without queues or chance; {prices}"
    sample = "" if settings.sample == 1 else f"; {percent(settings.sample, 1)} sample of residents, scaled up"
    return f"{counted(settings.replications, 'replication')} of {years}, paired{sample}; {prices}"


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
    for arrangement in incentives.settings.arrangements:
        losers: dict[str, list[str]] = {}
        for lever in incentives.levers:
            benefit = readable.of_system(lever, "net_benefit")
            if resolved_sign(benefit.per_unit, benefit.exact) == 1:
                for loser in readable.verdict(lever, arrangement).losers:
                    losers.setdefault(loser, []).append(lever.id)
        lost = "; ".join(f"{who} by {', '.join(levers)}" for who, levers in losers.items())
        name = incentives.system.arrangements[arrangement].name
        sentences.append(f"{name}: {lost or 'no partner for sure'}.")
    return tuple(sentences)


def events(readable: Readable, called: Callable[[System, Party], str] = full_name) -> tuple[Passage, ...]:
    """Return who gains and who loses from one counted step avoided, lever by lever and arrangement by arrangement."""
    levers = [lever for lever in readable.incentives.levers if lever.counted]
    everybody = parties(readable.incentives)
    return tuple(
        Passage(
            f"One {lever.counted_name}: {lever.name}",
            (
                _size(readable, lever),
                *(
                    _parties(readable, lever, arrangement, everybody, called)
                    for arrangement in readable.incentives.settings.arrangements
                ),
            ),
        )
        for lever in levers
    )


def _size(readable: Readable, lever: Lever) -> str:
    steps = readable.of_residents(lever, "counted_steps")
    sign = resolved_sign(steps.per_unit, steps.exact)
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
    name = incentives.system.arrangements[arrangement].name
    gains: list[str] = []
    losses: list[str] = []
    unknown: list[str] = []
    changes = [(party, readable.surplus(lever, arrangement, party)) for party in everybody]
    for party, change in sorted(changes, key=lambda each: -abs(each[1].per_unit.mean())):
        sign = resolved_sign(change.per_unit, change.exact)
        if sign == 0 or math.isnan(change.event_interval().mean):
            continue
        whose = called(incentives.system, party)
        if sign is None:
            unknown.append(whose)
            continue
        interval = change.event_interval()
        (gains if interval.mean > 0 else losses).append(f"{whose} {_amount(interval)}")
    said = [
        f"{what} {', '.join(who)}"
        for what, who in (("gain", gains), ("lose", losses), ("not distinguishable from nothing", unknown))
        if who
    ]
    word = readable.verdict(lever, arrangement).verdict
    return f"{name} ({word}): {'; '.join(said) if said else 'nobody gains or loses'}."


def _moves(change: Change, up: str, down: str) -> str:
    """Return how a sum moves with one event, and that it is not certain where it is not."""
    interval = change.event_interval()
    if math.isnan(interval.mean) or interval.mean == 0:
        return "stays as it is"
    moved = f"{up if interval.mean > 0 else down} by {_amount(interval)}"
    return moved if interval.low * interval.high > 0 else f"{moved}, which chance alone may explain"


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
