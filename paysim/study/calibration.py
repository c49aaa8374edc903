"""Demand that meets published rates: what a pathway's own demand must be, net of what other pathways lead to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from paysim.config.resolve.kinds_of_resident import kind_of_resident
from paysim.model.errors import InputError
from paysim.model.measure import Measure
from paysim.model.system import System
from paysim.simulation.traffic import visits_per_episode

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

_NEGLIGIBLE = 1e-9


def calibrated_demand(system: System) -> "pd.DataFrame":
    """Return the episodes a year by age band, sex and quintile, one column a balanced pathway.

    A measure of kind `rate` with `balanced_by` names the pathway whose own demand is to be set, so that 'visits by
    balanced demand + visits by all other demand = target' (see `paysim.simulation.traffic`). With a target by kind of
    resident that holds for every kind. With one number it holds for the mean over residents, and the pathway's own
    rates keep their profile: all are multiplied by one factor.

    There is a row for every kind of resident that there is or may be as segments change, with a column `segment` where
    there are several, and a column `place` where demand differs between places. Raises InputError for targets that
    other pathways alone exceed, and where no demand of the balanced pathways meets them.
    """
    measures = [measure for measure in system.measures.values() if measure.balanced_by is not None]
    if not measures:
        raise InputError("", "measure", "found no measure with balanced_by", "expected at least one")
    balanced = [str(measure.balanced_by) for measure in measures]
    for number, measure in enumerate(measures):
        if balanced[number] in balanced[:number]:
            found = f"found pathway {balanced[number]!r} again"
            raise InputError("", f"measure.{measure.id}.balanced_by", found, "expected each pathway in one measure")
    demand = _solved(system, measures, balanced).reshape(*system.population.counts().shape, len(balanced))
    _refuse_negative(system, demand, balanced)
    return _table(system, np.maximum(demand, 0.0).round(9), balanced)


def _solved(system: System, measures: Sequence[Measure], balanced: Sequence[str]) -> Floats:
    """Return the episodes a year that meet the targets: shape (kinds, balanced pathways).

    A kind that nobody is of, and whose targets no demand meets, keeps the rates of the config.
    """
    residents, own = system.population.counts(), _own_rates(system, balanced)
    effect, others = _visits(system, measures, balanced)
    target = np.stack([np.full(residents.shape, measure.target).ravel() for measure in measures], axis=1)
    scaled = np.array([isinstance(measure.target, float) for measure in measures])
    by_kind = effect[:, ~scaled][:, :, ~scaled]
    met = _solvable(by_kind)
    _refuse_unmet(system, (residents > 0) & ~met.reshape(residents.shape))

    def short(demand: Floats) -> Floats:
        """Return the visits that miss the targets; in the first column at factors of 0, then by unit of each."""
        visits = -(effect[met] @ demand)
        visits[..., 0] += (target - others)[met]
        return np.asarray(visits)

    factors = int(scaled.sum())
    demand = np.zeros((int(met.sum()), len(balanced), 1 + factors))
    demand[:, scaled, 1:] = own[met][:, scaled, None] * np.eye(factors)
    demand[:, ~scaled] = np.linalg.solve(by_kind[met], short(demand)[:, ~scaled])
    on_average = np.tensordot(residents.ravel()[met] / residents.sum(), short(demand)[:, scaled], 1)
    if not _solvable(on_average[:, 1:]):
        found = "found no rates above 0 that lead to the steps of a measure whose target is one number"
        raise InputError("", "measure", found, "expected rates of its pathway that a factor can bring to the target")
    own[met] = demand @ np.append(1.0, np.linalg.solve(-on_average[:, 1:], on_average[:, 0]))
    return own


def _solvable(matrices: Floats) -> NDArray[np.bool_]:
    """Return which matrices have rows that are not, up to rounding, made of one another: Hadamard's inequality."""
    return np.asarray(np.abs(np.linalg.det(matrices)) > _NEGLIGIBLE * np.linalg.norm(matrices, axis=-1).prod(axis=-1))


def _own_rates(system: System, balanced: Sequence[str]) -> Floats:
    """Return the rates of the config: shape (kinds, balanced pathways)."""
    demand = [system.pathways[pathway].demand for pathway in balanced]
    return np.stack([each.rate.ravel() for each in demand if each is not None], axis=1)


def _visits(system: System, measures: Sequence[Measure], balanced: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the visits to the steps of each measure: those of one episode of each pathway, and those of all others.

    Shapes (kinds, measures, balanced pathways) and (kinds, measures).
    """
    per_episode = visits_per_episode(system)
    numbers = {step: number for number, step in enumerate(system.steps)}
    counted = np.array([[step in measure.steps for step in system.steps] for measure in measures], dtype=np.float64)
    others = np.zeros(per_episode.shape[::2])
    for pathway in system.pathways.values():
        if pathway.demand is not None and pathway.id not in balanced:
            others += pathway.demand.rate.ravel()[:, None] * per_episode[:, numbers[pathway.entry]]
    entries = [numbers[system.pathways[pathway].entry] for pathway in balanced]
    return np.einsum("ms,kbs->kmb", counted, per_episode[:, entries]), others @ counted.T


def _refuse_unmet(system: System, unmet: NDArray[np.bool_]) -> None:
    for place, profile in np.argwhere(unmet)[:1].tolist():
        found = f"found no demand that meets the targets for {kind_of_resident(system.population, place, profile)}"
        expected = "expected pathways in balanced_by that lead to the steps of their measures"
        raise InputError("", "measure", found, expected)


def _refuse_negative(system: System, demand: Floats, balanced: Sequence[str]) -> None:
    negative = (demand < -_NEGLIGIBLE) & (system.population.counts() > 0)[..., None]
    for place, profile, position in np.argwhere(negative)[:1].tolist():
        who = kind_of_resident(system.population, place, profile)
        found = f"found {demand[place, profile, position]:.4g} episodes a year for {who}"
        expected = "expected targets that the other pathways do not exceed"
        raise InputError("", f"pathway.{balanced[position]}.demand", found, expected)


def _table(system: System, demand: Floats, balanced: Sequence[str]) -> "pd.DataFrame":
    """Return demand by place and profile as a table, with one row for all places where none differ."""
    import pandas as pd

    population, inhabited = system.population, system.population.inhabited()
    first = inhabited.argmax(axis=0)
    of_first = demand[first, np.arange(population.profiles)]
    differ = np.abs(demand - of_first)[inhabited].max() > _NEGLIGIBLE
    cells = [(place, profile) for profile, place in np.argwhere(inhabited.T) if differ or place == first[profile]]
    labels = population.profile_labels()
    rows = [[population.places[place], *labels[profile], *demand[place, profile]] for place, profile in cells]
    table = pd.DataFrame(rows, columns=["place", "age_band", "sex", "quintile", "segment", *balanced])
    needed = {"place": differ, "segment": len(population.segments) > 1}
    return table.drop(columns=[column for column, needs in needed.items() if not needs])
