from dataclasses import replace

import numpy as np
import pytest
from generated import activities, activities_in_order
from hypothesis import given
from hypothesis import strategies as st
from reference import stays
from town import Row, activity, rows_of, town

from paysim.model.errors import InputError
from paysim.payment.spells import spells
from paysim.payment.survey import survey_of

SYSTEM = town()


def test_a_wait_for_the_next_ward_belongs_to_the_spell():
    found = spells(
        activity(
            SYSTEM,
            [
                Row("ward", "medicine", 10.75, 2.5, code="LA04S", wait=0.5),
                Row("awaiting_care", "surgical", 14.5, 3.0, wait=1.25),
            ],
        )
    )
    assert len(found) == 1
    assert found.admission.tolist() == [10.75]
    assert found.discharge.tolist() == [17.5]
    assert found.length_of_stay.tolist() == [7]
    assert (found.first_row.tolist(), found.last_row.tolist()) == ([0], [1])
    assert SYSTEM.codes[found.code[0]] == "LA04S"
    assert list(SYSTEM.currencies)[found.currency[0]] == "non_elective"


def test_length_of_stay_counts_midnights_and_not_hours():
    over_midnight = Row("ward", "medicine", 4.99609375, 0.0078125, episode=0, code="LA04S")
    same_day = Row("ward", "medicine", 5.0, 0.9921875, episode=1, code="LA04S")
    before_the_run = Row("ward", "medicine", -3.5, 4.0, episode=2, code="LA04S")
    found = spells(activity(SYSTEM, [over_midnight, same_day, before_the_run]))
    assert found.length_of_stay.tolist() == [1, 0, 4]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (Row("ward", "medicine", 13.5, 1.0, wait=0.25), "a delay of an eighth of a day"),
        (Row("ward", "infirmary", 13.125, 1.0), "another provider"),
        (Row("ward", "medicine", 13.125, 1.0, episode=1), "another episode"),
    ],
)
def test_what_ends_a_spell(second, why):
    found = spells(activity(SYSTEM, [Row("ward", "medicine", 10.0, 3.125), second]))
    assert len(found) == 2, why


def test_a_step_that_is_not_admitted_parts_two_spells():
    rows = [
        Row("ward", "medicine", 10.0, 1.0),
        Row("call", "medicine", 11.0, 0.5),
        Row("ward", "medicine", 11.5, 1.0),
    ]
    assert len(spells(activity(SYSTEM, rows))) == 2


def test_currency_code_and_service_come_from_the_first_row_counted_by_the_spell():
    rows = [
        Row("awaiting_care", "medicine", 10.0, 1.0, code="AA22C"),
        Row("rehabilitation", "medicine", 11.0, 1.0, code="AA22C"),
        Row("theatre", "surgical", 12.0, 1.0, code="LA04S"),
        Row("ward", "medicine", 13.0, 1.0, code="AA22C"),
    ]
    found = spells(activity(SYSTEM, rows))
    assert len(found) == 1
    assert SYSTEM.service_ids[found.service[0]] == "surgical"
    assert SYSTEM.codes[found.code[0]] == "LA04S"
    assert list(SYSTEM.currencies)[found.currency[0]] == "elective"


def test_a_spell_without_such_a_row_has_no_currency():
    found = spells(activity(SYSTEM, [Row("awaiting_care", "surgical", 10.0, 1.0, resident=700, code="AA22C")]))
    assert (found.currency[0], found.code[0]) == (-1, -1)
    assert SYSTEM.service_ids[found.service[0]] == "surgical"
    assert found.resident.tolist() == [700]


def test_times_that_are_not_whole_ticks_still_join():
    stay, wait = float(np.float32(0.1)), float(np.float32(0.7))
    rows = [Row("ward", "medicine", 10.3, stay), Row("ward", "medicine", 10.3 + 0.1 + 0.7, stay, wait=wait)]
    assert len(spells(activity(SYSTEM, rows))) == 1


def test_a_step_without_length_ends_after_the_step_before_it():
    rows = [Row("ward", "medicine", 10.0, 2.0), Row("theatre", "medicine", 12.0, 0.0)]
    found = spells(activity(SYSTEM, rows))
    assert len(found) == 1
    assert found.admission[0] == 10.0


def test_no_activity_makes_no_spells():
    assert len(spells(activity(SYSTEM, []))) == 0


@given(activities())
def test_spells_are_those_of_the_definition_in_words(rows):
    expected = sorted((s[0].episode, s[0].start, s[-1].start + s[-1].stay, s[0].resident) for s in stays(rows))
    found = spells(activity(SYSTEM, rows))
    assert sorted(zip(found.episode, found.admission, found.discharge, found.resident, strict=True)) == expected


@given(activities_in_order())
def test_spells_do_not_depend_on_the_order_of_rows(rows):
    whole = activity(SYSTEM, rows)
    shuffled = np.random.default_rng(1).permutation(len(whole))
    found, again = spells(whole), spells(rows_of(whole, shuffled))
    for column in ("episode", "admission", "discharge", "length_of_stay", "currency", "code", "service"):
        assert getattr(found, column).tolist() == getattr(again, column).tolist()


@given(activities(), st.integers(2, 5))
def test_neither_threads_nor_shared_numbers_of_episodes_join_residents(rows, threads):
    apart = [replace(row, episode=0, resident=row.episode) for row in rows]
    survey, again = (survey_of(activity(SYSTEM, apart), threads=number) for number in (1, threads))
    assert again.spells.first_row.tolist() == survey.spells.first_row.tolist()
    assert len(survey.spells) == len(spells(activity(SYSTEM, rows)))


def test_rows_of_steps_that_nobody_knows_are_of_no_spell():
    whole = activity(SYSTEM, [Row("ward", "medicine", 10.0, 1.0)] * 3)
    whole.step[:2] = (-1, 32_767)
    assert spells(whole).rows.tolist() == [2]


def test_a_currency_counted_by_the_spell_needs_an_admitted_step(monkeypatch):
    import town as town_module

    monkeypatch.setitem(town_module.STEPS, "call", ("elective", False))
    with pytest.raises(InputError, match=r"step call: found currency elective.*not admitted"):
        spells(activity(town_module.town(), []))


@given(activities())
def test_every_admitted_row_knows_its_spell(rows):
    whole = activity(SYSTEM, rows)
    found = spells(whole)
    admitted = np.array([step.admitted for step in SYSTEM.steps.values()])
    assert sorted(found.rows.tolist()) == np.flatnonzero(admitted[whole.step]).tolist()
    of_spell = found.spell_of_row
    assert (whole.episode[found.rows] == found.episode[of_spell]).all()
    assert (whole.start[found.rows] >= found.admission[of_spell]).all()
    assert (whole.end[found.rows] <= found.discharge[of_spell]).all()
    stay = np.bincount(of_spell, weights=(whole.stay + whole.wait)[found.rows], minlength=len(found))
    assert (stay - whole.wait[found.first_row]).tolist() == (found.discharge - found.admission).tolist()


def test_a_resident_that_the_system_lacks_is_refused():
    rows = activity(SYSTEM, [Row("ward", "medicine", 3.0, 1.0, code="LA04S")])
    unknown = replace(rows, resident=np.array([SYSTEM.population.total], dtype=rows.resident.dtype))
    with pytest.raises(InputError, match="expected residents below"):
        spells(unknown)
