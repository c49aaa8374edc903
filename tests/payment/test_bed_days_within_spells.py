"""A day of a spell is paid once: days that are paid by the day are no part of the stay that a spell is priced by."""

from dataclasses import replace

import pytest
from generated import activities
from hypothesis import given
from reference import midnights, stays
from town import COUNTED, PRICES, STEPS, Row, activity, arrangement, by_commissioner, scope, tariff, town

from paysim.model.contract import Contract
from paysim.model.measure import Measure
from paysim.model.price import PriceTable
from paysim.payment.measures import measures_by_year
from paysim.payment.settlement import settle
from paysim.payment.spells import spells

SYSTEM = town()
SPELL, BEYOND_TRIM_POINT, SHORT_STAY, BED_DAY = 861_00, 216_00, 300_00, 213_45
"""Pence for LA04S, for each day beyond its trim point of 8 days, and for a day of rehabilitation."""

WITH_SHORT_STAY = PriceTable(
    "by_hand",
    "By hand",
    PRICES | {("non_elective", "LA04S"): replace(PRICES["non_elective", "LA04S"], short_stay_pence=SHORT_STAY)},
)


def in_turn(*steps, at=100.0):
    """Return an episode of steps, each with days of wait and of stay, at a provider with a factor of 1."""
    rows = []
    for step, wait, days in steps:
        rows.append(Row(step, "infirmary", at + wait, days, code="LA04S", wait=wait))
        at += wait + days
    return rows


def paid(rows):
    return settle(activity(SYSTEM, rows), by_commissioner(tariff(WITH_SHORT_STAY))).total()


WARD, REHABILITATION = "ward", "rehabilitation"


@pytest.mark.parametrize(
    ("steps", "pence"),
    [
        ([(WARD, 0, 6), (REHABILITATION, 0, 5)], SPELL + 5 * BED_DAY),
        ([(REHABILITATION, 0, 5), (WARD, 0, 6)], SPELL + 5 * BED_DAY),
        ([(WARD, 0, 3), (REHABILITATION, 0, 5), (WARD, 0, 3)], SPELL + 5 * BED_DAY),
        ([(REHABILITATION, 0, 2), (WARD, 0, 6), (REHABILITATION, 0, 3)], SPELL + 5 * BED_DAY),
        ([(WARD, 0, 10), (REHABILITATION, 0, 5)], SPELL + 2 * BEYOND_TRIM_POINT + 5 * BED_DAY),
        ([(WARD, 0, 1), (REHABILITATION, 0, 5)], SHORT_STAY + 5 * BED_DAY),
        ([(REHABILITATION, 0, 5), (WARD, 0, 0.5)], SHORT_STAY + 5 * BED_DAY),
        ([(REHABILITATION, 0, 20), (REHABILITATION, 0, 5)], 25 * BED_DAY),
    ],
    ids=["after", "before", "between", "around", "a long stay", "a short stay", "a day case", "no ward"],
)
def test_a_midnight_that_is_paid_by_the_day_is_paid_once(steps, pence):
    assert paid(in_turn(*steps)) == pence


def test_a_wait_on_the_ward_for_the_bed_belongs_to_the_ward():
    # From the afternoon of day 100: 8 midnights, 1 in the three quarters of a day before there is a bed, 3 in it.
    rows = in_turn((WARD, 0, 7.75), (REHABILITATION, 0.75, 2.75), at=100.75)
    assert paid(rows) == SPELL + BEYOND_TRIM_POINT + 3 * BED_DAY


def test_steps_without_a_currency_stay_in_the_spell():
    rows = in_turn((WARD, 0, 6), ("awaiting_care", 0, 5), (REHABILITATION, 0, 4))
    assert paid(rows) == SPELL + 3 * BEYOND_TRIM_POINT + 4 * BED_DAY


def test_a_contract_for_the_spells_and_one_for_the_days_pay_the_same_between_them():
    rows = in_turn((WARD, 0, 6), (REHABILITATION, 0, 5))
    contracts = [
        Contract(
            step, "hill_ccg", "infirmary", replace(scope("infirmary"), pathways=(step,)), (tariff(WITH_SHORT_STAY),)
        )
        for step in (WARD, REHABILITATION)
    ]
    ledger = settle(activity(SYSTEM, rows), arrangement("apart", *contracts))
    by_contract = ledger.to_frame().groupby("contract")["amount_pence"].sum()
    assert by_contract.to_dict() == {WARD: SPELL, REHABILITATION: 5 * BED_DAY}


def test_a_measure_of_stay_takes_the_whole_of_it():
    stay = Measure("stay", "Stay", "stay", (WARD,), None, None)
    measured = replace(SYSTEM, measures={"stay": stay})
    found = measures_by_year(activity(measured, in_turn((WARD, 0, 6), (REHABILITATION, 0, 5))), ["stay"])
    assert found == {"stay": (11,)}


@given(activities())
def test_midnights_priced_by_the_spell_and_paid_by_the_day_are_those_of_whole_spells(rows):
    by_day = {step for step, (currency, _) in STEPS.items() if COUNTED.get(currency or "") == "day"}
    expected = sorted(
        (stay[0].episode, stay[0].start, sum(midnights(row) for row in stay if row.step in by_day))
        for stay in stays(rows)
    )
    found = spells(activity(SYSTEM, rows))
    taken_out = (found.length_of_stay - found.adjusted_length_of_stay).tolist()
    assert sorted(zip(found.episode.tolist(), found.admission.tolist(), taken_out, strict=True)) == expected
