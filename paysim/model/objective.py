"""Objectives: what an organisation sets its levers for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from paysim.model.system import System

Rule = Literal["best_response", "rule_of_thumb", "passive"]
Horizon = Literal["short_run", "long_run"]
HORIZONS: tuple[Horizon, ...] = ("short_run", "long_run")


@dataclass(frozen=True, slots=True)
class Objective:
    """What an organisation maximises when it sets its levers, a year at a time.

    surplus_weight U(surplus) + health_weight x value of residents' health - effort - adjustment, where U(y) is y, or
    (1 - exp(-a y)) / a with risk aversion a (per pound), in expectation over replications; effort is that of its
    levers; adjustment is `adjustment_cost` pounds for a change of a whole range, times the square of the share that is
    changed. The weight on health is that of Ellis and McGuire, "Provider behavior under prospective reimbursement",
    Journal of Health Economics 5 (1986).

    `horizon` says which costs count: short run (variable cost follows activity at once, semi-fixed cost late) or long
    run (semi-fixed cost has followed). `best_response` sets the levers that are best against what others did last;
    `rule_of_thumb` goes on the way that raised its realised surplus last, else turns round with half the stride;
    `passive` leaves them as they are.
    """

    organisation: str
    surplus_weight: float = 1.0
    health_weight: float = 0.0
    risk_aversion: float = 0.0
    adjustment_cost: float = 0.0
    rule: Rule = "best_response"
    horizon: Horizon = "short_run"


def objectives_in_force(system: "System") -> Mapping[str, Objective]:
    """Return the config's objectives, and after them those of other owners of levers: surplus in the short run."""
    owners = {lever.owner for lever in system.levers.values()}.difference(system.objectives)
    return {**system.objectives, **{each: Objective(each) for each in system.organisations if each in owners}}
