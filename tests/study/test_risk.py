"""Risk carried: the spread of a year's surplus over replications."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from paysim.payment.accounts import Accounts
from paysim.study.risk import risk_table
from paysim.study.settings import Settings

SETTINGS = Settings(("block", "activity"), 1, 5, 1, 1.0, "compiled", 2)
SYSTEM = SimpleNamespace(organisations={"ccg": None, "hospital": None})


def replicates(pounds):
    """Pounds kept by replication, arrangement, organisation and year, spread over the months of each."""
    pence = np.array(pounds, dtype=np.int64) * 100
    months = np.zeros((*pence.shape, 12), dtype=np.int64)
    months[..., 3], months[..., 8] = pence - 77, 77
    months = months.reshape(*pence.shape[:3], -1)
    periods = tuple(str(number) for number in range(months.shape[-1]))
    return [
        SimpleNamespace(
            accounts=tuple(
                Accounts("x", ("ccg", "hospital"), periods, kept, np.zeros_like(kept), np.zeros_like(kept))
                for kept in each
            )
        )
        for each in months
    ]


def kept(risk, organisation, arrangement):
    return risk[(risk["organisation"] == organisation) & (risk["arrangement"] == arrangement)].iloc[0]


def test_standard_deviation_and_fifth_percentile_of_five_years():
    hospital = [100, 200, 300, 400, 1000]
    pounds = [[[[-5], [7]], [[-amount], [amount]]] for amount in hospital]
    risk = risk_table(SYSTEM, SETTINGS, replicates(pounds))
    assert list(risk) == [
        "organisation",
        "arrangement",
        "surplus",
        "standard_deviation",
        "fifth_percentile",
        "replications",
    ]
    assert len(risk) == 4
    found = kept(risk, "hospital", "activity")
    assert found["surplus"] == pytest.approx(400)
    assert found["standard_deviation"] == pytest.approx(np.std(hospital, ddof=1)) == pytest.approx(353.5533905932738)
    # Between the least and the next: a fifth of the way.
    assert found["fifth_percentile"] == pytest.approx(120)
    assert kept(risk, "ccg", "activity")["fifth_percentile"] == pytest.approx(-1000 + 0.2 * 600)
    certain = kept(risk, "hospital", "block")
    assert (certain["surplus"], certain["standard_deviation"], certain["fifth_percentile"]) == (7.0, 0.0, 7.0)
    assert (risk["replications"] == 5).all()


def test_growth_from_year_to_year_is_no_risk():
    pounds = [[[[10, 1010], [-10, -1010]]] * 2] * 3
    risk = risk_table(SYSTEM, replace(SETTINGS, years=2, replications=3), replicates(pounds))
    assert (risk["standard_deviation"] == 0).all()
    assert kept(risk, "ccg", "block")["surplus"] == 510


def test_two_years_are_two_outcomes_each():
    pounds = [[[[0, 100], [0, 0]]] * 2, [[[20, 140], [0, 0]]] * 2]
    risk = risk_table(SYSTEM, replace(SETTINGS, years=2, replications=2), replicates(pounds))
    # Variances of 200 and 800 a year.
    assert kept(risk, "ccg", "block")["standard_deviation"] == pytest.approx(500**0.5)
    assert kept(risk, "ccg", "block")["fifth_percentile"] == pytest.approx(65 + np.quantile([-10, 10, -20, 20], 0.05))


def test_a_sample_is_scaled_to_all_residents():
    pounds = [[[[0], [amount]]] * 2 for amount in (0, 100, 200)]
    whole, part = (
        risk_table(SYSTEM, replace(SETTINGS, replications=3, sample=sample), replicates(pounds)) for sample in (1, 0.25)
    )
    all_of_it, scaled = (kept(each, "hospital", "block") for each in (whole, part))
    assert scaled["standard_deviation"] == pytest.approx(all_of_it["standard_deviation"] / 2)
    assert scaled["fifth_percentile"] - 100 == pytest.approx((all_of_it["fifth_percentile"] - 100) / 2)


def test_a_single_replication_says_nothing():
    risk = risk_table(SYSTEM, replace(SETTINGS, replications=1), replicates([[[[5], [7]]] * 2]))
    assert risk[["standard_deviation", "fifth_percentile"]].isna().all(axis=None)
    assert risk["surplus"].tolist() == [5.0, 5.0, 7.0, 7.0]
