"""What `paysim.design` gives back: the contract, tidy tables, figures, and a folder with all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paysim.config import system_of
from paysim.incentives.design.ranges import ranges_by_parameter
from paysim.incentives.expected import EXPECTED
from paysim.model.system import System
from paysim.report.design.text import design_as_json
from paysim.report.design.wording import design_sentences
from paysim.report.figures.design import frontier_figure, gap_figure
from paysim.report.figures.picture import Drawing, drawn, write_figures
from paysim.simulation.running import ENGINES
from paysim.study.design.designed import TOLERANCE, Asked, Designed
from paysim.study.design.study import find_design
from paysim.study.design.tables import (
    candidates_table,
    check_table,
    contenders_table,
    levers_table,
    margins_table,
    partners_table,
)
from paysim.study.executor import Progress, silent
from paysim.study.plain import json_text
from paysim.study.settings import listed, settings_for
from paysim.study.store import write_table
from paysim.study.whole import whole_folder, write_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class ContractDesign:
    """A search for a contract; every table is a pandas DataFrame, money in pounds a year."""

    designed: Designed

    def winner(self) -> dict[str, float]:
        """Return the values of the free parameters in the best contract: that with the smallest gap within the limits.

        Where no contract that was tried keeps to all limits, it is the one that misses them least: see `feasible`.
        """
        return {free.name: v for free, v in zip(self.designed.free, self.designed.winner.values, strict=True)}

    @property
    def feasible(self) -> bool:
        """Whether the winner keeps to all limits."""
        return self.designed.winner.feasible

    @property
    def gap(self) -> float:
        """The net benefit that the winner loses against the joint optimum, in pounds a year."""
        return self.designed.winner.gap

    @property
    def confidence(self) -> float | None:
        """The probability that the winner keeps to all limits and is as good as any contract tried, up to the zone.

        Where no contract keeps to all limits, that none does. None from a single replication.
        """
        return self.designed.confidence.probability

    def answer(self) -> tuple[str, ...]:
        """Return what came out, in words: the contract, its gap, which limits bind, and how sure that is."""
        return design_sentences(self.designed)

    def candidates(self) -> "pd.DataFrame":
        """Return every contract tried: candidate, a column a free parameter, and what came of it.

        gap (net benefit lost against the joint optimum), risk (largest standard deviation of a partner's surplus),
        health (QALYs a year), missing (pounds by which limits are missed), feasible, equilibria (how many were found;
        the worst counts), at_rest (whether responses come to rest in it).
        """
        return candidates_table(self.designed, self.designed.candidates)

    def frontier(self) -> "pd.DataFrame":
        """Return the contracts that none beats in gap, risk and health: of those within the limits, if there are any.

        Contracts within a hundredth of the range of each other in every parameter count as one. Columns as
        `candidates`.
        """
        return candidates_table(self.designed, self.designed.frontier)

    def contenders(self) -> "pd.DataFrame":
        """Return the winner and the contracts that it is ranked against; probability_best is each one's to be best."""
        return contenders_table(self.designed)

    def margins(self) -> "pd.DataFrame":
        """Return how far contracts are from limits: candidate, limit, organisation, margin (pounds to spare)."""
        return margins_table(self.designed)

    def partners(self) -> "pd.DataFrame":
        """Return what partners keep under the winner and under the contract that it is held against.

        Columns: organisation, surplus_than, surplus, change with its 95% interval, low_change (to a year as bad as one
        in twenty), tolerance, replications.
        """
        return partners_table(self.designed)

    def levers(self) -> "pd.DataFrame":
        """Return where levers end up: lever, owner, low, high, now, than, written, winner, optimum."""
        return levers_table(self.designed)

    def check(self) -> "pd.DataFrame":
        """Return fitted beside simulated outcomes: place, quantity, organisation, fitted, simulated, low, high."""
        return check_table(self.designed)

    def figure(self) -> "Figure":
        """Return the gap of every contract tried over the free parameters."""
        return gap_figure(self.designed)

    def to_json(self) -> dict[str, Any]:
        """Return all but the long tables as plain types."""
        return design_as_json(self.designed)

    def to_directory(self, folder: str | Path) -> None:
        """Write all tables (Parquet), the figures, design.json and provenance.json.

        The folder appears whole or not at all. Raises InputError if it holds anything but an earlier result of the same
        kind.
        """
        with whole_folder(folder, "design", self.designed.provenance) as draft:
            for name in ("candidates", "frontier", "contenders", "margins", "partners", "levers", "check"):
                write_table(getattr(self, name)(), draft / f"{name}.parquet")
            write_figures(drawn(_drawings(self.designed), self.designed.system.own_terms), draft / "figures")
            write_text(json_text(self.to_json()), draft / "design.json")


def _drawings(designed: Designed) -> list[Drawing]:
    return [
        Drawing(
            "gap",
            partial(gap_figure, designed),
            "Dots: the gap to the joint optimum of every contract tried, over its parameters. The table of candidates"
            " holds the numbers.",
        ),
        Drawing(
            "frontier",
            partial(frontier_figure, designed),
            "Dots: gap against risk, and gap against health, of every contract tried. The table of the frontier holds"
            " the numbers.",
        ),
    ]


def design(
    system: System | str | Path,
    arrangement: str,
    free: Mapping[str, tuple[float, float]],
    *,
    than: str | None = None,
    floor: float | None = None,
    tolerance: float = TOLERANCE,
    candidates: int | None = None,
    zone: float | None = None,
    levers: Sequence[str] | None = None,
    years: int = 1,
    replications: int | None = None,
    seed: int | None = None,
    sample: float | None = None,
    engine: str | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> ContractDesign:
    """Return the contract, within ranges of its parameters, under which organisations do what is best for all.

    `free` has a range by parameter, such as {"savings_*.gain_loss_share.shares.nelft": (0.0, 0.6)}: contract, term and
    field of the arrangement, `*` for any characters, money in pounds. The search is for the smallest gap in net benefit
    between the equilibrium under the contract, where no organisation gains by setting its levers otherwise, and the
    joint optimum. No provider, commissioner or council may be worse off on average than at the equilibrium under
    `than` (the study's first arrangement unless given) by more than the share `tolerance` of what it receives, nor in
    a year as bad as one in twenty keep less than its average there plus `floor` pounds (None: no floor).

    `candidates` is the most contracts to try (60 for each parameter unless given); `zone` the pounds a year of gap that
    make no difference when the winner is ranked (5% of the gap under `than` unless given); `levers` those that
    organisations set, all that have an owner with an objective unless given. `engine` 'expected' takes mean values
    without queues and chance in place of simulation. The result does not depend on `workers`.

    Raises InputError for what cannot be used. That no contract keeps to all limits is an answer: see `feasible`.
    """
    system = system_of(system)
    settings = settings_for(
        system,
        years=years,
        replications=replications,
        seed=seed,
        sample=sample,
        engine=engine,
        engines=(*ENGINES, EXPECTED),
    )
    asked = Asked(
        arrangement=arrangement,
        free=ranges_by_parameter(free),
        than=than,
        floor=floor,
        tolerance=tolerance,
        candidates=candidates,
        zone=zone,
        levers=None if levers is None else listed("levers", levers),
    )
    return ContractDesign(find_design(system, settings, asked, workers=workers, progress=progress))
