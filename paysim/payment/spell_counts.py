"""How many spells there are of each sort. Everything paid by the spell follows from it, as by the step from rows.

Spells are assembled, looked at and counted for a piece of the residents at a time, so that none of it leaves the
processor's cache.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.system import System
from paysim.payment.classes import class_at
from paysim.payment.lookups import NONE
from paysim.payment.readmissions import Rule, readmitted, rule_for
from paysim.payment.spells import spells_of_piece
from paysim.payment.survey import Survey
from paysim.payment.threads import in_threads
from paysim.payment.valuation import Readmissions

CELL, DAYS, SPELLS = range(3)
"""What a count is of, see `SpellCounts`."""

_SLOT_BITS = 14
"""Half a megabyte of counts: most spells are like one of those counted last."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2**64 over the golden ratio: a product's highest bits depend on all of a number's. Knuth, volume 3, section 6.4."""


@dataclass(frozen=True, eq=False)
class SpellCounts:
    """How many spells are alike in all that prices ask about, those without a currency aside.

    `counts` has a row for each sort of row that a spell is paid for, class of its resident and period of its discharge
    (together CELL, in that order of places) and adjusted length of stay (DAYS): how many SPELLS there are, and behind
    it how many of them are readmissions, for each question that was asked. There may be several rows for one.
    """

    counts: NDArray[np.int64]

    def number(self) -> int:
        """Return the number of all spells."""
        return int(self.counts[:, SPELLS].sum())

    def longest(self) -> int:
        """Return the longest adjusted length of stay of one of them."""
        return int(self.counts[:, DAYS].max(initial=0))


def spell_counts(system: System, survey: Survey, asked: Iterable[Readmissions], threads: int = 1) -> SpellCounts:
    """Return how many spells a survey has, and how many readmissions of each kind asked for: counted once.

    Each thread takes a part of the residents; their number changes nothing but how often a row comes.
    """
    asked = tuple(asked)
    if asked not in survey.spell_counts:
        rules = [rule_for(system, each) for each in asked]
        parts = in_threads(lambda first, stop: _counted(survey, rules, first, stop), survey.admitted.shares(threads))
        survey.spell_counts[asked] = SpellCounts(np.concatenate(parts))
    return survey.spell_counts[asked]


def _counted(survey: Survey, rules: Sequence[Rule], first: int, stop: int) -> NDArray[np.int64]:
    """Return the counts of some of the pieces of residents."""
    sorts, classes, lookups = survey.sorts, survey.classes, survey.lookups
    held = np.zeros((1 << _SLOT_BITS, SPELLS + 1 + len(rules)), dtype=np.int64)
    found = []
    for piece in range(first, stop):
        spells = spells_of_piece(lookups, survey.admitted, piece)
        again = np.zeros((len(rules), len(spells)), dtype=np.bool_)
        for number, rule in enumerate(rules):
            again[number] = readmitted(spells, rule)
        given_up = np.empty((len(spells), held.shape[1]), dtype=np.int64)
        number = _count(
            spells.resident,
            spells.step,
            spells.service,
            spells.currency,
            spells.code,
            spells.discharge,
            spells.adjusted_length_of_stay,
            again,
            sorts.first,
            sorts.slot,
            classes.of_block,
            classes.of_resident,
            len(classes),
            lookups.period_of_day,
            survey.steps.shape[2],
            held,
            given_up,
        )
        found.append(given_up[:number].copy())
    return np.concatenate([*found, held[held[:, SPELLS] > 0]])


@kernel
def _count(
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    currency: NDArray[np.int16],
    code: NDArray[np.int16],
    discharge: NDArray[np.float64],
    adjusted_length_of_stay: NDArray[np.int64],
    readmitted: NDArray[np.bool_],
    first_sort: NDArray[np.int32],
    slot: NDArray[np.int32],
    class_of_block: NDArray[np.int16],
    class_of_resident: NDArray[np.int16],
    classes: int,
    period_of_day: NDArray[np.int16],
    periods: int,
    held: NDArray[np.int64],
    given_up: NDArray[np.int64],
) -> int:
    """Count spells where others like them are held; return how many counts had to make room for others."""
    number = 0
    for spell in range(len(step)):
        if currency[spell] == NONE:
            continue
        sort = np.int64(first_sort[step[spell], service[spell]]) + slot[step[spell], code[spell] + 1]
        group = class_at(resident[spell], class_of_block, class_of_resident)
        cell = (sort * classes + group) * periods + period_of_day[int(discharge[spell])]
        mixed = (np.uint64(cell) * _SPREAD + np.uint64(adjusted_length_of_stay[spell])) * _SPREAD
        at = mixed >> np.uint64(64 - _SLOT_BITS)
        if held[at, CELL] != cell or held[at, DAYS] != adjusted_length_of_stay[spell]:
            if held[at, SPELLS] > 0:
                for column in range(held.shape[1]):
                    given_up[number, column] = held[at, column]
                    held[at, column] = 0
                number += 1
            held[at, CELL], held[at, DAYS] = cell, adjusted_length_of_stay[spell]
        held[at, SPELLS] += 1
        for rule in range(len(readmitted)):
            held[at, SPELLS + 1 + rule] += readmitted[rule, spell]
    return number
