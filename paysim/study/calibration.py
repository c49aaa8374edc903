"""Demand that meets published rates: what a pathway's own demand must be, net of what other pathways lead to."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.simulation.traffic import visits_per_episode

if TYPE_CHECKING:
    import pandas as pd

_NEGLIGIBLE = 1e-9


def calibrated_demand(system: System) -> "pd.DataFrame":
    """Return the episodes a year by age band, sex and quintile, one column a balanced pathway.

    A measure of kind `rate` with `balanced_by` names the pathway whose own demand is to be set. For every kind of
    resident the balanced demands solve the linear system 'visits by balanced demand + visits by all other demand
    = target' (see `paysim.simulation.traffic`). Kinds are those of the first place: targets and probabilities that
    differ between places are refused, as are targets that other pathways alone exceed.
    """
    import pandas as pd

    measures = [measure for measure in system.measures.values() if measure.balanced_by is not None]
    if not measures:
        raise InputError("", "measure", "found no measure with balanced_by", "expected at least one")
    per_episode = visits_per_episode(system)
    numbers = {step: number for number, step in enumerate(system.steps)}
    counted = np.array([[step in measure.steps for step in system.steps] for measure in measures], dtype=np.float64)
    balanced = [str(measure.balanced_by) for measure in measures]
    entries = [numbers[system.pathways[pathway].entry] for pathway in balanced]
    others = np.zeros(per_episode.shape[::2])
    for pathway in system.pathways.values():
        if pathway.demand is not None and pathway.id not in balanced:
            others += pathway.demand.rate.ravel()[:, None] * per_episode[:, numbers[pathway.entry]]
    target = np.stack([measure.target.ravel() for measure in measures if measure.target is not None], axis=1)
    # (kinds, measures, balanced pathways): steps of the measure visited by one episode of the pathway.
    effect = np.einsum("ms,kbs->kmb", counted, per_episode[:, entries])
    living = system.population.counts() > 0
    kinds = living.ravel()
    demand = np.zeros(target.shape)
    demand[kinds] = np.linalg.solve(effect[kinds], (target - others @ counted.T)[kinds, :, None])[..., 0]
    by_place = demand.reshape(*living.shape, len(measures))
    _refuse_negative(system, by_place, living, balanced)
    labels = system.population.profile_labels()
    rows = []
    for profile, label in enumerate(labels):
        places = np.flatnonzero(living[:, profile])
        if len(places) == 0:
            continue
        values = by_place[places, profile]
        if np.abs(values - values[0]).max() > _NEGLIGIBLE:
            raise InputError("", "measure", "found targets that differ between places", "expected the same for all")
        rows.append([*label, *np.maximum(values[0], 0.0).round(9)])
    table = pd.DataFrame(rows, columns=["age_band", "sex", "quintile", "segment", *balanced])
    return table if len(system.population.segments) > 1 else table.drop(columns="segment")


def _refuse_negative(
    system: System, by_place: NDArray[np.float64], living: NDArray[np.bool_], balanced: list[str]
) -> None:
    negative = (by_place < -_NEGLIGIBLE) & living[..., None]
    if not negative.any():
        return
    place, profile, position = (int(index[0]) for index in np.nonzero(negative))
    age_band, sex, quintile, segment = system.population.profile_labels()[profile]
    who = f"{age_band} {sex} quintile {quintile} segment {segment} in {system.population.places[place]}"
    raise InputError(
        "",
        f"pathway.{balanced[position]}.demand",
        f"found {by_place[place, profile, position]:.4g} episodes a year for {who}",
        "expected targets that the other pathways do not exceed",
    )
