"""Residents can be diverted from a way that only another effect sends them."""

from collections.abc import Callable

from paysim.model.system import System

LEVERS = """
[pathway.emergency.step.convalescence]
next = [{ to = "ward", probability = 0 }, { to = "general_practice.consultation", probability = 0.2 }]
[lever.first]
name = "First"
owner = "hospital"
unit = "share"
range = [0, 1]
cost = {}
[[lever.first.effects]]
kind = "divert"
step = "emergency.convalescence"
away = "general_practice.consultation"
to = "emergency.ward"
per_unit = 0.5
[lever.second]
name = "Second"
owner = "practice"
unit = "share"
range = [0, 1]
effects = [{ kind = "divert", step = "emergency.convalescence", away = "emergency.ward", per_unit = 1 }]
cost = {}
"""


def test_a_lever_may_divert_those_whom_another_lever_sends(variant: Callable[[str], System]) -> None:
    assert list(variant(LEVERS).levers) == ["first", "second"]
