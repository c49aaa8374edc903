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


def resident_by_resident(parts: Sequence[Records], first: int, stop: int) -> Records:
    """Return the records of the residents from `first` to before `stop`, resident after resident.

    `parts` are records that follow each other. Each resident's come in order of episode, then of their end, then of
    their start: a step without length ends when the one before it does, so the start decides between the two.
    """
    begins = np.cumsum([0, *(len(part) for part in parts)])
    keys = np.empty(begins[-1], dtype=np.int64)
    number = 0
    for part, begin in zip(parts, begins.tolist(), strict=False):
        number = _keys(part, begin, first, stop, keys, number)
    keys = sorted_by_bits(keys[:number], _POSITION_BITS, (stop - first).bit_length())
    ordered = np.empty(number, dtype=RECORD)
    for part, begin in zip(parts, begins.tolist(), strict=False):
        _gather(part, begin, keys, ordered)
    _put_in_order(ordered, np.empty(1, dtype=RECORD))
    return ordered


def residents_of(parts: Sequence[Records]) -> tuple[int, int]:
    """Return the first of the records' residents and the one after their last."""
    residents = [part["resident"] for part in parts if len(part)]
    if not residents:
        return 0, 0
    return min(int(each.min()) for each in residents), max(int(each.max()) for each in residents) + 1


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


@kernel
def _keys(records: Records, begin: int, first: int, stop: int, keys: NDArray[np.int64], number: int) -> int:
    """Write the resident, from `first` on, and the position, from `begin` on, of each record in the range.

    Return how many keys there are; there were `number` of them before.
    """
    for position in range(len(records)):
        resident = np.int64(records[position]["resident"])
        if first <= resident < stop:
            keys[number] = (resident - first) << _POSITION_BITS | (begin + position)
            number += 1
    return number


@kernel
def _gather(records: Records, begin: int, keys: NDArray[np.int64], gathered: Records) -> None:
    """Put those of the gathered records in their places whose positions are from `begin` on among these."""
    for place in range(len(keys)):
        position = (keys[place] & ((1 << _POSITION_BITS) - 1)) - begin
        if 0 <= position < len(records):
            gathered[place] = records[position]


@kernel
def _put_in_order(records: Records, spare: Records) -> None:
    """Put the records of each resident, which stand together, in order of episode, then of their end and start.

    Activity comes in order of end, so few move and those not far; activity in another order still gives the same
    answer.
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
    """Return whether one record belongs after another of the same resident."""
    if one["resident"] != other["resident"]:
        return False
    if one["episode"] != other["episode"]:
        return one["episode"] > other["episode"]
    end, other_end = one["start"] + one["stay"], other["start"] + other["stay"]
    return end > other_end or (end == other_end and one["start"] > other["start"])
