"""One step of a lever in words."""

from dataclasses import replace

from paysim.model.curve import Polynomial
from paysim.model.lever import Lever
from paysim.report.incentives.wording import step_text

LEVER = Lever("home", "Care at home", "practice", "share", 0.0, 0.4, 0.0, 0.1, (), Polynomial())


def test_at_the_top_of_its_range_a_step_is_the_last_one_up() -> None:
    """Signs are those of a step up wherever a lever is."""
    assert step_text(LEVER) == "0.1 share"
    assert step_text(replace(LEVER, now=0.4)) == "0.1 share, from 0.3 up to now"
