"""What each organisation keeps under each arrangement, and how that differs from the first."""

import textwrap
from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paysim.model.organisation import Organisation
from paysim.report.figures.forest import Row, draw_groups, key, total_height
from paysim.report.figures.style import blank, colour_of, explain, marker_of, style, zero_line
from paysim.report.records import Position, largest, payers, positions, providers, runs, scaled
from paysim.report.wording import drawn_of, money_basis, money_interval_note, money_unit, percent, typeset
from paysim.study.comparison import Comparison

_AXIS = 0.5
"""Inches for an axis with its label or title."""


@style()
def surplus_figure(comparison: Comparison) -> Figure:
    """Return dots with 95% intervals of the providers' surplus: in pounds, and as a share of their own cost.

    The care is the same under every arrangement, so the cost is too, and the share lets organisations of very
    different size be read side by side.
    """
    everyone, ids = providers(comparison), comparison.settings.arrangements
    chosen = largest(comparison, everyone)
    unit, scatter = money_unit(comparison), runs(comparison)

    def in_pounds(position: Position) -> Row:
        single = scatter[position.organisation.id, position.arrangement] / unit.pounds
        return Row(
            scaled(position.surplus, 1 / unit.pounds),
            typeset(unit.with_interval(position.surplus)),
            colour_of(ids, position.arrangement),
            marker_of(ids, position.arrangement),
            scatter=single.tolist() if len(single) > 1 else (),
        )

    def in_shares(position: Position) -> Row:
        share = scaled(position.surplus, 1 / position.cost if position.cost > 0 else float("nan"))
        return Row(
            scaled(share, 100),
            typeset(percent(share.mean, 1)),
            colour_of(ids, position.arrangement),
            marker_of(ids, position.arrangement),
        )

    figure = blank(total_height([len(ids)] * len(chosen)) + _AXIS)
    pounds, shares = figure.subplots(1, 2, sharey=True, width_ratios=[1.25, 1])
    names = [textwrap.fill(o.name, 26 if len(ids) > 1 else 44) for o in chosen]
    draw_groups(pounds, names, _groups(comparison, chosen, ids, in_pounds))
    draw_groups(shares, names, _groups(comparison, chosen, ids, in_shares))
    _label(pounds, f"Surplus, {unit.name} a year")
    _label(shares, "Surplus as a share of own cost, %")
    explain(
        figure,
        "What each organisation keeps",
        f"Bar: {money_interval_note(comparison, 'mean')}. Tick: one replication. {money_basis(comparison)}."
        f"{drawn_of((len(chosen), len(everyone), 'organisation'))}",
        _key(comparison, ids),
    )
    return figure


@style()
def difference_figure(comparison: Comparison) -> Figure:
    """Return dots with 95% intervals of each organisation's paired difference in surplus to the first arrangement."""
    ids = comparison.settings.arrangements
    first, others = comparison.system.arrangements[ids[0]].name, ids[1:]
    unit = money_unit(comparison)

    def difference(position: Position) -> Row:
        return Row(
            scaled(position.difference, 1 / unit.pounds),
            typeset(unit.with_interval(position.difference, signed=True)),
            colour_of(ids, position.arrangement),
            marker_of(ids, position.arrangement),
        )

    care, pay = providers(comparison), payers(comparison)
    panels = {
        "Organisations that provide care": largest(comparison, care),
        "Commissioners and funders (left of zero: pays more or receives less)": largest(comparison, pay),
    }
    kinds = zip(map(len, panels.values()), map(len, (care, pay)), ("care provider", "payer"), strict=True)
    panels = {title: chosen for title, chosen in panels.items() if chosen}
    sizes = [total_height([len(others)] * len(chosen)) for chosen in panels.values()]
    figure = blank(sum(sizes) + _AXIS * len(panels) + 0.3)
    grid = figure.subplots(len(panels), 1, height_ratios=sizes, squeeze=False)[:, 0]
    for axes, (title, chosen) in zip(grid, panels.items(), strict=True):
        names = [textwrap.fill(o.name, 44) for o in chosen]
        draw_groups(axes, names, _groups(comparison, chosen, others, difference))
        axes.set_title(title)
        _label(axes, "")
    grid[-1].set_xlabel(f"Difference in surplus to “{first}”, {unit.name} a year; scales differ between the panels")
    explain(
        figure,
        f"Who gains and who loses against “{first}”",
        f"Bar: {money_interval_note(comparison, 'mean paired difference')}. {money_basis(comparison)}."
        f"{drawn_of(*kinds)}",
        _key(comparison, others),
    )
    return figure


def _groups(
    comparison: Comparison, chosen: Sequence[Organisation], ids: Sequence[str], row: Callable[[Position], Row]
) -> list[list[Row]]:
    """Return one group of rows an organisation, one row an arrangement."""
    table = positions(comparison)
    return [[row(table[organisation.id, arrangement]) for arrangement in ids] for organisation in chosen]


def _label(axes: Axes, text: str) -> None:
    zero_line(axes)
    axes.set_xlabel(text)


def _key(comparison: Comparison, shown: Sequence[str]) -> list[Line2D]:
    ids = comparison.settings.arrangements
    names = [comparison.system.arrangements[i].name for i in ids]
    return [entry for i, entry in zip(ids, key(ids, names), strict=True) if i in shown]
