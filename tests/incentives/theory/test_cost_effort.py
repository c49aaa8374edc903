"""Ma (1994): whoever keeps 1 - r of each pound saved chooses e = (1 - r) n / k."""

import pytest
from theory_models import best_for_all, chosen, model, with_term

N, K = 1e5, 2e8 / 1_000**2
"""Cases, and pounds' worth of effort a year for (pound a case)^2."""

COST_EFFORT = model("cost_effort")


@pytest.mark.parametrize("r", [0.0, 0.1, 0.3, 0.55, 0.9, 1.0])
def test_effort_is_in_proportion_to_what_is_kept(r):
    system = with_term(COST_EFFORT, "cost_sharing", "share", payer_over=r)
    saved = 1_000 * chosen(system, "cost_sharing")["effort"]
    assert saved == pytest.approx((1 - r) * N / K, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("arrangement", "effort"), [("prospective", 0.5), ("cost_sharing", 0.35)])
def test_the_config_has_the_cases_of_its_text(arrangement, effort):
    assert chosen(COST_EFFORT, arrangement)["effort"] == pytest.approx(effort, rel=1e-9)


def test_who_bears_all_cost_makes_the_best_effort():
    best = best_for_all(COST_EFFORT, "prospective").intensities
    assert best["effort"] == pytest.approx(chosen(COST_EFFORT, "prospective")["effort"], rel=1e-9)
