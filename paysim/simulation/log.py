"""The log that an engine writes, and the Activity made of it."""

from struct import Struct

import numpy as np

from paysim.model.activity import COLUMNS, Activity, Run
from paysim.model.system import System

_ROW = np.dtype([(name, dtype) for name, (dtype, _) in COLUMNS.items()])
_PACKED = Struct("=" + "".join(np.dtype(dtype).char for dtype, _ in COLUMNS.values()))


class Log:
    """Packed rows, one for every step that ends; `add` takes the values in the order of the schema's columns."""

    def __init__(self) -> None:
        self._rows = bytearray()

    def add(self, *row: float) -> None:
        """Append one row."""
        self._rows += _PACKED.pack(*row)

    def activity(self, system: System, run: Run, simulated_residents: int) -> Activity:
        """Return the rows so far as Activity.

        A step without length can end at an instant of which later episodes' ends are written already.
        """
        rows = np.frombuffer(self._rows, dtype=_ROW)
        rows = rows[np.lexsort((rows["episode"], rows["start"] + rows["stay"]))]
        columns = {name: np.ascontiguousarray(rows[name]) for name in COLUMNS}
        return Activity(system=system, run=run, weight=system.population.total / simulated_residents, **columns)
