"""A year's cost of admissions as a compound Poisson sum: its mean and its standard deviation.

Admissions cost 250 pounds a midnight and stay 10 days on average (lognormal, coefficient of variation 1.5), which makes
a lognormal cost of mean 2,500. Counting midnights adds about 1/6 to the 325 square days of the second moment of a stay:
a standard deviation of 142,558 for 142,522.
"""

import math

import numpy as np
from observe import SYSTEMS

import paysim

YEARS = 50
MEAN, STANDARD_DEVIATION = 2_500_000.0, 142_521.93


def test_mean_and_standard_deviation_of_annual_cost_and_income():
    system = paysim.load(SYSTEMS / "compound_poisson.toml")
    by_year = []
    for replication in range(80):
        activity = paysim.simulate(system, replication=replication)
        ledger = paysim.settle(activity, system.arrangements["activity"])
        books = paysim.accounts(ledger, activity)
        provider = books.organisations.index("provider")
        cost, income = books.cost_pence[provider], books.income_pence[provider]
        assert income.tolist() == cost.tolist(), "the tariff pays what a midnight costs"
        by_year.append(cost.reshape(YEARS, 12).sum(axis=1) / 100)
    annual = np.concatenate(by_year)
    deviations = annual - annual.mean()
    spread = annual.std(ddof=1)
    error_of_mean = spread / math.sqrt(len(annual))
    error_of_spread = math.sqrt(((deviations**4).mean() - spread**4) / len(annual)) / (2 * spread)
    assert abs(annual.mean() - MEAN) < 3 * error_of_mean < 0.005 * MEAN
    assert abs(spread - STANDARD_DEVIATION) < 3 * error_of_spread < 0.06 * STANDARD_DEVIATION
