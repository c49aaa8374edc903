"""Objectives: what an organisation sets its levers for."""

from typing import Literal

from pydantic import Field

from paysim.config.schema.base import Amount, Table, resting_on
from paysim.model.evidence import assumption

_FOR_SURPLUS = assumption(
    "Organisations act for their surplus, whatever the risk and at no cost of change, as far as nothing else is said"
)


class Objective(Table):
    """What an organisation maximises when it sets its levers, a year at a time; its id is the organisation's.

    Weights times utility of surplus and value of health, less effort and the cost of adjustment. An owner of levers
    without one maximises its surplus in the short run.
    """

    surplus_weight: Amount = Field(
        1.0, description="Weight of the utility of its surplus.", json_schema_extra=resting_on(_FOR_SURPLUS)
    )
    health_weight: Amount = Field(
        0.0,
        description="Weight of the value of residents' health, in pounds.",
        json_schema_extra=resting_on(_FOR_SURPLUS),
    )
    risk_aversion: Amount = Field(
        0.0,
        description="Absolute risk aversion a per pound, of utility (1 - exp(-a surplus)) / a; 0: the surplus.",
        json_schema_extra=resting_on(_FOR_SURPLUS),
    )
    adjustment_cost: Amount = Field(
        0.0,
        description="Cost in pounds' worth of changing a lever by its whole range; it goes with the square of the "
        "share that is changed.",
        json_schema_extra=resting_on(_FOR_SURPLUS),
    )
    rule: Literal["best_response", "rule_of_thumb", "passive"] = Field(
        "best_response",
        description="best_response: sets the levers that are best against what others did last. rule_of_thumb: goes on "
        "the way that raised its surplus last, else turns round with half the stride. passive: leaves levers alone.",
    )
    horizon: Literal["short_run", "long_run"] = Field(
        "short_run",
        description="Which costs count. short_run: semi-fixed cost follows activity late. long_run: it has followed.",
    )
