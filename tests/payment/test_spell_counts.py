"""Counts of spells, and spells a piece of the residents at a time, against counting them one by one."""

from collections import Counter
from dataclasses import fields

import numpy as np
import pytest
from generated import activities
from hypothesis import given
from hypothesis import strategies as st
from town import CODES, Row, activity, by_commissioner, rows_of, tariff, town

from paysim.model.terms import ReadmissionRule
from paysim.payment import resident_order
from paysim.payment.readmissions import readmitted, rule_for
from paysim.payment.settlement import settle
from paysim.payment.spell_counts import CELL, DAYS, SPELLS, spell_counts
from paysim.payment.spells import spells
from paysim.payment.survey import survey_of
from paysim.payment.valuation import Readmissions

SYSTEM = town()
ASKED = (Readmissions(within_days=30), Readmissions(within_days=7, exempt=(CODES[0],)))
PAID = by_commissioner(tariff(), ReadmissionRule("readmissions", "tariff", ("non_elective",), youngest=0))


def one_by_one(survey):
    """Return the number of spells, and of readmissions, by sort, class, period and length of stay."""
    found, number = survey.spells, Counter()
    again = [readmitted(found, rule_for(SYSTEM, asked)) for asked in ASKED]
    for spell in np.flatnonzero(found.currency >= 0).tolist():
        sort = survey.sorts.first[found.step[spell], found.service[spell]]
        sort += survey.sorts.slot[found.step[spell], found.code[spell] + 1]
        group = survey.classes.of_resident[found.resident[spell]]
        period = survey.lookups.period_of_day[int(found.discharge[spell])]
        unit = int(sort), int(group), int(period), int(found.adjusted_length_of_stay[spell])
        number[(*unit, 0)] += 1
        for rule, each in enumerate(again):
            number[(*unit, 1 + rule)] += bool(each[spell])
    return +number


def counted(survey, threads):
    number = Counter()
    for count in spell_counts(SYSTEM, survey, ASKED, threads).counts.tolist():
        cell, period = divmod(count[CELL], survey.steps.shape[2])
        for column, found in enumerate(count[SPELLS:]):
            number[(*divmod(cell, len(survey.classes)), period, count[DAYS], column)] += found
    return +number


def many(count, seed):
    """Return an activity of many spells of many lengths."""
    rng = np.random.default_rng(seed)
    whole = rows_of(
        activity(SYSTEM, [Row("ward", "medicine", 0.0, 1.0, code=code) for code in (*CODES, None)]),
        rng.integers(0, 1 + len(CODES), count),
    )
    whole.resident[:] = rng.integers(0, 1_000, count)
    whole.start[:] = rng.integers(0, 200, count)
    whole.stay[:] = rng.integers(0, 160, count)
    whole.episode[:] = rng.permutation(count)
    return whole


@given(activities(), st.sampled_from([1, 2, 3, 7]))
def test_spells_are_counted_as_one_by_one(rows, threads):
    survey = survey_of(activity(SYSTEM, rows))
    assert counted(survey, threads) == one_by_one(survey)


@pytest.mark.parametrize("threads", [1, 3])
def test_more_sorts_of_spells_than_are_held_at_a_time(threads):
    survey = survey_of(many(50_000, 1), threads=threads)
    assert counted(survey, threads) == one_by_one(survey)


@given(activities(), st.sampled_from([1, 2, 5]), st.sampled_from([1, 3]))
def test_pieces_of_residents_change_neither_spells_nor_payments(rows, rows_a_piece, threads):
    whole = activity(SYSTEM, rows)
    found, paid = spells(whole), settle(whole, PAID)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resident_order, "_ROWS_A_PIECE", rows_a_piece)
        again = spells(whole)
        assert settle(whole, PAID, threads).amount_pence.tolist() == paid.amount_pence.tolist()
    for column in fields(found):
        assert getattr(found, column.name).tolist() == getattr(again, column.name).tolist()
