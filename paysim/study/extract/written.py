"""Activity that paysim wrote, as an extract: nothing to map, nothing to clean."""

from pathlib import Path

import numpy as np

from paysim.config.paths import refuse_no_file
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.study.extract.columns import FIRST_ROW, is_parquet
from paysim.study.extract.problems import Problems
from paysim.study.extract.reading import Extract
from paysim.study.extract.rows import Rows
from paysim.study.store import read_activity


def read_written(system: System, path: Path) -> Extract:
    """Return the activity in a Parquet file that paysim wrote, with its rows numbered as those of any extract.

    Raises InputError if the file is no activity or belongs to another system.
    """
    refuse_no_file(path, "expected activity that paysim wrote, or --map for an extract")
    if not is_parquet(path):
        raise InputError(str(path), "", "found no activity that paysim wrote", "expected some, or --map for an extract")
    activity = read_activity(path, system)
    number = len(activity)
    rows = Rows(
        row=np.arange(FIRST_ROW, FIRST_ROW + number, dtype=np.int64),
        step=activity.step,
        service=activity.service,
        place=system.population.place_of(activity.resident),
        code=activity.code,
        start=activity.start,
        stay=activity.stay,
        wait=activity.wait,
        age=np.broadcast_to(np.nan, number),
        sex=np.broadcast_to(np.int8(-1), number),
        usable=np.ones(number, dtype=np.bool_),
    )
    file = np.zeros(number, dtype=np.int16)
    return Extract(activity, rows, np.arange(number), (str(path),), file, (), Problems(), 0, 0, {})
