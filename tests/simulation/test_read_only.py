"""Nothing is written to the arrays of a system, and a run does without writing to them or being compiled for them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import paysim
from paysim.simulation.compile import compile_program

FOLDER = Path(__file__).parents[2] / "configs" / "examples"
SYSTEM = paysim.load(FOLDER / "segments.toml")
PATHWAY = next(pathway for pathway in SYSTEM.pathways.values() if pathway.demand is not None)
STEP = next(step for step in SYSTEM.steps.values() if step.branches)


@pytest.mark.parametrize(
    "array",
    [
        SYSTEM.population.residents,
        SYSTEM.population.place,
        SYSTEM.population.profile,
        SYSTEM.need.transitions,
        SYSTEM.need.death,
        PATHWAY.demand.rate,
        STEP.service.shares,
        STEP.branches[0].probability,
    ],
)
def test_nothing_is_written_to_the_arrays_of_a_system(array):
    with pytest.raises(ValueError, match="read-only"):
        array[...] = 0


def test_who_made_an_array_may_go_on_with_it():
    rate = np.zeros_like(PATHWAY.demand.rate)
    demand = replace(PATHWAY.demand, rate=rate)
    rate += 1.0
    with pytest.raises(ValueError, match="read-only"):
        demand.rate += 1.0


@pytest.mark.parametrize("name", ["segments", "travel_and_wait", "long_waits_change_the_way"])
def test_kernels_get_arrays_of_one_kind_only(name):
    """Those that cannot be written to are another type to Numba, so that each kernel would be compiled twice."""
    program = compile_program(paysim.load(FOLDER / f"{name}.toml"), 1, 1.0)
    parts = [program, *(part for part in program if isinstance(part, tuple))]
    arrays = [each for part in parts for each in part if isinstance(each, np.ndarray)]
    assert len(arrays) > 30
    assert all(array.flags.writeable for array in arrays)
