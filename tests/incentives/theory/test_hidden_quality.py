"""After Chalkley and Malcomson (1998): quality is beta b / (s g), effort s / k; A (s - beta) = (1 - s) s^3 is best."""

from math import inf, sqrt

import pytest
from scipy.optimize import brentq
from theory_models import chosen, model, with_lever, with_objective, with_term

import paysim
from paysim.model.curve import Polynomial

HIDDEN_QUALITY = model("hidden_quality")
K, G = 2.0, 1.0

PUBLISHED = [(0.5, 0.1, 0.947386), (0.5, 1.0, 0.582522), (0.5, 4.0, 0.516665), (0.3, 1.0, 0.322773)]
"""beta, A and the best share s."""


def of_weight_and_size(beta, a):
    """Return the model with A = k b^2 beta / g, by its b."""
    benefit = sqrt(a * G / (K * beta))
    system = with_lever(HIDDEN_QUALITY, "quality", health=Polynomial(per_unit=5_000 * benefit))
    return with_objective(system, "hospital", health_weight=beta), benefit


def with_share(system, s):
    return with_term(system, "cost_sharing", "share", payer_over=1 - s)


@pytest.mark.parametrize("s", [0.35, 0.582522, 0.8, 1.0])
@pytest.mark.parametrize(("beta", "a"), [(0.5, 1.0), (0.3, 1.0), (0.5, 4.0)])
def test_a_low_share_buys_quality_and_a_high_one_effort(beta, a, s):
    system, benefit = of_weight_and_size(beta, a)
    found = chosen(with_share(system, s), "cost_sharing")
    assert found["quality"] == pytest.approx(beta * benefit / (s * G), rel=1e-6)
    assert found["effort"] == pytest.approx(s / K, rel=1e-6)


@pytest.mark.parametrize(("beta", "a", "best"), PUBLISHED)
def test_a_design_finds_the_share_that_solves_the_equation(beta, a, best):
    system, _ = of_weight_and_size(beta, a)
    free = {"care.share.payer_over": (0.0, 0.8)}
    found = paysim.design(with_share(system, 0.9), "cost_sharing", free, tolerance=inf, engine="expected")
    share = 1 - found.winner()["care.share.payer_over"]
    assert share == pytest.approx(brentq(lambda s: a * (s - beta) - (1 - s) * s**3, beta, 1.0), abs=1e-5)
    assert share == pytest.approx(best, abs=1e-5)
    assert found.feasible
    assert found.confidence is None
