"""How a response is put into words: who does what, where it ends, what that costs, and what to be wary of."""

import math

from paysim.incentives.expected import EXPECTED
from paysim.intervals import Interval
from paysim.model.lever import Lever
from paysim.report.answer import Passage
from paysim.report.response.records import SURFACE, Readable, excludes
from paysim.report.risk import unseen_risk
from paysim.report.rough import ROUGH, is_rough
from paysim.report.sampled import sampled_capacity
from paysim.report.wording import counted, number, percent, scaled_sample

ARRIVED = 0.02
"""Of its range: a lever as near as this to where it would rest is there."""


def intensity(value: float) -> str:
    """Return an intensity, such as '0.125'."""
    return f"{value:.3g}"


def response_basis(readable: Readable) -> str:
    """Return what a response rests on: replications and years, or that there is no chance in it, and the prices."""
    response = readable.response
    settings, prices = response.settings, f"{response.system.price_year} prices"
    if settings.engine == EXPECTED:
        return f"Expected values, without queues or chance; {prices}"
    years = f"{counted(settings.years, 'year')}; equilibria and optimum by {counted(response.static_years, 'year')}"
    return f"{counted(settings.replications, 'replication')} of {years}{scaled_sample(settings)}; {prices}"


def passages(readable: Readable) -> tuple[Passage, ...]:
    """Return the whole answer in words."""
    return (
        Passage("Price of going it alone", price(readable)),
        Passage("Where it ends", tuple(ends(readable))),
        Passage("What to be wary of", tuple(warnings(readable))),
    )


def price(readable: Readable) -> tuple[str, ...]:
    """Return what is lost at each equilibrium against the joint optimum, in pounds and QALYs, and how sure it is."""
    if not readable.levers:
        return ("Every owner of a lever is passive, so no lever moves, in an equilibrium or a joint optimum.",)
    if not readable.numbers:
        return ("Nobody comes to rest, so there is no equilibrium to hold against the joint optimum.",)
    return (*(_price(readable, number) for number in readable.numbers), _bound(readable))


def _price(readable: Readable, at: int) -> str:
    money, health = (readable.gap(at, *what).gap for what in (("system", "net_benefit"), ("residents", "qalys")))
    real_cost = readable.gap(at, "system", "real_cost_long_run").gap
    which = f"Equilibrium {at}" if len(readable.numbers) > 1 else "The equilibrium"
    unit = readable.unit
    if not unit.shows(money.mean) and not unit.shows(real_cost.mean):
        return f"{which} is as good for the system as the joint optimum, to {unit.amount(unit.pounds / 10)} a year."
    return (
        f"{which} is {_pounds(readable, money)} a year short of the joint optimum: residents have"
        f" {number(abs(health.mean), 1)} QALYs a year {'fewer' if health.mean > 0 else 'more'}{_range(health)}, at a"
        f" real cost that is {unit.amount(abs(real_cost.mean))} {'lower' if real_cost.mean > 0 else 'higher'}."
    )


def _bound(readable: Readable) -> str:
    """Return how far the price is to be trusted: both ends are what they are, but one may not be the best there is."""
    how = "worked out" if readable.response.settings.engine == EXPECTED else "simulated"
    return (
        f"Both ends are {how}. The joint optimum was looked for on a surface through"
        f" {counted(len(readable.response.surface.design.points), 'point')}: if there is a better one, the price is"
        " higher."
    )


def ends(readable: Readable) -> list[str]:
    """Return which levers are pulled less or further than would be best, and which the years leave on their way."""
    response = readable.response
    sentences = []
    for number_, rest in enumerate(response.found.rests, start=1):
        which = f"In equilibrium {number_}" if len(readable.numbers) > 1 else "In equilibrium"
        for word, sign in (("less", 1.0), ("further", -1.0)):
            apart = [
                f"{lever.name} ({intensity(rest.intensities[lever.id])} and not"
                f" {intensity(response.best.intensities[lever.id])})"
                for lever in readable.levers
                if sign * (response.best.intensities[lever.id] - rest.intensities[lever.id]) > _room(lever)
            ]
            if apart:
                sentences.append(f"{which} these go {word} than is best for the system: {', '.join(apart)}.")
    under_way = [
        f"{lever.name} ({intensity(last)})"
        for lever in readable.levers
        for last in [readable.years_of(lever.owner, "intensity", lever.id)[-1].value.mean]
        if readable.numbers
        and min(abs(last - rest.intensities[lever.id]) for rest in response.found.rests) > _room(lever)
    ]
    if under_way:
        sentences.append(f"In {readable.years[-1]} these are not at rest yet: {', '.join(under_way)}.")
    return sentences


