"""What `paysim.incentives` gives back: tidy tables, the incentive map as a figure, and a folder with both."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from paysim.config import system_of
from paysim.incentives.expected import EXPECTED
from paysim.model.system import System
from paysim.report.figures.incentives import incentives_figure
from paysim.report.figures.picture import Drawing, drawn, write_figures
from paysim.report.incentives.html import write_incentives_report
from paysim.report.incentives.records import Readable
from paysim.report.incentives.wording import HORIZON_NAMES, events, warnings
from paysim.simulation.running import ENGINES
from paysim.study.executor import Progress, silent
from paysim.study.incentives.study import IncentiveMap, chosen_levers, map_incentives
from paysim.study.settings import settings_for
from paysim.study.store import write_table
from paysim.study.whole import whole_folder

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Horizon = Literal["short_run", "long_run"]


@dataclass(frozen=True, eq=False)
class Incentives:
    """What one more unit of each lever does to everybody; every table is a pandas DataFrame.

    Tables are copies: what is done to them changes no result.
    """

    incentives: IncentiveMap

    def table(self) -> "pd.DataFrame":
        """Return every change per unit of a lever with its 95% interval.

        Columns: lever, arrangement ('all' where it is the same under each), horizon ('both' where it is the same over
        each), organisation (or 'commissioners', 'residents', 'system'), quantity, unit, mean, low, high,
        per_event_mean, per_event_low, per_event_high (for each counted step avoided), step (times it, a mean is that
        of one step of the lever), replications. Quantities 'measure:<id>' are the system's measures.
        """
        return self.incentives.table.copy()

    def verdicts(self) -> "pd.DataFrame":
        """Return whether each arrangement pays a lever's owner for what is good for the system.

        Columns: lever, arrangement, horizon, owner, verdict ('aligned', 'misaligned', 'transfer', 'indifferent' or
        'not distinguishable'), owner_change, owner_low, owner_high (surplus less effort, pounds a year per unit of the
        lever), system_change, system_low, system_high (net benefit), gainers and losers (other organisations),
        replications_needed (infinity: more than 10,000), replications.
        """
        return self.incentives.verdicts.copy()

    def figure(self, horizon: Horizon = "short_run", separate: bool = False) -> "Figure":
        """Return the incentive map; organisations of a kind are taken together where many, unless `separate`."""
        return incentives_figure(Readable(self.incentives, horizon), separate)

    def events(self, horizon: Horizon = "short_run") -> tuple[str, ...]:
        """Return who gains and who loses from one counted step avoided, in words and pounds, by arrangement."""
        return tuple(
            f"{passage.heading}. {sentence}"
            for passage in events(Readable(self.incentives, horizon))
            for sentence in passage.sentences
        )

    def warnings(self) -> tuple[str, ...]:
        """Return what to be wary of beside the intervals: levers whose capacity the sample does not have."""
        return warnings(self.incentives)

    def to_directory(self, folder: str | Path, *, workers: int = 1) -> None:
        """Write incentives and verdicts (Parquet), the maps of both horizons, report.html and provenance.json.

        Figures are drawn by so many `workers`, processes that change nothing but the time. The folder appears whole or
        not at all. Raises InputError if it holds anything but an earlier result of the same kind.
        """
        with whole_folder(folder, "incentives", self.incentives.provenance) as draft:
            write_table(self.table(), draft / "incentives.parquet")
            write_table(self.verdicts(), draft / "verdicts.parquet")
            pictures = drawn(_drawings(self.incentives), self.incentives.system.own_terms, workers)
            write_figures(pictures, draft / "figures")
            write_incentives_report(self.incentives, pictures, draft / "report.html")


def _drawings(incentives: IncentiveMap) -> list[Drawing]:
    return [
        Drawing(
            f"incentives-{horizon.replace('_', '-')}",
            partial(incentives_figure, Readable(incentives, horizon)),
            f"Levers by organisations, one panel an arrangement: the change of surplus in thousands of pounds of one"
            f" step of each lever in the {name}, and the verdict. The table of verdicts holds the numbers.",
        )
        for horizon, name in HORIZON_NAMES.items()
    ]


def incentives(
    system: System | str | Path,
    arrangements: Sequence[str] | None = None,
    levers: Sequence[str] | None = None,
    *,
    years: int = 1,
    replications: int | None = None,
    seed: int | None = None,
    sample: float | None = None,
    engine: str | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> Incentives:
    """Return what one more unit of each lever does to every organisation, to the system's real cost and to health.

    `system` is a System or the path of its config; without `arrangements`, those of the config's [study], without
    `levers`, all of the config's. Each lever is put one step from now, and the run paired with that of the system as
    it is, by replication and random number. `engine` 'expected' takes mean values without queues and chance in place
    of simulation. Of several years, changes are discounted to the first and averaged. The result does not depend on
    `workers`, the number of processes.

    Raises InputError for a config or a setting that cannot be used.
    """
    system = system_of(system)
    chosen = chosen_levers(system, levers)
    settings = settings_for(
        system,
        arrangements=arrangements,
        years=years,
        replications=replications,
        seed=seed,
        sample=sample,
        engine=engine,
        engines=(*ENGINES, EXPECTED),
    )
    return Incentives(map_incentives(system, chosen, settings, workers=workers, progress=progress))
