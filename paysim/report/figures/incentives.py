"""The incentive map: what one step of each lever does to everybody, one panel an arrangement."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from paysim.incentives.marginal import Change, resolved_sign
from paysim.model.lever import Lever
from paysim.report.figures.style import COLOURS, INK, QUIET, RULE, WIDTH, blank, explain, style
from paysim.report.incentives.records import Party, Readable, everybody, parties
from paysim.report.incentives.wording import (
    HORIZON_NAMES,
    MARKS,
    MEANINGS,
    incentive_basis,
    short,
    short_qalys,
    step_text,
    verdict_text,
)
from paysim.report.wording import typeset

_GAIN, _LOSS, _UNKNOWN = COLOURS[0], COLOURS[1], "#e4e4e4"
_ROW, _HEAD, _TITLE = 0.3, 0.52, 0.3
"""Inches of a row, of the columns' names and of a panel's title."""
_NAMES, _VERDICT, _GAP = 2.7, 1.35, 0.1
"""Inches of the levers' names, of the verdicts, and of the gap between organisations and system."""
_INNER, _LETTER = WIDTH - 0.2, 0.062
"""Inches that a panel is wide, and a letter of a column's name."""
_DECADES = 3.0
"""Tints deepen with the logarithm over so many powers of ten."""
_PALEST, _DEEPEST = 0.10, 0.62


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell says: its text, how good it is for whom it is about (-1 to 1), None where that is not known."""

    text: str
    worth: float | None
    verdict: str = ""


@style()
def incentives_figure(readable: Readable, separate: bool = False) -> Figure:
    """Return the map on one horizon: levers by organisations and system, pounds of one step in the cells.

    Many organisations are taken together by kind, unless they are to be drawn separately.
    """
    incentives = readable.incentives
    columns = everybody(incentives) if separate else parties(incentives)
    ids = incentives.settings.arrangements
    panel = _TITLE + _HEAD + _ROW * len(incentives.levers)
    figure = blank(panel * len(ids))
    for axes, arrangement in zip(figure.subplots(len(ids), 1, squeeze=False)[:, 0], ids, strict=True):
        _draw_panel(axes, readable, arrangement, columns, panel)
    explain(
        figure,
        f"Who gains and who loses from one step of each lever, {HORIZON_NAMES[readable.horizon]}",
        _note(readable, columns),
        _legend(),
    )
    return figure


def _draw_panel(axes: Axes, readable: Readable, arrangement: str, columns: Sequence[Party], height: float) -> None:
    """Draw one arrangement's panel in inches: origin at its top left, y downwards."""
    names = [party.name.replace("_", " ").replace("commissioners", "commis- sioners") for party in columns]
    names += ["System: real cost", "Residents: QALYs", "System: net benefit"]
    width = (_INNER - _NAMES - _VERDICT - _GAP) / len(names)
    lefts = [_NAMES + width * n + (_GAP if n >= len(columns) else 0.0) for n in range(len(names))]
    axes.set_xlim(0, _INNER)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    title = readable.incentives.system.arrangements[arrangement].name
    _small(axes, 0, 0.08, title, va="top", fontsize=10.5, fontweight="bold", color=INK)
    for left, name in zip(lefts, names, strict=True):
        lines = textwrap.fill(name, max(5, int(width / _LETTER)), break_long_words=False)
        _small(axes, left + width / 2, _TITLE + _HEAD - 0.05, lines, ha="center", va="bottom", linespacing=1.0)
    verdicts = lefts[-1] + width + 0.08
    _small(axes, verdicts, _TITLE + _HEAD - 0.05, "Verdict", va="bottom")
    for number, lever in enumerate(readable.incentives.levers):
        top = _TITLE + _HEAD + _ROW * number
        axes.plot([0, _INNER], [top, top], color=RULE, linewidth=0.5, zorder=0)
        name = textwrap.shorten(lever.name, 46, placeholder="…")
        _small(axes, 0, top + 0.05, name, va="top", fontsize=7.5, color=INK)
        step = textwrap.shorten(f"{lever.owner}; {step_text(lever)}", 58, placeholder="…")
        _small(axes, 0, top + _ROW - 0.035, step, va="bottom", fontsize=6)
        for left, cell in zip(lefts, _row(readable, lever, arrangement, columns), strict=True):
            _draw_cell(axes, left, top, width, cell)
        verdict = readable.verdict(lever, arrangement)
        weight = "bold" if verdict.verdict == "misaligned" else "normal"
        text = verdict_text(verdict).replace(" (", "\n    (")
        _small(axes, verdicts, top + _ROW / 2, text, va="center", color=INK, fontweight=weight, linespacing=1.0)


