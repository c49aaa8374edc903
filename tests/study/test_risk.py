"""Risk carried: the spread of a year's surplus over replications."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from paysim.intervals import deviations, fifth_percentile
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
    # The least of them, as much farther from the mean as the mean of five is itself unsure.
    assert found["fifth_percentile"] == pytest.approx(400 - 300 * (5 / 4) ** 0.5)
    assert kept(risk, "ccg", "activity")["fifth_percentile"] == pytest.approx(-400 - 600 * (5 / 4) ** 0.5)
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
    assert kept(risk, "ccg", "block")["fifth_percentile"] == pytest.approx(65 - 20 * 2**0.5)


def test_from_fourteen_outcomes_on_it_lies_between_the_least_and_the_next():
    """Type 8 of Hyndman and Fan: at n/20 + 7/20 outcomes from the least, so at 1.35 of twenty."""
    hospital = [10 * number for number in range(1, 21)]
    risk = risk_table(SYSTEM, replace(SETTINGS, replications=20), replicates([[[[0], [x]]] * 2 for x in hospital]))
    low = 10 + 0.35 * 10
    assert kept(risk, "hospital", "block")["fifth_percentile"] == pytest.approx(105 - (105 - low) * (20 / 19) ** 0.5)


@pytest.mark.parametrize(("replications", "years"), [(10, 1), (20, 1), (40, 1), (4, 3), (10, 3)])
def test_on_average_it_is_the_fifth_percentile_of_a_normal_year(replications, years):
    """-1.645 standard deviations, to an eighth of one; of NumPy's usual quantile it was up to 0.43 better."""
    draws = np.random.default_rng(1979).normal(size=(4_000, replications, years))
    low = np.mean([fifth_percentile(deviations(each, 1.0)) for each in draws])
    assert low == pytest.approx(-1.645, abs=0.125)


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
