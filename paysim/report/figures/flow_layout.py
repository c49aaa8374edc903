"""Where the nodes and bands of a money-flow picture go: columns by position in the chain.

Lengths are inches. A band that passes a column on its way has a place of its own there, so it never runs
behind an organisation that does not touch the money.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from paysim.report.figures.flow_order import Key, Link, ordered


@dataclass(frozen=True, slots=True)
class Flow:
    """A positive amount of money from a payer to a payee."""

    payer: str
    payee: str
    amount: float


@dataclass(frozen=True, slots=True)
class Node:
    """An organisation's box: its column, its top from the top of the picture, its height, what it got and gave."""

    organisation: str
    column: int
    top: float
    height: float
    received: float
    paid: float


@dataclass(frozen=True, slots=True)
class Band:
    """A flow's way: for each column that it touches, in order, the column and the band's top there."""

    flow: Flow
    thickness: float
    tops: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Nodes and bands of one picture, the number of columns and the height that they fill."""

    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]
    columns: int
    height: float


Way = tuple[tuple[int, Key], ...]
"""The columns and nodes that a flow runs through."""


def chain_positions(flows: Sequence[Flow], order: Sequence[str]) -> dict[str, int]:
    """Return each organisation's column: payers before payees, those who pay nobody in the last.

    A payment back up the chain (to an organisation that was reached on the way) does not count, so that money
    going round in a circle still has a beginning.
    """
    payees: dict[str, list[str]] = {}
    for flow in flows:
        payees.setdefault(flow.payer, []).append(flow.payee)
    paid = {flow.payee for flow in flows}
    members = [o for o in order if o in paid or o in payees]
    column = dict.fromkeys(members, 0)

    def reach(organisation: str, way: tuple[str, ...]) -> None:
        for payee in payees.get(organisation, ()):
            if payee not in (*way, organisation) and column[payee] <= len(way):
                column[payee] = len(way) + 1
                reach(payee, (*way, organisation))

    for organisation in sorted(members, key=lambda o: o in paid):
        if column[organisation] == 0:
            reach(organisation, ())
    last = max(column.values(), default=0)
    return {o: column[o] if o in payees else last for o in members}


def lay_out(flows: Sequence[Flow], order: Sequence[str], inches_per_pound: float, gap: float) -> Layout:
    """Return the picture of the flows at this scale, with `gap` between the nodes of a column."""
    positions = chain_positions(flows, order)
    ways = {flow: _way(flow, positions) for flow in flows}
    received, paid = _sums(flows)
    size = {key: pounds * inches_per_pound for key, pounds in _amounts(positions, ways).items()}
    columns = ordered(_columns(positions, ways), _links(ways))
    tops = _stack(columns, size, gap)
    return Layout(
        tuple(Node(o, c, tops[(o,)], size[(o,)], received[o], paid[o]) for o, c in positions.items()),
        _bands(ways, tops, inches_per_pound),
        len(columns),
        max((tops[key] + size[key] for key in size), default=0.0),
    )


def most_in_a_column(flows: Sequence[Flow], order: Sequence[str]) -> float:
    """Return the pounds that meet in the fullest column, which set the height of a picture at a given scale."""
    positions = chain_positions(flows, order)
    ways = {flow: _way(flow, positions) for flow in flows}
    amounts = _amounts(positions, ways)
    return max((sum(amounts[key] for key in column) for column in _columns(positions, ways)), default=0.0)


def _amounts(positions: Mapping[str, int], ways: Mapping[Flow, Way]) -> dict[Key, float]:
    """Return the pounds of every node: what came in or went out, whichever is more."""
    received, paid = _sums(list(ways))
    boxes: dict[Key, float] = {(o,): max(received[o], paid[o]) for o in positions}
    return boxes | {key: flow.amount for flow, way in ways.items() for _, key in way[1:-1]}


def _sums(flows: Sequence[Flow]) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return what each organisation received and what it paid."""
    received: dict[str, float] = defaultdict(float)
    paid: dict[str, float] = defaultdict(float)
    for flow in flows:
        received[flow.payee] += flow.amount
        paid[flow.payer] += flow.amount
    return received, paid


def _way(flow: Flow, positions: Mapping[str, int]) -> Way:
    """Return the nodes that a flow runs through. A payment to the left or within a column runs straight."""
    start, stop = positions[flow.payer], positions[flow.payee]
    between = tuple((column, (flow.payer, flow.payee, str(column))) for column in range(start + 1, stop))
    return ((start, (flow.payer,)), *between, (stop, (flow.payee,)))


def _columns(positions: Mapping[str, int], ways: Mapping[Flow, Way]) -> list[list[Key]]:
    columns: list[list[Key]] = [[] for _ in range(max(positions.values(), default=-1) + 1)]
    for organisation, column in positions.items():
        columns[column].append((organisation,))
    for way in ways.values():
        for column, key in way[1:-1]:
            columns[column].append(key)
    return columns


def _links(ways: Mapping[Flow, Way]) -> list[Link]:
    """Return the pieces of band that run from one column to the next."""
    return [
        (left, right, flow.amount)
        for flow, way in ways.items()
        for (start, left), (stop, right) in pairwise(way)
        if stop == start + 1
    ]


def _stack(columns: Sequence[Sequence[Key]], size: Mapping[Key, float], gap: float) -> dict[Key, float]:
    """Return the top of every node when each column is stacked in its order and centred."""
    filled = [sum(size[key] for key in column) + gap * (len(column) - 1) for column in columns]
    tallest = max(filled, default=0.0)
    tops = {}
    for column, height in zip(columns, filled, strict=True):
        top = (tallest - height) / 2
        for key in column:
            tops[key] = top
            top += size[key] + gap
    return tops


def _bands(ways: Mapping[Flow, Way], tops: Mapping[Key, float], inches_per_pound: float) -> tuple[Band, ...]:
    """Return the bands; those of one box leave and arrive in the order of where they go and come from."""
    leaving: dict[Flow, float] = {}
    arriving: dict[Flow, float] = {}
    out, into = dict(tops), dict(tops)
    for flow in sorted(ways, key=lambda f: tops[ways[f][1][1]]):
        leaving[flow] = out[(flow.payer,)]
        out[(flow.payer,)] += flow.amount * inches_per_pound
    for flow in sorted(ways, key=lambda f: tops[ways[f][-2][1]]):
        arriving[flow] = into[(flow.payee,)]
        into[(flow.payee,)] += flow.amount * inches_per_pound
    return tuple(
        _band(flow, way, (leaving[flow], arriving[flow]), tops, inches_per_pound) for flow, way in ways.items()
    )


def _band(flow: Flow, way: Way, ends: tuple[float, float], tops: Mapping[Key, float], inches_per_pound: float) -> Band:
    between = tuple((column, tops[key]) for column, key in way[1:-1])
    return Band(flow, flow.amount * inches_per_pound, ((way[0][0], ends[0]), *between, (way[-1][0], ends[1])))
