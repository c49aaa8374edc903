"""Spells: continuous admitted stays at one provider, assembled from the steps they took."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import inlined, kernel
from paysim.model.activity import Activity
from paysim.model.calendar import TICKS_PER_DAY
from paysim.model.errors import InputError
from paysim.payment.lookups import DAY as BY_DAY
from paysim.payment.lookups import NONE, Lookups, lookups_for
from paysim.payment.lookups import SPELL as BY_SPELL
from paysim.payment.records import Records, records_of_steps
from paysim.payment.resident_order import ByResident, by_resident

SAME_MOMENT = 0.5 / TICKS_PER_DAY
"""Days within which two times count as the same: simulated times are whole ticks, those of real extracts may not be."""


@dataclass(frozen=True, eq=False)
class Spells:
    """One row a spell, in order of resident, then of episode, then of discharge.

    `first_row` and `last_row` point into the activity. `step`, `service`, `currency` and `code` are those of the first
    row whose currency is counted by the spell (step and service of the first row, currency and code -1, where there is
    none).
    `adjusted_length_of_stay` is what the spell's price depends on: the midnights that it crossed, less those of rows
    whose currency is counted by the day, which are paid one by one. `rows` are all admitted rows of the activity and
    `spell_of_row` the spell that each of them belongs to.

    `admission` and `discharge` are moments of simulated spells and whole days of real ones: some may have dates alone,
    and clocks of two hospitals differ.

    A spell that began before the run, or goes on after it, is known by the steps that ended within the run.

    Source: NHS Data Model and Dictionary, "Length of Stay Adjustment (Rehabilitation)": days of a discrete period of
    care that require "an adjustment to the total length of stay for National Tariff Payment System purposes".
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
    adjusted_length_of_stay: NDArray[np.int64]
    rows: NDArray[np.int64]
    spell_of_row: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.resident)

    @property
    def length_of_stay(self) -> NDArray[np.int64]:
        """Whole midnights crossed from admission to discharge, whoever pays for them."""
        return (np.floor(self.discharge) - np.floor(self.admission)).astype(np.int64)


_COLUMNS = {
    "resident": np.int32,
    "episode": np.int32,
    "organisation": np.int16,
    "step": np.int16,
    "service": np.int16,
    "currency": np.int16,
    "code": np.int16,
    "first_row": np.int64,
    "last_row": np.int64,
    "admission": np.float64,
    "discharge": np.float64,
    "adjusted_length_of_stay": np.int64,
    "rows": np.int64,
    "spell_of_row": np.int32,
}
_OF_ROWS = ("rows", "spell_of_row")


def spells(activity: Activity) -> Spells:
    """Return the spells of an activity.

    Consecutive admitted steps of one episode at one organisation form a spell where each is requested at the moment
    the one before ends; the wait for a bed on the next ward is part of the spell.

    Source: NHS Data Model and Dictionary, "Hospital Provider Spell": the total continuous stay of a patient on premises
    controlled by one provider.

    Raises InputError for an admitted row of a resident that the system lacks.
    """
    lookups, residents = lookups_for(activity), activity.system.population.total
    admitted = records_of_steps(activity, lookups.admitted_step)
    if unknown := admitted["resident"][(admitted["resident"] < 0) | (admitted["resident"] >= residents)][:1].tolist():
        raise InputError("", "activity", f"found resident {unknown[0]}", f"expected residents below {residents}")
    return all_spells(lookups, by_resident(admitted, residents))


def all_spells(lookups: Lookups, admitted: ByResident) -> Spells:
    """Return the spells of all rows of admitted steps."""
    found = [spells_of_piece(lookups, admitted, piece) for piece in range(len(admitted))]
    columns = {name: np.concatenate([getattr(piece, name) for piece in found]) for name in _COLUMNS}
    first = np.cumsum([0, *map(len, found)])[:-1]
    columns["spell_of_row"] += np.repeat(first, [len(piece.rows) for piece in found]).astype(np.int32)
    return Spells(**columns)


def spells_of_piece(lookups: Lookups, admitted: ByResident, piece: int) -> Spells:
    """Return the spells of some of the residents, numbered from 0."""
    records = admitted.piece(piece)
    columns = {name: np.empty(len(records), dtype=dtype) for name, dtype in _COLUMNS.items()}
    number = _chain(
        records,
        lookups.organisation_of_service,
        lookups.currency_of_step,
        lookups.counted_of_step,
        *columns.values(),
    )
    if lookups.by_day:
        for name in ("admission", "discharge"):
            columns[name] = np.floor(columns[name])
    return Spells(**{name: each if name in _OF_ROWS else each[:number] for name, each in columns.items()})


@inlined
def _goes_on(before: np.void, here: np.void, organisation_of_service: NDArray[np.int16]) -> bool:
    """Return whether a record belongs to the spell of the record before it."""
    return (
        here["resident"] == before["resident"]
        and here["episode"] == before["episode"]
        and organisation_of_service[here["service"]] == organisation_of_service[before["service"]]
        and abs(here["start"] - here["wait"] - (before["start"] + before["stay"])) < SAME_MOMENT
    )


@inlined
def _midnights(start: float, end: float) -> int:
    """Return how many midnights lie between two times."""
    return int(np.floor(end)) - int(np.floor(start))


@kernel
def _chain(
    records: Records,
    organisation_of_service: NDArray[np.int16],
    currency_of_step: NDArray[np.int16],
    counted_of_step: NDArray[np.int8],
    resident: NDArray[np.int32],
    episode: NDArray[np.int32],
    organisation: NDArray[np.int16],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    currency: NDArray[np.int16],
    code: NDArray[np.int16],
    first_row: NDArray[np.int64],
    last_row: NDArray[np.int64],
    admission: NDArray[np.float64],
    discharge: NDArray[np.float64],
    adjusted_length_of_stay: NDArray[np.int64],
    rows: NDArray[np.int64],
    spell_of_row: NDArray[np.int32],
) -> int:
    """Write the spells of records that stand resident by resident, and the row and spell of each; return how many."""
    last, paid_by_day = -1, 0
    for position in range(len(records)):
        here = records[position]
        if position == 0 or not _goes_on(records[position - 1], here, organisation_of_service):
            last += 1
            resident[last] = here["resident"]
            episode[last] = here["episode"]
            organisation[last] = organisation_of_service[here["service"]]
            step[last] = here["step"]
            service[last] = here["service"]
            currency[last] = NONE
            code[last] = NONE
            first_row[last] = here["row"]
            admission[last] = here["start"]
            paid_by_day = 0
        counted = counted_of_step[here["step"]]
        if currency[last] == NONE and counted == BY_SPELL:
            step[last] = here["step"]
            service[last] = here["service"]
            currency[last] = currency_of_step[here["step"]]
            code[last] = here["code"]
        end = here["start"] + here["stay"]
        if counted == BY_DAY:
            paid_by_day += _midnights(here["start"], end)
        last_row[last] = here["row"]
        discharge[last] = end
        adjusted_length_of_stay[last] = _midnights(admission[last], end) - paid_by_day
        rows[position] = here["row"]
        spell_of_row[position] = last
    return last + 1
