"""Some rows of an activity, side by side in memory: in a long log those of one episode lie far apart."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import inlined, kernel
from paysim.model.activity import COLUMNS, Activity

RECORD = np.dtype([("row", "int64"), *((name, dtype) for name, (dtype, _) in COLUMNS.items())], align=True)
"""A row of an activity: its number and its columns. 40 bytes."""

Records = NDArray[np.void]


def records_of_steps(activity: Activity, chosen: NDArray[np.bool_]) -> Records:
    """Return the rows of the chosen steps, in order; `chosen` says of every step whether it is."""
    records = np.empty(number_of_rows(activity.step, chosen), dtype=RECORD)
    _record_steps(
        chosen,
        activity.resident,
        activity.episode,
        activity.step,
        activity.service,
        activity.code,
        activity.start,
        activity.wait,
        activity.stay,
        records,
    )
    return records


@inlined
def record(
    records: Records,
    position: int,
    row: int | np.integer,
    resident: NDArray[np.int32],
    episode: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    start: NDArray[np.float64],
    wait: NDArray[np.float32],
    stay: NDArray[np.float32],
) -> None:
    """Write a row of an activity into a record."""
    found = records[position]
    found["row"] = row
    found["resident"] = resident[row]
    found["episode"] = episode[row]
    found["step"] = step[row]
    found["service"] = service[row]
    found["code"] = code[row]
    found["start"] = start[row]
    found["wait"] = wait[row]
    found["stay"] = stay[row]


@kernel
def number_of_rows(step: NDArray[np.int16], chosen: NDArray[np.bool_]) -> int:
    """Return how many rows are of the chosen steps; a number that no step has is of none of them."""
    count = 0
    for row in range(len(step)):
        at = np.uint16(step[row])
        if at < len(chosen):
            count += chosen[at]
    return count


@kernel
def _record_steps(
    chosen: NDArray[np.bool_],
    resident: NDArray[np.int32],
    episode: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    start: NDArray[np.float64],
    wait: NDArray[np.float32],
    stay: NDArray[np.float32],
    records: Records,
) -> None:
    count = 0
    for row in range(len(step)):
        at = np.uint16(step[row])
        if at < len(chosen) and chosen[at]:
            record(records, count, row, resident, episode, step, service, code, start, wait, stay)
            count += 1
