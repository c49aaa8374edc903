"""Levers keep to what is possible all over their ranges, and the ways that they open are checked like all others."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paysim.config.check.extremes import extremes
from paysim.model.curve import NOTHING, BelowThreshold, Polynomial
from paysim.model.errors import InputError
from paysim.model.lever import Effect, Lever
from paysim.model.system import System

Variant = Callable[[str], System]

LEVER = """
[lever.less]
name = "Less of it"
owner = "practice"
unit = "share"
range = [0.0, 0.5]
cost = {}
"""

WITH_A_CHOICE = """
[pathway.emergency.step.ward]
service = { choice = "acute", options = { near = "wards", far = "wards" } }
next = [{ to = "convalescence", probability = 0.1, delay = { days = 2 } }]
"""


def effect(variant: Variant, written: str) -> Effect:
    (only,) = variant(f"{WITH_A_CHOICE}{LEVER}effects = [{{ {written} }}]").levers["less"].effects
    return only


def test_a_step_that_only_a_lever_leads_to_is_connected_and_must_be_paid_for(variant: Variant) -> None:
    home = """
    [pathway.home]
    name = "Care at home"
    entry = "visit"
    [pathway.home.step.visit]
    name = "Home visit"
    service = "surgery"
    duration = { hours = 1 }
    """
    divert = 'effects = [{ kind = "divert", step = "emergency.ward", away = "emergency.convalescence", per_unit = 2'
    assert "home.visit" in variant(f'{home}{LEVER}{divert}, to = "home.visit" }}]').steps
    with pytest.raises(InputError, match="no way leads to this step"):
        variant(f"{home}{LEVER}{divert} }}]")


def test_shares_of_a_choice_matter_only_where_there_is_one(variant: Variant) -> None:
    """All of Hill go near, so only Vale's 60% near and 40% far bound what may change."""
    for per_unit in (1.2, -0.8):
        assert effect(variant, f'kind = "choice", choice = "acute", option = "far", per_unit = {per_unit}')
    for per_unit in (1.25, -0.85):
        with pytest.raises(InputError, match=r"in place .vale. at intensity 0\.5"):
            effect(variant, f'kind = "choice", choice = "acute", option = "far", per_unit = {per_unit}')


def test_effects_may_go_to_the_very_end(variant: Variant) -> None:
    for written in (
        'kind = "demand", pathway = "general_practice", per_unit = -2',
        'kind = "stay", steps = ["emergency.ward"], per_unit = -2',
        'kind = "capacity", service = "wards", per_unit = -28',
        'kind = "divert", step = "emergency.ward", away = "emergency.convalescence", per_unit = 2',
        'kind = "recode", steps = ["emergency.ward"], code = "LA04S", recorded_as = "AA22C", per_unit = 2',
    ):
        assert effect(variant, written)


numbers = st.floats(-3, 3, allow_nan=False)


@given(numbers, numbers, numbers, st.floats(0.125, 4), st.floats(0, 1), st.lists(st.floats(0, 1), min_size=1))
def test_no_intensity_of_a_range_goes_beyond_the_extremes(
    per_unit: float, squared: float, low: float, width: float, now: float, shares: list[float]
) -> None:
    lever = Lever("x", "X", "owner", "unit", low, low + width, low + now * width, 1.0, (), NOTHING)
    curve = Polynomial(per_unit, squared)
    least, most = extremes(curve, lever)
    for share in shares:
        change = curve.change(lever.now, low + share * width)
        assert least.change - 1e-9 <= change <= most.change + 1e-9
    for extreme in (least, most):
        assert lever.low <= extreme.intensity <= lever.high
        assert curve.change(lever.now, extreme.intensity) == extreme.change


@given(st.floats(0.01, 5), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_a_threshold_only_rises(width: float, now: float, share: float, weighted: bool) -> None:
    lever = Lever("x", "X", "owner", "unit", 0.0, width, max(0.01, now * width), 1.0, (), NOTHING)
    least, most = extremes(BelowThreshold(weighted), lever)
    assert least.intensity == 0.0
    assert least.change == -1.0
    assert most.intensity == width
    assert least.change <= BelowThreshold(weighted).change(lever.now, share * width) <= most.change
