"""The answer in plain words: who gains, who loses, who bears the risk, and how sure that is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from paysim.intervals import Interval
from paysim.model.neutrality import neutral_references, neutral_to, pays_as_under
from paysim.model.organisation import Organisation
from paysim.report.records import Position, payers, positions, providers, received, spreads
from paysim.report.wording import MoneyUnit, counted, money_unit
from paysim.study.comparison import Comparison

_NAMED = 2
"""Payers that a sentence has room to name."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading and the sentences under it."""

    heading: str
    sentences: tuple[str, ...]


def answer(comparison: Comparison) -> tuple[Passage, ...]:
    """Return what the comparison says: one passage for the risk and one for each arrangement but the first."""
    first, *others = comparison.settings.arrangements
    names = comparison.system.arrangements
    passages = [
        Passage(f"{names[other].name} against {names[first].name}", tuple(_gains(comparison, other)))
        for other in others
    ]
    return (Passage("Who bears the activity risk", tuple(_risks(comparison))), *passages)


def limits() -> tuple[str, ...]:
    """Return what the answer holds still and what its intervals leave out."""
    return (
        "The same residents receive the same care under every arrangement: organisations do not react to how they are"
        " paid, so the differences are of money alone.",
        "Intervals cover chance between replications. They do not cover doubt about the parameters, which the"
        " assumptions below list.",
        "The risk is that of chance between residents. Epidemics, trends and wrong rates move all of them together and"
        " come on top.",
        "The level of a surplus is no forecast of accounts: local payments meet national unit costs, and much of what"
        " the organisations do lies outside the model. Read the differences.",
    )


def excludes_zero(interval: Interval) -> bool:
    """Return whether zero lies outside the interval; False where there is none."""
    return interval.low > 0 or interval.high < 0


def _gains(comparison: Comparison, arrangement: str) -> list[str]:
    """Return who gains and who loses most under an arrangement, among providers and among payers."""
    unit, table = money_unit(comparison), positions(comparison)
    care = [table[o.id, arrangement] for o in providers(comparison)]
    pay = [table[o.id, arrangement] for o in payers(comparison)]
    return [*_built_in(comparison, arrangement), *_among_providers(care, unit), *_among_payers(comparison, pay, unit)]


def _built_in(comparison: Comparison, arrangement: str) -> list[str]:
    """Return a warning where payers pay the same as under the first arrangement since sums were set so."""
    everyone = (*providers(comparison), *payers(comparison))
    pay = [each for each in everyone if each.kind in ("commissioner", "funder")]
    alike = [each for each in pay if _pays_alike(comparison, each.id, arrangement)]
    by_sums = [each for each in alike if _has_set_sums(comparison, each.id, arrangement)]
    if not by_sums:
        return []
    if len(alike) == len(pay):
        return [
            "Sums were set so that payers expect to pay the same, so that differences near zero are built in for them:"
            " what changes is how the money is divided and who bears the risk."
        ]
    names = [each.name for each in by_sums]
    who = f"{len(names)} of {counted(len(pay), 'payer')}" if len(names) > _NAMED else " and ".join(names)
    return [
        f"Sums were set so that {who} {'expects' if len(names) == 1 else 'expect'} to pay the same, so that differences"
        f" near zero are built in for {'it' if len(names) == 1 else 'them'}; other payers may pay more or less."
    ]


def _pays_alike(comparison: Comparison, payer: str, arrangement: str) -> bool:
    """Return whether sums of one were set to those of the other for a payer, or of both to those of the same third."""
    arrangements = comparison.system.arrangements
    both = [arrangements[id] for id in (arrangement, comparison.settings.arrangements[0])]
    references = set.intersection(*({each.id, *neutral_references(each)} for each in both))
    return any(all(pays_as_under(payer, each, arrangements[to]) for each in both) for to in references)


def _has_set_sums(comparison: Comparison, payer: str, arrangement: str) -> bool:
    ids = (arrangement, comparison.settings.arrangements[0])
    own = [each for id in ids for each in comparison.system.arrangements[id].contracts if each.payer == payer]
    return any(neutral_to(term) is not None for contract in own for term in contract.terms)


