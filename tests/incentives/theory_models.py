"""The models of payment theory in `configs/theory`, variants of them, and where their organisations come to rest."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import paysim
from paysim.incentives.evaluate import evaluate
from paysim.incentives.outcome import Outcome, Point, Trial
from paysim.incentives.response.equilibrium import Rest, equilibria
from paysim.incentives.response.optimum import Optimum, optimum
from paysim.incentives.response.points import design_points
from paysim.incentives.response.surface import Surface, fit
from paysim.model.system import System

FOLDER = Path(__file__).parents[2] / "configs" / "theory"

MEAN_VALUES = Trial(years=1, seed=1, sample=1.0, engine="expected")


@cache
def model(name: str) -> System:
    """Return a model of the folder."""
    return paysim.load(FOLDER / f"{name}.toml")


def with_lever(system: System, id: str, **changes: Any) -> System:
    """Return the system with one lever changed."""
    return replace(system, levers={**system.levers, id: replace(system.levers[id], **changes)})


def with_objective(system: System, organisation: str, **changes: Any) -> System:
    """Return the system with one objective changed."""
    objective = replace(system.objectives[organisation], **changes)
    return replace(system, objectives={**system.objectives, organisation: objective})


def with_term(system: System, arrangement: str, id: str, **changes: Any) -> System:
    """Return the system with one term of an arrangement's contracts changed."""
    before = system.arrangements[arrangement]
    contracts = tuple(
        replace(
            contract,
            terms=tuple(replace(term, **changes) if term.id == id else term for term in contract.terms),
        )
        for contract in before.contracts
    )
    return replace(system, arrangements={**system.arrangements, arrangement: replace(before, contracts=contracts)})


def at(system: System, point: Point = {}) -> Outcome:  # noqa: B006 a point is never changed
    """Return the outcome of mean values at a point, under all arrangements."""
    return evaluate(system, list(system.arrangements.values()), [point], MEAN_VALUES, replication=0)[0]


def income(system: System, arrangement: str, organisation: str, point: Point = {}) -> float:  # noqa: B006
    """Return a year's income of an organisation at a point."""
    where = list(system.arrangements).index(arrangement), list(system.organisations).index(organisation)
    return float(at(system, point).income[where].sum())


def surplus(system: System, arrangement: str, organisation: str, point: Point = {}) -> float:  # noqa: B006
    """Return a year's surplus of an organisation at a point, its levers paid for."""
    where = list(system.arrangements).index(arrangement), list(system.organisations).index(organisation)
    return float(at(system, point).surplus("short_run")[where].sum())


def surface(system: System, arrangement: str) -> Surface:
    """Return what an arrangement's outcomes are as functions of intensities."""
    chosen, design = system.arrangements[arrangement], design_points(system)
    outcomes = evaluate(system, [chosen], design.points, MEAN_VALUES, replication=0)
    return fit(design, [arrangement], [outcomes])


def rest(system: System, arrangement: str) -> Rest:
    """Return the only equilibrium under an arrangement, to which best responses come from every start."""
    found = equilibria(surface(system, arrangement), arrangement)
    assert not found.cycles
    (only,) = found.rests
    return only


def chosen(system: System, arrangement: str) -> Mapping[str, float]:
    """Return the intensities in the only equilibrium under an arrangement."""
    return rest(system, arrangement).intensities


def best_for_all(system: System, arrangement: str) -> Optimum:
    """Return the joint optimum."""
    return optimum(surface(system, arrangement))
