"""Dots with whiskers beside their numbers: an estimate and its interval, one row each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from paysim.intervals import Interval
from paysim.report.figures.style import INK, RULE, colour_of, marker_of

ROW = 0.22
"""Height of a row in inches: text of 8 points with air around it."""
GAP = 0.16
"""Extra inches between groups of rows."""


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate: its interval (NaN where there is none), the text that says both, and its look.

    `scatter` holds the replications that the estimate is the mean of, drawn small and pale behind it.
    """

    value: Interval
    text: str
    colour: str
    marker: str
    filled: bool = True
    scatter: Sequence[float] = ()


def heights(sizes: Sequence[int]) -> list[list[float]]:
    """Return the vertical places, in inches from the top, of the rows of groups with these many rows."""
    places: list[list[float]] = []
    top = GAP
    for size in sizes:
        places.append([top + ROW * (row + 0.5) for row in range(size)])
        top += ROW * size + GAP
    return places


def total_height(sizes: Sequence[int]) -> float:
    """Return the inches that the groups need together."""
    return GAP + sum(ROW * size + GAP for size in sizes)


def draw_groups(axes: Axes, names: Sequence[str], groups: Sequence[Sequence[Row]]) -> None:
    """Draw the groups from top to bottom, each name at the middle of its group and each row's text at the right."""
    sizes = [len(group) for group in groups]
    places = heights(sizes)
    for ys, group in zip(places, groups, strict=True):
        for y, row in zip(ys, group, strict=True):
            _draw_row(axes, y, row)
        axes.axhline(ys[-1] + (ROW + GAP) / 2, color=RULE, linewidth=0.6, zorder=0)
    axes.set_ylim(total_height(sizes), 0)
    axes.set_yticks([float(np.mean(ys)) for ys in places], names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x")


def _draw_row(axes: Axes, y: float, row: Row) -> None:
    if row.scatter:
        axes.plot(row.scatter, [y] * len(row.scatter), "|", color=row.colour, alpha=0.35, markersize=7, zorder=2)
    if np.isfinite(row.value).all():
        axes.plot(
            [row.value.low, row.value.high], [y, y], color=row.colour, linewidth=2, solid_capstyle="butt", zorder=3
        )
    face = row.colour if row.filled else "white"
    axes.plot([row.value.mean], [y], row.marker, color=row.colour, markerfacecolor=face, markersize=5.5, zorder=4)
    axes.text(1.01, y, row.text, transform=axes.get_yaxis_transform(), va="center", ha="left", fontsize=8, color=INK)


def key(ids: Sequence[str], names: Sequence[str]) -> list[Line2D]:
    """Return the legend's entries for series that are told apart by colour and marker."""
    return [
        Line2D([], [], linestyle="none", marker=marker_of(ids, i), color=colour_of(ids, i), label=name, markersize=6)
        for i, name in zip(ids, names, strict=True)
    ]
