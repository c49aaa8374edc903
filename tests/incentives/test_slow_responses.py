"""Best responses that near their rest by a little every round are at rest there in the end; others go round."""

import pytest
from games import lever, surface_of, system_of

from paysim.incentives.response import equilibrium
from paysim.incentives.response.equilibrium import equilibria


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch):
    """So that little does for many: a factor of 0.8 a round leaves 1% after 20."""
    monkeypatch.setattr(equilibrium, "MOST_ROUNDS", 20)


def answering(first, second):
    """Two owners whose best answers are linear in what the other does: (constant, slope) each."""
    levers = [lever("x", "first", 0.0, 1.0, now=0.5), lever("y", "second", 0.0, 1.0, now=0.2)]

    def payoffs(at):
        answers = {"first": ("x", first, at["y"]), "second": ("y", second, at["x"])}
        return {who: at[own] * (c + k * other) - at[own] ** 2 / 2 for who, (own, (c, k), other) in answers.items()}

    return equilibria(surface_of(system_of(levers), payoffs), "pay")


@pytest.mark.parametrize("slope", [0.9, -0.9])
def test_responses_that_near_their_rest_slowly_come_to_it(slope):
    same = (0.5 * (1.0 - slope), slope)
    found = answering(same, same)
    (rest,) = found.rests
    assert rest.intensities == pytest.approx({"x": 0.5, "y": 0.5}, abs=1e-9)
    assert len(rest.starts) == 7
    assert not found.cycles


def test_responses_that_go_away_from_a_place_do_not_rest_there():
    # Beside each other they spiral outward: the circle goes along the ends of the ranges.
    found = answering((-0.1, 1.2), (1.1, -1.2))
    assert found.cycles
    assert all(len(rest.starts) < 7 for rest in found.rests)
