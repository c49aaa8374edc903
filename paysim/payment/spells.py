"""Spells: continuous admitted stays at one provider, assembled from the steps they took."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import inlined, kernel
from paysim.model.activity import Activity
from paysim.model.calendar import TICKS_PER_DAY
from paysim.payment.lookups import NONE, Lookups, lookups_for
from paysim.payment.lookups import SPELL as BY_SPELL
from paysim.payment.records import Records, records_of_steps, resident_by_resident, residents_of
from paysim.payment.threads import in_threads, shared_out

SAME_MOMENT = 0.5 / TICKS_PER_DAY
"""Days within which two times count as the same: simulated times are whole ticks, those of real extracts may not be."""


SPELL = np.dtype(
    [
        ("first_row", "int64"),
        ("last_row", "int64"),
        ("admission", "float64"),
        ("discharge", "float64"),
        ("length_of_stay", "int64"),
        ("resident", "int32"),
        ("episode", "int32"),
        ("organisation", "int16"),
        ("step", "int16"),
        ("service", "int16"),
        ("currency", "int16"),
        ("code", "int16"),
    ],
    align=True,
)
"""A spell in memory, all of it together."""


@dataclass(frozen=True, eq=False)
class Spells:
    """One row a spell, in order of resident, then of episode, then of discharge.

    `first_row` and `last_row` point into the activity. `step`, `service`, `currency` and `code` are those of the first
    row whose currency is counted by the spell (step and service of the first row, currency and code -1, where there is
    none).
    `length_of_stay` is whole midnights crossed. `rows` are all admitted rows of the activity and `spell_of_row` the
    spell that each of them belongs to.

    A spell that began before the run, or goes on after it, is known by the steps that ended within the run.
    """

    resident: NDArray[np.int32]
    episode: NDArray[np.int32]
    organisation: NDArray[np.int16]
    step: NDArray[np.int16]
    service: NDArray[np.int16]
    currency: NDArray[np.int16]
    code: NDArray[np.int16]
    first_row: NDArray[np.int64]
    last_row: NDArray[np.int64]
    admission: NDArray[np.float64]
    discharge: NDArray[np.float64]
    length_of_stay: NDArray[np.int64]
    rows: NDArray[np.int64]
    spell_of_row: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.resident)


def spells(activity: Activity) -> Spells:
    """Return the spells of an activity.

    Consecutive admitted steps of one episode at one organisation form a spell where each is requested at the moment
    the one before ends; the wait for a bed on the next ward is part of the spell.

    Source: NHS Data Model and Dictionary, "Hospital Provider Spell": the total continuous stay of a patient on premises
    controlled by one provider.
    """
    lookups = lookups_for(activity)
    return assemble_spells(lookups, [records_of_steps(activity, lookups.admitted_step)])


def assemble_spells(lookups: Lookups, admitted: Sequence[Records], threads: int = 1) -> Spells:
    """Return the spells of all rows of admitted steps, given in parts that follow each other.

    Each thread takes the residents from one number to before another, so their number changes nothing.
    """
    organisation = lookups.organisation_of_service

    def ordered(first: int, stop: int) -> tuple[Records, int]:
        records = resident_by_resident(admitted, first, stop)
        return records, _number_of_spells(records, organisation)

    parts = in_threads(ordered, shared_out(*residents_of(admitted), threads))
    rows, spells = (
        np.cumsum([0, *numbers]).tolist() for numbers in ([len(r) for r, _ in parts], [n for _, n in parts])
    )
    found = np.empty(spells[-1], dtype=SPELL)
    row, spell_of_row = np.empty(rows[-1], dtype=np.int64), np.empty(rows[-1], dtype=np.int32)

    def chained(part: int, _: int) -> None:
        of_part = slice(rows[part], rows[part + 1])
        _chain(
            parts[part][0],
            organisation,
            lookups.currency_of_step,
            lookups.counted_of_step == BY_SPELL,
            spells[part],
            found,
            row[of_part],
            spell_of_row[of_part],
        )

    in_threads(chained, shared_out(0, len(parts), len(parts)))
    return Spells(**{name: found[name] for name in SPELL.names or ()}, rows=row, spell_of_row=spell_of_row)


@inlined
def _goes_on(before: np.void, here: np.void, organisation_of_service: NDArray[np.int16]) -> bool:
    """Return whether a record belongs to the spell of the record before it."""
    return (
        here["resident"] == before["resident"]
        and here["episode"] == before["episode"]
        and organisation_of_service[here["service"]] == organisation_of_service[before["service"]]
        and abs(here["start"] - here["wait"] - (before["start"] + before["stay"])) < SAME_MOMENT
    )


@kernel
def _number_of_spells(records: Records, organisation_of_service: NDArray[np.int16]) -> int:
    """Return how many spells there are in records that stand resident by resident."""
    count = min(1, len(records))
    for position in range(1, len(records)):
        count += not _goes_on(records[position - 1], records[position], organisation_of_service)
    return count


@kernel
def _chain(
    records: Records,
    organisation_of_service: NDArray[np.int16],
    currency_of_step: NDArray[np.int16],
    priced_step: NDArray[np.bool_],
    first: int,
    spells: NDArray[np.void],
    rows: NDArray[np.int64],
    spell_of_row: NDArray[np.int32],
) -> None:
    """Write the spells, from `first` on, of records that stand resident by resident, and the row and spell of each."""
    last = first - 1
    for position in range(len(records)):
        here = records[position]
        if position == 0 or not _goes_on(records[position - 1], here, organisation_of_service):
            last += 1
            spell = spells[last]
            spell["resident"] = here["resident"]
            spell["episode"] = here["episode"]
            spell["organisation"] = organisation_of_service[here["service"]]
            spell["step"] = here["step"]
            spell["service"] = here["service"]
            spell["currency"] = NONE
            spell["code"] = NONE
            spell["first_row"] = here["row"]
            spell["admission"] = here["start"]
        spell = spells[last]
        if spell["currency"] == NONE and priced_step[here["step"]]:
            spell["step"] = here["step"]
            spell["service"] = here["service"]
            spell["currency"] = currency_of_step[here["step"]]
            spell["code"] = here["code"]
        end = here["start"] + here["stay"]
        spell["last_row"] = here["row"]
        spell["discharge"] = end
        spell["length_of_stay"] = int(np.floor(end)) - int(np.floor(spell["admission"]))
        rows[position] = here["row"]
        spell_of_row[position] = last
