"""The log that an engine writes: packed rows in chunks, and the Activity made of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import COLUMNS, Activity, Run
from paysim.model.system import System

ROW = np.dtype([(name, dtype) for name, (dtype, _) in COLUMNS.items()])
"""A row of the log: the schema's columns in their order, 30 bytes."""

Rows = NDArray[np.void]


def activity_of(chunks: Sequence[Rows], system: System, run: Run, simulated_residents: int) -> Activity:
    """Return the rows of all chunks, which come in order of their end, as Activity.

    A step without length may end at an instant of which later episodes' ends are written already: only then are rows
    put in order.
    """
    columns = {name: np.concatenate([chunk[name] for chunk in chunks]) for name in COLUMNS}
    end, episode = columns["start"] + columns["stay"], columns["episode"]
    if np.any((end[1:] == end[:-1]) & (episode[1:] < episode[:-1])):
        order = np.lexsort((episode, end))
        columns = {name: column[order] for name, column in columns.items()}
    return Activity(system=system, run=run, weight=system.population.total / simulated_residents, **columns)
