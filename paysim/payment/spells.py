"""Spells: continuous admitted stays at one provider, assembled from the steps they took."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import TICKS_PER_DAY
from paysim.payment.episodes import by_episode, rows_of_steps
from paysim.payment.lookups import NONE, SPELL, Lookups, lookups_for

SAME_MOMENT = 0.5 / TICKS_PER_DAY
"""Days within which two times count as the same: simulated times are whole ticks, those of real extracts may not be."""


@dataclass(frozen=True, eq=False)
class Spells:
    """One row a spell, in order of episode, then of discharge.

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
    place: NDArray[np.int16]
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
    return assemble_spells(activity, lookups, rows_of_steps(activity, lookups.admitted_step))


def assemble_spells(activity: Activity, lookups: Lookups, admitted: NDArray[np.int64]) -> Spells:
    """Return the spells of an activity whose lookup tables and rows of admitted steps are at hand."""
    rows = by_episode(activity, admitted)
    first, last, priced, spell_of_row = (np.empty(len(rows), dtype=np.int32) for _ in range(4))
    count = _chain(
        rows,
        activity.episode,
        activity.step,
        activity.service,
        activity.start,
        activity.wait,
        activity.stay,
        lookups.organisation_of_service,
        lookups.counted_of_step == SPELL,
        first,
        last,
        priced,
        spell_of_row,
    )
    paid = priced[:count] != NONE
    first_row, last_row, row = (
        rows[first[:count]],
        rows[last[:count]],
        rows[np.where(paid, priced[:count], first[:count])],
    )
    admission, discharge = activity.start[first_row], activity.start[last_row] + activity.stay[last_row]
    resident = activity.resident[first_row]
    return Spells(
        resident=resident,
        episode=activity.episode[first_row],
        organisation=lookups.organisation_of_service[activity.service[first_row]],
        place=activity.system.population.place_of(resident),
        step=activity.step[row],
        service=activity.service[row],
        currency=np.where(paid, lookups.currency_of_step[activity.step[row]], NONE).astype(np.int16),
        code=np.where(paid, activity.code[row], NONE).astype(np.int16),
        first_row=first_row,
        last_row=last_row,
        admission=admission,
        discharge=discharge,
        length_of_stay=(np.floor(discharge) - np.floor(admission)).astype(np.int64),
        rows=rows,
        spell_of_row=spell_of_row,
    )


@kernel
def _chain(
    rows: NDArray[np.int64],
    episode: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    start: NDArray[np.float64],
    wait: NDArray[np.float32],
    stay: NDArray[np.float32],
    organisation_of_service: NDArray[np.int16],
    priced_step: NDArray[np.bool_],
    first: NDArray[np.int32],
    last: NDArray[np.int32],
    priced: NDArray[np.int32],
    spell_of_row: NDArray[np.int32],
) -> int:
    """Write where in `rows` each spell begins, ends and has its price, and the spell of each row; return how many.

    `rows` come by episode, then end; `priced` is NONE for a spell without price.
    """
    spell = -1
    for position in range(len(rows)):
        row = rows[position]
        goes_on = False
        if spell >= 0:
            before = rows[position - 1]
            goes_on = (
                episode[row] == episode[before]
                and organisation_of_service[service[row]] == organisation_of_service[service[before]]
                and abs(start[row] - wait[row] - (start[before] + stay[before])) < SAME_MOMENT
            )
        if not goes_on:
            spell += 1
            first[spell] = position
            priced[spell] = NONE
        last[spell] = position
        spell_of_row[position] = spell
        if priced[spell] == NONE and priced_step[step[row]]:
            priced[spell] = position
    return spell + 1
