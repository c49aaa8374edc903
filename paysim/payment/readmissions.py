"""Spells that follow an earlier one of the same resident within some days."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.system import System
from paysim.payment.spells import Spells
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

    Its currency follows; it begins at or after the discharge of an earlier spell of the same resident, in a currency
    that leads, by no more than so many days; and neither is its code exempt nor the resident too young. A discharge
    before the run began is not known, so the first days of a run hold fewer readmissions.
    """
    found = np.zeros(len(spells), dtype=np.bool_)
    _follow(
        spells.resident,
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


def _among(names: list[str], wanted: tuple[str, ...] | None) -> NDArray[np.bool_]:
    """Return whether each name is wanted, by its number; all are where `wanted` is None. The last is for no name."""
    return np.array([*(wanted is None or name in wanted for name in names), False])


@kernel
def _follow(
    resident: NDArray[np.int32],
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
        after = opening + 1
        while after < len(resident) and resident[after] == resident[opening]:
            after += 1
        if after > opening + 1:
            while resident[opening] >= cell_end[cell]:
                cell += 1
            if old_enough[cell]:
                for later in range(opening, after):
                    if follows[currency[later]] and not exempt[code[later]]:
                        found[later] = _comes_after(
                            later, opening, after, currency, admission, discharge, leads, within
                        )
        opening = after


@kernel
def _comes_after(
    later: int,
    opening: int,
    after: int,
    currency: NDArray[np.int16],
    admission: NDArray[np.float64],
    discharge: NDArray[np.float64],
    leads: NDArray[np.bool_],
    within: int,
) -> bool:
    """Return whether a spell begins so soon after one of the same resident, whose spells end before `after`."""
    for earlier in range(opening, after):
        gap = admission[later] - discharge[earlier]
        # Of two without length at one moment, the first episode's comes first.
        before = discharge[earlier] < discharge[later] or earlier < later
        if before and leads[currency[earlier]] and 0.0 <= gap <= within:
            return True
    return False
