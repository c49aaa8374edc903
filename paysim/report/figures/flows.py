"""Money from payers to payees under one arrangement."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from paysim.model.organisation import Organisation
from paysim.report.figures.flow_layout import Band, Flow, Layout, Node, lay_out, most_in_a_column
from paysim.report.figures.style import COLOURS, INK, QUIET, WIDTH, blank, explain, style
from paysim.report.records import MOST_DRAWN, YearlyFlow, yearly_flows
from paysim.report.wording import MoneyUnit, money_basis, money_unit
from paysim.study.comparison import Comparison

Across = Literal["left", "center", "right"]
Up = Literal["center", "bottom"]

_GAP, _BOX = 0.42, 0.14
"""Inches between boxes (three lines of text fit) and a box's width."""
_TALLEST = 4.2
"""Inches that the money itself takes at the column of the chain that most flows through."""
_NAMED = 0.16
"""Inches from which a band is wide enough to carry its amount."""
_LINE = 32
"""Characters of a name in one line."""
_SIDE = 2.1
"""Inches for names at the left and the right."""


@style()
def flow_figure(comparison: Comparison, arrangement: str) -> Figure:
    """Return the picture of who pays whom under an arrangement: payers left, those paid last right.

    A band is as wide as the mean yearly amount, at one scale for all arrangements of the comparison. A flow whose
    mean is negative is drawn from the one who ends up paying. Hatched bands run back, from right to left.
    """
    table, names = _with_the_small_as_one(yearly_flows(comparison), comparison.system.organisations)
    order = list(names)
    most = max(most_in_a_column(_flows(table, a), order) for a in comparison.settings.arrangements)
    layout = lay_out(_flows(table, arrangement), order, _TALLEST / max(most, 1.0), _GAP)
    unit = money_unit(comparison)
    above = _GAP if layout.columns > 2 else 0.1
    figure = blank(layout.height + above + 0.1)
    axes = figure.subplots()
    colours = _colours(table, order)
    for band in layout.bands:
        _draw_band(axes, band, layout, colours[band.flow.payer], unit)
    for node in layout.nodes:
        _draw_node(axes, node, layout, names[node.organisation], unit)
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(layout.height + 0.1, -above)
    axes.set_axis_off()
    back = " Hatched: paid from right to left." if any(map(_runs_back, layout.bands)) else ""
    explain(
        figure,
        f"Who pays whom under “{comparison.system.arrangements[arrangement].name}”",
        f"Band width: mean amount a year.{back} The report's table gives every amount with its interval."
        f" {money_basis(comparison)}.",
    )
    return figure


def _with_the_small_as_one(
    table: Sequence[YearlyFlow], organisations: Mapping[str, Organisation]
) -> tuple[list[YearlyFlow], dict[str, str]]:
    """Return the flows and the names of who pays or is paid, all but the largest organisations as one of each kind."""
    moved = dict.fromkeys(organisations, 0.0)
    for flow in table:
        moved[flow.payer] += abs(flow.amount.mean)
        moved[flow.payee] += abs(flow.amount.mean)
    drawn = set(sorted(moved, key=lambda id: -moved[id])[:MOST_DRAWN])
    shown = {id: id if id in drawn else f"other {organisation.kind}s" for id, organisation in organisations.items()}
    names = {shown[id]: o.name if id in drawn else f"Other {o.kind}s" for id, o in organisations.items()}
    merged = [replace(flow, payer=shown[flow.payer], payee=shown[flow.payee]) for flow in table]
    return [flow for flow in merged if flow.payer != flow.payee], names


def _flows(table: Sequence[YearlyFlow], arrangement: str) -> list[Flow]:
    amounts: dict[tuple[str, str], float] = {}
    for flow in table:
        mean = flow.amount.mean
        if flow.arrangement == arrangement and mean:
            ends = (flow.payer, flow.payee) if mean > 0 else (flow.payee, flow.payer)
            amounts[ends] = amounts.get(ends, 0.0) + abs(mean)
    return [Flow(payer, payee, amount) for (payer, payee), amount in amounts.items()]


def _colours(table: Sequence[YearlyFlow], order: Sequence[str]) -> dict[str, str]:
    """Return a colour for every organisation that pays or is paid; those who pay under any arrangement come first."""
    paying, paid = {flow.payer for flow in table}, {flow.payee for flow in table}
    members = sorted((o for o in order if o in paying | paid), key=lambda o: o not in paying)
    return {organisation: COLOURS[place % len(COLOURS)] for place, organisation in enumerate(members)}


def _left_of(column: int, layout: Layout) -> float:
    """Return the horizontal place of a column's boxes, names having their room at both sides."""
    return _SIDE + (WIDTH - 2 * _SIDE - _BOX) * column / max(layout.columns - 1, 1)


def _runs_back(band: Band) -> bool:
    """Return whether a payment goes up the chain, to a column on the left."""
    return band.tops[-1][0] < band.tops[0][0]


def _draw_band(axes: Axes, band: Band, layout: Layout, colour: str, unit: MoneyUnit) -> None:
    back = _runs_back(band)
    points = [(_left_of(column, layout), top) for column, top in band.tops]
    upper: list[tuple[float, float]] = []
    for (x1, y1), (x2, y2) in pairwise(points):
        start, stop = (x1, x2 + _BOX) if back else (x1 + _BOX, x2)
        middle = (start + stop) / 2
        upper += [(start, y1), (middle, y1), (middle, y2), (stop, y2)]
    lower = [(x, y + band.thickness) for x, y in reversed(upper)]
    codes = [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4] * (len(upper) // 4) * 2
    codes[0] = Path.MOVETO
    outline = Path([*upper, *lower, upper[0]], [*codes, Path.CLOSEPOLY])
    hatch = "///" if back else None
    axes.add_patch(PathPatch(outline, facecolor=colour, edgecolor="white", linewidth=0.5, alpha=0.45, hatch=hatch))
    if band.thickness >= _NAMED:
        x, y = upper[-1]
        text, off, across = unit.amount(band.flow.amount), -0.08, "right"
        if back:
            text, off, across = f"\N{LEFTWARDS ARROW} {text}", 0.08, "left"
        axes.text(x + off, y + band.thickness / 2, text, ha=across, va="center", fontsize=7.5, color=INK)


def _draw_node(axes: Axes, node: Node, layout: Layout, name: str, unit: MoneyUnit) -> None:
    """Draw a box with its name beside it, or above it where bands leave at both sides."""
    x = _left_of(node.column, layout)
    axes.add_patch(Rectangle((x, node.top), _BOX, max(node.height, 0.01), facecolor=QUIET, edgecolor="none"))
    sums = [("gets", node.received), ("pays on" if node.received else "pays", node.paid)]
    told = [f"{verb} {unit.amount(pounds)}" for verb, pounds in sums if pounds]
    named = textwrap.wrap(name, _LINE)[:2]
    middle = node.top + node.height / 2
    if node.column == 0:
        _write(axes, x - 0.08, middle, [*named, *told], "right", "center")
    elif node.column == layout.columns - 1:
        _write(axes, x + _BOX + 0.08, middle, [*named, *told], "left", "center")
    else:
        _write(axes, x + _BOX / 2, node.top - 0.03, [*named, ", ".join(told)], "center", "bottom")


def _write(axes: Axes, x: float, y: float, lines: Sequence[str], across: Across, up: Up) -> None:
    backing = {"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 0.6}
    axes.text(x, y, "\n".join(lines), ha=across, va=up, fontsize=8, linespacing=1.1, bbox=backing)
