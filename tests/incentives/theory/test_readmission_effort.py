"""After Andritsos and Tang (2018): effort is 0 by the fee, c / k by the bundle, (phi - m) / k by the penalty."""

import pytest
from theory_models import at, best_for_all, chosen, model, rest

READMISSION_EFFORT = model("readmission_effort")
C, M, K = 10_000.0, 2_000.0, 100_000.0


@pytest.mark.parametrize(
    ("arrangement", "effort"),
    [("fee_for_service", 0.0), ("bundle", C / K), ("penalty", (7_000.0 - M) / K), ("small_penalty", 0.0)],
)
def test_effort_is_what_the_closed_form_says(arrangement, effort):
    found = chosen(READMISSION_EFFORT, arrangement)
    assert found["effort"] == pytest.approx(effort, rel=1e-9, abs=1e-12)
    admissions, readmissions = at(READMISSION_EFFORT, found).steps.sum(axis=1)
    assert readmissions / admissions == pytest.approx(0.2 - effort, rel=1e-9)


def test_no_effort_is_a_corner_where_less_would_pay_more():
    assert rest(READMISSION_EFFORT, "fee_for_service").boundary == {"effort": "low"}
    assert rest(READMISSION_EFFORT, "bundle").boundary == {}


def test_the_bundle_brings_out_the_best_effort_and_the_penalty_half_of_it():
    best = best_for_all(READMISSION_EFFORT, "bundle").intensities["effort"]
    assert chosen(READMISSION_EFFORT, "bundle")["effort"] == pytest.approx(best, rel=1e-9)
    assert chosen(READMISSION_EFFORT, "penalty")["effort"] == pytest.approx(best / 2, rel=1e-9)
