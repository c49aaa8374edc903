"""Adida, Mamani and Nassiri (2017): a bundle carries more risk than fee for service, a stop-loss takes some of it."""

from math import sqrt

import pytest
from scipy.stats import chi2
from theory_models import model

import paysim

D, ARRIVALS = 0.5, 100.0
FEE, BUNDLE, COST = 1_100.0, 2_200.0, 1_000.0
MEAN_VISITS, MEAN_SQUARE = 1 / (1 - D), (1 + D) / (1 - D) ** 2
"""Of one arrival's visits: they are geometric."""


@pytest.fixture(scope="module")
def risk():
    """Return standard deviation of a year's surplus and the replications, by arrangement."""
    table = paysim.compare(model("provider_risk")).risk()
    table = table[table["organisation"] == "hospital"].set_index("arrangement")
    return table["standard_deviation"].to_dict(), int(table["replications"].iloc[0])


@pytest.mark.parametrize(
    ("arrangement", "closed_form"),
    [
        ("fee_for_service", sqrt(ARRIVALS * (FEE - COST) ** 2 * MEAN_SQUARE)),
        ("bundle", sqrt(ARRIVALS * (BUNDLE**2 - 2 * BUNDLE * COST * MEAN_VISITS + COST**2 * MEAN_SQUARE))),
    ],
)
def test_the_standard_deviation_is_that_of_a_compound_poisson_sum(risk, arrangement, closed_form):
    """Within 99.7%, three standard errors, of what its estimate from so many normal years would be."""
    deviations, replications = risk
    freedom = replications - 1
    low, high = (sqrt(chi2.ppf(share, freedom) / freedom) for share in (0.0015, 0.9985))
    assert low * closed_form <= deviations[arrangement] <= high * closed_form


def test_a_bundle_carries_more_risk_than_fee_for_service(risk):
    deviations, _ = risk
    assert deviations["bundle"] > 2 * deviations["fee_for_service"]


def test_a_stop_loss_takes_some_of_it(risk):
    """The same years are settled both ways, so no chance is left in the comparison."""
    deviations, _ = risk
    assert deviations["fee_for_service"] < deviations["bundle_with_stop_loss"] < 0.9 * deviations["bundle"]
