"""Records resident by resident, a piece of the residents at a time: few enough to stay in the processor's cache."""

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

    `keys` are a record's resident and, below it, its position; those of a piece are from its `begin` on to that of the
    next. Residents of a piece are alike above the lowest `bits` of their numbers.
    """

    records: Records
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
        _gather(self.records, keys, ordered)
        _put_in_order(ordered, np.empty(1, dtype=RECORD))
        return ordered


def by_resident(records: Records, residents: int, threads: int = 1) -> ByResident:
    """Return records by resident; the number of threads changes nothing."""
    bits = (residents // (len(records) // _ROWS_A_PIECE + 1)).bit_length()
    counts = np.zeros((threads, (residents >> bits) + 1), dtype=np.int64)
    parts = [(number, *part) for number, part in enumerate(shared_out(0, len(records), threads))]
    in_threads(lambda part, first, stop: _count_pieces(records[first:stop], bits, counts[part]), parts)
    begin = np.concatenate(([0], np.cumsum(counts.sum(axis=0))))
    # Of each piece the records of the first part come first, then those of the next: they keep their order.
    begin_of_part = begin[:-1] + np.cumsum(counts, axis=0) - counts
    keys = np.empty(len(records), dtype=np.int64)
    in_threads(lambda part, first, stop: _deal(records, first, stop, bits, begin_of_part[part], keys), parts)
    return ByResident(records, keys, begin, bits)


@inlined
def _piece_of(resident: int, bits: int, pieces: int) -> int:
    """Return the piece that a resident is in; numbers that nobody has are in the last one."""
    return int(min(np.int64(np.uint32(resident)) >> bits, np.int64(pieces - 1)))


@kernel
def _count_pieces(records: Records, bits: int, counts: NDArray[np.int64]) -> None:
    for position in range(len(records)):
        counts[_piece_of(records[position]["resident"], bits, len(counts))] += 1


@kernel
def _deal(
    records: Records, first: int, stop: int, bits: int, begin: NDArray[np.int64], keys: NDArray[np.int64]
) -> None:
    """Write the key of each of some records where those of its piece begin, and move these beginnings on."""
    for position in range(first, stop):
        resident = records[position]["resident"]
        piece = _piece_of(resident, bits, len(begin))
        keys[begin[piece]] = np.int64(resident) << _POSITION_BITS | position
        begin[piece] += 1


@kernel
def _gather(records: Records, keys: NDArray[np.int64], gathered: Records) -> None:
    for place in range(len(keys)):
        gathered[place] = records[keys[place] & ((1 << _POSITION_BITS) - 1)]


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
