"""Levers, health and objectives in words."""

from collections.abc import Callable

from paysim.model.curve import Curve
from paysim.model.health import HealthEffect
from paysim.model.lever import (
    CapacityEffect,
    ChoiceEffect,
    DelayEffect,
    DemandEffect,
    DivertEffect,
    Effect,
    Lever,
    RecodeEffect,
    ReferAwayEffect,
    StayEffect,
    UnitCostEffect,
)
from paysim.model.objective import Objective
from paysim.model.population import ByResident
from paysim.model.system import System
from paysim.report.wording import number, percent

Words = Callable[[float], str]


def intensity_words(lever: Lever) -> str:
    """Return a lever's range and unit: '0 to 0.3, now 0: share of those who would be admitted'."""
    return f"{lever.low:g} to {lever.high:g}, now {lever.now:g}: {lever.unit}"


def effect_words(effect: Effect, lever: Lever, system: System) -> str:
    """Return what an effect changes, and by how much at the ends of its lever's range."""
    steps, services = system.steps, system.services
    match effect:
        case DemandEffect():
            what = f"demand of {system.pathways[effect.pathway].name}{_who(effect.residents, system)}"
            return _change(effect.curve, lever, what, _percent)
        case DivertEffect():
            to = "out of the pathway" if effect.to is None else f"to {steps[effect.to].name}"
            way = f"{steps[effect.step].name} {to}, not to {steps[effect.away].name}"
            return _change(effect.curve, lever, f"from {way}{_who(effect.residents, system)}", _share)
        case StayEffect():
            return _change(effect.curve, lever, f"stay in {_names(effect.steps, system)}", _percent)
        case DelayEffect():
            what = f"delay between {steps[effect.step].name} and {steps[effect.to].name}"
            return _change(effect.curve, lever, what, _percent)
        case CapacityEffect():
            service = services[effect.service]
            what = f"capacity of {service.name} ({service.unit})"
            return _change(effect.curve, lever, what, lambda more: number(more, 1, signed=True))
        case UnitCostEffect():
            what = f"variable cost of a step at {services[effect.service].name}"
            return _change(effect.curve, lever, what, lambda more: f"{'-' if more < 0 else '+'}£{abs(more):,.2f}")
        case ChoiceEffect():
            what = f"share who choose {_chosen(effect, system)}"
            return _change(effect.curve, lever, what, lambda more: f"{number(more * 100, 1, signed=True)} points")
        case RecodeEffect():
            what = f"{_names(effect.steps, system)} recorded as {effect.recorded_as}, not {effect.code}"
            return _change(effect.curve, lever, what, _share)
        case ReferAwayEffect():
            instead = system.arrangements[effect.instead].name
            what = f"off the list, paid by {instead}{_who(effect.residents, system)}"
            return _change(effect.curve, lever, what, _share)


def cost_words(lever: Lever) -> list[str]:
    """Return what a lever costs a year, in money and effort, and what health it brings, at the ends of its range."""
    amounts = (
        ("cost", lever.cost, _pounds),
        ("effort", lever.effort, _pounds),
        ("health", lever.health, lambda qalys: f"{qalys:,.1f} QALYs"),
    )
    return [
        f"{what} a year: {_at_ends(curve.at, lever, words)}"
        for what, curve, words in amounts
        if what == "cost" or curve.per_unit or curve.per_unit_squared
    ]


def health_words(effect: HealthEffect, system: System) -> str:
    """Return the QALYs of an effect on health: '-0.0001 a day waited: First appointment'."""
    sizes = ((effect.per_step, "a step"), (effect.per_day_waited, "a day waited"), (effect.per_day, "a day"))
    qalys = ", ".join(f"{size:+g} {per}" for size, per in sizes if size)
    return f"{qalys}: {_names(effect.steps, system)}"


def objective_words(objective: Objective) -> str:
    """Return what an organisation sets its levers for: '1 surplus + 0.5 health, best response, short run'."""
    if objective.rule == "passive":
        return "passive, leaves its levers alone"
    parts = [f"{objective.surplus_weight:g} surplus", f"{objective.health_weight:g} health"]
    rest = [objective.rule.replace("_", " "), objective.horizon.replace("_", " ")]
    if objective.risk_aversion:
        rest.append(f"risk aversion {objective.risk_aversion:g} a pound")
    if objective.adjustment_cost:
        rest.append(f"adjustment {_pounds(objective.adjustment_cost)} a range")
    return ", ".join([" + ".join(parts), *rest])


def _change(curve: Curve, lever: Lever, what: str, words: Words) -> str:
    return f"{what}: {_at_ends(lambda x: curve.change(lever.now, x), lever, words)}"


def _at_ends(value: Callable[[float], float], lever: Lever, words: Words) -> str:
    """Return a value at the ends of a lever's range, leaving out a low end where it is nothing."""
    ends = [end for end in (lever.low, lever.high) if end == lever.high or value(end)]
    return ", ".join(f"{words(value(end))} at {end:g}" for end in ends)


def _percent(change: float) -> str:
    return percent(change, 1, signed=True)


def _share(share: float) -> str:
    return percent(share, 1)


def _pounds(pounds: float) -> str:
    return f"{'-' if pounds < 0 else ''}£{abs(pounds):,.0f}"


def _names(steps: tuple[str, ...], system: System) -> str:
    return ", ".join(system.steps[step].name for step in steps)


def _who(residents: ByResident | None, system: System) -> str:
    if residents is None:
        return ""
    counts = system.population.counts()
    return f" ({percent(float((residents * counts).sum() / counts.sum()), 1)} of residents)"


def _chosen(effect: ChoiceEffect, system: System) -> str:
    """Return the services that stand for an option of a choice."""
    chosen = [step.service.services for step in system.steps.values() if step.service.group == effect.choice]
    return ", ".join(dict.fromkeys(system.services[services[effect.option]].name for services in chosen))
