"""Capitation: pays a sum a year for each weighted resident.

Source: Monitor and NHS England, "Capitation: a potential new payment model to enable integrated care" (26 November
2014): regular payments to cover the care of a target population across care settings, as a lump sum per patient.
"""

from fractions import Fraction

import numpy as np

from paysim.model.contract import Scope
from paysim.model.exact import exact
from paysim.model.population import ByResident, Population
from paysim.model.terms import Capitation
from paysim.payment.terms.amounts import set_amount
from paysim.payment.terms.seen import Flow, Seen, grown


def capitation(term: Capitation, seen: Seen) -> list[Flow]:
    """Return what capitation pays: sum per head x weighted heads, grown year by year, in twelfths."""
    per_head = set_amount(term.annual_per_head, term, seen)
    annual = per_head * weighted_heads(seen.system.population, term.weights, seen.contract.scope)
    return [seen.to_payee(seen.in_instalments(annual * grown(term.growth, year.number) for year in seen.years))]


def weighted_heads(population: Population, weights: ByResident | None, scope: Scope) -> Fraction:
    """Return the residents in a scope, each times their weight (1 without weights).

    They are those of its places and kinds. Weights are read through their shortest decimal form, so that 0.9 is nine
    tenths and the sum is exact.
    """
    places = set(scope.places)
    inside = np.array([place in places for place in population.places], dtype=np.bool_)[:, None]
    if scope.residents is not None:
        inside = inside & (scope.residents > 0)
    counts = np.where(inside, population.counts(), 0)
    if weights is None:
        return Fraction(int(counts.sum()))
    there = counts > 0
    distinct, which = np.unique(weights[there], return_inverse=True)
    heads = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(heads, np.ravel(which), counts[there])
    return sum((exact(weight) * head for weight, head in zip(distinct, heads.tolist(), strict=True)), Fraction(0))
