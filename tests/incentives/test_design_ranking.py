"""How sure a design is of its winner: a paired t test for two, certain where it is, and replications that would do."""

import numpy as np
import pytest
from scipy.stats import t as student

from paysim.incentives.design.ranking import DRAWS, SURE, confidence_in_first, confidence_in_none

DRAWN = 4 * 0.5 / np.sqrt(DRAWS)
"""Four standard errors of a probability."""


def noise(replications, contracts=1, seed=3):
    """Return deviations whose means are 0."""
    values = np.random.default_rng(seed).standard_normal((replications, contracts))
    return values - values.mean(axis=0)


def around(means, replications):
    """Return values by replication with these means by contract."""
    return np.array(means) + noise(replications, len(means))


def sure(gaps, zone=0.0, margins=None):
    return confidence_in_first(gaps, np.zeros((*gaps.shape, 0)) if margins is None else margins, zone, seed=1)


def test_two_contracts_are_ranked_as_by_a_paired_t_test():
    gaps = around([0.0, 0.5], 6)
    difference = gaps[:, 1] - gaps[:, 0]
    expected = student.cdf(difference.mean() / (difference.std(ddof=1) / np.sqrt(6)), 5)
    assert sure(gaps).probability == pytest.approx(expected, abs=DRAWN)


def test_an_indifference_zone_moves_the_test():
    gaps = around([0.0, 0.5], 6)
    difference = gaps[:, 1] - gaps[:, 0]
    expected = student.cdf((difference.mean() + 0.3) / (difference.std(ddof=1) / np.sqrt(6)), 5)
    assert sure(gaps, zone=0.3).probability == pytest.approx(expected, abs=DRAWN)


def test_equal_contracts_are_a_toss_and_no_number_of_replications_decides():
    found = sure(noise(8, 2))
    assert found.probability == pytest.approx(0.5, abs=DRAWN)
    assert found.best == pytest.approx((0.5, 0.5), abs=DRAWN)
    assert found.replications_needed is None


def test_of_several_equal_contracts_each_is_as_likely_the_best():
    assert sure(noise(40, 4)).best == pytest.approx((0.25,) * 4, abs=0.1)


def test_a_certain_winner_is_certain():
    found = sure(around([0.0, 50.0, 80.0], 8))
    assert found.probability > 0.999
    assert found.best[0] > 0.999
    assert found.replications_needed <= 8


def test_noise_that_contracts_share_does_not_matter():
    shared = 100.0 * noise(6)
    found = sure(np.hstack([shared, shared + 1.0]))
    assert found.probability == 1.0


def test_as_many_replications_as_are_asked_for_do():
    """The same spread, seen in as many replications, makes the same means about 95% sure."""
    gaps = around([0.0, 0.5], 6)
    found = sure(gaps)
    assert found.probability < SURE
    many = noise(found.replications_needed, 2, seed=9)
    many *= gaps.std(axis=0, ddof=1) / many.std(axis=0, ddof=1)
    few, more = ((each[:, 1] - each[:, 0]).std() for each in (gaps, many))
    again = sure(np.array([0.0, 0.5]) + many * few / more)
    assert again.probability == pytest.approx(SURE, abs=0.03)


def test_a_winner_that_misses_a_limit_by_more_than_the_zone_is_wrong():
    gaps, margins = around([0.0, 50.0], 8), np.zeros((8, 2, 1))
    margins[:, 0, 0] = -5.0 + noise(8)[:, 0]
    assert sure(gaps, zone=1.0, margins=margins).probability < 0.01
    assert sure(gaps, zone=9.0, margins=margins).probability > 0.99


def test_a_contract_that_does_not_clearly_keep_to_the_limits_is_no_rival():
    gaps, margins = around([0.0, -50.0], 8), np.full((8, 2, 1), 10.0)
    assert sure(gaps, zone=1.0, margins=margins).probability == 0.0
    margins[:, 1] = -10.0
    assert sure(gaps, zone=1.0, margins=margins).probability == 1.0


def test_that_none_keeps_to_the_limits_is_sure_where_all_miss_clearly():
    gaps, margins = noise(8, 2), np.full((8, 2, 1), -10.0) + noise(8, 2)[:, :, None]
    assert confidence_in_none(gaps, margins, 0.0, seed=1).probability > 0.999
    margins[:, 1] = noise(8)
    assert confidence_in_none(gaps, margins, 0.0, seed=1).probability == pytest.approx(0.5, abs=DRAWN)


def test_a_single_replication_says_nothing():
    found = sure(np.zeros((1, 3)))
    assert (found.probability, found.replications_needed, found.best) == (None, None, ())


def test_the_same_seed_gives_the_same_answer():
    gaps = around([0.0, 0.2, 0.4], 5)
    assert sure(gaps) == sure(gaps)
