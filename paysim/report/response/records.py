"""A response as typed values: what its figures, prose and terminal tables are written from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from paysim.intervals import Interval
from paysim.model.lever import Lever
from paysim.model.organisation import Organisation
from paysim.report.wording import MILLIONS, THOUSANDS, MoneyUnit
from paysim.study.response.study import Responded

SIMULATION, SURFACE = "simulation", "surface"


@dataclass(frozen=True, slots=True)
class Step:
    """One year of a figure: its value, and its difference to the same run with all levers at `now`."""

    year: str
    value: Interval
    difference: Interval


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure at an equilibrium, at the joint optimum, and what the second has more."""

    at_equilibrium: float
    at_optimum: float
    gap: Interval


@dataclass(frozen=True, slots=True)
class Fit:
    """A figure's change from `now`, by the surface and by simulation, and the first less the second."""

    surface: float
    simulated: float
    lack: Interval


class Readable:
    """A response's tables by what they are about."""

    def __init__(self, response: Responded) -> None:
        self.response = response

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """The levers that are set by their owners."""
        return self.response.surface.design.levers

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The financial years of the run."""
        return tuple(dict.fromkeys(self.response.path["year"]))

    @cached_property
    def unit(self) -> MoneyUnit:
        """The unit that suits the money that moves."""
        most = max(map(self._most, self.response.system.organisations.values()), default=0.0)
        most = max([most, *(abs(self.gap(number, "system", "net_benefit").gap.mean) for number in self.numbers)])
        return MILLIONS if most >= 10 * MILLIONS.pounds else THOUSANDS

    @property
    def numbers(self) -> range:
        """The numbers of the equilibria."""
        return range(1, len(self.response.found.rests) + 1)

    def horizon(self, organisation: str) -> str:
        """Return the horizon on which an organisation reckons; the short run where it has no objective."""
        objective = self.response.objectives.get(organisation)
        return "short_run" if objective is None else objective.horizon

    def years_of(self, organisation: str, quantity: str, lever: str = "") -> tuple[Step, ...]:
        """Return a figure year by year."""
        return self._path[organisation, lever, quantity]

    def surplus(self, organisation: Organisation) -> tuple[Step, ...]:
        """Return an organisation's surplus year by year, on its own horizon."""
        return self.years_of(organisation.id, f"surplus_{self.horizon(organisation.id)}")

    def gap(self, number: int, organisation: str, quantity: str, measured_by: str = SIMULATION) -> Gap:
        """Return what the joint optimum has more of a figure than an equilibrium."""
        return self._gaps[number, organisation, quantity, measured_by]

    def fit(self, place: str, organisation: str, quantity: str) -> Fit:
        """Return how the surface did at 'equilibrium 1' or at the 'optimum'."""
        return self._fits[place, organisation, quantity]

    @cached_property
    def concerned(self) -> tuple[Organisation, ...]:
        """The organisations that set levers, and those whose surplus moves by enough to be shown."""
        owners = {lever.owner for lever in self.levers}
        return tuple(
            organisation
            for organisation in self.response.system.organisations.values()
            if organisation.id in owners or self.unit.shows(self._most(organisation))
        )

    def _most(self, organisation: Organisation) -> float:
        """Return the largest change of an organisation's surplus."""
        years = [step.difference.mean for step in self.surplus(organisation)]
        quantity = f"surplus_{self.horizon(organisation.id)}"
        places = [*(f"equilibrium {number}" for number in self.numbers), "optimum"]
        return max(map(abs, [*years, *(self.fit(place, organisation.id, quantity).simulated for place in places)]))

    @cached_property
    def _path(self) -> Mapping[tuple[str, str, str], tuple[Step, ...]]:
        found: dict[tuple[str, str, str], tuple[Step, ...]] = {}
        for row in self._rows("path"):
            key = row["organisation"], row["lever"], row["quantity"]
            value = Interval(row["mean"], row["low"], row["high"])
            difference = Interval(row["difference"], row["difference_low"], row["difference_high"])
            found[key] = (*found.get(key, ()), Step(row["year"], value, difference))
        return found

    @cached_property
    def _gaps(self) -> Mapping[tuple[int, str, str, str], Gap]:
        return {
            (row["equilibrium"], row["organisation"], row["quantity"], row["measured_by"]): Gap(
                row["at_equilibrium"], row["at_optimum"], Interval(row["gap"], row["gap_low"], row["gap_high"])
            )
            for row in self._rows("gap")
        }

    @cached_property
    def _fits(self) -> Mapping[tuple[str, str, str], Fit]:
        return {
            (row["place"], row["organisation"], row["quantity"]): Fit(
                row["surface"], row["simulated"], Interval(row["lack_of_fit"], row["lack_low"], row["lack_high"])
            )
            for row in self._rows("fit")
        }

    def _rows(self, table: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = getattr(self.response, table).to_dict("records")
        return rows


def excludes(interval: Interval, value: float = 0.0) -> bool:
    """Return whether an interval is known and does not hold a value; where there is no chance, whether the mean is."""
    if np.isnan(interval.low):
        return False
    return not interval.low <= value <= interval.high
