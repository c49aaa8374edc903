"""A design finds the contract of a closed form: mean values, one parameter, to five digits."""

from math import sqrt

import pytest
from scipy.optimize import brentq
from theory_models import model, with_lever, with_objective, with_term

import paysim
from paysim.model.curve import Polynomial


@pytest.mark.parametrize(("beta", "a"), [(0.5, 0.1), (0.5, 1.0), (0.5, 4.0), (0.3, 1.0)])
def test_the_share_of_cost_that_is_best_with_hidden_quality_and_effort(beta, a):
    """A (s - beta) = (1 - s) s^3 for the share s that the hospital bears, A = k b^2 beta / g with k = 2 and g = 1."""
    benefit = sqrt(a / (2 * beta))
    system = with_lever(model("hidden_quality"), "quality", health=Polynomial(per_unit=1e8 * benefit))
    system = with_objective(system, "hospital", health_weight=beta)
    system = with_term(system, "cost_sharing", "share", payer_over=0.9)
    design = paysim.design(
        system, "cost_sharing", {"care.share.payer_over": (0.0, 0.95)}, tolerance=float("inf"), engine="expected"
    )
    expected = brentq(lambda s: a * (s - beta) - (1 - s) * s**3, beta, 1.0)
    assert 1.0 - design.winner()["care.share.payer_over"] == pytest.approx(expected, abs=1e-5)
    assert design.feasible
    assert design.confidence is None
