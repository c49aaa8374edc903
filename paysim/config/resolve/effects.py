"""Effects of levers: what they name looked up, and the curves of their size."""

from collections.abc import Mapping
from dataclasses import dataclass

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.choices import Choice
from paysim.config.resolve.durations import duration
from paysim.config.resolve.lists import listed
from paysim.config.resolve.residents import some_residents
from paysim.config.schema import effects as form
from paysim.config.schema.residents import Residents
from paysim.config.wording import nearest
from paysim.model import lever as model
from paysim.model.curve import BelowThreshold, Curve, Polynomial
from paysim.model.pathway import IMMEDIATELY, CaseMix, Pathway, Step
from paysim.model.population import ByResident, Population

_SMALLEST_THRESHOLD = 0.001
"""Below this, shares of cases are too near to 0 to be divided by: their digits cancel."""


@dataclass(frozen=True)
class EffectNames:
    """What an effect may refer to, by id."""

    population: Population
    pathways: Mapping[str, Pathway]
    steps: Mapping[str, Step]
    services: Mapping[str, object]
    choices: Mapping[str, Choice]
    case_mixes: Mapping[str, CaseMix]
    codes: Mapping[str, object]
    arrangements: Mapping[str, object]


def effect(
    document: Document, path: KeyPath, written: form.EffectForm, low_and_now: tuple[float, float], names: EffectNames
) -> model.Effect:
    """Return an effect of a lever with this lowest intensity and this one now.

    Raises InputError for names that nothing bears, and for what cannot change as it says.
    """
    curve = _curve(document, path, written, *low_and_now)
    match written:
        case form.DemandEffect():
            return model.DemandEffect(
                _pathway(document, path, written, names), curve, _some(document, path, written.residents, names)
            )
        case form.DivertEffect():
            _step(document, path, "step", written.step, names)
            _check_branch(document, path, "away", written.step, written.away, names)
            return model.DivertEffect(
                step=written.step,
                away=written.away,
                to=None if written.to is None else _step(document, path, "to", written.to, names),
                delay=duration(written.delay) if written.delay else IMMEDIATELY,
                curve=curve,
                residents=_some(document, path, written.residents, names),
            )
        case form.StayEffect():
            return model.StayEffect(_steps(document, path, written.steps, names), curve)
        case form.DelayEffect():
            _step(document, path, "step", written.step, names)
            _check_branch(document, path, "to", written.step, written.to, names)
            _check_delay(document, path, written, names)
            return model.DelayEffect(written.step, written.to, curve)
        case form.CapacityEffect():
            return model.CapacityEffect(_service(document, path, written.service, names), curve)
        case form.UnitCostEffect():
            return model.UnitCostEffect(_service(document, path, written.service, names), curve)
        case form.ChoiceEffect():
            return model.ChoiceEffect(written.choice, _option(document, path, written, names), curve)
        case form.RecodeEffect():
            return _recode(document, path, written, curve, names)
        case form.ReferAwayEffect():
            residents = some_residents(document, (*path, "residents"), written.residents, names.population)
            instead = document.known((*path, "instead"), "arrangement", written.instead, names.arrangements)
            return model.ReferAwayEffect(residents, instead, curve)
    raise AssertionError(f"no effect is made of {written.kind!r}")


def _curve(document: Document, path: KeyPath, written: form.EffectForm, low: float, now: float) -> Curve:
    if written.curve is None:
        return Polynomial(written.per_unit or 0.0, written.per_unit_squared or 0.0)
    if low < 0 or now < _SMALLEST_THRESHOLD:
        found = f"found a range from {low:g} with now = {now:g}"
        expected = f"expected thresholds of at least 0, and `now` of at least {_SMALLEST_THRESHOLD}"
        raise document.refuse((*path, "curve"), found, expected)
    return BelowThreshold(weighted=written.curve == "severity_below_threshold")


def _some(document: Document, path: KeyPath, written: Residents | None, names: EffectNames) -> ByResident | None:
    return None if written is None else some_residents(document, (*path, "residents"), written, names.population)


def _pathway(document: Document, path: KeyPath, written: form.DemandEffect, names: EffectNames) -> str:
    here = (*path, "pathway")
    document.known(here, "pathway", written.pathway, names.pathways)
    if names.pathways[written.pathway].demand is None:
        found = f"found pathway {written.pathway!r}, which has no demand"
        raise document.refuse(here, found, "expected a pathway with demand")
    return written.pathway


def _step(document: Document, path: KeyPath, key: str, name: str, names: EffectNames) -> str:
    return document.known((*path, key), "step", name, names.steps)


def _steps(document: Document, path: KeyPath, written: list[str], names: EffectNames) -> tuple[str, ...]:
    return listed(document, (*path, "steps"), "step", written, names.steps)


def _service(document: Document, path: KeyPath, name: str, names: EffectNames) -> str:
    return document.known((*path, "service"), "service", name, names.services)


def _check_branch(document: Document, path: KeyPath, key: str, step: str, to: str, names: EffectNames) -> None:
    _step(document, path, key, to, names)
    ways = [branch.to for branch in names.steps[step].branches if branch.to is not None]
    if to not in ways:
        found = f"found {to!r}, and no way of step {step!r} leads there"
        raise document.refuse((*path, key), found, nearest(to, ways, "its ways"))


def _check_delay(document: Document, path: KeyPath, written: form.DelayEffect, names: EffectNames) -> None:
    delays = [branch.delay.mean for branch in names.steps[written.step].branches if branch.to == written.to]
    if not any(delays):
        found = f"found no delay between {written.step!r} and {written.to!r}"
        raise document.refuse((*path, "to"), found, "expected a way with a delay")


def _option(document: Document, path: KeyPath, written: form.ChoiceEffect, names: EffectNames) -> int:
    choice = names.choices[document.known((*path, "choice"), "choice", written.choice, names.choices)]
    if all(step.service.group != written.choice for step in names.steps.values()):
        found = f"found choice {written.choice!r}, which no step asks for"
        raise document.refuse((*path, "choice"), found, "expected the choice of a step")
    document.known((*path, "option"), "option", written.option, dict.fromkeys(choice.options))
    if len(choice.options) == 1:
        found = f"found choice {written.choice!r} of one option"
        raise document.refuse((*path, "choice"), found, "expected a choice of several options")
    return choice.options.index(written.option)


def _recode(
    document: Document, path: KeyPath, written: form.RecodeEffect, curve: Curve, names: EffectNames
) -> model.RecodeEffect:
    steps = _steps(document, path, written.steps, names)
    document.known((*path, "code"), "code", written.code, names.codes)
    possible = dict.fromkeys(code for step in steps for code in _codes(names.steps[step], names))
    if written.code not in possible:
        found = f"found code {written.code!r}, which these steps cannot have"
        raise document.refuse((*path, "code"), found, nearest(written.code, possible, "their codes"))
    document.known((*path, "recorded_as"), "code", written.recorded_as, names.codes)
    if written.recorded_as == written.code:
        found = f"found {written.code!r}, the code that they would be recorded with"
        raise document.refuse((*path, "recorded_as"), found, "expected another code")
    return model.RecodeEffect(steps, written.code, written.recorded_as, curve)


def _codes(step: Step, names: EffectNames) -> list[str]:
    if step.case_mix is not None:
        return [entry.code for entry in names.case_mixes[step.case_mix].entries if entry.share > 0]
    return [step.code] if step.code else []
