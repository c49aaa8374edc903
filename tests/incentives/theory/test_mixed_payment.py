"""Ellis and McGuire (1986): a hospital that cares for its patients treats q = (b - (1 - r) c / alpha) / d."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from theory_models import best_for_all, chosen, model, rest, with_objective, with_term

import paysim

B, D, C = 10.0, 1.0, 4.0
ELLIS_MCGUIRE = model("ellis_mcguire")


def treated(alpha, r):
    system = with_term(ELLIS_MCGUIRE, "mixed", "cost_share", payer_over=r)
    return rest(with_objective(system, "hospital", health_weight=alpha), "mixed")


@pytest.mark.parametrize(
    ("alpha", "r", "expected"),
    [
        (0.8, 0.0, 5.0),
        (0.8, 0.2, 6.0),
        (0.8, 1.0, 10.0),
        (0.5, 0.0, 2.0),
        (0.5, 0.5, 6.0),
        (0.5, 1.0, 10.0),
        (1.0, 0.0, 6.0),
        (1.0, 1.0, 10.0),
        (0.65, 0.35, 6.0),
        (0.9, 0.37, (B - 0.63 * C / 0.9) / D),
    ],
)
def test_it_treats_as_the_closed_form_says(alpha, r, expected):
    found = treated(alpha, r)
    assert found.intensities["quantity"] == pytest.approx(expected, rel=1e-9)
    assert found.boundary == {}


def test_nobody_is_treated_below_zero():
    """With alpha = 0.3 the closed form is negative."""
    found = treated(alpha=0.3, r=0.0)
    assert found.intensities["quantity"] == 0.0
    assert found.boundary == {"quantity": "low"}


@settings(max_examples=25, deadline=None)
@given(alpha=st.floats(0.05, 2.0), r=st.floats(0.0, 1.0))
@example(alpha=0.4, r=0.0)
def test_it_treats_as_the_closed_form_says_whatever_it_cares_for(alpha, r):
    expected = max(0.0, (B - (1 - r) * C / alpha) / D)
    assert treated(alpha, r).intensities["quantity"] == pytest.approx(expected, rel=1e-9, abs=1e-8)


@pytest.mark.parametrize("alpha", [0.5, 0.8, 1.0])
def test_the_efficient_quantity_is_the_joint_optimum_whatever_the_hospital_wants(alpha):
    system = with_objective(ELLIS_MCGUIRE, "hospital", health_weight=alpha)
    assert best_for_all(system, "mixed").intensities["quantity"] == pytest.approx((B - C) / D, rel=1e-9)


@pytest.mark.parametrize(
    ("arrangement", "expected"), [("prospective", 5.0), ("mixed", 6.0), ("cost_reimbursement", 10)]
)
def test_the_config_has_the_cases_of_the_text(arrangement, expected):
    assert chosen(ELLIS_MCGUIRE, arrangement)["quantity"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("r", [0.0, 0.2, 0.75, 1.0])
def test_a_tariff_of_a_share_of_cost_does_what_cost_sharing_does(r):
    fees = ELLIS_MCGUIRE.prices["fees"].prices
    ((treatment, price),) = fees.items()
    shared = paysim.with_prices(ELLIS_MCGUIRE, _priced(treatment, price, round(r * 400_000)))
    assert chosen(shared, "fee_for_service")["quantity"] == pytest.approx(B - (1 - r) * C / 0.8, rel=1e-9)


def _priced(treatment, price, pence):
    return replace(ELLIS_MCGUIRE.prices["fees"], prices={treatment: replace(price, pence=pence)})


def test_fees_over_serve_a_sum_under_serves_and_a_mixture_comes_nearest_to_what_is_best_for_patients():
    """Hennig-Schmidt et al. (2011), Brosig-Koch et al. (2017). Patients are served best at b / d."""
    system = with_objective(ELLIS_MCGUIRE, "hospital", health_weight=0.5)
    system = with_term(system, "mixed", "cost_share", payer_over=0.75)
    far = {each: chosen(system, each)["quantity"] - B / D for each in ("fee_for_service", "prospective", "mixed")}
    assert far["fee_for_service"] > 0 > far["prospective"]
    assert abs(far["mixed"]) < min(abs(far["fee_for_service"]), abs(far["prospective"]))
