"""The quiet town, and what its outcomes are asked for."""

from pathlib import Path

import numpy as np

import paysim
from paysim.incentives.outcome import Outcome, Trial
from paysim.model.system import System

SYSTEMS = Path(__file__).parent / "systems"
TRIAL = Trial(years=1, seed=1, sample=1.0, engine="compiled")
EXPECTED = Trial(years=1, seed=1, sample=1.0, engine="expected")


def quiet_town() -> System:
    return paysim.load(SYSTEMS / "quiet_town.toml")


def arranged(system: System, *ids: str) -> list:
    return [system.arrangements[id] for id in ids or system.arrangements]


def owner(system: System, organisation: str) -> int:
    return list(system.organisations).index(organisation)


def numbers(outcome: Outcome) -> list[list]:
    """Return everything that an outcome says, to be compared."""
    names = ("income", "spend", "short_run_cost", "long_run_cost", "lever_cost", "qalys", "steps")
    return [np.asarray(getattr(outcome, name)).tolist() for name in names]
