"""What each organisation keeps under each arrangement, and how that differs from the first."""

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paysim.model.organisation import Organisation
from paysim.report.comparison import Comparison
from paysim.report.figures.forest import Row, draw_groups, key, total_height
from paysim.report.figures.style import blank, caption, colour_of, marker_of, style, zero_line
from paysim.report.frames import payers, providers, surplus_by_replication, surplus_rows
from paysim.report.wording import MISSING, MoneyUnit, basis, money_unit, percent, span, typeset

_FRAME_INCHES = 1.5
"""Room for title, legend, axis and note."""


@style()
def surplus_figure(comparison: Comparison) -> Figure:
    """Return dots with 95% intervals of the providers' surplus: in pounds, and as a share of their own cost.

    The care is the same under every arrangement, so the cost is too, and the share lets organisations of very
    different size be read side by side.
    """
    chosen, ids = providers(comparison), comparison.settings.arrangements
    unit = money_unit(comparison)
    figure = blank(total_height([len(ids)] * len(chosen)) + _FRAME_INCHES)
    pounds, share = figure.subplots(1, 2, sharey=True, width_ratios=[1.25, 1])
    names = [wrapped(o) for o in chosen]
    draw_groups(pounds, names, _amounts(comparison, chosen, unit))
    draw_groups(share, names, _shares(comparison, chosen))
    _label(pounds, f"Surplus, {unit.name} a year")
    _label(share, "Surplus as a share of own cost, %")
    _legend(figure, ids, comparison)
    caption(
        figure,
        "What each organisation keeps",
        f"Dot: mean. Bar: 95% interval of the mean. Ticks: single replications. {basis(comparison)}.",
    )
    return figure


@style()
def difference_figure(comparison: Comparison) -> Figure:
    """Return dots with 95% intervals of each organisation's paired difference in surplus to the first arrangement."""
    care, pay = providers(comparison), payers(comparison)
    reference, *others = comparison.settings.arrangements
    unit = money_unit(comparison)
    panels = [group for group in (care, pay) if group]
    sizes = [total_height([len(others)] * len(group)) for group in panels]
    figure = blank(sum(sizes) + _FRAME_INCHES + 0.35)
    grid = figure.subplots(len(panels), 1, height_ratios=sizes, squeeze=False)[:, 0]
    for axes, group in zip(grid, panels, strict=True):
        draw_groups(axes, [wrapped(o, 44) for o in group], _differences(comparison, group, others, unit))
        axes.set_title("Organisations that provide care" if group is care else "Commissioners and funders")
        _label(axes, "")
    name = comparison.system.arrangements[reference].name
    grid[-1].set_xlabel(f"Difference in surplus to “{name}”, {unit.name} a year; scales differ between the panels")
    _legend(figure, others, comparison)
    caption(
        figure,
        f"Who gains and who loses against “{name}”",
        f"Dot: mean of paired differences. Bar: its 95% interval. {basis(comparison)}.",
    )
    return figure


def wrapped(organisation: Organisation, width: int = 26) -> str:
    """Return the organisation's name broken into lines."""
    return textwrap.fill(organisation.name, width)


def _amounts(comparison: Comparison, chosen: Sequence[Organisation], unit: MoneyUnit) -> list[list[Row]]:
    table, ids = surplus_rows(comparison), comparison.settings.arrangements
    runs = surplus_by_replication(comparison).set_index(["organisation", "arrangement"])["surplus"] / unit.pounds
    groups = []
    for organisation in chosen:
        rows = []
        for arrangement in ids:
            entry = table.loc[(organisation.id, arrangement)]
            scatter = runs.loc[[(organisation.id, arrangement)]].tolist() if comparison.settings.replications > 1 else ()
            rows.append(
                Row(
                    entry["surplus"] / unit.pounds,
                    entry["surplus_low"] / unit.pounds,
                    entry["surplus_high"] / unit.pounds,
                    _told(unit, entry["surplus"], entry["surplus_low"], entry["surplus_high"]),
                    colour_of(ids, arrangement),
                    marker_of(ids, arrangement),
                    scatter=scatter,
                )
            )
        groups.append(rows)
    return groups


def _shares(comparison: Comparison, chosen: Sequence[Organisation]) -> list[list[Row]]:
    table, ids = surplus_rows(comparison), comparison.settings.arrangements
    groups = []
    for organisation in chosen:
        rows = []
        for arrangement in ids:
            entry = table.loc[(organisation.id, arrangement)]
            cost = entry["cost"] if entry["cost"] > 0 else float("nan")
            mean, low, high = (entry[column] / cost for column in ("surplus", "surplus_low", "surplus_high"))
            rows.append(
                Row(
                    mean * 100,
                    low * 100,
                    high * 100,
                    typeset(percent(mean, 1)),
                    colour_of(ids, arrangement),
                    marker_of(ids, arrangement),
                )
            )
        groups.append(rows)
    return groups


def _differences(
    comparison: Comparison, chosen: Sequence[Organisation], others: Sequence[str], unit: MoneyUnit
) -> list[list[Row]]:
    table = surplus_rows(comparison)
    groups = []
    for organisation in chosen:
        rows = []
        for arrangement in others:
            entry = table.loc[(organisation.id, arrangement)]
            values = [entry[f"difference{end}"] for end in ("", "_low", "_high")]
            rows.append(
                Row(
                    *(value / unit.pounds for value in values),
                    _told(unit, *values, signed=True),
                    colour_of(others, arrangement),
                    marker_of(others, arrangement),
                )
            )
        groups.append(rows)
    return groups


def _told(unit: MoneyUnit, mean: float, low: float, high: float, signed: bool = False) -> str:
    interval = span(unit.number(low, signed), unit.number(high, signed))
    return typeset(unit.number(mean, signed) + ("" if interval == MISSING else f"  ({interval})"))


def _label(axes: Axes, text: str) -> None:
    zero_line(axes)
    axes.set_xlabel(text)


def _legend(figure: Figure, ids: Sequence[str], comparison: Comparison) -> None:
    names = [comparison.system.arrangements[i].name for i in ids]
    figure.legend(handles=key(ids, names), loc="outside upper left", ncols=min(len(ids), 4))
