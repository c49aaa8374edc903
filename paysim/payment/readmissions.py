"""Readmissions: spells that follow an earlier one of the same resident within some days, and are no transfers.

A spell follows another if it begins at its end or up to so many days after it. One that begins at the very end of a
spell at another provider is a transfer, which is no readmission after any spell; at the same provider it is one at
once. Two times are the same if they are less than `SAME_MOMENT` apart, as within spells. Those of real activity are
whole days: who is admitted elsewhere on the day of a discharge is transferred, and the limit is a number of days.

Source: Department of Health, Payment by Results guidance, emergency readmissions, which excludes "emergency transfers
of an admitted patient from another provider" (its list is table 1 of PMC5226021). NHS Digital, "Emergency readmissions
within 30 days of discharge from hospital", counts from day 0, and takes a stay that goes on through transfers as one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import inlined, kernel
from paysim.model.system import System
from paysim.payment.spells import SAME_MOMENT, Spells
from paysim.payment.valuation import Readmissions


@dataclass(frozen=True, eq=False)
class Rule:
    """What is asked for, in tables: `leads` and `follows` are by currency, `exempt` is by code; the last is for none.

    `old_enough` is by cell of the population, whose last resident is before its `cell_end`.
    """

    leads: NDArray[np.bool_]
    follows: NDArray[np.bool_]
    exempt: NDArray[np.bool_]
    cell_end: NDArray[np.int64]
    old_enough: NDArray[np.bool_]
    within_days: int


def rule_for(system: System, asked: Readmissions) -> Rule:
    """Return what is asked for in the system's own numbers."""
    currencies, codes, population = list(system.currencies), list(system.codes), system.population
    return Rule(
        leads=_among(currencies, asked.after),
        follows=_among(currencies, asked.of),
        exempt=_among(codes, asked.exempt),
        cell_end=np.cumsum(population.residents),
        old_enough=population.first_ages()[population.profile] >= asked.youngest,
        within_days=asked.within_days,
    )


def readmitted(spells: Spells, rule: Rule) -> NDArray[np.bool_]:
    """Return whether each spell is a readmission under a rule.

    Its currency follows; it is no transfer and follows an earlier spell, in a currency that leads, within so many
    days; and neither is its code exempt nor the resident too young. A discharge before the run began is not known, so
    the first days of a run hold fewer readmissions.
    """
    found = np.zeros(len(spells), dtype=np.bool_)
    _mark_readmitted(
        spells.resident,
        spells.organisation,
        spells.currency,
        spells.code,
        spells.admission,
        spells.discharge,
        rule.leads,
        rule.follows,
        rule.exempt,
        rule.cell_end,
        rule.old_enough,
        rule.within_days,
        found,
    )
    return found


def followed(
    spells: Spells, leads: NDArray[np.bool_], follows: NDArray[np.bool_], within_days: float
) -> NDArray[np.bool_]:
    """Return whether each spell leads and is followed within so many days by a readmission, one that may follow."""
    found = np.zeros(len(spells), dtype=np.bool_)
    _mark_followed(
        spells.resident,
        spells.organisation,
        spells.admission,
        spells.discharge,
        leads,
        follows,
        within_days,
        found,
    )
    return found


def _among(names: list[str], wanted: tuple[str, ...] | None) -> NDArray[np.bool_]:
    """Return whether each name is wanted, by its number; all are where `wanted` is None. The last is for no name."""
    return np.array([*(wanted is None or name in wanted for name in names), False])


@kernel
def _mark_readmitted(
    resident: NDArray[np.int32],
    organisation: NDArray[np.int16],
    currency: NDArray[np.int16],
    code: NDArray[np.int16],
    admission: NDArray[np.float64],
    discharge: NDArray[np.float64],
    leads: NDArray[np.bool_],
    follows: NDArray[np.bool_],
    exempt: NDArray[np.bool_],
    cell_end: NDArray[np.int64],
    old_enough: NDArray[np.bool_],
    within: int,
    found: NDArray[np.bool_],
) -> None:
    """Mark the readmissions; the spells of each resident stand together."""
    opening, cell = 0, 0
    while opening < len(resident):
        after = _stop(resident, opening)
        if after > opening + 1:
            while resident[opening] >= cell_end[cell]:
                cell += 1
            if old_enough[cell]:
                for later in range(opening, after):
                    if follows[currency[later]] and not exempt[code[later]]:
                        for earlier in range(opening, after):
                            if leads[currency[earlier]] and _comes_after(later, earlier, admission, discharge, within):
                                found[later] = not _transferred(
                                    later, opening, after, organisation, admission, discharge
                                )
                                break
        opening = after


@kernel
def _mark_followed(
    resident: NDArray[np.int32],
    organisation: NDArray[np.int16],
    admission: NDArray[np.float64],
    discharge: NDArray[np.float64],
    leads: NDArray[np.bool_],
    follows: NDArray[np.bool_],
    within: float,
    found: NDArray[np.bool_],
) -> None:
    """Mark the spells that a readmission follows; the spells of each resident stand together."""
    opening = 0
    while opening < len(resident):
        after = _stop(resident, opening)
        for later in range(opening, after):
            if follows[later] and not _transferred(later, opening, after, organisation, admission, discharge):
                for earlier in range(opening, after):
                    if leads[earlier] and _comes_after(later, earlier, admission, discharge, within):
                        found[earlier] = True
        opening = after


@inlined
def _stop(resident: NDArray[np.int32], opening: int) -> int:
    """Return where the spells of a resident end that begin at `opening`."""
    after = opening + 1
    while after < len(resident) and resident[after] == resident[opening]:
        after += 1
    return after


@inlined
def _transferred(
    later: int,
    opening: int,
    after: int,
    organisation: NDArray[np.int16],
    admission: NDArray[np.float64],
    discharge: NDArray[np.float64],
) -> bool:
    """Return whether a spell begins as one of the same resident at another provider ends."""
    for earlier in range(opening, after):
        if organisation[earlier] != organisation[later] and _comes_after(later, earlier, admission, discharge, 0):
            return True
    return False


@inlined
def _comes_after(
    later: int, earlier: int, admission: NDArray[np.float64], discharge: NDArray[np.float64], within: float
) -> bool:
    """Return whether a spell begins at the end of one of the same resident or up to so many days after it."""
    gap = admission[later] - discharge[earlier]
    # Of two without length at one moment, the first episode's comes first.
    before = admission[earlier] < admission[later] or discharge[earlier] < discharge[later] or earlier < later
    return before and -SAME_MOMENT < gap < within + SAME_MOMENT
