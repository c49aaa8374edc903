"""Basu et al. (2017): surpluses of a physician's year, break-even shares of capitation, and many practices."""

import numpy as np
import pytest
from practices import PRACTICE, TEAM, VISITS_ALONE, break_even, kept, population, with_team_cost
from theory_models import at, chosen, surplus

DOLLAR = 1.0


def test_the_practice_has_the_published_visits_and_patients():
    visits, _, months = at(PRACTICE).steps.sum(axis=1)
    assert visits == pytest.approx(3_776, rel=1e-9)
    assert months == pytest.approx(12 * 1_684, rel=1e-9)


def test_visits_alone_leave_what_was_published():
    assert surplus(PRACTICE, "fee_for_service", "practice") == pytest.approx(78_288, abs=DOLLAR)


@pytest.mark.parametrize(
    ("arrangement", "k", "published"),
    [("fee_for_service", 0.0, 35_890), ("half", 0.5, 120_654), ("capitation", 1.0, 205_418)],
)
def test_team_care_leaves_what_was_published(arrangement, k, published):
    assert surplus(PRACTICE, arrangement, "practice", TEAM) == pytest.approx(published, abs=DOLLAR)
    assert kept(PRACTICE, k, TEAM) == pytest.approx(published, abs=DOLLAR)


def test_the_break_even_share():
    assert break_even(PRACTICE) == pytest.approx(0.25009, abs=1e-4)


def test_capitation_leaves_visits_alone_as_much_as_fee_for_service():
    """So break-even is the same against visits alone under the same share of capitation."""
    for k in (0.25, 0.5, 1.0):
        assert kept(PRACTICE, k, VISITS_ALONE) == pytest.approx(78_288, abs=15)


@pytest.mark.parametrize(("arrangement", "team_care"), [("fee_for_service", 0.0), ("half", 1.0), ("capitation", 1.0)])
def test_a_practice_goes_over_to_team_care_where_it_pays(arrangement, team_care):
    assert chosen(PRACTICE, arrangement) == {"team_care": team_care}


@pytest.fixture(scope="module")
def practices():
    return population()


def needed(practices, share):
    """Return the break-even share of the practice that this share of practices is not larger than."""
    return break_even(with_team_cost(PRACTICE, practices.cost_at(practices.size_at(share))))


def test_one_practice_in_twenty_gains_below_23_percent_and_one_loses_above_63(practices):
    shares = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
    found = [needed(practices, share) for share in shares]
    assert found == sorted(found, reverse=True)
    assert (found[shares.index(0.95)], found[shares.index(0.05)]) == pytest.approx((0.23, 0.63), abs=1e-6)


def test_its_mean_physician_has_the_published_surplus(practices):
    shares = (np.arange(2_000) + 0.5) / 2_000
    costs = [practices.cost_at(practices.size_at_physician(each)) for each in shares]
    mean = with_team_cost(PRACTICE, float(np.mean(costs)))
    assert kept(mean, 0.0, TEAM) == pytest.approx(35_890, abs=10 * DOLLAR)
    assert break_even(mean) == pytest.approx(0.25009, abs=1e-4)


def test_sizes_and_economies_are_plausible(practices):
    """What had to be assumed: see the text of the module and docs/explanation/theory.md."""
    assert practices.median_size == pytest.approx(1.9, abs=0.05)
    assert practices.spread == pytest.approx(1.53, abs=0.01)
    assert practices.economies == pytest.approx(0.23, abs=0.005)
