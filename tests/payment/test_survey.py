"""The count of rows by sort, class and period, against a count in plain Python."""

from collections import Counter
from dataclasses import fields, replace
from math import floor

import numpy as np
import pytest
from generated import EVERYTHING, activities, kinds_of_residents
from hypothesis import given
from hypothesis import strategies as st
from reference import month
from town import CODES, PLACES, SERVICES, STEPS, Row, activity, arrangement, contract, rows_of, tariff, town

from paysim.model.errors import InputError
from paysim.payment import counting
from paysim.payment import survey as module
from paysim.payment.survey import survey_of

SYSTEM = town()
THREADS = (1, 2, 3, 7)

# The system expects every step at every service, and codes only on admitted steps. The rows of these know better.
EXPECTED = replace(
    SYSTEM,
    pathways={
        "care": replace(
            SYSTEM.pathways["care"],
            steps=tuple(
                replace(step, case_mix=None, service=replace(step.service, services=("surgery",)))
                for step in SYSTEM.steps.values()
            ),
        )
    },
)


def told_apart_by(*kinds):
    """Return arrangements whose contracts are for these kinds of residents."""
    scopes = [replace(EVERYTHING, residents=each) for each in kinds]
    return [arrangement("kinds", *(contract("hill_ccg", "hospital", tariff(), scope=scope) for scope in scopes))]


def counted(found):
    """Return steps and midnights by (step, service, code, class, period), those that are not zero."""
    sorts, table = found.sorts, Counter()
    for sort, group, period in np.argwhere(found.steps).tolist():
        key = (int(sorts.step[sort]), int(sorts.service[sort]), int(sorts.code[sort]), group, period)
        table[key] = found.steps[sort, group, period], found.midnights[sort, group, period]
    assert found.midnights[found.steps == 0].sum() == 0
    return table


def by_hand(whole, rows, class_of):
    table = {}
    for row in rows:
        end = row.start + row.stay
        code = whole.system.codes.index(row.code) if row.code else -1
        place = list(STEPS).index(row.step), list(SERVICES).index(row.service), code
        key = (*place, class_of(row.resident), month(end))
        steps, midnights = table.get(key, (0, 0))
        table[key] = steps + 1, midnights + floor(end) - floor(row.start)
    return table


@given(activities())
def test_rows_are_counted_by_step_service_code_place_and_period(rows):
    whole = activity(SYSTEM, rows)
    found = survey_of(whole)
    assert counted(found) == by_hand(whole, rows, lambda resident: int(resident >= 600))
    admitted = [n for n in range(len(whole)) if STEPS[SYSTEM.step_ids[whole.step[n]]][1]]
    assert sorted(found.spells.rows.tolist()) == admitted
    table = found.by_service_and_place()
    for number, service in enumerate(SERVICES):
        in_hill = sum(row.service == service and row.resident < 600 for row in rows)
        assert table[number].tolist() == [in_hill, sum(row.service == service for row in rows) - in_hill]


@given(activities(), kinds_of_residents(), kinds_of_residents())
def test_kinds_of_residents_that_scopes_tell_apart_are_counted_apart(rows, some, others):
    whole = activity(SYSTEM, rows)
    found = survey_of(whole, told_apart_by(some, others))

    def kind(resident):
        return (0, 0) if resident < 500 else (0, 10) if resident < 600 else (1, 4)

    assert counted(found) == by_hand(whole, rows, lambda resident: int(found.classes.of_kind[kind(resident)]))
    # As coarse as may be: two kinds of residents are of one class just where nothing tells them apart.
    names = {}
    for place in range(len(PLACES)):
        for profile in range(20):
            told = place, some[place, profile], others[place, profile]
            assert (
                names.setdefault(told, found.classes.of_kind[place, profile]) == found.classes.of_kind[place, profile]
            )
    assert len(set(names.values())) == len(names) == len(found.classes)


