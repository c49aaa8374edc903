"""The surplus month by month, and how far chance moves it."""

import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paysim.report.figures.style import INK, RULE, blank, colour_of, explain, style
from paysim.report.records import ENOUGH_FOR_PERCENTILES, MonthlyBand, largest, monthly_bands, providers
from paysim.report.wording import MoneyUnit, drawn_of, money_basis, money_unit
from paysim.study.comparison import Comparison

_PANEL = 0.85
"""Inches of a row of panels."""
_TITLE_CHARACTERS = 84
"""Characters that the titles of all columns have room for together."""
_DATES = 12
"""Dates that the axes of all columns have room for together."""


@style()
def months_figure(comparison: Comparison) -> Figure:
    """Return small multiples of the providers' monthly surplus: one row an organisation, one column an arrangement.

    A line is the median over replications and a band the middle nine tenths of them (or all, where they are few).
    All panels of a row share their scale.
    """
    everyone, ids = providers(comparison), comparison.settings.arrangements
    chosen = largest(comparison, everyone)
    bands = monthly_bands(comparison)
    unit = money_unit(comparison)
    figure = blank(_PANEL * len(chosen) + 0.5)
    grid = figure.subplots(len(chosen), len(ids), sharex="col", sharey="row", squeeze=False)
    room = max(_DATES // len(ids), 1)
    for line, organisation in zip(grid, chosen, strict=True):
        for axes, arrangement in zip(line, ids, strict=True):
            _draw_panel(axes, bands[organisation.id, arrangement], colour_of(ids, arrangement), unit, room)
        name = textwrap.fill(organisation.name, 26)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=8.5, color=INK)
    figure.align_ylabels(grid[:, 0])
    for axes, arrangement in zip(grid[0], ids, strict=True):
        name = comparison.system.arrangements[arrangement].name
        axes.set_title(textwrap.fill(name, _TITLE_CHARACTERS // len(ids)), fontweight="bold")
    few = comparison.settings.replications < ENOUGH_FOR_PERCENTILES
    band = "all replications" if few else "5th to 95th percentile of replications"
    explain(
        figure,
        f"Surplus month by month, {unit.name} a month",
        f"Line: median. Band: {band}. Scales differ between organisations. {money_basis(comparison)}."
        f"{drawn_of((len(chosen), len(everyone), 'organisation'))}",
    )
    return figure


def _draw_panel(axes: Axes, band: MonthlyBand, colour: str, unit: MoneyUnit, room: int) -> None:
    months = np.arange(len(band.periods))
    axes.axhline(0, color=RULE, linewidth=0.9)
    axes.fill_between(months, band.low / unit.pounds, band.high / unit.pounds, color=colour, alpha=0.3, linewidth=0)
    axes.plot(months, band.median / unit.pounds, color=colour, linewidth=1.4)
    every = _months_between_dates(len(months), room)
    axes.set_xticks(months[::every], band.periods[::every])
    axes.tick_params(axis="both", labelsize=7.5, length=2)
    axes.locator_params(axis="y", nbins=4)
    axes.margins(x=0.02, y=0.15)


def _months_between_dates(months: int, room: int) -> int:
    """Return the fewest months from one date to the next with which there is room for all: whole years if over six."""
    steps: list[int] = [1, 2, 3, 6, *range(12, months + 12, 12)]
    return min(every for every in steps if months <= every * room)
