"""How many episodes there were: taken from activity."""

from fractions import Fraction

import numpy as np

from paysim.model.terms.shared import EpisodeBundle
from paysim.payment.terms.refusal import refusal
from paysim.payment.terms.seen import Seen


def episodes_by_year(term: EpisodeBundle, seen: Seen) -> list[Fraction]:
    """Return each year's episodes: those with a step in the pathways, in the contract's scope, the last in the year.

    Steps count that ended within the run, of residents in the contract's scope, and where that names pathways or any
    services, of these. An episode still in progress when the run ends counts in the year of its last step so far. A
    sample's number is times its weight. The order of the activity's rows does not matter. Raises InputError without
    activity.
    """
    activity = seen.activity
    if activity is None:
        found, expected = "found no activity to count episodes in", "expected activity, or episodes by year"
        raise refusal(term, seen.contract, found, expected)
    system, scope = activity.system, seen.contract.scope
    pathways = [each for each in term.pathways if scope.pathways is None or each in scope.pathways]
    steps = [step.id for pathway in pathways for step in system.pathways[pathway].steps]
    counts = np.isin(activity.step, [system.step_ids.index(step) for step in steps])
    if scope.services:
        counts &= np.isin(activity.service, [system.service_ids.index(service) for service in scope.services])
    rows = np.flatnonzero(counts)
    cell = system.population.cell_of(activity.resident[rows])
    place, profile = system.population.place[cell], system.population.profile[cell]
    inside = np.isin(place, [system.population.places.index(each) for each in scope.places])
    if scope.residents is not None:
        inside &= scope.residents[place, profile] > 0
    rows = rows[inside]
    episodes, of_episode = np.unique(activity.episode[rows], return_inverse=True)
    last = np.full(len(episodes), -1, dtype=np.int64)
    np.maximum.at(last, of_episode, activity.period()[rows])
    return [int(((last >= year.first) & (last < year.stop)).sum()) * Fraction(activity.weight) for year in seen.years]
