"""Tariff, block and capitation: what all other terms are made of."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from monthly_cases import EMPTY, flows_of, generated, growths, seen_in, seen_valued
from reference_blended import at_price_levels, twelfths

from paysim.model.price import PriceTable
from paysim.model.terms import Block, Capitation, Tariff
from paysim.payment.terms import pay
from paysim.payment.terms.example import in_pounds, seen_of


def yearly(months, annual, percents):
    return twelfths(months, at_price_levels(annual, percents, months))


@pytest.mark.parametrize("value", [9e6, 10e6, 11.5e6])
def test_a_block_of_ten_million_is_ten_million_whatever_the_activity(value):
    assert in_pounds(pay(Block("block", 10_000_000_00), seen_of(values={"block": value}))[0]) == 10e6


def test_block_against_the_reference():
    for random, months in generated("block"):
        annual = random.randint(0, random.choice([100, 10**7, 10**13]))
        percents, growth = growths(random)
        term = Block("block", annual, growth)
        assert flows_of(term, seen_valued(term, months)) == [yearly(months, annual, percents)]


def test_capitation_against_the_reference():
    for random, months in generated("capitation"):
        residents, weight = random.randint(0, 10**6), Fraction(random.randint(0, 5_000), 1_000)
        per_head = random.randint(0, 10**6)
        percents, growth = growths(random)
        population = replace(EMPTY.system.population, residents=np.array([residents]))
        seen = replace(seen_in(months), system=replace(EMPTY.system, population=population))
        term = Capitation("capitation", per_head, np.full((1, 10), float(weight)), growth)
        assert flows_of(term, seen) == [yearly(months, per_head * residents * weight, percents)]


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=48))
def test_a_tariff_pays_the_value_of_the_activity_month_by_month(months):
    term = Tariff("tariff", PriceTable("national", "National prices", {}))
    assert flows_of(term, seen_valued(term, months)) == [months]


@given(st.integers(0, 10**13), st.integers(0, 10**13), st.integers(1, 4))
def test_two_blocks_pay_what_one_of_their_sum_pays_every_year(one, other, years):
    seen = replace(EMPTY, periods=12 * years)
    parts = [seen.by_year(pay(Block("block", annual), seen)[0].pence) for annual in (one, other, one + other)]
    assert [a + b for a, b, _ in zip(*parts, strict=True)] == parts[2]


@given(st.integers(0, 10**13), st.integers(1, 47))
def test_a_run_that_stops_early_is_paid_as_a_longer_one_until_then(annual, periods):
    short, long = (
        pay(Block("block", annual, (0.0, 0.013)), replace(EMPTY, periods=length))[0] for length in (periods, 48)
    )
    assert short.pence.tolist() == long.pence[:periods].tolist()
