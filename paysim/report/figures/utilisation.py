"""How busy the services are."""

import textwrap

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from paysim.model.service import scaled_capacity
from paysim.report.figures.style import QUIET, blank, colour_of, explain, style
from paysim.report.records import rows
from paysim.report.wording import basis, percent
from paysim.study.comparison import Comparison

_ROW = 0.26
"""Inches of a bar with its air: two lines of its name fit."""
_MOST = 60
"""Services that the figure has room for."""
_WORDS = 32.0
"""Percentage points of the axis that the words at a bar's end take."""
_BACKED = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}


@style()
def utilisation_figure(comparison: Comparison) -> Figure:
    """Return bars of each service's utilisation: mean servers in use over open capacity, grouped by sector."""
    utilisation = {row.service: row.utilisation for row in rows(comparison.activity_summary)}
    services = comparison.system.services
    sectors = list(dict.fromkeys(service.sector for service in services.values()))
    shown = sorted((s for s in services.values() if s.id in utilisation), key=lambda s: sectors.index(s.sector))
    everything = len(shown)
    busiest = sorted(shown, key=lambda s: -np.nan_to_num(utilisation[s.id]))[:_MOST]
    shown = [service for service in shown if service in busiest]
    shares = np.nan_to_num(np.array([utilisation[service.id] for service in shown], dtype=np.float64)) * 100
    sample = comparison.settings.sample
    figure = blank(_ROW * len(shown) + 0.5)
    axes = figure.subplots()
    axes.barh(range(len(shown)), shares, height=0.7, color=[colour_of(sectors, s.sector) for s in shown])
    axes.axvline(100, color=QUIET, linewidth=0.9, linestyle="--")
    for place, service in enumerate(shown):
        # Capacity that follows activity has no one number.
        number = "open" if service.follows_activity else f"{scaled_capacity(service.capacity, sample):,}"
        words = f"{percent(utilisation[service.id])} of {number} {service.unit}"
        axes.text(shares[place] + 0.8, place, words, va="center", fontsize=8, bbox=_BACKED)
    axes.set_xlim(0, max(100.0, float(shares.max(initial=0.0))) + _WORDS)
    axes.set_xticks(np.arange(0, max(100.0, float(shares.max(initial=0.0))) + 1, 20))
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_yticks(range(len(shown)), [textwrap.fill(service.name, 54) for service in shown], fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.set_xlabel("Utilisation: mean in use over open capacity, %")
    present = [sector for sector in sectors if any(s.sector == sector for s in shown)]
    handles = [Patch(color=colour_of(sectors, sector), label=sector.capitalize()) for sector in present]
    cut = f" The {_MOST} busiest of {everything} services; the tables hold all." if everything > _MOST else ""
    small = "" if sample == 1.0 else " Capacity is that of the sample, rounded up to whole servers."
    explain(figure, "How busy each service is", f"Mean of {basis(comparison)}.{small}{cut}", handles)
    return figure
