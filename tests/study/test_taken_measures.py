"""Each kind of measure, on activity small enough to work it out by hand."""

import math

import numpy as np
import pytest
from by_hand import HILL, TOWN, VALE, Row, activity, measured

from paysim.model.measure import Measure
from paysim.payment.measures import reference_value
from paysim.payment.use import service_use

HOUR = 1 / 24
ATTENDANCE, WARD, AWAITING = "emergency.attendance", "emergency.ward", "emergency.awaiting_care"
CONSULTATION = "general_practice.consultation"


def measure(kind, **parts):
    given = {"steps": (), "target": None, "tolerance": None} | parts
    return Measure(id="m", name="M", kind=kind, **given)


def consultation(start, **more):
    return Row(CONSULTATION, "practice_hill", start, 0.01, **more)


def attendance(start, stay=HOUR, **more):
    return Row(ATTENDANCE, "emergency_department", start, stay, **more)


def ward(start, stay, service="wards", **more):
    return Row(WARD, service, start, stay, code="LA04S", **more)


def awaiting(start, stay, **more):
    return Row(AWAITING, "wards", start, stay, **more)


def test_rate_is_per_resident_and_year_and_scaled_up():
    rows = [consultation(1.0), consultation(2.0, episode=1), attendance(3.0, episode=2), consultation(400.0, episode=3)]
    rate = measure("rate", steps=(CONSULTATION,))
    assert measured(rate, rows, years=2, weight=5.0) == pytest.approx(3 * 5 / 6_900 / 2)
    assert measured(measure("rate", steps=(CONSULTATION, ATTENDANCE)), rows, years=2) == pytest.approx(4 / 6_900 / 2)
    assert measured(rate, []) == 0


def test_share_is_steps_over_base():
    rows = [attendance(1.0), attendance(2.0, episode=1), attendance(3.0, episode=2), ward(3.1, 2.0, episode=2)]
    assert measured(measure("share", steps=(WARD,), base=(ATTENDANCE,)), rows) == pytest.approx(1 / 3)
    assert measured(measure("share", steps=(WARD,), base=(WARD, ATTENDANCE)), rows) == pytest.approx(1 / 4)
    assert math.isnan(measured(measure("share", steps=(WARD,), base=(ATTENDANCE,)), []))


def test_stay_is_midnights_of_whole_spells():
    rows = [
        # A spell of two steps, from noon of day 10 to the small hours of day 16: six midnights.
        ward(10.5, 3.0),
        awaiting(13.5, 2.625),
        # One midnight, and none.
        ward(20.875, 0.25, episode=1, resident=VALE),
        ward(30.25, 0.5, episode=2),
        # Not a spell with a delay after it, but a spell of its own.
        ward(40.0, 1.0, episode=3),
        awaiting(45.0, 4.0, episode=3, wait=0.5),
    ]
    assert measured(measure("stay", steps=(WARD,)), rows) == pytest.approx((6 + 1 + 0 + 1) / 4)
    assert measured(measure("stay", steps=(AWAITING,)), rows) == pytest.approx((6 + 4) / 2)
    assert math.isnan(measured(measure("stay", steps=(WARD,)), []))


FOUR_HOURS = measure("within", steps=(ATTENDANCE,), until=(ATTENDANCE,), limit=4 * HOUR)


def test_within_counts_from_the_request_to_the_end():
    rows = [
        attendance(1.0, 0.125, wait=0.03125),
        attendance(2.0, 0.125, episode=1, wait=0.0625),
        attendance(3.0, 0.25, episode=2),
        consultation(4.0, episode=3),
    ]
    # 3.75 hours, 4.5 hours and 6 hours.
    assert measured(FOUR_HOURS, rows) == pytest.approx(1 / 3)
    assert math.isnan(measured(FOUR_HOURS, rows[3:]))


def test_within_takes_the_limit_as_met():
    exactly = measure("within", steps=(ATTENDANCE,), until=(WARD,), limit=2.0)
    assert measured(exactly, [attendance(1.0, 0.25), ward(1.25, 1.75)]) == 1.0
    assert measured(exactly, [attendance(1.0, 0.25), ward(1.25, 1.75 + 2**-14)]) == 0.0


def test_within_stops_the_clock_at_the_first_end():
    again = [attendance(1.0, 0.125), ward(1.125, 3.0), attendance(20.0, 0.5)]
    assert measured(FOUR_HOURS, again) == 1.0
    assert measured(FOUR_HOURS, [attendance(1.0, 0.5), ward(1.5, 3.0), attendance(20.0, 0.125)]) == 0.0


def test_within_leaves_out_episodes_that_are_not_seen_whole():
    to_ward = measure("within", steps=(ATTENDANCE,), until=(WARD,), limit=2.0)
    never_admitted, whole = attendance(5.0), [attendance(6.0, episode=1), ward(6.5, 3.0, episode=1)]
    attended_before_the_run = ward(0.5, 1.0, episode=2)
    assert measured(to_ward, [never_admitted, *whole, attended_before_the_run]) == 0.0
    # Attended before the run, left the ward within it, and came back: only the second attendance has both of its ends.
    came_back = [ward(0.5, 1.0, episode=3), attendance(20.0, 0.25, episode=3), ward(20.25, 5.0, episode=3)]
    assert measured(to_ward, [*whole, *came_back]) == 0.0
    assert measured(to_ward, [*whole, ward(0.5, 1.0, episode=3), attendance(20.0, 0.25, episode=3)]) == 0.0


