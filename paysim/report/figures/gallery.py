"""All figures of a comparison, named and described."""

from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from paysim.report.figures.flows import flow_figure
from paysim.report.figures.months import months_figure
from paysim.report.figures.reconciliation import reconciliation_figure
from paysim.report.figures.style import to_bytes
from paysim.report.figures.surplus import difference_figure, surplus_figure
from paysim.report.figures.utilisation import utilisation_figure
from paysim.report.records import payers, providers, reconciled
from paysim.report.wording import counted
from paysim.study.comparison import Comparison


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A figure, the stem of its file's name, and what it shows in words for those who cannot see it."""

    name: str
    figure: Figure
    description: str


def pictures(comparison: Comparison) -> tuple[Picture, ...]:
    """Return the comparison's figures in the order of the report.

    The difference figure needs a second arrangement; the reconciliation figure a measure with a reference.
    """
    care, pay = len(providers(comparison)), len(payers(comparison))
    arrangements = comparison.system.arrangements
    ids = comparison.settings.arrangements
    first = arrangements[ids[0]].name
    measured = sum(1 for entry in reconciled(comparison) if entry.reference)
    drawn = [
        Picture(
            "surplus",
            surplus_figure(comparison),
            f"Dots with whiskers: yearly surplus of {counted(care, 'organisation')} under"
            f" {counted(len(ids), 'arrangement')}, in pounds and as a share of own cost. The table “Money” holds the"
            " numbers.",
        )
    ]
    if len(ids) > 1:
        drawn.append(
            Picture(
                "surplus-difference",
                difference_figure(comparison),
                f"Dots with whiskers: paired difference in yearly surplus to “{first}” for"
                f" {counted(care + pay, 'organisation')}. The table “Money” holds the numbers.",
            )
        )
    drawn += [
        Picture(
            f"money-flow-{arrangement}",
            flow_figure(comparison, arrangement),
            f"Bands from payers to payees under “{arrangements[arrangement].name}”, as wide as the yearly amount."
            " The table “Who pays whom” holds the numbers.",
        )
        for arrangement in ids
    ]
    drawn.append(
        Picture(
            "surplus-by-month",
            months_figure(comparison),
            f"Lines with bands: monthly surplus of {counted(care, 'organisation')} under"
            f" {counted(len(ids), 'arrangement')}, median and spread over replications.",
        )
    )
    drawn.append(
        Picture(
            "utilisation",
            utilisation_figure(comparison),
            "Bars: utilisation of each service, grouped by sector. The table “Activity by service” holds the numbers.",
        )
    )
    if measured:
        drawn.append(
            Picture(
                "reconciliation",
                reconciliation_figure(comparison),
                f"Dots with whiskers: simulated over published value of {counted(measured, 'measure')}. The table"
                " “Reconciliation” holds the numbers.",
            )
        )
    return tuple(drawn)


def write_figures(comparison: Comparison, folder: Path) -> tuple[Path, ...]:
    """Return the files written into `folder` (made if missing): every figure as PNG and as SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for picture in pictures(comparison):
        for path, content in (
            (folder / f"{picture.name}.png", to_bytes(picture.figure, "png")),
            (folder / f"{picture.name}.svg", to_bytes(picture.figure, "svg")),
        ):
            path.write_bytes(content)
            written.append(path)
    return tuple(written)
