"""How busy the services are."""

import textwrap

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from paysim.model.service import Service
from paysim.report.figures.style import QUIET, blank, colour_of, explain, style
from paysim.report.records import rows
from paysim.report.wording import basis, percent
from paysim.study.comparison import Comparison

_ROW = 0.24
_BACKED = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}


@style()
def utilisation_figure(comparison: Comparison) -> Figure:
    """Return bars of each service's utilisation: mean servers in use over open capacity, grouped by sector."""
    utilisation = {row.service: row.utilisation for row in rows(comparison.activity_summary)}
    services = comparison.system.services
    sectors = list(dict.fromkeys(service.sector for service in services.values()))
    shown = sorted((s for s in services.values() if s.id in utilisation), key=lambda s: sectors.index(s.sector))
    values = np.array([utilisation[s.id] for s in shown], dtype=np.float64)
    places = np.arange(len(shown))
    figure = blank(_ROW * len(shown) + 0.5)
    axes = figure.subplots()
    axes.barh(places, np.nan_to_num(values) * 100, height=0.7, color=[colour_of(sectors, s.sector) for s in shown])
    for place, value in enumerate(values):
        axes.text(np.nan_to_num(value) * 100 + 0.8, place, percent(value), va="center", fontsize=8, bbox=_BACKED)
    axes.axvline(100, color=QUIET, linewidth=0.9, linestyle="--")
    axes.set_xlim(0, max(108.0, float(np.nanmax(values, initial=0.0)) * 100 + 8))
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_yticks(places, [_named(s) for s in shown])
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.set_xlabel("Utilisation: mean in use over open capacity, %")
    present = [sector for sector in sectors if any(s.sector == sector for s in shown)]
    handles = [Patch(color=colour_of(sectors, sector), label=sector.capitalize()) for sector in present]
    explain(figure, "How busy each service is", f"Mean of {basis(comparison)}.", handles)
    return figure


def _named(service: Service) -> str:
    return f"{textwrap.shorten(service.name, 44, placeholder='…')} ({service.capacity:,} {service.unit})"