def _among_providers(care: Sequence[Position], unit: MoneyUnit) -> list[str]:
    moved = sorted((p for p in care if unit.shows(p.difference.mean)), key=lambda p: p.difference.mean)
    if not moved:
        least = unit.amount(unit.pounds / 10)
        return [f"No organisation that provides care keeps {least} more or less."]
    worst, best = moved[0], moved[-1]
    sentences = []
    if all(not excludes_zero(p.difference) and not math.isnan(p.difference.low) for p in moved):
        return [
            "No organisation that provides care keeps detectably more or less: the 95% interval of every difference"
            " holds zero."
        ]
    if best.difference.mean > 0:
        sentences.append(f"{best.organisation.name} gains most: it keeps {_change(best.difference, unit)}.")
    if worst.difference.mean < 0:
        sentences.append(f"{worst.organisation.name} loses most: it keeps {_change(worst.difference, unit)}.")
    if math.isnan(best.difference.low):
        return [*sentences, "A single replication gives no interval: how much of this is chance is not known."]
    clear = sum(excludes_zero(p.difference) for p in moved)
    return [
        *sentences,
        f"The 95% interval of the difference excludes zero for {clear} of {len(care)} organisations that provide care.",
    ]


def _among_payers(comparison: Comparison, pay: Sequence[Position], unit: MoneyUnit) -> list[str]:
    """Return whose surplus moves most among payers: in what it pays, or keeps where its receipts differ."""
    moved = [p for p in pay if unit.shows(p.difference.mean)]
    receiving_anew = _receiving_anew(comparison, pay, unit)
    if not moved:
        least = unit.amount(unit.pounds / 10)
        if receiving_anew:
            return [f"No commissioner or funder keeps {least} more or less."]
        return [f"What commissioners and funders pay is the same to {least}."] if pay else []
    most = max(moved, key=lambda p: abs(p.difference.mean))
    of_all = f"Of commissioners and funders, {most.organisation.name} changes most: it"
    if most.organisation.id in receiving_anew:
        return [f"{of_all} keeps {_change(most.difference, unit)}."]
    mean, low, high = most.difference
    return [f"{of_all} pays {_change(Interval(-mean, -high, -low), unit)}."]


def _receiving_anew(comparison: Comparison, pay: Sequence[Position], unit: MoneyUnit) -> set[str]:
    """Return the organisations that receive another sum than under the first arrangement in any replication."""
    sums, first, nothing = received(comparison), comparison.settings.arrangements[0], np.zeros(1)
    return {
        id
        for id, arrangement in ((p.organisation.id, p.arrangement) for p in pay)
        if unit.shows(float(np.abs(sums.get((id, arrangement), nothing) - sums.get((id, first), nothing)).max()))
    }


def _change(difference: Interval, unit: MoneyUnit) -> str:
    """Return a difference with its interval, such as '£6.4m a year less (95% interval £5.9m to £6.9m less)'."""
    mean = f"{unit.amount(abs(difference.mean))} a year {_direction(difference.mean)}"
    if math.isnan(difference.low):
        return mean
    if excludes_zero(difference):
        near, far = sorted((abs(difference.low), abs(difference.high)))
        return f"{mean} (95% interval {unit.amount(near)} to {unit.amount(far)} {_direction(difference.mean)})"
    low, high = (unit.amount(abs(end)) for end in (difference.low, difference.high))
    return f"{mean} (95% interval {low} less to {high} more, so chance alone may explain it)"


def _direction(pounds: float) -> str:
    return "more" if pounds > 0 else "less"


def _risks(comparison: Comparison) -> list[str]:
    """Return, for each arrangement, whose year chance moves most among providers and among payers."""
    settings = comparison.settings
    if settings.replications == 1:
        return ["A single replication shows no spread: run more to see whose surplus moves with activity."]
    return [
        "The care that residents come to need differs from one replication to the next. How far that moves an"
        " organisation's yearly surplus shows the risk that it bears (standard deviation over"
        f" {counted(settings.replications, 'replication')}{_of_all(settings.sample)}).",
        *(_risk(comparison, arrangement) for arrangement in settings.arrangements),
    ]


def _of_all(sample: float) -> str:
    return "" if sample == 1.0 else ", times the square root of the sample, which is that of all residents"


def _risk(comparison: Comparison, arrangement: str) -> str:
    unit, table = money_unit(comparison), spreads(comparison)

    def most(members: Sequence[Organisation], role: str, none: str) -> str:
        spread, widest = max(((table[o.id, arrangement], o.name) for o in members), default=(0.0, ""))
        return f"{unit.amount(spread)} for {widest}, the most of any {role}" if unit.shows(spread) else none

    least = unit.amount(unit.pounds / 10)
    care = most(providers(comparison), "organisation that provides care", f"nobody who provides care moves by {least}")
    pay = most(payers(comparison), "commissioner or funder", f"no commissioner or funder moves by {least}")
    return f"{comparison.system.arrangements[arrangement].name}: {care}; {pay}."
