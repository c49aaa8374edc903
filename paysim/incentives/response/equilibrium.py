"""Equilibria: intensities at which no organisation gains by setting its own levers otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import root

from paysim.incentives.outcome import Floats
from paysim.incentives.response.best import NEAR, best, random_starts
from paysim.incentives.response.objective import Payoff, objectives_of, payoff
from paysim.incentives.response.points import Design
from paysim.incentives.response.surface import Surface
from paysim.model.objective import Objective

MOST_ROUNDS = 200
"""Rounds of best responses after which they are said not to come to rest."""

NEARED = 0.9
"""Responses that never came back are taken to be on their way to a rest that they are so many times as far from."""

SAME = 1e-6
"""Of a range: equilibria as near as this, found from several starts, are one."""


@dataclass(frozen=True, eq=False)
class Rest:
    """Where best responses come to rest: intensities by lever, and the starts that led there.

    `boundary` tells which levers are at the 'low' or 'high' end of their range, since beyond it their owner would gain.
    `gains` are the owners' payoffs less those at `now`, in pounds a year.
    """

    intensities: Mapping[str, float]
    starts: tuple[str, ...]
    boundary: Mapping[str, str]
    gains: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Cycle:
    """Best responses that do not come to rest: the least and the most of every lever on the way.

    `rounds` are those after which all begins anew; 0 where nothing came back within the rounds that were tried.
    """

    lowest: Mapping[str, float]
    highest: Mapping[str, float]
    rounds: int
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Equilibria:
    """What was found from all starts: none, one or several places of rest, and cycles."""

    rests: tuple[Rest, ...]
    cycles: tuple[Cycle, ...]


def equilibria(surface: Surface, arrangement: str, objectives: Mapping[str, Objective] | None = None) -> Equilibria:
    """Return the equilibria under an arrangement, from best responses to each other, one organisation after another.

    Organisations by rule of thumb climb the same hill, so they are taken to best respond too. Adjustment costs nothing
    at rest. Starts are: everything at the low ends, at `now`, at the high ends, and a few at random.
    """
    chosen = objectives_of(surface.design.system) if objectives is None else objectives
    payoffs = {each: payoff(surface, arrangement, objective) for each, objective in chosen.items()}
    return rests(surface.design, payoffs)


def rests(design: Design, payoffs: Mapping[str, Payoff]) -> Equilibria:
    """Return where best responses come to rest, each organisation with the levers of its own among the design's."""
    players = _players(design, payoffs)
    found: list[tuple[Floats, list[str]]] = []
    cycles: list[tuple[list[Floats], int, list[str]]] = []
    width = design.high - design.low
    for name, start in _starts(design, players).items():
        path, repeats = _respond(players, start, width)
        at = _resting(design, players, path, repeats, width)
        if at is not None:
            _merge(found, at, name, width)
        else:
            _merge_cycle(cycles, path[-repeats:] if repeats else path[len(path) // 2 :], repeats, name, width)
    return Equilibria(
        rests=tuple(_rest(design, payoffs, players, at, starts) for at, starts in found),
        cycles=tuple(
            Cycle(
                lowest=design.point(np.min(path, axis=0)),
                highest=design.point(np.max(path, axis=0)),
                rounds=repeats,
                starts=tuple(starts),
            )
            for path, repeats, starts in cycles
        ),
    )


@dataclass(frozen=True, eq=False)
class _Player:
    """An organisation's payoff, the numbers of its levers and of the others' that its best answer depends on."""

    payoff: Payoff
    levers: list[int]
    others: list[int]
    answers: dict[bytes, Floats] = field(default_factory=dict)

    def answer(self, intensities: Floats) -> Floats:
        """Return intensities with its own levers at their best; the same question is answered once."""
        asked = intensities[self.others].tobytes()
        if asked not in self.answers:
            self.answers[asked] = best(self.payoff, self.levers, intensities)[self.levers]
        answered = intensities.copy()
        answered[self.levers] = self.answers[asked]
        return answered


def _players(design: Design, payoffs: Mapping[str, Payoff]) -> list[_Player]:
    """Return those who have levers of their own."""
    players = []
    for organisation, own in payoffs.items():
        levers = [number for number, lever in enumerate(design.levers) if lever.owner == organisation]
        others = [number for number in range(len(design.levers)) if number not in levers]
        if own.risk_aversion == 0.0:
            together = np.asarray(design.paired[:, levers].any(axis=1))
            others = [number for number in others if together[number]]
        if levers:
            players.append(_Player(own, levers, others))
    return players


def _starts(design: Design, players: Sequence[_Player]) -> dict[str, Floats]:
    whole = {"low": design.low, "now": design.now, "high": design.high}
    whole |= {f"random {number}": values for number, values in enumerate(random_starts(design), start=1)}
    moving = [lever for player in players for lever in player.levers]
    starts = {}
    for name, values in whole.items():
        start = design.now.copy()
        start[moving] = values[moving]
        starts[name] = start
    return starts


def _respond(players: Sequence[_Player], start: Floats, width: Floats) -> tuple[list[Floats], int]:
    """Return the intensities after every round, and after how many rounds the last ones come back.

    1: they are at rest. 0: they never came back.
    """
    path = [start]
    for _ in range(MOST_ROUNDS):
        at = _round(players, path[-1])
        path.append(at)
        for back, before in enumerate(reversed(path[:-1]), start=1):
            if _near(at, before, width, NEAR):
                return path, back
    return path, 0


def _round(players: Sequence[_Player], at: Floats) -> Floats:
    """Return the intensities after everybody, one after the other, has given its best answer."""
    for player in players:
        at = player.answer(at)
    return at


def _resting(
    design: Design, players: Sequence[_Player], path: Sequence[Floats], repeats: int, width: Floats
) -> Floats | None:
    """Return where responses came to rest, or would if they went on for ever; None where they go round."""
    if repeats > 1:
        return None
    at, solved = path[-1], _solved(design, players, path[-1], width)
    if repeats == 1:
        return solved if _near(solved, at, width, SAME) else at
    stays = _neared(path, solved, width) and _near(_round(players, solved), solved, width, NEAR)
    return solved if stays else None


def _neared(path: Sequence[Floats], at: Floats, width: Floats) -> bool:
    """Return whether the last quarter of a path is nearer to a place than the quarter before."""
    away = [float((np.abs(each - at) / width).max(initial=0.0)) for each in path[len(path) // 2 :]]
    middle = len(away) // 2
    return max(away[middle:]) < NEARED * max(away[:middle], default=0.0)


def _solved(design: Design, players: Sequence[_Player], at: Floats, width: Floats) -> Floats:
    """Return the solution of the equations of all slopes that is found from a place, or else the place itself."""
    low, high = design.low, design.high
    share = (at - low) / width
    moving = [(player.payoff, lever) for player in players for lever in player.levers]
    free = [(own, lever) for own, lever in moving if NEAR < share[lever] < 1.0 - NEAR and own.slopes(at)[lever] != 0.0]
    if not free:
        return at
    numbers = [lever for _, lever in free]
    scales = [max(abs(own.slopes(high)[lever]), abs(own.slopes(low)[lever]), 1e-300) for own, lever in free]

    def equations(values: Floats) -> list[float]:
        trial = at.copy()
        trial[numbers] = values
        return [own.slopes(trial)[lever] / scale for (own, lever), scale in zip(free, scales, strict=True)]

    solved = root(equations, at[numbers], method="hybr", options={"xtol": 1e-15})
    trial = at.copy()
    trial[numbers] = np.asarray(solved.x)
    inside = bool(((trial >= low) & (trial <= high)).all())
    return trial if inside else at


def _rest(
    design: Design, payoffs: Mapping[str, Payoff], players: Sequence[_Player], at: Floats, starts: Sequence[str]
) -> Rest:
    boundary: dict[str, str] = {}
    for player in players:
        own = player.payoff
        slopes = own.slopes(at)
        for lever in player.levers:
            outward = slopes[lever] * (design.high - design.low)[lever]
            if at[lever] == design.low[lever] and outward < -own.rounding:
                boundary[design.levers[lever].id] = "low"
            if at[lever] == design.high[lever] and outward > own.rounding:
                boundary[design.levers[lever].id] = "high"
    return Rest(
        intensities=design.point(at),
        starts=tuple(starts),
        boundary={lever.id: boundary[lever.id] for lever in design.levers if lever.id in boundary},
        gains={each: own.gain(at) for each, own in payoffs.items()},
    )


def _merge(found: list[tuple[Floats, list[str]]], at: Floats, name: str, width: Floats) -> None:
    for other, starts in found:
        if _near(at, other, width, SAME):
            starts.append(name)
            return
    found.append((at, [name]))


def _merge_cycle(
    found: list[tuple[list[Floats], int, list[str]]], path: list[Floats], repeats: int, name: str, width: Floats
) -> None:
    lowest, highest = np.min(path, axis=0), np.max(path, axis=0)
    for other, _, starts in found:
        alike = _near(lowest, np.min(other, axis=0), width, SAME)
        if alike and _near(highest, np.max(other, axis=0), width, SAME):
            starts.append(name)
            return
    found.append((path, repeats, [name]))


def _near(one: Floats, other: Floats, width: Floats, share: float) -> bool:
    return bool((np.abs(one - other) <= share * width).all())
