"""The look of all figures, and how they become bytes."""

import io
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.textpath import TextPath

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's palette (2008), told apart with any common colour blindness; yellow left out on white."""

MARKERS = ("o", "s", "D", "^", "v", "P", "X")
"""Shapes that tell series apart without colour; a count that shares no factor with that of the colours."""

INK, QUIET, RULE = "#1a1a1a", "#555555", "#d0d0d0"

WIDTH = 10.0
"""Inches; text of 9 points is then well readable at the report's width and on a page."""

_FONT = 9
"""Points."""

_DPI = 150
"""Of the PNG; an SVG has no dots."""

_SETTINGS: dict[Any, object] = {
    "font.family": "DejaVu Sans",
    "font.size": _FONT,
    "axes.edgecolor": RULE,
    "axes.labelcolor": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.grid.axis": "x",
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": "#ececec",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "savefig.facecolor": "white",
    "svg.hashsalt": "paysim",
    "svg.fonttype": "path",
}


@contextmanager
def style() -> Iterator[None]:
    """Return a context (or decorator) in which matplotlib has this look, whatever the user's own settings.

    A character that the font lacks is drawn as a box without a warning: the tables show it.
    """
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


_TITLE, _LEGEND, _LEGEND_ROW, _NOTE, _NOTE_LINE, _SIDE = 0.42, 0.34, 0.2, 0.3, 0.14, 0.1
"""Inches at the top for title and the legend's first and further rows, at the bottom for the note's first and further
lines, and at the sides."""
_HANDLE, _HANDLE_GAP, _COLUMN_GAP = 2.0, 0.4, 1.6
"""Widths within the legend, in units of the font's size."""
_NOTE_CHARACTERS = 168
"""Characters of the note that fit in the width."""


def blank(height: float) -> Figure:
    """Return an empty figure of the common width and this height in inches, laid out without overlaps."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


def explain(figure: Figure, title: str, note: str, legend: Sequence[Artist] = ()) -> None:
    """Set the title and the legend above the axes and, below them, what the figure shows and rests on.

    The figure grows by what they need.
    """
    lines = textwrap.wrap(note, _NOTE_CHARACTERS)
    below = _NOTE + (len(lines) - 1) * _NOTE_LINE
    height = figure.get_figheight()
    columns = _columns([str(each.get_label()) for each in legend])
    rows = -(-len(legend) // columns)
    total = height + _TITLE + below + (_LEGEND + (rows - 1) * _LEGEND_ROW if legend else 0.0)
    free = (0.0, below / total, 1.0, height / total)
    figure.set_figheight(total)
    figure.set_layout_engine(ConstrainedLayoutEngine(w_pad=_SIDE, h_pad=0.06, rect=free))
    left = _SIDE / WIDTH
    figure.text(left, 1 - 0.12 / total, title, va="top", fontsize=12, fontweight="bold")
    figure.text(left, 0.1 / total, "\n".join(lines), va="bottom", fontsize=8, color=QUIET)
    if legend:
        corner = (left - 0.005, 1 - (_TITLE - 0.02) / total)
        figure.legend(
            handles=legend,
            loc="upper left",
            bbox_to_anchor=corner,
            ncols=columns,
            borderaxespad=0.0,
            handlelength=_HANDLE,
            handletextpad=_HANDLE_GAP,
            columnspacing=_COLUMN_GAP,
        )


def _columns(labels: Sequence[str]) -> int:
    """Return the most columns in which a legend with these labels, filled column by column, fits in the width."""
    widths = [TextPath((0, 0), label, size=_FONT).get_extents().width for label in labels]
    for columns in range(len(labels), 1, -1):
        whole, more = divmod(len(labels), columns)
        ends = [whole * n + min(n, more) for n in range(columns + 1)]
        texts = sum(max(widths[first:last]) for first, last in pairwise(ends))
        gaps = columns * (_HANDLE + _HANDLE_GAP) + (columns - 1) * _COLUMN_GAP
        if texts + gaps * _FONT <= (WIDTH - 3 * _SIDE) * 72:
            return columns
    return 1


def zero_line(axes: Axes, at: float = 0.0) -> None:
    """Draw the line that values are read against."""
    axes.axvline(at, color=QUIET, linewidth=0.9, zorder=1)


def colour_of(ids: Sequence[str], item: str) -> str:
    """Return the colour of an item by its place among the ids."""
    return COLOURS[ids.index(item) % len(COLOURS)]


def marker_of(ids: Sequence[str], item: str) -> str:
    """Return the marker of an item by its place among the ids."""
    return MARKERS[ids.index(item) % len(MARKERS)]


def png_and_svg(figure: Figure) -> tuple[bytes, bytes]:
    """Return the figure as the content of a PNG and of an SVG file; the same figure always gives the same bytes."""
    with style():
        # Left to itself, matplotlib would look for room for everything again, and draw in vain first, for each file.
        figure.dpi = _DPI
        engine = figure.get_layout_engine()
        if engine is not None:
            engine.execute(figure)
            figure.set_layout_engine(None)
        return _saved(figure, "png", {"Software": "paysim"}), _saved(figure, "svg", {"Date": None, "Creator": "paysim"})


def _saved(figure: Figure, kind: str, metadata: dict[str, str | None]) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=_DPI, metadata=metadata)
    return buffer.getvalue()
