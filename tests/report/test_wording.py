from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paysim.intervals import Interval
from paysim.report.records import reconciled
from paysim.report.wording import (
    MILLIONS,
    MISSING,
    THOUSANDS,
    basis,
    counted,
    difference_text,
    money_basis,
    money_unit,
    number,
    percent,
    quantity,
    sample_statement,
    scaled_sample,
    tolerance_text,
    typeset,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("pounds", "text"),
    [(48_249_999, "£48.2m"), (-48_250_001, "-£48.3m"), (-40_000, "£0.0m"), (1_109_800_000, "£1,109.8m"), (NAN, "–")],
)
def test_amounts_carry_their_unit_and_zero_no_sign(pounds, text):
    assert MILLIONS.amount(pounds) == text


def test_an_amount_shows_where_it_is_not_rounded_to_nothing():
    assert MILLIONS.shows(-50_000)
    assert not MILLIONS.shows(49_999)


@given(st.floats(-1e12, 1e12), st.integers(0, 4), st.booleans())
def test_numbers_can_be_read_back(value, decimals, signed):
    text = number(value, decimals, signed)
    assert float(text.replace(",", "")) == pytest.approx(value, abs=0.5 * 10**-decimals + 1e-3)
    if not text.strip("+-0.,"):
        assert text[0] not in "+-"


def test_intervals_stand_beside_the_mean_unless_there_is_none():
    assert MILLIONS.with_interval(Interval(1e6, -2e6, 4e6), signed=True) == "+1.0 (-2.0 to +4.0)"
    assert THOUSANDS.with_interval(Interval(1e6, NAN, NAN)) == "1,000.0"


def test_shares_in_per_cent():
    assert percent(0.876) == "88%"
    assert percent(-0.00001, 1, signed=True) == "0.0%"
    assert percent(NAN) == MISSING


def test_measures_have_their_own_units():
    assert quantity(5.2104, "rate") == "5.210"
    assert quantity(8.913, "stay") == "8.91"
    assert quantity(0.1382, "readmission") == "13.8%"


def test_a_difference_between_shares_is_in_points_and_any_other_in_per_cent_or_its_own_unit(comparison):
    by_id = {entry.measure: entry for entry in reconciled(comparison)}

    def told(entry):
        return difference_text(entry), tolerance_text(entry)

    assert told(by_id["ae"]) == ("+8.7%", "±3.0%")
    assert told(by_id["readmission"]) == ("+0.4 points", "±1.0 points")
    assert told(by_id["occupancy"]) == (MISSING, MISSING)
    assert told(replace(by_id["readmission"], difference=NAN)) == (MISSING, "±1.0 points")
    assert told(replace(by_id["stay"], absolute=True, difference=0.5)) == ("+0.500 days", "±0.050 days")
    assert told(replace(by_id["occupancy"], reference=0.89, difference=-0.091)) == ("-8.1 points", MISSING)
    assert told(replace(by_id["four_hour"], reference=0.8, difference=0.1625, tolerance=0.05)) == (
        "+13.0 points",
        "±4.0 points",
    )


@pytest.mark.parametrize(("pounds", "unit"), [(99_999_999.0, THOUSANDS), (100_000_000.0, MILLIONS)])
def test_small_systems_are_told_in_thousands(pounds, unit, comparison):
    """A trust of some tens of millions carries risks that a tenth of a million would round to nothing."""
    assert money_unit(comparison) is MILLIONS
    largest = comparison.surplus.assign(income=pounds, cost=0.0)
    assert money_unit(replace(comparison, surplus=largest)) is unit


def test_counts_and_print():
    assert [counted(1, "year"), counted(2, "year"), counted(1200, "day")] == ["1 year", "2 years", "1,200 days"]
    assert typeset("-1 to -2") == "\N{MINUS SIGN}1 to \N{MINUS SIGN}2"


@pytest.mark.parametrize(
    ("sample", "text"), [(0.2, "20%"), (0.015, "1.5%"), (0.004, "0.4%"), (0.0002, "0.02%"), (1 / 3, "33.3333%")]
)
def test_a_sample_is_stated(other, sample, text):
    sampled = other(sample=sample, replications=2)
    assert f"A sample of {text} of residents" in sample_statement(sample)
    assert f"{text} sample of residents, scaled up" in money_basis(sampled)
    assert scaled_sample(sampled.settings) == f"; {text} sample of residents, scaled up"


def test_the_whole_population_needs_no_statement(comparison):
    assert sample_statement(1.0) == ""
    assert basis(comparison) == "10 replications of 1 year"
