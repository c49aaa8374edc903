"""Capitation: pays a sum a year for each weighted resident.

Source: Monitor and NHS England, "Capitation: a potential new payment model to enable integrated care" (26 November
2014): regular payments to cover the care of a target population across care settings, as a lump sum per patient.
"""

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from paysim.model.population import ByResident, Population
from paysim.model.terms import Capitation
from paysim.payment.terms.amounts import set_amount
from paysim.payment.terms.seen import Flow, Seen, exact, grown


def capitation(term: Capitation, seen: Seen) -> list[Flow]:
    """Return what capitation pays: sum per head x weighted heads, grown year by year, in twelfths."""
    per_head = set_amount(term.annual_per_head, term, seen)
    annual = per_head * heads_covered(seen, term.weights)
    return [seen.to_payee(seen.in_instalments(annual * grown(term.growth, year.number) for year in seen.years))]


def heads_covered(seen: Seen, weights: ByResident | None = None) -> Fraction:
    """Return the weighted residents of the places and kinds that the contract covers."""
    scope = seen.contract.scope
    return weighted_heads(seen.system.population, weights, scope.places, scope.residents)


def weighted_heads(
    population: Population, weights: ByResident | None, places: Iterable[str], kinds: ByResident | None = None
) -> Fraction:
    """Return the residents of these places, each times their weight (1 without weights).

    Only those of `kinds` above zero, if given. Weights are read through their shortest decimal form, so that 0.9 is
    nine tenths and the sum is exact.
    """
    counts = population.counts() if kinds is None else population.counts() * (np.asarray(kinds) > 0)
    heads, wanted = Fraction(0), {population.places.index(place) for place in places}
    if weights is None:
        return Fraction(int(counts[list(wanted)].sum()))
    for place in wanted:
        for profile in np.flatnonzero(counts[place]):
            heads += int(counts[place, profile]) * exact(weights[place, profile])
    return heads
