"""The stroke unit of Monks and others (BMC Health Services Research 16:530, 2016): the probability of a delay, by beds.

With beds for everybody, the unit's occupancy is audited daily; with n beds, a patient is delayed with the probability
that n are taken given that at most n are (see `test_blocking`). Published to two decimals from 150 replications of five
years after a warm-up of three.
"""

from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray
from observe import HOURS, SYSTEMS, audit, in_service
from test_blocking import erlang_b

import paysim
from paysim.simulation.traffic import expected_visits

DELAYED = {
    "acute": {9: 0.19, 10: 0.14, 11: 0.09, 12: 0.06, 13: 0.04, 14: 0.02},
    "rehabilitation": {10: 0.20, 12: 0.11, 13: 0.08, 14: 0.05, 15: 0.03, 16: 0.02},
}
AUDITED_HOURS = 5 * 365 * HOURS
"""The first five of six years; in the sixth those who were there at the end of the fifth finish, and are logged."""


def occupancy(replications: int, engine: str) -> dict[str, NDArray[np.int64]]:
    """Return in how many daily audits n beds were taken, by unit: shape (replications, most beds + 1)."""
    system = paysim.load(SYSTEMS / "stroke_unit.toml")
    found = {unit: np.zeros((replications, 60), dtype=np.int64) for unit in DELAYED}
    for number in range(replications):
        activity = paysim.simulate(system, replication=number, engine=engine)
        for unit, audits in found.items():
            count = audit(in_service(activity, unit), AUDITED_HOURS, every=HOURS)
            audits[number, : len(count)] = count
    return found


def delayed(audits: NDArray[np.int64], beds: int) -> NDArray[np.float64]:
    """Return the probability of a delay with so many beds, from audits along the last axis."""
    return np.asarray(audits[..., beds] / audits[..., : beds + 1].sum(axis=-1))


def test_compiled_engine_as_published():
    for unit, audits in occupancy(150, "compiled").items():
        for beds, published in DELAYED[unit].items():
            assert delayed(audits.sum(axis=0), beds) == pytest.approx(published, abs=0.01), f"{unit}, {beds} beds"


def test_simpy_engine_within_its_own_error():
    """Fewer replications: within the rounding of the publication and three standard errors of their own."""
    for unit, audits in occupancy(20, "simpy").items():
        for beds, published in DELAYED[unit].items():
            by_replication = delayed(audits, beds)
            error = by_replication.std(ddof=1) / np.sqrt(len(by_replication))
            assert abs(by_replication.mean() - published) < 0.005 + 3 * error, f"{unit}, {beds} beds"
            assert error < 0.01


def load(system: paysim.System) -> Counter[str]:
    """Return the mean number of beds taken in each unit: admissions a day times the mean stay."""
    a_day = expected_visits(system).max(axis=0)
    beds: Counter[str] = Counter()
    for step, visits in zip(system.steps.values(), a_day, strict=True):
        beds[step.service.services[0]] += visits * step.duration.mean
    return beds


def test_publication_is_erlangs_formula():
    """The loss formula holds for stays of any distribution, so the exact values are known."""
    loads = load(paysim.load(SYSTEMS / "stroke_unit.toml"))
    for unit, table in DELAYED.items():
        for beds, published in table.items():
            assert erlang_b(beds, loads[unit]) == pytest.approx(published, abs=0.01), f"{unit}, {beds} beds"
