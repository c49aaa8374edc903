"""Readmissions against the definition in words."""

from dataclasses import replace

import numpy as np
import pytest
from generated import activities
from hypothesis import given
from hypothesis import strategies as st
from town import CODES, Row, activity, rows_of, town

from paysim.payment.readmissions import readmitted, rule_for
from paysim.payment.spells import spells
from paysim.payment.valuation import Readmissions

SYSTEM = town()
CURRENCIES = [name for name, currency in SYSTEM.currencies.items() if currency.counted == "spell"]
ANY = Readmissions(within_days=30)

SOME = st.none() | st.lists(st.sampled_from(CURRENCIES), unique=True).map(tuple)
ASKED = st.builds(
    Readmissions,
    within_days=st.sampled_from([0, 1, 7, 30, 90]),
    of=SOME,
    after=SOME,
    exempt=st.lists(st.sampled_from(CODES), unique=True).map(tuple),
    youngest=st.sampled_from([0, 32, 33, 65, 66]),
)


def in_words(found, asked):
    """Return whether each spell is a readmission: one after the other, each beside every other."""
    currencies, codes = list(SYSTEM.currencies), SYSTEM.codes

    def among(number, wanted):
        return number >= 0 and (wanted is None or currencies[number] in wanted)

    def too_young(resident):
        return not 500 <= resident < 600 and sum(age < asked.youngest for age in range(65)) >= 65 / 2

    def days_between(earlier, later):
        """Return the days from the end of an earlier spell to the beginning of a later one, None for any other two."""
        if earlier == later or found.resident[earlier] != found.resident[later]:
            return None
        gap = found.admission[later] - found.discharge[earlier]
        without_length = found.admission[earlier] == found.discharge[earlier] == found.discharge[later]
        # Of two without length at one moment, the first episode's comes first.
        return gap if gap > 0 or (gap == 0 and (earlier < later or not without_length)) else None

    def transferred(later):
        return any(
            days_between(earlier, later) == 0 and found.organisation[earlier] != found.organisation[later]
            for earlier in range(len(found))
        )

    def leads_to(earlier, later):
        gap = days_between(earlier, later)
        return gap is not None and gap <= asked.within_days and among(found.currency[earlier], asked.after)

    return [
        among(found.currency[later], asked.of)
        and (found.code[later] < 0 or codes[found.code[later]] not in asked.exempt)
        and not too_young(found.resident[later])
        and not transferred(later)
        and any(leads_to(earlier, later) for earlier in range(len(found)))
        for later in range(len(found))
    ]


def crowded(rows, residents):
    """Return the rows with fewer residents, so that many of them come back."""
    return [replace(row, resident=residents[row.resident % len(residents)]) for row in rows]


@given(activities(), activities(), st.sampled_from([[3], [3, 550], [499, 500, 700]]), ASKED)
def test_readmissions_are_those_of_the_definition_in_words(rows, more, residents, asked):
    rows = rows + [replace(row, episode=row.episode + 6) for row in more]
    whole = activity(SYSTEM, crowded(rows, residents))
    found = spells(whole)
    assert readmitted(found, rule_for(SYSTEM, asked)).tolist() == in_words(found, asked)


@given(st.integers(1, 400), st.integers(0, 2**32 - 1), ASKED)
def test_of_many_residents_in_any_order(count, seed, asked):
    rng = np.random.default_rng(seed)
    one = activity(SYSTEM, [Row("ward", "medicine", 0.0, 1.0, code=code) for code in (*CODES, None)])
    whole = rows_of(one, rng.integers(0, 3, count))
    whole.resident[:] = rng.choice([0, 1, 255, 256, 499, 500, 599, 600, 999], count)
    whole.step[:] = np.flatnonzero([step.admitted for step in SYSTEM.steps.values()])[rng.integers(0, 4, count)]
    whole.start[:] = rng.integers(0, 1_000, count) / 4
    whole.episode[:] = rng.permutation(count)
    found = spells(whole)
    assert readmitted(found, rule_for(SYSTEM, asked)).tolist() == in_words(found, asked)


@pytest.mark.parametrize(
    ("begins", "expected"),
    [(12.0 + 2**-14, True), (42.0, True), (42.0 + 1e-9, True), (42.0 + 2**-14, False), (11.75, False), (300.0, False)],
)
def test_thirty_days_from_the_discharge_to_the_admission(begins, expected):
    rows = [
        Row("ward", "medicine", 10.0, 2.0, episode=0, code="LA04S"),
        Row("ward", "infirmary", begins, 5.0, episode=1, code="LA04S"),
    ]
    whole = activity(SYSTEM, rows)
    assert readmitted(spells(whole), rule_for(SYSTEM, ANY)).tolist() == [False, expected]


@pytest.mark.parametrize(("service", "expected"), [("surgical", True), ("infirmary", False)])
@pytest.mark.parametrize("noise", [-1e-9, 0.0, 1e-9])
def test_who_is_transferred_from_another_provider_is_not_readmitted(service, expected, noise):
    rows = [
        Row("ward", "medicine", 10.0, 2.0, episode=0, code="LA04S"),
        Row("ward", service, 12.0 + noise, 5.0, episode=1, code="LA04S"),
    ]
    whole = activity(SYSTEM, rows)
    assert readmitted(spells(whole), rule_for(SYSTEM, ANY)).tolist() == [False, expected]


def test_a_transfer_is_no_readmission_after_an_earlier_spell_either():
    rows = [
        Row("theatre", "medicine", 1.0, 2.0, episode=0, code="LA04S"),
        Row("ward", "medicine", 10.0, 2.0, episode=1, code="LA04S"),
        Row("ward", "infirmary", 12.0, 5.0, episode=2, code="LA04S"),
        Row("ward", "infirmary", 20.0, 5.0, episode=3, code="LA04S"),
    ]
    whole = activity(SYSTEM, rows)
    assert readmitted(spells(whole), rule_for(SYSTEM, ANY)).tolist() == [False, True, False, True]


@pytest.mark.parametrize("first", [0, 1])
def test_a_spell_without_length_follows_the_one_that_ends_as_it_begins(first):
    rows = [
        Row("ward", "medicine", 10.0, 2.0, episode=first, code="LA04S"),
        Row("ward", "medicine", 12.0, 0.0, episode=1 - first, code="LA04S"),
    ]
    found = spells(activity(SYSTEM, rows))
    assert readmitted(found, rule_for(SYSTEM, ANY)).tolist() == (found.admission == 12.0).tolist()


def test_of_two_spells_without_length_at_one_moment_only_one_follows_the_other():
    rows = [Row("ward", "medicine", 10.0, 0.0, episode=number, code="LA04S") for number in (0, 1)]
    whole = activity(SYSTEM, rows)
    assert readmitted(spells(whole), rule_for(SYSTEM, ANY)).tolist() == [False, True]


def test_no_spells_no_readmissions():
    whole = activity(SYSTEM, [])
    assert readmitted(spells(whole), rule_for(SYSTEM, ANY)).tolist() == []