def _room(lever: Lever) -> float:
    """Return how far apart two intensities are that make a difference worth a word."""
    return ARRIVED * (lever.high - lever.low)


def warnings(readable: Readable) -> list[str]:
    """Return all that an honest reader must know beside the numbers."""
    return [
        *_objectives(readable),
        *unseen_risk(readable.response.system, readable.response.objectives, readable.response.settings),
        *_rests(readable),
        *_boundaries(readable),
        *_surface(readable),
        *sampled_capacity(readable.response.system, readable.levers, readable.response.settings),
        *_chance(readable),
    ]


def _objectives(readable: Readable) -> list[str]:
    response = readable.response
    sentences = []
    by_default = [each for each in response.objectives if each not in response.system.objectives]
    if by_default:
        names = ", ".join(response.system.organisations[each].name for each in by_default)
        sentences.append(
            f"The config has no [objective.*] of {names}: each is taken to maximise its short-run surplus by"
            " best response, whatever residents' health."
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
        sentences.append(
            f"There are {len(found.rests)} equilibria; which one comes about depends on the start ({starts})."
        )
    for cycle in found.cycles:
        spans = ", ".join(
            f"{lever.name} {intensity(cycle.lowest[lever.id])} to {intensity(cycle.highest[lever.id])}"
            for lever in readable.levers
            if cycle.lowest[lever.id] != cycle.highest[lever.id]
        )
        again = f"every {counted(cycle.rounds, 'round')}" if cycle.rounds else "without coming back"
        sentences.append(
            f"Best responses from {', '.join(cycle.starts)} do not come to rest but go on {again}: {spans}."
        )
    return sentences


def _boundaries(readable: Readable) -> list[str]:
    response = readable.response
    many = len(readable.numbers) > 1
    places = [
        (f"In equilibrium {n}" if many else "In equilibrium", rest.boundary)
        for n, rest in enumerate(response.found.rests, start=1)
    ]
    places.append(("In the joint optimum", response.best.boundary))
    sentences = []
    for place, boundary in places:
        ended = [lever for lever in readable.levers if lever.id in boundary]
        still = [lever.id for lever in ended if boundary[lever.id] == "low" and lever.now == lever.low]
        unmoved = [lever.name for lever in ended if lever.id in still]
        held = [f"{lever.name} ({boundary[lever.id]})" for lever in ended if lever.id not in still]
        if held:
            sentences.append(f"{place} the range alone keeps these from going on: {', '.join(held)}.")
        if unmoved:
            sentences.append(f"{place} these are not pulled at all: {', '.join(unmoved)}.")
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
        owners = _misjudged(readable, number_)
        if owners:
            sentences.append(
                f"What these expect of their own surplus in equilibrium {number_} is off by more than"
                f" {percent(ROUGH)} of how it moves, so it may not be where they would stay: {', '.join(owners)}. The"
                " lack of fit is in the tables; a contract with a threshold is a common cause."
            )
    return sentences


def _misjudged(readable: Readable, at: int) -> list[str]:
    """Return who sets levers by a surplus that simulation does not bear out, beyond chance."""
    fits = [
        (organisation.name, readable.fit(f"equilibrium {at}", organisation.id, f"surplus_{objective.horizon}"))
        for id, objective in readable.response.objectives.items()
        if any(lever.owner == id for lever in readable.levers)
        for organisation in [readable.response.system.organisations[id]]
    ]
    exact = readable.response.settings.engine == EXPECTED
    return [name for name, fit in fits if is_rough(fit.lack, fit.simulated, readable.unit, exact)]


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


def _range(interval: Interval) -> str:
    """Return an interval of a number's size, which carries no sign."""
    if math.isnan(interval.low):
        return ""
    sign = 1.0 if interval.mean > 0 else -1.0
    near, far = sorted((sign * interval.low, sign * interval.high))
    return f" ({number(near, 1)} to {number(far, 1)})"
