"""After McGuire and Pauly (1991): inducement s_i = h p_i exp(-h y), with y by Lambert's function."""

from math import exp

import pytest
from scipy.special import lambertw
from theory_models import chosen, model, surplus, with_objective

INDUCED_DEMAND = model("induced_demand")
FEES, CASES = (1.0, 2.0), (5.0, 5.0)


def closed_form(h):
    sure = sum(p * m for p, m in zip(FEES, CASES, strict=True))
    squares = sum(p * p for p in FEES)
    y = sure + float(lambertw(squares * h**2 * exp(-h * sure)).real) / h
    return y, [h * p * exp(-h * y) for p in FEES]


def test_income_and_inducement_are_those_of_the_text():
    found = chosen(INDUCED_DEMAND, "fee_for_service")
    y = surplus(INDUCED_DEMAND, "fee_for_service", "hospital", found) / 1e8
    assert (found["low_fee"], found["high_fee"]) == pytest.approx((0.00985972, 0.01971944), abs=1e-7)
    assert y == pytest.approx(15.049299, abs=1e-6)
    assert y == pytest.approx(closed_form(0.2)[0], abs=1e-7)


@pytest.mark.parametrize("h", [0.1, 0.15, 0.2, 0.3])
def test_more_risk_averse_physicians_follow_the_closed_form_too(h):
    system = with_objective(INDUCED_DEMAND, "hospital", surplus_weight=h, risk_aversion=h * 1e-8)
    found = chosen(system, "fee_for_service")
    assert [found["low_fee"], found["high_fee"]] == pytest.approx(closed_form(h)[1], abs=1e-7)
