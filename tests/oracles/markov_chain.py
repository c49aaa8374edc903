"""Markov chains in continuous time, solved numerically: the closed forms of small systems."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

State = tuple[int, ...]
Moves = Iterable[tuple[State, float]]


def stationary(first: State, moves: Callable[[State], Moves]) -> dict[State, float]:
    """Return the long-run probability of every state that can be reached from the first.

    `moves` yields where a state may go and at what rate.
    """
    states, number = [first], {first: 0}
    rates: list[tuple[int, int, float]] = []
    for state in states:
        for to, rate in moves(state):
            if to not in number:
                number[to] = len(states)
                states.append(to)
            rates.append((number[state], number[to], rate))
    generator: NDArray[np.float64] = np.zeros((len(states), len(states)))
    for origin, to, rate in rates:
        generator[origin, to] += rate
        generator[origin, origin] -= rate
    equations = np.vstack([generator.T, np.ones(len(states))])
    probability = np.linalg.lstsq(equations, np.append(np.zeros(len(states)), 1.0), rcond=None)[0]
    return dict(zip(states, probability.tolist(), strict=True))
