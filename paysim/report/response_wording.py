"""How a response is put into words: who does what, where it ends, what that costs, and what to be wary of."""

import math
from collections.abc import Sequence

from paysim.model.lever import Lever
from paysim.report.answer import Passage
from paysim.report.response_records import SURFACE, Readable, excludes
from paysim.report.wording import counted, number, percent
from paysim.study.intervals import Interval
from paysim.study.settings import EXPECTED

ROUGH = 0.1
"""Of the price of going it alone: a surface that is off by more is said to be rough."""


def intensity(value: float) -> str:
    """Return an intensity, such as '0.125'."""
    return f"{value:.3g}"


def response_basis(readable: Readable) -> str:
    """Return what a response rests on: replications and years, or that there is no chance in it, and the prices."""
    response = readable.response
    settings, prices = response.settings, f"{response.system.price_year} prices"
    if settings.engine == EXPECTED:
        return f"Expected values, without queues or chance; {prices}"
    sample = "" if settings.sample == 1 else f"; {percent(settings.sample, 1)} sample of residents, scaled up"
    years = f"{counted(settings.years, 'year')}; equilibria and optimum by {counted(response.static_years, 'year')}"
    return f"{counted(settings.replications, 'replication')} of {years}{sample}; {prices}"


def passages(readable: Readable) -> tuple[Passage, ...]:
    """Return the whole answer in words."""
    return (
        Passage("Price of going it alone", price(readable)),
        Passage("Where it ends", tuple(ends(readable))),
        Passage("What to be wary of", tuple(warnings(readable))),
    )


def price(readable: Readable) -> tuple[str, ...]:
    """Return what is lost at each equilibrium against the joint optimum, in pounds and QALYs."""
    if not readable.numbers:
        return ("Nobody comes to rest, so there is no equilibrium to hold against the joint optimum.",)
    return tuple(_price(readable, number) for number in readable.numbers)


def _price(readable: Readable, at: int) -> str:
    money, health = (readable.gap(at, *what).gap for what in (("system", "net_benefit"), ("residents", "qalys")))
    real_cost = readable.gap(at, "system", "real_cost_long_run").gap
    which = f"Equilibrium {at}" if len(readable.numbers) > 1 else "The equilibrium"
    unit = readable.unit
    return (
        f"{which} is {_pounds(readable, money)} a year of net benefit short of the joint optimum, of which"
        f" {number(health.mean, 1)} QALYs{_range(health, 1)}; the optimum's real cost is"
        f" {unit.amount(abs(real_cost.mean))} {'higher' if real_cost.mean > 0 else 'lower'}."
    )


def ends(readable: Readable) -> list[str]:
    """Return what each lever's owner does in the end, and whether the years got there."""
    sentences = []
    for lever in readable.levers:
        years = [step.value.mean for step in readable.years_of(lever.owner, "intensity", lever.id)]
        at_rest = [rest.intensities[lever.id] for rest in readable.response.found.rests]
        best = readable.response.best.intensities[lever.id]
        rest = f"; at rest {' or '.join(dict.fromkeys(map(intensity, at_rest)))}" if at_rest else ""
        owner = readable.response.system.organisations[lever.owner].name
        sentences.append(
            f"{lever.name} ({owner}): from {intensity(lever.now)} to {intensity(years[-1])} in {readable.years[-1]}"
            f"{rest}; best for the system {intensity(best)} {lever.unit}."
        )
    return sentences


def warnings(readable: Readable) -> list[str]:
    """Return all that an honest reader must know beside the numbers."""
    return [
        *_objectives(readable),
        *_rests(readable),
        *_boundaries(readable),
        *_surface(readable),
        *_chance(readable),
    ]


def _objectives(readable: Readable) -> list[str]:
    response = readable.response
    sentences = []
    if not response.system.objectives:
        sentences.append(
            "The config has no [objective.*]: every owner of a lever is taken to maximise its short-run surplus by best"
            " response, whatever its residents' health."
        )
    still = [lever.name for lever in response.system.levers.values() if lever not in readable.levers]
    if still:
        sentences.append(f"Levers that stay as they are, since their owners are passive: {', '.join(still)}.")
    return sentences


def _rests(readable: Readable) -> list[str]:
    found = readable.response.found
    sentences = []
    if len(found.rests) > 1:
        starts = "; ".join(f"{n}: from {', '.join(rest.starts)}" for n, rest in enumerate(found.rests, start=1))
        sentences.append(f"There are {len(found.rests)} equilibria; which one comes about depends on the start ({starts}).")
    for cycle in found.cycles:
        spans = ", ".join(
            f"{lever.name} {intensity(cycle.lowest[lever.id])} to {intensity(cycle.highest[lever.id])}"
            for lever in readable.levers
            if cycle.lowest[lever.id] != cycle.highest[lever.id]
        )
        again = f"every {counted(cycle.rounds, 'round')}" if cycle.rounds else "without coming back"
        sentences.append(f"Best responses from {', '.join(cycle.starts)} do not come to rest but go on {again}: {spans}.")
    return sentences


def _boundaries(readable: Readable) -> list[str]:
    response = readable.response
    places = [(f"equilibrium {n}", rest.boundary) for n, rest in enumerate(response.found.rests, start=1)]
    places.append(("the joint optimum", response.best.boundary))
    by_name = {lever.id: lever.name for lever in readable.levers}
    sentences = []
    for place, boundary in places:
        ended = [f"{by_name[lever]} ({end})" for lever, end in boundary.items()]
        if ended:
            sentences.append(
                f"In {place} the range alone ends {', '.join(ended)}: another range would give another answer."
            )
    return sentences


def _surface(readable: Readable) -> list[str]:
    sentences = []
    for number_ in readable.numbers:
        simulated = readable.gap(number_, "system", "net_benefit").gap
        fitted = readable.gap(number_, "system", "net_benefit", SURFACE).gap
        off = fitted.mean - simulated.mean
        if abs(off) > ROUGH * max(abs(simulated.mean), readable.unit.pounds / 10):
            sentences.append(
                f"What organisations expect is rough: the surface puts the price of equilibrium {number_} at"
                f" {_pounds(readable, fitted)}, {readable.unit.amount(abs(off))} {'more' if off > 0 else 'less'} than"
                " simulating both ends."
            )
        if simulated.mean < 0 and excludes(simulated):
            sentences.append(
                f"Simulated, the joint optimum is worse than equilibrium {number_}: it is the surface's best, and the"
                " surface is off there."
            )
    return sentences


def _chance(readable: Readable) -> list[str]:
    settings = readable.response.settings
    if settings.engine == EXPECTED:
        return []
    if settings.replications == 1:
        return ["A single replication gives no interval: how much of this is chance is not known."]
    unclear = [n for n in readable.numbers if not excludes(readable.gap(n, "system", "net_benefit").gap)]
    return [
        f"The interval of the price of equilibrium {n} holds zero: at this number of replications it may be none."
        for n in unclear
    ]


def _pounds(readable: Readable, interval: Interval) -> str:
    amounts = [readable.unit.amount(value) for value in interval]
    return amounts[0] if math.isnan(interval.low) else f"{amounts[0]} ({amounts[1]} to {amounts[2]})"


def _range(interval: Interval, decimals: int) -> str:
    if math.isnan(interval.low):
        return ""
    return f" ({number(interval.low, decimals)} to {number(interval.high, decimals)})"


def bound_mark(lever: Lever, boundary: dict[str, str] | Sequence[str]) -> str:
    """Return a mark where a lever is kept by the end of its range."""
    return "*" if lever.id in boundary else ""
