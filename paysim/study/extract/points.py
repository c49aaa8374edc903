"""Points of delivery: which rule of a map holds for each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.model.extract import Rule
from paysim.study.extract.columns import Column

UNDECIDED = -1


@dataclass(frozen=True, eq=False)
class Points:
    """The number of the first rule that holds for each row, UNDECIDED for none.

    `blank` is the number of the first column, among those tested, whose empty cell leaves it open which rule holds, -1
    else.
    """

    rule: NDArray[np.int16]
    blank: NDArray[np.int16]
    tested: tuple[str, ...]


def points_of_delivery(rules: Sequence[Rule], columns: Mapping[str, Column], midnights: NDArray[np.float64]) -> Points:
    """Return which rule holds for each row: the first whose columns all have one of its values.

    Where a rule might hold but for an empty cell, it is not known which one does.
    """
    tested = tuple(dict.fromkeys(name.upper() for rule in rules for name in rule.where))
    found = np.full(len(midnights), UNDECIDED, dtype=np.int16)
    blank = np.full(len(midnights), -1, dtype=np.int16)
    for number, rule in enumerate(rules):
        possible = (found == UNDECIDED) & (blank < 0)
        if rule.shorter_than_days is not None:
            possible &= midnights < rule.shorter_than_days
        for name, values in rule.where.items():
            column = columns[name.upper()]
            possible &= column.empty | is_among(column, values)
        for name in reversed(list(rule.where)):
            blank[possible & columns[name.upper()].empty] = tested.index(name.upper())
        found[possible & (blank < 0)] = number
    return Points(found, blank, tested)


def is_among(column: Column, values: Sequence[str]) -> NDArray[np.bool_]:
    """Return whether each row has one of some values, which are in capitals; an empty cell has none."""
    wanted = frozenset(values)
    return column.each(np.array([text.upper() in wanted for text in column.values], dtype=np.bool_), False)