def _small(axes: Axes, x: float, y: float, text: str, **how: Any) -> None:
    # Its place is given: were the layout to look for one, it would measure every text time and again.
    axes.text(x, y, text, **{"fontsize": 7, "color": QUIET, "in_layout": False, **how})


def _draw_cell(axes: Axes, left: float, top: float, width: float, cell: _Cell) -> None:
    inset = 0.015
    box = (left + inset, top + inset), width - 2 * inset, _ROW - 2 * inset
    axes.add_patch(Rectangle(*box, facecolor=_tint(cell.worth), edgecolor="none", zorder=1))
    misaligned = cell.verdict == "misaligned"
    if misaligned:
        axes.add_patch(Rectangle(*box, fill=False, hatch="//////", edgecolor="#8a8a8a", linewidth=0, zorder=2))
    if cell.verdict:
        axes.add_patch(Rectangle(*box, fill=False, edgecolor=INK, linewidth=1.8 if misaligned else 0.9, zorder=3))
    ground = {"facecolor": _tint(cell.worth), "edgecolor": "none", "pad": 0.8} if misaligned else None
    _small(
        axes,
        left + width / 2,
        top + _ROW / 2,
        typeset(cell.text),
        ha="center",
        va="center",
        color=INK if cell.worth else QUIET,
        fontweight="bold" if cell.verdict else "normal",
        fontstyle="italic" if cell.worth is None else "normal",
        bbox=ground,
        zorder=4,
    )


def _row(readable: Readable, lever: Lever, arrangement: str, columns: Sequence[Party]) -> list[_Cell]:
    """Return one lever's cells: the organisations', real cost, QALYs and net benefit."""
    word, most = readable.verdict(lever, arrangement).verdict, readable.most_money
    return [
        *(
            _cell(
                readable.surplus(lever, arrangement, party), most, verdict=word if lever.owner in party.members else ""
            )
            for party in columns
        ),
        _cell(readable.of_system(lever, "real_cost"), most, better=-1),
        _cell(readable.of_residents(lever, "qalys"), readable.most_health),
        _cell(readable.of_system(lever, "net_benefit"), most),
    ]


def _cell(change: Change, most: float, better: int = 1, verdict: str = "") -> _Cell:
    mean, sign = float(change.per_step.mean()), resolved_sign(change.per_unit, change.exact)
    text = short_qalys(mean) if change.quantity == "qalys" else short(mean)
    if sign is None:
        return _Cell(text, None, verdict)
    depth = 1 + math.log10(abs(mean) / most) / _DECADES if mean else 0.0
    return _Cell(text, sign * better * max(depth, 1e-6), verdict)


def _tint(worth: float | None) -> str | tuple[float, float, float]:
    """Return the colour of a cell: white for nothing, grey for what is not known."""
    if worth is None:
        return _UNKNOWN
    if worth == 0:
        return "white"
    share = _PALEST + (_DEEPEST - _PALEST) * min(abs(worth), 1.0)
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(_GAIN if worth > 0 else _LOSS))
    return red, green, blue


def _note(readable: Readable, columns: Sequence[Party]) -> str:
    organisations = readable.incentives.system.organisations
    names = "; ".join(
        f"{party.name.replace('_', ' ')}: {organisations[party.name].name}"
        for party in columns
        if party.name in organisations and organisations[party.name].name.lower() != party.name.replace("_", " ")
    )
    return (
        "Change of surplus in £k a year for one step more of the lever, its cost on its owner included; the owner and"
        " the step stand under its name. QALYs are those of residents; net benefit is their worth less real cost"
        f"{_of_effort(readable)}. Tints deepen with the logarithm. {incentive_basis(readable.incentives)}. {names}."
    )


def _of_effort(readable: Readable) -> str:
    """Return how effort counts, where any lever takes some: an owner's cell and its verdict may then differ in sign."""
    any_effort = any(change.quantity == "effort" and change.per_unit.any() for change in readable.incentives.changes)
    return " and effort; verdicts take the effort off the owner's surplus too" if any_effort else ""


def _legend() -> list[Patch]:
    return [
        Patch(facecolor=_tint(0.8), label="better off"),
        Patch(facecolor=_tint(-0.8), label="worse off"),
        Patch(facecolor=_UNKNOWN, label="95% interval holds zero"),
        Patch(facecolor="white", edgecolor=INK, linewidth=0.9, label="the lever's owner"),
        Patch(
            facecolor="white",
            edgecolor=INK,
            linewidth=1.8,
            hatch="//////",
            label=f"owner misaligned {MARKS['misaligned']}: {MEANINGS['misaligned']}",
        ),
    ]
