"""Spells: continuous admitted stays at one provider, assembled from the steps they took."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import TICKS_PER_DAY
from paysim.payment.lookups import NONE, Lookups, lookups_for
from paysim.payment.lookups import SPELL as BY_SPELL
from paysim.payment.records import Records, by_episode, episodes_of, joined, records_of_steps
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
    return assemble_spells(lookups, records_of_steps(activity, lookups.admitted_step))


def assemble_spells(lookups: Lookups, admitted: Records, threads: int = 1) -> Spells:
    """Return the spells of all rows of admitted steps.

    Each thread takes the episodes from one number to before another, so their number changes nothing.
    """
    parts = in_threads(
        lambda first, stop: _assembled(lookups, admitted, first, stop), shared_out(*episodes_of(admitted), threads)
    )
    found = joined([part[0] for part in parts])
    rows, spell_of_row = (np.concatenate([part[column] for part in parts]) for column in (1, 2))
    before = np.cumsum([0, *(len(part[0]) for part in parts[:-1])])
    spell_of_row += np.repeat(before, [len(part[1]) for part in parts]).astype(np.int32)
    return Spells(**{name: found[name] for name in SPELL.names or ()}, rows=rows, spell_of_row=spell_of_row)


def _assembled(
    lookups: Lookups, admitted: Records, first: int, stop: int
) -> tuple[NDArray[np.void], NDArray[np.int64], NDArray[np.int32]]:
    """Return the spells of some episodes, their rows in order, and the spell of each row."""
    records = by_episode(admitted, first, stop)
    found, spell_of_row = np.empty(len(records), dtype=SPELL), np.empty(len(records), dtype=np.int32)
    count = _chain(
        records,
        lookups.organisation_of_service,
        lookups.currency_of_step,
        lookups.counted_of_step == BY_SPELL,
        found,
        spell_of_row,
    )
    return found[:count], records["row"].copy(), spell_of_row


@kernel
def _chain(
    records: Records,
    organisation_of_service: NDArray[np.int16],
    currency_of_step: NDArray[np.int16],
    priced_step: NDArray[np.bool_],
    spells: NDArray[np.void],
    spell_of_row: NDArray[np.int32],
) -> int:
    """Write the spells of records that come by episode, then end, and the spell of each; return how many there are."""
    count = 0
    for position in range(len(records)):
        here = records[position]
        organisation, end = organisation_of_service[here["service"]], here["start"] + here["stay"]
        spell = spells[max(0, count - 1)]
        goes_on = (
            count > 0
            and here["episode"] == spell["episode"]
            and organisation == spell["organisation"]
            and abs(here["start"] - here["wait"] - spell["discharge"]) < SAME_MOMENT
        )
        if not goes_on:
            spell = spells[count]
            count += 1
            spell["resident"] = here["resident"]
            spell["episode"] = here["episode"]
            spell["organisation"] = organisation
            spell["step"] = here["step"]
            spell["service"] = here["service"]
            spell["currency"] = NONE
            spell["code"] = NONE
            spell["first_row"] = here["row"]
            spell["admission"] = here["start"]
        if spell["currency"] == NONE and priced_step[here["step"]]:
            spell["step"] = here["step"]
            spell["service"] = here["service"]
            spell["currency"] = currency_of_step[here["step"]]
            spell["code"] = here["code"]
        spell["last_row"] = here["row"]
        spell["discharge"] = end
        spell["length_of_stay"] = int(np.floor(end)) - int(np.floor(spell["admission"]))
        spell_of_row[position] = count - 1
    return count
