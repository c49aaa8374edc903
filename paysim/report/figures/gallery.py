"""All figures of a comparison, named, described and drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from paysim.report.figures.flows import flow_figure
from paysim.report.figures.months import months_figure
from paysim.report.figures.reconciliation import reconciliation_figure
from paysim.report.figures.style import to_bytes
from paysim.report.figures.surplus import difference_figure, surplus_figure
from paysim.report.figures.utilisation import utilisation_figure
from paysim.report.records import largest, payers, providers, reconciled
from paysim.report.wording import counted
from paysim.study.comparison import Comparison


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn figure: the stem of its file's name, what it shows in words for those who cannot see it, its bytes."""

    name: str
    description: str
    png: bytes
    svg: bytes


def pictures(comparison: Comparison) -> tuple[Picture, ...]:
    """Return the comparison's figures in the order of the report; the same comparison gives the same bytes.

    The difference figure needs a second arrangement, the reconciliation figure a measure with a reference.
    """
    arrangements, ids = comparison.system.arrangements, comparison.settings.arrangements
    care, pay = (len(largest(comparison, each)) for each in (providers(comparison), payers(comparison)))
    measured = sum(1 for entry in reconciled(comparison) if entry.reference)
    under = f"under {counted(len(ids), 'arrangement')}"
    drawn = [
        _picture(
            "surplus",
            surplus_figure(comparison),
            f"Dots with whiskers: yearly surplus of {counted(care, 'organisation')} {under}, in pounds and as a share"
            " of own cost. The table of money by organisation and arrangement holds the numbers.",
        )
    ]
    if len(ids) > 1:
        first = arrangements[ids[0]].name
        drawn.append(
            _picture(
                "surplus-difference",
                difference_figure(comparison),
                f"Dots with whiskers: paired difference in yearly surplus to {first} for"
                f" {counted(care + pay, 'organisation')}. The table of money by organisation and arrangement holds the"
                " numbers.",
            )
        )
    drawn += [
        _picture(
            f"money-flow-{id}",
            flow_figure(comparison, id),
            f"Bands from payers to payees under {arrangements[id].name}, as wide as the yearly amount. The table of"
            " payments holds the numbers.",
        )
        for id in ids
    ]
    drawn.append(
        _picture(
            "surplus-by-month",
            months_figure(comparison),
            f"Lines with bands: monthly surplus of {counted(care, 'organisation')} {under}, median and spread over"
            " replications.",
        )
    )
    drawn.append(
        _picture(
            "utilisation",
            utilisation_figure(comparison),
            "Bars: utilisation of each service, by sector. The table of activity by service holds the numbers.",
        )
    )
    if measured:
        drawn.append(
            _picture(
                "reconciliation",
                reconciliation_figure(comparison),
                f"Dots with whiskers: simulated over published value of {counted(measured, 'measure')}. The table of"
                " simulated against published figures holds the numbers.",
            )
        )
    return tuple(drawn)


def _picture(name: str, figure: Figure, description: str) -> Picture:
    return Picture(name, description, to_bytes(figure, "png"), to_bytes(figure, "svg"))


def write_figures(drawn: Sequence[Picture], folder: Path) -> tuple[Path, ...]:
    """Return the files written into `folder` (made if missing): every figure as PNG and as SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        folder / f"{picture.name}.{kind}": content
        for picture in drawn
        for kind, content in (("png", picture.png), ("svg", picture.svg))
    }
    for path, content in contents.items():
        path.write_bytes(content)
    return tuple(contents)
