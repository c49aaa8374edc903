"""A bundle pays as much as fee for service at b = f / (1 - d)."""

from dataclasses import replace

import pytest
from scipy.optimize import brentq
from theory_models import income, model

import paysim
from paysim.model.price import PriceTable
from paysim.model.system import System

REVISITS = model("revisits")
ARRIVALS, F = 1e5, 1_000.0


def with_revisits(d: float) -> System:
    """Return the model with another probability that a visit is followed by one."""
    care = REVISITS.pathways["care"]
    steps = tuple(
        replace(
            step,
            branches=tuple(replace(way, probability=0.0 * way.probability + d) for way in step.branches),
        )
        for step in care.steps
    )
    return replace(REVISITS, pathways={"care": replace(care, steps=steps)})


def with_bundle(system: System, pounds: float) -> System:
    """Return the model with another price of the bundle, to the penny."""
    table = system.prices["bundle"]
    first, later = (
        replace(price, pence=pence)
        for price, pence in zip(table.prices.values(), (round(100 * pounds), 0), strict=True)
    )
    prices = PriceTable(table.id, table.name, dict(zip(table.prices, (first, later), strict=True)))
    return paysim.with_prices(system, prices)


@pytest.mark.parametrize("d", [0.0, 0.2, 0.5, 0.9])
def test_an_arrival_is_paid_a_fee_for_each_visit_that_it_brings(d):
    paid = income(with_revisits(d), "fee_for_service", "hospital") / ARRIVALS
    assert paid == pytest.approx(F / (1 - d), rel=1e-9)


@pytest.mark.parametrize(("d", "break_even"), [(0.2, 1_250.0), (0.5, 2_000.0), (0.75, 4_000.0)])
def test_they_pay_the_same_at_the_closed_form(d, break_even):
    system = with_revisits(d)
    by_the_fee = income(system, "fee_for_service", "hospital")

    def difference(b):
        return income(with_bundle(system, b), "bundle", "hospital") - by_the_fee

    assert brentq(difference, 0.0, 10_000.0, xtol=1e-6) == pytest.approx(break_even, abs=0.01)
    assert abs(difference(break_even)) <= 1e-9 * by_the_fee
