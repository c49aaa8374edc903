"""All figures of a comparison, named, described and drawn."""

from functools import partial

from paysim.report.figures.flows import flow_figure
from paysim.report.figures.months import months_figure
from paysim.report.figures.picture import Drawing, Picture, drawn
from paysim.report.figures.reconciliation import reconciliation_figure
from paysim.report.figures.surplus import difference_figure, surplus_figure
from paysim.report.figures.utilisation import utilisation_figure
from paysim.report.records import largest, payers, providers, reconciled
from paysim.report.wording import counted
from paysim.study.comparison import Comparison


def pictures(comparison: Comparison, workers: int = 1) -> tuple[Picture, ...]:
    """Return the comparison's figures in the order of the report; the same comparison gives the same bytes.

    The difference figure needs a second arrangement, the reconciliation figure a measure with a reference.
    """
    arrangements, ids = comparison.system.arrangements, comparison.settings.arrangements
    care, pay = (len(largest(comparison, each)) for each in (providers(comparison), payers(comparison)))
    measured = sum(1 for entry in reconciled(comparison) if entry.reference)
    under = f"under {counted(len(ids), 'arrangement')}"
    drawings = [
        Drawing(
            "surplus",
            partial(surplus_figure, comparison),
            f"Dots with whiskers: yearly surplus of {counted(care, 'organisation')} {under}, in pounds and as a share"
            " of own cost. The table of money by organisation and arrangement holds the numbers.",
        )
    ]
    if len(ids) > 1:
        first = arrangements[ids[0]].name
        drawings.append(
            Drawing(
                "surplus-difference",
                partial(difference_figure, comparison),
                f"Dots with whiskers: paired difference in yearly surplus to {first} for"
                f" {counted(care + pay, 'organisation')}. The table of money by organisation and arrangement holds the"
                " numbers.",
            )
        )
    drawings += [
        Drawing(
            f"money-flow-{id}",
            partial(flow_figure, comparison, id),
            f"Bands from payers to payees under {arrangements[id].name}, as wide as the yearly amount. The table of"
            " payments holds the numbers.",
        )
        for id in ids
    ]
    drawings.append(
        Drawing(
            "surplus-by-month",
            partial(months_figure, comparison),
            f"Lines with bands: monthly surplus of {counted(care, 'organisation')} {under}, median and spread over"
            " replications.",
        )
    )
    drawings.append(
        Drawing(
            "utilisation",
            partial(utilisation_figure, comparison),
            "Bars: utilisation of each service, by sector. The table of activity by service holds the numbers.",
        )
    )
    if measured:
        drawings.append(
            Drawing(
                "reconciliation",
                partial(reconciliation_figure, comparison),
                f"Dots with whiskers: simulated over published value of {counted(measured, 'measure')}. The table of"
                " simulated against published figures holds the numbers.",
            )
        )
    return drawn(drawings, comparison.system.own_terms, workers)
