"""A response in pictures: what owners set their levers to, and what everybody keeps, year by year."""

import math
import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paysim.model.lever import Lever
from paysim.report.figures.style import COLOURS, INK, QUIET, RULE, blank, explain, style
from paysim.report.response.records import Readable, Step
from paysim.report.response.wording import response_basis

_COLUMNS = 4
_PANEL = 1.75
"""Inches of a row of panels."""
_NAME = 30
"""Characters of a name in a panel's title."""
_MOST = 24
"""Panels of a figure."""
_ACTING, _REST, _BEST = COLOURS[0], COLOURS[1], COLOURS[2]


@style()
def intensities_figure(readable: Readable) -> Figure:
    """Return one panel a lever: its intensity over its range year by year, at rest, and at the joint optimum."""
    levers = readable.levers[:_MOST]
    figure, panels = _panels(len(levers))
    for axes, lever in zip(panels, levers, strict=False):
        _draw_lever(axes, readable, lever)
    arrangement = readable.response.settings.arrangements[0]
    explain(
        figure,
        f"What owners set their levers to under “{readable.response.system.arrangements[arrangement].name}”",
        "Line: mean over replications, band: its 95% interval, where replications differ. A panel is as high as the"
        f" lever's range. {response_basis(readable)}.",
        (
            Line2D([], [], color=_ACTING, marker="o", markersize=4, label="Year by year"),
            Line2D([], [], color=_REST, linestyle="--", label="Equilibrium"),
            Line2D([], [], color=_BEST, linestyle=":", linewidth=2, label="Joint optimum"),
        ),
    )
    return figure


@style()
def response_surplus_figure(readable: Readable) -> Figure:
    """Return one panel an organisation: the change of its surplus year by year, and the system's net benefit."""
    unit = readable.unit
    shown: list[tuple[str, Sequence[Step]]] = [
        (each.name, readable.surplus(each)) for each in readable.concerned[: _MOST - 1]
    ]
    shown.append(("Whole system: net benefit", readable.years_of("system", "net_benefit")))
    figure, panels = _panels(len(shown))
    for number, (axes, (name, steps)) in enumerate(zip(panels, shown, strict=False)):
        axes.axhline(0, color=QUIET, linewidth=0.9)
        colour = _BEST if number == len(shown) - 1 else _ACTING
        _draw(axes, [step.difference for step in steps], 1 / unit.pounds, colour)
        _finish(axes, name, readable.years, first=0)
    explain(
        figure,
        f"Change of surplus against levers as now, {unit.name} a year",
        "Dot: mean paired difference to the same replication with all levers as they are. Band: its 95% interval."
        f" Scales differ between panels. {response_basis(readable)}.",
    )
    return figure


def _panels(count: int) -> tuple[Figure, list[Axes]]:
    columns = min(_COLUMNS, max(count, 1))
    rows = max(1, math.ceil(count / columns))
    figure = blank(_PANEL * rows)
    grid = list(figure.subplots(rows, columns, squeeze=False).ravel())
    for axes in grid[count:]:
        axes.set_axis_off()
    return figure, grid


def _draw_lever(axes: Axes, readable: Readable, lever: Lever) -> None:
    response = readable.response
    steps = readable.years_of(lever.owner, "intensity", lever.id)
    for rest in response.found.rests:
        axes.axhline(rest.intensities[lever.id], color=_REST, linestyle="--", linewidth=1.3)
    axes.axhline(response.best.intensities[lever.id], color=_BEST, linestyle=":", linewidth=2)
    axes.plot([0, 1], [lever.now, steps[0].value.mean], color=_ACTING, linewidth=1.4)
    _draw(axes, [step.value for step in steps], 1.0, _ACTING, since=1)
    axes.plot([0], [lever.now], color=_ACTING, marker="o", markersize=4, markerfacecolor="white")
    room = 0.06 * (lever.high - lever.low)
    axes.set_ylim(lever.low - room, lever.high + room)
    _finish(axes, lever.name, ("now", *readable.years), first=0, below=lever.owner.replace("_", " "))


def _draw(axes: Axes, values: Sequence[tuple[float, float, float]], scale: float, colour: str, since: int = 0) -> None:
    places = list(range(since, since + len(values)))
    means, lows, highs = ([value * scale for value in side] for side in zip(*values, strict=True))
    if not any(map(math.isnan, lows)):
        axes.fill_between(places, lows, highs, color=colour, alpha=0.22, linewidth=0)
    axes.plot(places, means, color=colour, marker="o", markersize=4, linewidth=1.4)


def _finish(axes: Axes, name: str, years: Sequence[str], first: int, below: str = "") -> None:
    title = textwrap.shorten(name, 2 * _NAME, placeholder="…")
    title = textwrap.fill(title, _NAME)
    axes.set_title(f"{title}\n{below}" if below else title, fontsize=8, color=INK)
    every = max(1, math.ceil(len(years) / 4))
    axes.set_xticks(range(first, len(years), every), [year[-7:] for year in years[first::every]])
    axes.tick_params(axis="both", labelsize=7, length=2)
    axes.locator_params(axis="y", nbins=4)
    axes.grid(axis="y", color=RULE, linewidth=0.4)
    axes.margins(x=0.05)
