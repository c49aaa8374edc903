"""The incentive map as typed values: what its figure, prose and terminal tables are written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from paysim.incentives.marginal import ALL, BOTH, Change, Verdict, quantity_of
from paysim.model.lever import Lever
from paysim.model.measure import Measure
from paysim.model.organisation import Organisation
from paysim.model.system import System
from paysim.study.incentives.study import IncentiveMap

MANY = 8
"""Organisations beyond which a figure or a sentence takes those of a kind together."""

_KINDS = {"commissioner": "commissioners", "council": "councils", "funder": "funders"}


@dataclass(frozen=True, slots=True)
class Party:
    """One or several organisations whose surplus is read as one."""

    name: str
    members: tuple[str, ...]


class Readable:
    """A map's changes by what they are of, on one horizon."""

    def __init__(self, incentives: IncentiveMap, horizon: str) -> None:
        self.incentives = incentives
        self.horizon = horizon

    @cached_property
    def _changes(self) -> Mapping[tuple[str, str, str, str, str], Change]:
        return {(c.lever, c.arrangement, c.horizon, c.quantity, c.party): c for c in self.incentives.changes}

    @cached_property
    def _verdicts(self) -> Mapping[tuple[str, str], Verdict]:
        return {(v.lever, v.arrangement): v for v in self.incentives.judged if v.horizon == self.horizon}

    @cached_property
    def most_money(self) -> float:
        """The largest sum of money, in either direction, that one step of a lever moves."""
        money = [c for c in self.incentives.changes if c.quantity in ("surplus", "real_cost", "net_benefit")]
        return max((abs(float(change.per_step.mean())) for change in money), default=0.0)

    @cached_property
    def most_health(self) -> float:
        """The most QALYs, gained or lost, of one step of a lever."""
        health = [self.of_residents(lever, "qalys") for lever in self.incentives.levers]
        return max(abs(float(change.per_step.mean())) for change in health)

    def verdict(self, lever: Lever, arrangement: str) -> Verdict:
        """Return the verdict on a lever under an arrangement."""
        return self._verdicts[lever.id, arrangement]

    def surplus(self, lever: Lever, arrangement: str, party: Party) -> Change:
        """Return the change of the surplus that a party's organisations have together."""
        parts = [self._changes[lever.id, arrangement, self.horizon, "surplus", member] for member in party.members]
        return together(parts, party.name)

    def of_system(self, lever: Lever, quantity: str) -> Change:
        """Return the change of the system's real_cost or net_benefit."""
        return self._changes[lever.id, ALL, self.horizon, quantity, "system"]

    def of_residents(self, lever: Lever, quantity: str) -> Change:
        """Return the change of residents' qalys, or of the counted steps."""
        return self._changes[lever.id, ALL, BOTH, quantity, "residents"]

    def of_measure(self, lever: Lever, measure: Measure) -> Change | None:
        """Return the change of a measure of the system, None where it could not be taken."""
        return self._changes.get((lever.id, ALL, BOTH, quantity_of(measure), "system"))

    def spend(self, lever: Lever, arrangement: str) -> Change:
        """Return the change of what commissioners pay."""
        key = (lever.id, arrangement, self.horizon, "spend", "commissioners")
        return self._changes.get(key) or self._changes[lever.id, arrangement, BOTH, "spend", "commissioners"]


def together(parts: Sequence[Change], name: str) -> Change:
    """Return the sum of changes of several parties as one party's."""
    first = parts[0]
    return Change(
        first.lever,
        first.arrangement,
        first.horizon,
        name,
        first.quantity,
        first.unit,
        np.sum([part.per_unit for part in parts], axis=0),
        first.step,
        first.events,
        first.exact,
    )


def everybody(incentives: IncentiveMap) -> list[Party]:
    """Return the organisations that own a lever or whose surplus any lever changes, each on its own."""
    touched = {c.party for c in incentives.changes if c.quantity == "surplus" and c.per_unit.any()}
    touched |= {lever.owner for lever in incentives.levers}
    return [Party(o.id, (o.id,)) for o in incentives.system.organisations.values() if o.id in touched]


def parties(incentives: IncentiveMap) -> list[Party]:
    """Return the same; where there are many, those of one kind together, the owners of levers apart.

    Kinds are commissioners, councils, funders, and providers whose services are all of one sector.
    """
    alone = everybody(incentives)
    if len(alone) <= MANY:
        return alone
    owners = {lever.owner for lever in incentives.levers}
    of_kind: dict[str, list[str]] = {}
    for party in alone:
        organisation = incentives.system.organisations[party.name]
        kind = organisation.id if organisation.id in owners else _kind(incentives.system, organisation)
        of_kind.setdefault(kind, []).append(organisation.id)
    kinds_of_owners = {_kind(incentives.system, incentives.system.organisations[owner]) for owner in owners}
    return [
        Party(members[0] if len(members) == 1 else f"other {kind}" if kind in kinds_of_owners else kind, tuple(members))
        for kind, members in of_kind.items()
    ]


def _kind(system: System, organisation: Organisation) -> str:
    if organisation.kind in _KINDS:
        return _KINDS[organisation.kind]
    sectors = {service.sector for service in system.services.values() if service.organisation == organisation.id}
    return sectors.pop() if len(sectors) == 1 else organisation.id
