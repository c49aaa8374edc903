"""Spells: continuous admitted stays at one provider, assembled from the steps they took."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import TICKS_PER_DAY
from paysim.payment.episodes import rows_by_episode
from paysim.payment.lookups import NONE, SPELL, Lookups, lookups_for

SAME_MOMENT = 0.5 / TICKS_PER_DAY
"""Days within which two times count as the same: simulated times are whole ticks, those of real extracts may not be."""


@dataclass(frozen=True, eq=False)
class Spells:
    """One row a spell, in order of episode, then of discharge.

    `first_row` and `last_row` point into the activity. `service`, `currency` and `code` are those of the first row
    whose currency is counted by the spell (service of the first row, currency and code -1, where there is none).
    `length_of_stay` is whole midnights crossed. `rows` are all admitted rows of the activity and `spell_of_row` the
    spell that each of them belongs to.

    A spell that began before the run, or goes on after it, is known by the steps that ended within the run.
    """

    resident: NDArray[np.int32]
    episode: NDArray[np.int32]
    organisation: NDArray[np.int16]
    place: NDArray[np.int16]
    service: NDArray[np.int16]
    currency: NDArray[np.int16]
    code: NDArray[np.int16]
    first_row: NDArray[np.int64]
    last_row: NDArray[np.int64]
    admission: NDArray[np.float64]
    discharge: NDArray[np.float64]
    length_of_stay: NDArray[np.int64]
    rows: NDArray[np.int64]
    spell_of_row: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.resident)


def spells(activity: Activity) -> Spells:
    """Return the spells of an activity.

    Consecutive admitted steps of one episode at one organisation form a spell where each is requested at the moment
    the one before ends; the wait for a bed on the next ward is part of the spell.

    Source: NHS Data Model and Dictionary, "Hospital Provider Spell": the total continuous stay of a patient on premises
    controlled by one provider.
    """
    return assemble_spells(activity, lookups_for(activity))


def assemble_spells(activity: Activity, lookups: Lookups) -> Spells:
    """Return the spells of an activity whose lookup tables are at hand."""
    rows = rows_by_episode(activity, lookups.admitted_step)
    _put_in_order(rows, activity.episode, activity.start, activity.stay)
    priced_step = lookups.counted_of_step == SPELL
    first, last, priced, spell_of_row = _chain(
        rows,
        activity.episode,
        activity.step,
        activity.service,
        activity.start,
        activity.wait,
        activity.stay,
        lookups.organisation_of_service,
        priced_step,
    )
    paid, row = priced != NONE, np.where(priced != NONE, priced, first)
    admission, discharge = activity.start[first], activity.start[last] + activity.stay[last]
    return Spells(
        resident=activity.resident[first],
        episode=activity.episode[first],
        organisation=lookups.organisation_of_service[activity.service[first]],
        place=lookups.place_of_resident[activity.resident[first]],
        service=activity.service[row],
        currency=np.where(paid, lookups.currency_of_step[activity.step[row]], NONE).astype(np.int16),
        code=np.where(paid, activity.code[row], NONE).astype(np.int16),
        first_row=first,
        last_row=last,
        admission=admission,
        discharge=discharge,
        length_of_stay=(np.floor(discharge) - np.floor(admission)).astype(np.int64),
        rows=rows,
        spell_of_row=spell_of_row,
    )


@kernel
def _put_in_order(
    rows: NDArray[np.int64], episode: NDArray[np.int32], start: NDArray[np.float64], stay: NDArray[np.float32]
) -> None:
    """Put the rows of each episode, which stand together, in order of their end, then of their start.

    A step without length ends when the one before it does, so the start decides between the two. Activity comes in
    order of end, so each row is compared once and nothing moves; activity in another order still gives the same spells.
    """
    for position in range(1, len(rows)):
        row = rows[position]
        end = start[row] + stay[row]
        at = position
        while at > 0:
            before = rows[at - 1]
            end_before = start[before] + stay[before]
            if episode[before] != episode[row] or (end_before, start[before]) <= (end, start[row]):
                break
            rows[at] = before
            at -= 1
        rows[at] = row


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
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return first, last and priced row of each spell and the spell of each row, from rows by (episode, end)."""
    first = np.empty(len(rows), dtype=np.int64)
    last = np.empty(len(rows), dtype=np.int64)
    priced = np.empty(len(rows), dtype=np.int64)
    spell_of_row = np.empty(len(rows), dtype=np.int64)
    spell = -1
    for position in range(len(rows)):
        row = rows[position]
        goes_on = False
        if spell >= 0:
            before = last[spell]
            goes_on = (
                episode[row] == episode[before]
                and organisation_of_service[service[row]] == organisation_of_service[service[before]]
                and abs(start[row] - wait[row] - (start[before] + stay[before])) < SAME_MOMENT
            )
        if not goes_on:
            spell += 1
            first[spell] = row
            priced[spell] = -1
        last[spell] = row
        spell_of_row[position] = spell
        if priced[spell] < 0 and priced_step[step[row]]:
            priced[spell] = row
    return first[: spell + 1].copy(), last[: spell + 1].copy(), priced[: spell + 1].copy(), spell_of_row
