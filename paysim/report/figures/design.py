"""The contracts that a design tried: their gap over the free parameters, and the frontier with risk and health."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paysim.incentives.design.candidate import Candidate
from paysim.incentives.design.ranges import Free
from paysim.incentives.expected import EXPECTED
from paysim.report.design.wording import design_unit
from paysim.report.figures.style import COLOURS, INK, QUIET, blank, explain, style
from paysim.report.wording import MoneyUnit, counted, scaled_sample
from paysim.study.design.designed import Designed

_HEIGHT = 3.6
_KEPT, _MISSED, _WON, _WRITTEN = COLOURS[0], COLOURS[1], COLOURS[2], COLOURS[3]
_MAP = "cividis_r"
"""A scale of one hue that reads alike with any common colour blindness; darker is a larger gap."""


@style()
def gap_figure(designed: Designed) -> Figure:
    """Return the gap of every contract tried: over the free parameter, or over two, or over each of several."""
    figure = blank(_HEIGHT)
    free, unit = designed.free, design_unit(designed)
    if len(free) == 2:
        _plane(figure, designed, unit)
    else:
        for axes, place in zip(
            np.atleast_1d(figure.subplots(1, len(free), sharey=True)), range(len(free)), strict=True
        ):
            _line(axes, designed, place, unit)
    tried = counted(len(designed.candidates), "contract")
    beside = "" if len(free) == 2 else f" Dashed: the gap under {designed.than}."
    explain(
        figure,
        "How near each contract brings organisations to the joint optimum",
        f"Gap: net benefit (value of health less all costs) lost a year at the worst equilibrium under a contract,"
        f" against the joint optimum; {tried} tried.{beside} {_basis(designed)}",
        _key(designed, designed.candidates, INK if len(free) == 2 else None),
    )
    return figure


def _line(axes: Axes, designed: Designed, place: int, unit: MoneyUnit) -> None:
    for each in designed.candidates:
        _dot(axes, each.values[place], each.gap / unit.pounds, each, designed.winner)
    present = designed.free[place].present
    if len(set(present)) == 1:
        axes.plot(present[0], designed.written.gap / unit.pounds, "s", color=_WRITTEN, markersize=7, zorder=4)
    than = float(designed.reference.ending.gap.mean()) / unit.pounds
    axes.axhline(than, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axes.set_xlabel(_label(designed.free[place]))
    axes.set_ylabel(f"Gap, {unit.name} a year" if place == 0 else "")
    axes.grid(visible=True, axis="y")
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))


def _plane(figure: Figure, designed: Designed, unit: MoneyUnit) -> None:
    axes = figure.subplots()
    gaps = np.array([each.gap for each in designed.candidates]) / unit.pounds
    drawn = None
    for feasible, marker, size in ((False, "X", 42), (True, "o", 42)):
        some = np.array([each.feasible is feasible for each in designed.candidates])
        if some.any():
            x, y = np.array([each.values for each in designed.candidates])[some].T
            drawn = axes.scatter(
                x, y, c=gaps[some], s=size, marker=marker, cmap=_MAP, vmin=gaps.min(), vmax=gaps.max(),
                edgecolors=INK, linewidths=0.4, zorder=3,
            )  # fmt: skip
    axes.plot(*designed.winner.values, "*", color=_WON, markersize=17, markeredgecolor=INK, zorder=5)
    if all(len(set(each.present)) == 1 for each in designed.free):
        axes.plot(*(each.present[0] for each in designed.free), "s", color=_WRITTEN, markeredgecolor=INK, zorder=4)
    if drawn is not None:
        figure.colorbar(drawn, ax=axes, label=f"Gap, {unit.name} a year", pad=0.01)
    axes.set_xlabel(_label(designed.free[0]))
    axes.set_ylabel(_label(designed.free[1]))


@style()
def frontier_figure(designed: Designed) -> Figure:
    """Return gap against risk and against health: all contracts tried, those of the frontier told apart."""
    unit = design_unit(designed)
    figure = blank(_HEIGHT)
    panels = figure.subplots(1, 2)
    on = {each.number for each in designed.frontier}
    values = (
        ("Largest standard deviation of a surplus", unit.name, _risk(unit)),
        (f"Health beside {designed.than}", "QALYs", _health(designed)),
    )
    for axes, (name, of, worth) in zip(panels, values, strict=True):
        for each in designed.candidates:
            if each.number not in on:
                axes.plot(each.gap / unit.pounds, worth(each), ".", color="#c4c4c4", markersize=5, zorder=2)
        for each in dict.fromkeys((*designed.frontier, designed.winner)):
            _dot(axes, each.gap / unit.pounds, worth(each), each, designed.winner)
        axes.plot(designed.written.gap / unit.pounds, worth(designed.written), "s", color=_WRITTEN, zorder=4)
        axes.set_xlabel(f"Gap, {unit.name} a year")
        axes.set_title(f"{name}, {of} a year")
        axes.grid(visible=True)
    among = "of those that keep to all limits" if designed.winner.feasible else "of all, as none keeps to all limits"
    explain(
        figure,
        "What a smaller gap costs in risk, and what it brings in health",
        f"Coloured: contracts that no other one beats in gap, risk and health together, {among}; grey: all others that"
        f" were tried. {_basis(designed)}",
        _key(designed, designed.frontier),
    )
    return figure


def _risk(unit: MoneyUnit) -> Callable[[Candidate], float]:
    return lambda each: each.risk / unit.pounds


def _health(designed: Designed) -> Callable[[Candidate], float]:
    """Return QALYs beside those under the contract that others are held against, as nobody can read their level."""
    than = float(designed.reference.ending.health.mean())
    return lambda each: each.health - than


def _dot(axes: Axes, x: float, y: float, candidate: Candidate, winner: Candidate) -> None:
    if candidate is winner:
        axes.plot(x, y, "*", color=_WON, markersize=15, markeredgecolor=INK, markeredgewidth=0.5, zorder=5)
    elif candidate.feasible:
        axes.plot(x, y, "o", color=_KEPT, markersize=5, zorder=3)
    else:
        axes.plot(x, y, "X", color=_MISSED, markersize=5.5, markerfacecolor="white", zorder=3)


def _key(designed: Designed, shown: Sequence[Candidate], colour: str | None = None) -> Sequence[Line2D]:
    """Return the legend of contracts; all but two have this colour where it is given, since theirs tells the gap."""

    def entry(marker: str, ink: str, label: str, face: str | None = None) -> Line2D:
        filled = ink if face is None else face
        return Line2D([], [], linestyle="none", marker=marker, color=ink, markerfacecolor=filled, label=label)

    winner = "winner" if designed.winner.feasible else "misses the limits least"
    entries = [entry("*", _WON, winner), entry("s", _WRITTEN, "as written")]
    if any(each.feasible for each in shown):
        entries.append(entry("o", colour or _KEPT, "keeps to all limits"))
    if not all(each.feasible for each in shown):
        entries.append(entry("X", colour or _MISSED, "misses a limit", "white"))
    return entries


def _label(free: Free) -> str:
    return f"{free.name}{', £' if free.unit else ''}"


def _basis(designed: Designed) -> str:
    settings = designed.settings
    if settings.engine == EXPECTED:
        return f"Mean values, no chance; {designed.system.price_year} prices."
    runs = f"{counted(settings.replications, 'replication')} of {counted(settings.years, 'year')}"
    return f"{runs}{scaled_sample(settings)}; {designed.system.price_year} prices."
