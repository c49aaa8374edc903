"""After Ellis (1998): cases above t = p / (1 - r) are turned away."""

from math import exp

import pytest
from theory_models import at, chosen, model

DUMPING = model("dumping")


@pytest.mark.parametrize(
    ("arrangement", "threshold", "dumped", "mean_cost"),
    [("per_case", 1.2, 0.301194, 0.482785), ("mixed", 1.4, 0.246597, 0.541765)],
)
def test_threshold_dumped_share_and_mean_cost_of_those_accepted(arrangement, threshold, dumped, mean_cost):
    found = chosen(DUMPING, arrangement)
    t = found["threshold"]
    assert t == pytest.approx(threshold, rel=1e-9)
    cases, severity = at(DUMPING, found).steps.sum(axis=1)
    assert 1 - cases / 1e5 == pytest.approx(exp(-threshold), rel=1e-9)
    assert 1 - cases / 1e5 == pytest.approx(dumped, abs=1e-6)
    closed = (1 - (1 + threshold) * exp(-threshold)) / (1 - exp(-threshold))
    assert severity / cases == pytest.approx(closed, rel=1e-9)
    assert severity / cases == pytest.approx(mean_cost, abs=1e-6)


def test_everybody_is_accepted_as_things_are():
    cases, severity = at(DUMPING).steps.sum(axis=1)
    assert (cases, severity) == pytest.approx((1e5, 1e5), rel=1e-9)
