"""A step of a lever is one that can be taken: servers and pence are whole."""

from collections.abc import Callable

import pytest

from paysim.model.system import System

LEVER = """
[lever.more]
name = "More of it"
owner = "hospital"
unit = "units"
cost = {}
"""


@pytest.mark.parametrize(
    ("span", "effect", "step"),
    [
        ((0, 3), '"capacity", service = "wards", per_unit = 1', 1.0),
        ((0, 5), '"capacity", service = "wards", per_unit = 1', 1.0),
        ((0, 4), '"capacity", service = "wards", per_unit = 2', 0.5),
        ((0, 12), '"capacity", service = "wards", per_unit = 1', 2.0),
        ((0, 50), '"capacity", service = "wards", per_unit = 1', 5.0),
        ((0, 1), '"capacity", service = "wards", per_unit = 104', 0.1),
        ((0, 1), '"unit_cost", service = "wards", per_unit = 0.04', 0.25),
        ((0, 3), '"demand", pathway = "general_practice", per_unit = 1', 0.3),
    ],
)
def test_a_step_that_is_not_given_makes_whole_servers_and_pence(
    variant: Callable[[str], System], span: tuple[int, int], effect: str, step: float
) -> None:
    lever = variant(f"{LEVER}range = {list(span)}\neffects = [{{ kind = {effect} }}]").levers["more"]
    assert lever.step == pytest.approx(step)
