"""More or less demand for a pathway."""

from dataclasses import replace

from paysim.incentives.changes.moved import Changes, factor_of, impossible
from paysim.model.lever import DemandEffect
from paysim.model.system import System


def with_demand(system: System, changes: Changes[DemandEffect]) -> System:
    """Return the system with the rates of pathways times 1 + the change, for the residents of each effect.

    Who is left of a lower rate is a thinned sample of the same episodes; a higher one adds episodes to them.
    """
    pathways = dict(system.pathways)
    for change in changes:
        effect, factor = change.effect, factor_of(change, "demand")
        pathway = pathways.get(effect.pathway)
        if pathway is None or pathway.demand is None:
            raise impossible(change, f"found pathway {effect.pathway!r}", "expected one with demand of its own")
        factors = factor if effect.residents is None else 1.0 + (factor - 1.0) * effect.residents
        demand = replace(pathway.demand, rate=pathway.demand.rate * factors)
        pathways[effect.pathway] = replace(pathway, demand=demand)
    return replace(system, pathways=pathways) if changes else system
