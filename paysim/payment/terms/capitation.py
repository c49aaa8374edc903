"""Capitation: pays a sum a year for each weighted resident.

Source: Monitor and NHS England, "Capitation: a potential new payment model to enable integrated care" (26 November
2014): regular payments to cover the care of a target population across care settings, as a lump sum per patient.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Capitation
from paysim.model.population import Population
from paysim.payment.terms.amounts import instalments, set_amount
from paysim.payment.terms.situation import Situation


def capitation(term: Capitation, situation: Situation) -> NDArray[np.int64]:
    """Return what capitation pays by period: sum per head x weighted heads, rounded once a year, in twelfths."""
    per_head = set_amount(term.annual_per_head, term, situation)
    heads = weighted_heads(situation.system.population, term, situation.contract.scope.places)
    return instalments(floor(per_head * heads + Fraction(1, 2)), term, situation)


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
