"""Both engines write the same bytes for whatever is shipped, and for the systems that are held against closed forms."""

from pathlib import Path

import pytest
from examples import NAMES, run

import paysim
from paysim.model.activity import COLUMNS

ROOT = Path(__file__).parents[2]
ORACLES = sorted((ROOT / "tests" / "oracles" / "systems").glob("*.toml"))
LONG = ("base", "compound_poisson")


def same(one: paysim.Activity, other: paysim.Activity) -> bool:
    return all(getattr(one, column).tobytes() == getattr(other, column).tobytes() for column in COLUMNS)


@pytest.mark.parametrize("name", NAMES)
def test_every_example_at_full_size(name):
    assert len(run(name, "compiled")) > 20_000
    assert same(run(name, "compiled"), run(name, "simpy"))


def test_bhr_at_two_per_cent():
    bhr = paysim.load(ROOT / "configs" / "bhr.toml")
    one, other = (paysim.simulate(bhr, years=1, sample=0.02, engine=engine) for engine in ("compiled", "simpy"))
    assert len(one) > 100_000
    assert same(one, other)


@pytest.mark.parametrize("config", [path for path in ORACLES if path.stem not in LONG], ids=lambda path: path.stem)
def test_a_year_of_the_queues_with_known_answers(config):
    """Their closed forms are met by the compiled engine in `tests/oracles`; these are the same rows."""
    system = paysim.load(config)
    one, other = (paysim.simulate(system, years=1, engine=engine) for engine in ("compiled", "simpy"))
    assert len(one) > 500
    assert same(one, other)
