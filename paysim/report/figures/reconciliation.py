"""Simulated figures against the published ones."""

import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from paysim.report.figures.forest import ROW, Row, draw_groups, heights, total_height
from paysim.report.figures.style import COLOURS, QUIET, blank, explain, style, zero_line
from paysim.report.records import Reconciled, reconciled, scaled
from paysim.report.wording import UNIT_OF_KIND, basis, interval_note, quantity
from paysim.study.comparison import Comparison

_WITHIN, _OUTSIDE, _SHOWN = COLOURS[0], COLOURS[1], QUIET
_BAND = "#dcebf5"


@style()
def reconciliation_figure(comparison: Comparison) -> Figure:
    """Return each measure's simulated value over its reference, with its 95% interval and the tolerance around 1.

    Measures without a reference, or with one of zero, are left out; the report's table holds them.
    """
    entries = [(entry, entry.reference) for entry in reconciled(comparison) if entry.reference]
    sizes = [1] * len(entries)
    figure = blank(total_height(sizes) + 0.5)
    axes = figure.subplots()
    for (y,), (entry, reference) in zip(heights(sizes), entries, strict=True):
        _draw_tolerance(axes, y, entry, reference)
    names = [textwrap.fill(entry.name, 40) for entry, _ in entries]
    draw_groups(axes, names, [[_row(entry, reference)] for entry, reference in entries])
    zero_line(axes, at=1.0)
    axes.set_xlabel("Simulated over published")
    note = f"Bar: {interval_note(comparison, 'mean')}. {basis(comparison)}."
    explain(figure, "Simulated against published figures", note, _key())
    return figure


def _row(entry: Reconciled, reference: float) -> Row:
    checked = entry.within is not None
    return Row(
        scaled(entry.simulated, 1 / reference),
        f"{quantity(entry.simulated.mean, entry.kind)}  against  {quantity(reference, entry.kind)}"
        f" {UNIT_OF_KIND[entry.kind]}",
        (_WITHIN if entry.within else _OUTSIDE) if checked else _SHOWN,
        ("o" if entry.within else "X") if checked else "D",
        filled=checked,
    )


def _draw_tolerance(axes: Axes, y: float, entry: Reconciled, reference: float) -> None:
    if entry.tolerance is None:
        return
    reach = entry.tolerance / reference if entry.absolute else entry.tolerance
    axes.add_patch(Rectangle((1 - reach, y - ROW * 0.7), 2 * reach, ROW * 1.4, color=_BAND, linewidth=0, zorder=0.5))


def _key() -> list[Line2D | Patch]:
    def dot(marker: str, colour: str, label: str, face: str) -> Line2D:
        return Line2D([], [], linestyle="none", marker=marker, color=colour, markerfacecolor=face, label=label)

    return [
        dot("o", _WITHIN, "within tolerance", _WITHIN),
        dot("X", _OUTSIDE, "outside tolerance", _OUTSIDE),
        dot("D", _SHOWN, "no tolerance set", "white"),
        Patch(color=_BAND, label="tolerance"),
    ]