READMISSION = measure("readmission", steps=(WARD,), base=(WARD,), limit=30.0)


def discharge_and(*after):
    return measured(READMISSION, [ward(10.0, 2.0), *after])


def test_readmission_follows_each_discharge_for_thirty_days():
    # Two spells count as discharges where there are two; the second is followed by nothing.
    assert discharge_and() == 0.0
    assert discharge_and(ward(42.0, 1.0, episode=1)) == pytest.approx(1 / 2)
    assert discharge_and(ward(42.0 + 2**-14, 1.0, episode=1)) == 0.0
    assert discharge_and(ward(12.0 + 2**-14, 1.0, episode=1)) == pytest.approx(1 / 2)
    assert discharge_and(ward(20.0, 1.0, episode=1), ward(30.0, 1.0, episode=2)) == pytest.approx(2 / 3)
    assert discharge_and(ward(20.0, 1.0, episode=0, wait=2.0)) == pytest.approx(1 / 2), "in the same episode"


def test_readmission_is_of_the_same_resident_and_to_the_steps_named():
    assert discharge_and(ward(20.0, 1.0, episode=1, resident=HILL + 1)) == 0.0
    assert discharge_and(ward(20.0, 1.0, "other_wards", episode=1)) == pytest.approx(1 / 2), "whichever hospital"
    assert discharge_and(attendance(20.0, episode=1)) == 0.0
    assert discharge_and(ward(12.0, 1.0, episode=1)) == pytest.approx(1 / 2), "at once"
    assert discharge_and(ward(12.0, 1.0, "other_wards", episode=1)) == 0.0, "a transfer"
    assert discharge_and(ward(20.0, 1.0, episode=1), ward(21.0, 1.0, "other_wards", episode=2)) == pytest.approx(1 / 3)
    assert discharge_and(ward(20.0, 0.0, episode=1)) == pytest.approx(1 / 2), "without length"
    elsewhere = awaiting(20.0, 1.0, episode=1)
    assert discharge_and(elsewhere) == 0.0, "begins with another step"
    by_awaiting = measure("readmission", steps=(AWAITING,), base=(WARD,), limit=30.0)
    assert measured(by_awaiting, [ward(10.0, 2.0), elsewhere]) == 1.0


def test_readmission_leaves_out_discharges_without_a_whole_follow_up():
    late = ward(330.0, 5.0)
    assert math.isnan(measured(READMISSION, [late]))
    assert measured(READMISSION, [ward(10.0, 2.0), late, ward(340.0, 1.0, episode=1)]) == 0.0
    assert measured(READMISSION, [ward(330.0, 5.0 - 2**-5), ward(340.0, 1.0, episode=1)]) == 1.0


def test_readmission_does_not_mix_neighbours():
    """Residents with adjacent numbers, one discharged late in the run and one admitted before it."""
    rows = [ward(290.0, 10.0), ward(-50.0, 51.0, episode=1, resident=HILL + 1)]
    assert measured(READMISSION, rows) == 0.0


def test_occupancy_is_server_time_used_over_offered():
    rows = [ward(1.0, 10.0), ward(1.0, 63.0, episode=1), ward(2.0, 40.0, "other_wards", episode=2)]
    assert measured(measure("occupancy", services=("wards",)), rows) == pytest.approx(73 / (14 * 365))
    both = measure("occupancy", services=("wards", "other_wards"))
    assert measured(both, rows) == pytest.approx(113 / (22 * 365))
    # A tenth of the residents with a tenth of the beds, rounded up: 1.4 to 2.
    assert measured(measure("occupancy", services=("wards",)), rows, weight=10.0) == pytest.approx(73 / (2 * 365))


def test_occupancy_counts_open_hours_only():
    rows = [consultation(2.5)]
    offered = 3 * 365 * 52.5 / 168
    assert measured(measure("occupancy", services=("practice_hill",)), rows) == pytest.approx(0.01 / offered, rel=1e-6)


def test_use_of_services_by_place():
    use = service_use(
        activity([consultation(2.5), consultation(3.5, episode=1, wait=0.25), ward(4.0, 2.0, resident=VALE)])
    )
    practice, wards = (TOWN.service_ids.index(service) for service in ("practice_hill", "wards"))
    assert use.count[practice].tolist() == [2, 0]
    assert use.count[wards].tolist() == [0, 1]
    assert use.wait_days[practice].tolist() == [0.25, 0.0]
    assert use.stay_days[wards].tolist() == [0.0, 2.0]
    assert use.count.sum() == 3


def test_a_target_by_resident_is_weighed_by_heads():
    target = np.zeros((2, 20))
    target[0, 0], target[1, 14] = 6.9, 69.0
    of_nobody = target.copy()
    of_nobody[0, 3] = 1_000.0
    # 1,200 young women of hill and 500 old women of vale, of 6,900.
    expected = (1_200 * 6.9 + 500 * 69.0) / 6_900
    for one in (target, of_nobody):
        assert reference_value(measure("rate", steps=(WARD,), target=one), TOWN) == pytest.approx(expected)
    assert math.isnan(reference_value(READMISSION, TOWN))
