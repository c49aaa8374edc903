"""The look of all figures, and how they become bytes."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's palette (2008), told apart with any common colour blindness; yellow left out on white."""

MARKERS = ("o", "s", "D", "^", "v", "P", "X")
"""Shapes that tell series apart without colour; a count that shares no factor with that of the colours."""

INK, QUIET, RULE = "#1a1a1a", "#555555", "#d0d0d0"

WIDTH = 10.0
"""Inches; text of 9 points is then well readable at the report's width and on a page."""

_SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
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
    """Return a context (or decorator) in which matplotlib has this look, whatever the user's own settings."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def blank(height: float) -> Figure:
    """Return an empty figure of the common width and this height in inches, laid out without overlaps."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
    return figure


def caption(figure: Figure, title: str, note: str) -> None:
    """Set the title above the axes and, below them, what the figure shows and rests on."""
    figure.suptitle(title, x=0.012, ha="left", fontsize=12, fontweight="bold")
    figure.supxlabel(note, x=0.012, ha="left", fontsize=8, color=QUIET)


def zero_line(axes: Axes, at: float = 0.0) -> None:
    """Draw the line that values are read against."""
    axes.axvline(at, color=QUIET, linewidth=0.9, zorder=1)


def colour_of(ids: Sequence[str], item: str) -> str:
    """Return the colour of an item by its place among the ids."""
    return COLOURS[ids.index(item) % len(COLOURS)]


def marker_of(ids: Sequence[str], item: str) -> str:
    """Return the marker of an item by its place among the ids."""
    return MARKERS[ids.index(item) % len(MARKERS)]


def to_bytes(figure: Figure, kind: Literal["png", "svg"]) -> bytes:
    """Return the figure as a file's content; the same figure always gives the same bytes."""
    buffer = io.BytesIO()
    with style():
        if kind == "svg":
            FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": "paysim"})
        else:
            FigureCanvasAgg(figure)
            figure.savefig(buffer, format="png", dpi=150, metadata={"Software": "paysim"})
    return buffer.getvalue()