@given(activities(), st.sampled_from([1, 3, 2**22]), st.sampled_from([0, 2**16 - 1]))
def test_rows_that_the_system_does_not_expect_are_counted_too(rows, rows_at_a_time, most_in_16_bits):
    whole = replace(activity(SYSTEM, rows), system=EXPECTED)
    expected = by_hand(whole, rows, lambda resident: int(resident >= 600))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_ROWS_AT_A_TIME", rows_at_a_time)
        patch.setattr(module, "_MOST_IN_16_BITS", most_in_16_bits)
        for threads in THREADS:
            assert counted(survey_of(whole, threads=threads)) == expected


@pytest.mark.parametrize(("sorts", "number"), [(40_000, np.uint16), (2**16 - 1, np.uint16), (2**31 - 1, np.uint32)])
def test_what_a_step_is_not_known_to_have_is_one_sort_however_many_there_are(sorts, number):
    first, on = np.array([0, sorts - 1, sorts], dtype=number), np.array([0, sorts], dtype=number)
    served, coded = np.array([0, 1, 2, 0, 2], dtype=np.int32), np.array([0, 0, 0, 1, 1], dtype=np.int32)
    found = np.empty(len(served), dtype=number)
    counting._find_sorts(served, coded, first, on, np.uint32(sorts), found)
    assert found.tolist() == [0, sorts - 1, sorts, sorts, sorts]


@given(activities(), st.sampled_from(THREADS), st.integers(0, 2**32 - 1))
def test_neither_threads_nor_the_order_of_rows_change_a_count(rows, threads, seed):
    whole = activity(SYSTEM, rows)
    one, other = survey_of(whole), survey_of(whole, threads=threads)
    for column in fields(one.spells):
        assert getattr(one.spells, column.name).tolist() == getattr(other.spells, column.name).tolist()
    shuffled = survey_of(rows_of(whole, np.random.default_rng(seed).permutation(len(whole))), threads=threads)
    for column in ("steps", "midnights"):
        assert getattr(one, column).tobytes() == getattr(other, column).tobytes() == getattr(shuffled, column).tobytes()


BAD = {
    "resident": (-1, 1_000, 2**31 - 1, -(2**31)),
    "step": (-1, len(STEPS), 2**15 - 1, -(2**15)),
    "service": (-1, len(SERVICES), 2**15 - 1, -(2**15)),
    "code": (-2, len(CODES), 2**15 - 1, -(2**15)),
    "start": (float("nan"), float("inf"), -float("inf"), -1e300, 1e300, -0.75, 364.5),
    "stay": (float("nan"), float("inf"), -float("inf"), -0.25, -0.0001, 400.0),
}


@pytest.mark.parametrize(("column", "value"), [(column, value) for column in BAD for value in BAD[column]])
@pytest.mark.parametrize("system", [SYSTEM, EXPECTED])
def test_the_first_row_that_cannot_be_is_refused_whatever_the_threads(column, value, system):
    rows = [Row("ward", "medicine", 9.0, 0.5, code="LA04S"), Row("ward", "surgery", 10.0, 0.5)]
    whole = replace(rows_of(activity(SYSTEM, rows), np.array([0] + [1] * 19)), system=system)
    getattr(whole, column)[[6, 13, 18]] = value
    refusals = set()
    for threads in THREADS:
        with pytest.raises(InputError, match="activity row 6: found resident") as refused:
            survey_of(whole, threads=threads)
        refusals.add(str(refused.value))
    assert len(refusals) == 1


@pytest.mark.parametrize("stay", [0.0, -0.0, 2**-24])
def test_a_step_of_hardly_any_length_counts(stay):
    assert survey_of(activity(SYSTEM, [Row("call", "surgery", 0.0, stay)])).steps.sum() == 1


def test_an_activity_without_rows():
    for threads in THREADS:
        found = survey_of(activity(SYSTEM, []), threads=threads)
        assert found.steps.sum() == found.midnights.sum() == len(found.spells) == 0


@pytest.mark.parametrize("days", [2**31, 2**63, 2**100])
def test_a_step_that_began_before_days_can_be_counted_is_refused(days):
    whole = activity(SYSTEM, [Row("call", "surgery", -float(days), float(days))])
    with pytest.raises(InputError, match=r"activity row 0: found resident 0.*a start after day -1000000000"):
        survey_of(whole)
