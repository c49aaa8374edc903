"""Records resident by resident, a piece of the residents at a time: few enough to stay in the processor's cache."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from paysim.jit import inlined, kernel
from paysim.payment.records import RECORD, Records
from paysim.payment.threads import in_threads, shared_out
from paysim.radix_sort import sorted_by_bits

_ROWS_A_PIECE = 1 << 13
_POSITION_BITS = 32


@dataclass(frozen=True, eq=False)
class ByResident:
    """Records in pieces: each is of some residents, who come after those of the piece before.

    `parts` are records that follow each other. `keys` are a record's resident and, below it, its position among all of
    them; those of a piece are from its `begin` on to that of the next. Residents of a piece are alike above the lowest
    `bits` of their numbers.
    """

    parts: tuple[Records, ...]
    keys: NDArray[np.int64]
    begin: NDArray[np.int64]
    bits: int

    def __len__(self) -> int:
        return len(self.begin) - 1

    def shares(self, number: int) -> list[tuple[int, int]]:
        """Return so many shares of the pieces, with about as many records each: from one piece to before another."""
        bounds = [len(self.keys) * share // number for share in range(1, number)]
        return list(pairwise((0, *np.searchsorted(self.begin, bounds).tolist(), len(self))))

    def piece(self, number: int) -> Records:
        """Return the records of a piece, resident after resident.

        Each resident's come in order of episode, then of their end, then of their start: a step without length ends
        when the one before it does, so the start decides between the two.
        """
        keys = self.keys[self.begin[number] : self.begin[number + 1]].copy()
        keys = sorted_by_bits(keys, _POSITION_BITS, self.bits)
        ordered = np.empty(len(keys), dtype=RECORD)
        begin = 0
        for part in self.parts:
            _gather(part, begin, keys, ordered)
            begin += len(part)
        _put_in_order(ordered, np.empty(1, dtype=RECORD))
        return ordered


def by_resident(parts: Sequence[Records], residents: int) -> ByResident:
    """Return records, given in parts that follow each other, by resident; each part has a thread of its own."""
    rows = sum(map(len, parts))
    bits = (residents // (rows // _ROWS_A_PIECE + 1)).bit_length()
    counts = np.zeros((len(parts), (residents >> bits) + 1), dtype=np.int64)
    part_by_part = shared_out(0, len(parts), max(1, len(parts)))

    def count(part: int, stop: int) -> None:
        for number in range(part, stop):
            _count_pieces(parts[number], bits, counts[number])

    in_threads(count, part_by_part)
    begin = np.concatenate(([0], np.cumsum(counts.sum(axis=0))))
    # Of each piece the records of the first part come first, then those of the next: they keep their order.
    begin_of_part = begin[:-1] + np.cumsum(counts, axis=0) - counts
    first = np.cumsum([0, *map(len, parts)])
    keys = np.empty(rows, dtype=np.int64)

    def deal(part: int, stop: int) -> None:
        for number in range(part, stop):
            _deal(parts[number], first[number], bits, begin_of_part[number], keys)

    in_threads(deal, part_by_part)
    return ByResident(tuple(parts), keys, begin, bits)


@inlined
def _piece_of(resident: int, bits: int, pieces: int) -> int:
    """Return the piece that a resident is in; numbers that nobody has are in the last one."""
    return int(min(np.int64(np.uint32(resident)) >> bits, np.int64(pieces - 1)))


@kernel
def _count_pieces(records: Records, bits: int, counts: NDArray[np.int64]) -> None:
    for position in range(len(records)):
        counts[_piece_of(records[position]["resident"], bits, len(counts))] += 1


@kernel
def _deal(records: Records, first: int, bits: int, begin: NDArray[np.int64], keys: NDArray[np.int64]) -> None:
    """Write the key of each record where those of its piece begin, and move these beginnings on."""
    for position in range(len(records)):
        resident = records[position]["resident"]
        piece = _piece_of(resident, bits, len(begin))
        keys[begin[piece]] = np.int64(resident) << _POSITION_BITS | (first + position)
        begin[piece] += 1


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
