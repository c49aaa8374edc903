"""The report's figures: one file each, and the list of those that a comparison gets."""

from paysim.report.figures.flows import flow_figure
from paysim.report.figures.gallery import pictures
from paysim.report.figures.months import months_figure
from paysim.report.figures.picture import Picture, write_figures
from paysim.report.figures.reconciliation import reconciliation_figure
from paysim.report.figures.surplus import difference_figure, surplus_figure
from paysim.report.figures.utilisation import utilisation_figure

__all__ = [
    "Picture",
    "difference_figure",
    "flow_figure",
    "months_figure",
    "pictures",
    "reconciliation_figure",
    "surplus_figure",
    "utilisation_figure",
    "write_figures",
]
