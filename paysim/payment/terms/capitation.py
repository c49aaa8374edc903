"""Capitation: pays a sum a year for each weighted resident.

Source: NHS Improvement, "Capitation: a potential new payment model to enable integrated care" (2014): a provider is paid a
lump sum per person of a target population, weighted for need, in regular instalments and whatever the activity.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Capitation
from paysim.model.money import in_twelfths
from paysim.model.population import Population
from paysim.payment.terms.amounts import set_amount
from paysim.payment.terms.situation import Situation


def capitation(term: Capitation, situation: Situation) -> NDArray[np.int64]:
    """Return what capitation pays by period: sum per head x weighted heads, rounded once a year, in twelfths."""
    per_head = set_amount(term.annual_per_head, situation.contract, term)
    heads = weighted_heads(situation.system.population, term, situation.contract.scope.places)
    return in_twelfths(floor(per_head * heads + Fraction(1, 2)), situation.periods)


def weighted_heads(population: Population, term: Capitation, places: Iterable[str]) -> Fraction:
    """Return the residents of these places, each times the term's weight.

    Weights are read through their shortest decimal form, so that 0.9 is nine tenths and the sum is exact.
    """
    counts = population.counts()
    heads = Fraction(0)
    for place in {population.places.index(place) for place in places}:
        for profile in np.flatnonzero(counts[place]):
            weight = Fraction(1) if term.weights is None else Fraction(repr(float(term.weights[place, profile])))
            heads += int(counts[place, profile]) * weight
    return heads
