"""Rows of patients whose age is not known, though it decides what is paid for them."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import EXTRACT
from paysim.model.contract import Arrangement, Contract
from paysim.model.population import Population
from paysim.model.terms import ReadmissionRule
from paysim.study.extract.problems import Batch
from paysim.study.extract.reading import Extract

_EXPECTED = "expected the age of the patient, which decides what is paid; taken as any age"


def without_age(extract: Extract, arrangement: Arrangement) -> list[Batch]:
    """Return the rows of patients of no known age in whose place, at whose service, an age decides what is paid."""
    system, rows = extract.activity.system, extract.rows
    if extract.activity.run.engine != EXTRACT:
        return []
    services, places = list(system.service_ids), list(system.population.places)
    decides = np.zeros((len(services), len(places)), dtype=np.bool_)
    for contract in arrangement.contracts:
        by_age = _paid_by_age(system.population, contract)
        there = [place for place in map(places.index, contract.scope.places) if by_age[place]]
        decides[np.ix_([services.index(service) for service in contract.scope.services], there)] = True
    at = np.flatnonzero(rows.usable & np.isnan(rows.age))
    at = at[decides[rows.service[at], rows.place[at]]]
    batches = []
    for number, name in enumerate(extract.files):
        here = at[extract.file[at] == number]
        nothing = np.full(len(here), "", dtype=np.object_)
        batches.append(Batch(name, "no known age", "age", _EXPECTED, False, rows.row[here], here, nothing))
    return [batch for batch in batches if len(batch.row)]


def _paid_by_age(population: Population, contract: Contract) -> NDArray[np.bool_]:
    """Return for each place whether a contract pays for some of its residents only, or otherwise, by their age."""
    by_rule = any(isinstance(term, ReadmissionRule) and term.youngest > 0 for term in contract.terms)
    found = np.full(len(population.places), by_rule)
    if contract.scope.residents is not None:
        by_band = contract.scope.residents.reshape(len(population.places), len(population.age_bands), -1)
        found |= (by_band != by_band[:, :1]).any(axis=(1, 2))
    return found
