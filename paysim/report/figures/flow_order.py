"""Which order the columns of a money-flow picture are stacked in, so that little money crosses other money.

Barycentre sweeps (Sugiyama, Tagawa and Toda 1981) and then swaps of neighbours while any swap helps.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

Key = tuple[str, ...]
"""A node: (organisation,), or (payer, payee, column) where a band only passes."""

Link = tuple[Key, Key, float]
"""A piece of band between nodes of neighbouring columns, left one first, and its amount."""

SWEEPS = 6


def ordered(columns: Sequence[Sequence[Key]], links: Sequence[Link]) -> list[list[Key]]:
    """Return the columns' nodes from top to bottom, in an order with few crossings."""
    result = [list(column) for column in columns]
    for sweep in range(SWEEPS):
        _sweep(result, links, forward=sweep % 2 == 0)
    while _swap_neighbours(result, links):
        pass
    return result


def crossing(columns: Sequence[Sequence[Key]], links: Sequence[Link]) -> float:
    """Return how much money crosses: for each two links that cross, the smaller of their amounts."""
    place = {key: (number, row) for number, column in enumerate(columns) for row, key in enumerate(column)}
    by_column: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for left, right, amount in links:
        by_column[place[left][0]].append((place[left][1], place[right][1], amount))
    return sum(
        min(w1, w2)
        for pieces in by_column.values()
        for number, (a1, b1, w1) in enumerate(pieces)
        for a2, b2, w2 in pieces[:number]
        if (a1 - a2) * (b1 - b2) < 0
    )


def _sweep(columns: list[list[Key]], links: Sequence[Link], forward: bool) -> None:
    """Sort every column, from one end to the other, by the mean position of what its nodes are joined to."""
    joined: dict[Key, list[tuple[Key, float]]] = defaultdict(list)
    for left, right, amount in links:
        near, far = (left, right) if forward else (right, left)
        joined[far].append((near, amount))
    for column in columns if forward else reversed(columns):
        place = _relative_places(columns)
        column.sort(key=lambda key, place=place: _mean_place(joined[key], place, place[key]))  # type: ignore[misc]


def _mean_place(neighbours: Sequence[tuple[Key, float]], place: Mapping[Key, float], own: float) -> float:
    total = sum(amount for _, amount in neighbours)
    return sum(place[key] * amount for key, amount in neighbours) / total if total else own


def _relative_places(columns: Sequence[Sequence[Key]]) -> dict[Key, float]:
    return {key: (row + 0.5) / len(column) for column in columns for row, key in enumerate(column)}


def _swap_neighbours(columns: list[list[Key]], links: Sequence[Link]) -> bool:
    """Swap neighbours wherever that lessens the crossing money, and return whether any swap did."""
    least, swapped = crossing(columns, links), False
    for column in columns:
        for row in range(len(column) - 1):
            column[row], column[row + 1] = column[row + 1], column[row]
            now = crossing(columns, links)
            if now < least:
                least, swapped = now, True
            else:
                column[row], column[row + 1] = column[row + 1], column[row]
    return swapped
