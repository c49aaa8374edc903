"""Systems and outcomes made by hand: what everybody earns, spends and gains is a formula of the intensities."""

from types import SimpleNamespace

import numpy as np

from paysim.incentives.outcome import Outcome
from paysim.incentives.response.points import design_points
from paysim.incentives.response.surface import fit
from paysim.model.curve import NOTHING, Polynomial
from paysim.model.health import Health
from paysim.model.lever import Lever, UnitCostEffect
from paysim.model.population import Population

POPULATION = Population(
    places=("town",),
    age_bands=("0+",),
    place=np.zeros(2, dtype=np.int16),
    profile=np.array([0, 4], dtype=np.int16),
    residents=np.array([300, 100]),
)


IN_PROPORTION = Polynomial(1.0)


def lever(id, owner, low, high, now=None, curves=(IN_PROPORTION,), cost=NOTHING, effort=NOTHING, health=NOTHING):
    return Lever(
        id=id,
        name=id,
        owner=owner,
        unit="share",
        low=low,
        high=high,
        now=low if now is None else now,
        step=(high - low) / 10,
        effects=tuple(UnitCostEffect("ward", curve) for curve in curves),
        cost=cost,
        effort=effort,
        health=health,
    )


def system_of(levers, objectives=(), organisations=("first", "second"), pounds_per_qaly=0.0, discount_rate=0.0):
    return SimpleNamespace(
        organisations=dict.fromkeys(organisations),
        pathways={},
        steps={},
        levers={each.id: each for each in levers},
        objectives={each.organisation: each for each in objectives},
        population=POPULATION,
        health=Health(pounds_per_qaly, discount_rate),
    )


def outcome_of(system, point, income, short=None, long=None, qalys=None, years=1, replication=0):
    """An outcome from functions of all intensities by lever: pounds by organisation, QALYs of everybody."""
    at = {each.id: point.get(each.id, each.now) for each in system.levers.values()}
    organisations = list(system.organisations)

    def by_organisation(function):
        values = {} if function is None else function(at)
        return np.array([[float(values.get(each, 0.0))] * years for each in organisations])

    cost, received = by_organisation(short), by_organisation(income)[None]
    levers = np.zeros_like(cost)
    for each in system.levers.values():
        levers[organisations.index(each.owner)] += each.cost.at(at[each.id])
    health = 0.0 if qalys is None else qalys(at)
    health += sum(each.health.at(at[each.id]) for each in system.levers.values())
    return Outcome(
        point=point,
        replication=replication,
        income=received,
        spend=np.zeros_like(received),
        long_run_income=received,
        long_run_spend=np.zeros_like(received),
        short_run_cost=cost,
        long_run_cost=cost if long is None else by_organisation(long),
        lever_cost=levers,
        qalys=np.outer([0.75, 0.0, 0.0, 0.0, 0.25], np.full(years, health)),
        steps=np.zeros((1, years)),
    )


def surface_of(system, income, pairs=None, **others):
    """The surface of a single replication under arrangement 'pay'."""
    design = design_points(system, pairs=pairs)
    return fit(design, ["pay"], [[outcome_of(system, point, income, **others) for point in design.points]])
