"""What `paysim.respond` gives back: tidy tables, two figures, and a folder with all of it."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from paysim.config import system_of
from paysim.incentives.expected import EXPECTED
from paysim.model.system import System
from paysim.report.figures.picture import Drawing, drawn, write_figures
from paysim.report.figures.response import intensities_figure, response_surplus_figure
from paysim.report.response.html import write_response_report
from paysim.report.response.records import Readable
from paysim.report.response.wording import warnings
from paysim.simulation.running import ENGINES
from paysim.study.executor import Progress, silent
from paysim.study.response.study import Responded, find_response
from paysim.study.settings import settings_for, whole_number
from paysim.study.store import write_table
from paysim.study.whole import whole_folder

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST_STATIC_YEARS = 30


@dataclass(frozen=True, eq=False)
class Response:
    """How organisations respond to an arrangement; every table is a pandas DataFrame of one value a row.

    Tables are copies: what is done to them changes no result.
    """

    response: Responded

    def path(self) -> "pd.DataFrame":
        """Return the years: every figure with its 95% interval, and its paired difference to levers as they are.

        Columns: year, organisation (or 'residents', 'system'), lever (of an intensity), quantity, unit, mean, low,
        high, difference, difference_low, difference_high, replications. Quantities are intensity; income, lever_cost,
        cost and surplus by horizon; qalys (of the year, not discounted) in all and by deprivation quintile; real_cost
        by horizon, effort and net_benefit (of the long run).
        """
        return self.response.path.copy()

    def runs(self) -> "pd.DataFrame":
        """Return the same by replication: value, and `at_now` in the same replication with levers as they are."""
        return self.response.runs.copy()

    def equilibria(self) -> "pd.DataFrame":
        """Return where levers end: equilibria, cycles (lowest and highest), and the joint optimum, a row a lever.

        Columns: kind, number, lever, owner, unit, now, intensity, lowest, highest, boundary, starts.
        """
        return self.response.equilibria.copy()

    def gap(self) -> "pd.DataFrame":
        """Return the price of going it alone: every figure at the joint optimum less that at each equilibrium.

        Columns: equilibrium, organisation, quantity, unit, measured_by ('simulation' of both, or 'surface'),
        at_equilibrium, at_optimum, gap, gap_low, gap_high, replications. Of several years, money and health of
        later ones are discounted alike.
        """
        return self.response.gap.copy()

    def lack_of_fit(self) -> "pd.DataFrame":
        """Return how far the surface that organisations go by is off: changes from now, fitted less simulated."""
        return self.response.fit.copy()

    def warnings(self) -> tuple[str, ...]:
        """Return what to be wary of: several equilibria, none, ends of ranges, rough surfaces, samples, chance."""
        return tuple(warnings(Readable(self.response)))

    def figures(self) -> tuple["Figure", "Figure"]:
        """Return what owners set their levers to, and what everybody keeps, year by year."""
        readable = Readable(self.response)
        return intensities_figure(readable), response_surplus_figure(readable)

    def to_directory(self, folder: str | Path, *, workers: int = 1) -> None:
        """Write path, runs, equilibria, gap and lack_of_fit (Parquet), both figures, report.html and provenance.json.

        Figures are drawn by so many `workers`, processes that change nothing but the time. The folder appears whole or
        not at all. Raises InputError if it holds anything but an earlier result of the same kind.
        """
        with whole_folder(folder, "respond", self.response.provenance) as draft:
            for name in ("path", "runs", "equilibria", "gap", "lack_of_fit"):
                write_table(getattr(self, name)(), draft / f"{name}.parquet")
            pictures = drawn(_drawings(self.response), self.response.system.own_terms, workers)
            write_figures(pictures, draft / "figures")
            write_response_report(self.response, pictures, draft / "report.html")


def _drawings(response: Responded) -> list[Drawing]:
    readable = Readable(response)
    return [
        Drawing(
            "response-levers",
            partial(intensities_figure, readable),
            "Small multiples, one a lever: intensity year by year, at equilibrium and at the joint optimum. The table"
            " of levers holds the numbers.",
        ),
        Drawing(
            "response-surplus",
            partial(response_surplus_figure, readable),
            "Small multiples, one an organisation: change of surplus against levers as they are, year by year, and of"
            " the system's net benefit. The table of surplus holds the numbers.",
        ),
    ]


def respond(
    system: System | str | Path,
    arrangement: str,
    *,
    years: int = 5,
    replications: int | None = None,
    seed: int | None = None,
    sample: float | None = None,
    engine: str | None = None,
    static_years: int = 1,
    workers: int = 1,
    progress: Progress = silent,
) -> Response:
    """Return how organisations respond to an arrangement: at rest, year by year, and how far that is from the best.

    `system` is a System or the path of its config. Organisations set their levers for the objectives of the config;
    without any, every owner of a lever maximises its short-run surplus. What they expect, the equilibria and the joint
    optimum are of the mean of `static_years`; then the simulation runs on through `years`, with levers set anew before
    each. `engine` 'expected' takes mean values without queues and chance in place of simulation. The result does not
    depend on `workers`, the number of processes.

    Raises InputError for a config or a setting that cannot be used.
    """
    system = system_of(system)
    settings = settings_for(
        system,
        arrangements=[arrangement],
        years=years,
        replications=replications,
        seed=seed,
        sample=sample,
        engine=engine,
        engines=(*ENGINES, EXPECTED),
    )
    static_years = whole_number("static_years", static_years, 1, MOST_STATIC_YEARS)
    return Response(find_response(system, settings, static_years, workers=workers, progress=progress))
