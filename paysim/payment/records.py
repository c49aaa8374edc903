"""Some rows of an activity, side by side in memory: in a long log those of one episode lie far apart."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paysim.jit import inlined, kernel
from paysim.model.activity import COLUMNS, Activity
from paysim.radix_sort import sorted_by_bits

RECORD = np.dtype([("row", "int64"), *((name, dtype) for name, (dtype, _) in COLUMNS.items())], align=True)
"""A row of an activity: its number and its columns. 40 bytes."""

Records = NDArray[np.void]

_POSITION_BITS = 32


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


def by_episode(records: Records, first: int, stop: int) -> Records:
    """Return the records of the episodes from `first` to before `stop`, episode after episode.

    Each episode's come in order of their end, then start: a step without length ends when the one before it does, so
    the start decides between the two.
    """
    keys = np.empty(len(records), dtype=np.int64)
    keys = keys[: _keys(records, first, stop, keys)]
    keys = sorted_by_bits(keys, _POSITION_BITS, (stop - first).bit_length())
    ordered = np.empty(len(keys), dtype=RECORD)
    _gather(records, keys, ordered)
    _put_in_order(ordered, np.empty(1, dtype=RECORD))
    return ordered


def episodes_of(records: Records) -> tuple[int, int]:
    """Return the first of the records' episodes and the one after their last."""
    if not len(records):
        return 0, 0
    return int(records["episode"].min()), int(records["episode"].max()) + 1


def joined(parts: Sequence[NDArray[np.void]]) -> NDArray[np.void]:
    """Return a copy of some records, one part after the other.

    As whole numbers of 64 bits: NumPy copies records field by field, which takes ten times as long.
    """
    words = [part.view(np.int64) for part in parts]
    return np.concatenate(words).view(parts[0].dtype)


@inlined
def record(
    records: Records,
    position: int,
    row: int,
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
    """Return how many rows are of the chosen steps."""
    count = 0
    for row in range(len(step)):
        count += chosen[step[row]]
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
        if chosen[step[row]]:
            record(records, count, row, resident, episode, step, service, code, start, wait, stay)
            count += 1


@kernel
def _keys(records: Records, first: int, stop: int, keys: NDArray[np.int64]) -> int:
    """Write the episode, from `first` on, and the position of each record in the range; return how many there are."""
    count = 0
    for position in range(len(records)):
        episode = np.int64(records[position]["episode"])
        if first <= episode < stop:
            keys[count] = (episode - first) << _POSITION_BITS | position
            count += 1
    return count


@kernel
def _gather(records: Records, keys: NDArray[np.int64], gathered: Records) -> None:
    for position in range(len(keys)):
        gathered[position] = records[keys[position] & ((1 << _POSITION_BITS) - 1)]


@kernel
def _put_in_order(records: Records, spare: Records) -> None:
    """Put the records of each episode, which stand together, in order of their end, then of their start.

    Activity comes in order of end, so each record is compared once and nothing moves; activity in another order still
    gives the same answer.
    """
    for position in range(1, len(records)):
        if not _belongs_after(records[position - 1], records[position]):
            continue
        spare[0] = records[position]
        at = position
        while at > 0 and _belongs_after(records[at - 1], spare[0]):
            records[at] = records[at - 1]
            at -= 1
        records[at] = spare[0]


@inlined
def _belongs_after(one: np.void, other: np.void) -> bool:
    """Return whether one record belongs after another of the same episode."""
    end, other_end = one["start"] + one["stay"], other["start"] + other["stay"]
    return one["episode"] == other["episode"] and (end, one["start"]) > (other_end, other["start"])
