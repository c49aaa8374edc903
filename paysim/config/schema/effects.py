"""Effects of levers: a table for each kind."""

from typing import Literal

from pydantic import Field, model_validator

from paysim.config.schema.base import Ids, Number, Table, Text, refusal
from paysim.config.schema.numbers import Duration
from paysim.config.schema.residents import Residents


class EffectForm(Table):
    """What a lever changes: by what its curve changes from the intensity `now` to another one."""

    kind: str = Field(description="The kind of effect.")
    per_unit: Number | None = Field(None, description="Change with each unit of intensity.")
    per_unit_squared: Number | None = Field(None, description="Change with the square of the intensity.")
    curve: Literal["below_threshold", "severity_below_threshold"] | None = Field(
        None,
        description="In place of these: the intensity is a threshold of severity, exponential with mean 1. "
        "below_threshold: cases below it. severity_below_threshold: the same, each counted by its severity. What "
        "changes is their number over that at `now`, less 1.",
    )

    @model_validator(mode="after")
    def _one_size(self) -> "EffectForm":
        polynomial = self.per_unit is not None or self.per_unit_squared is not None
        if polynomial and self.curve is not None:
            raise refusal("found a curve and a change per unit", "expected one of them", key="curve")
        if not polynomial and self.curve is None:
            raise refusal("missing", "expected per_unit, per_unit_squared or curve", key="per_unit")
        return self


class DemandEffect(EffectForm):
    """The demand of a pathway is multiplied by 1 plus the change."""

    kind: Literal["demand"] = Field(description="'demand'")
    pathway: Text = Field(description="Pathway with demand of its own.")
    residents: Residents | None = Field(None, description="Residents whose demand changes; all unless given.")


class DivertEffect(EffectForm):
    """Of those whom a step sends to another one, a share that is the change goes elsewhere."""

    kind: Literal["divert"] = Field(description="'divert'")
    step: Text = Field(description="Step that they come from, as 'pathway.step'.")
    away: Text = Field(description="Step that they would go on to, as 'pathway.step'.")
    to: Text | None = Field(
        None, description="Step that they go to instead, as 'pathway.step'; they leave the pathway unless given."
    )
    delay: Duration | None = Field(None, description="Time until that step is asked for; none unless given.")
    residents: Residents | None = Field(None, description="Residents who go elsewhere; all unless given.")

    @model_validator(mode="after")
    def _delay_before_a_step(self) -> "DivertEffect":
        if self.delay is not None and self.to is None:
            raise refusal("found a delay before no step", "expected `to` too, or no delay", key="delay")
        return self


class StayEffect(EffectForm):
    """The mean duration of steps, whatever their code, is multiplied by 1 plus the change."""

    kind: Literal["stay"] = Field(description="'stay'")
    steps: Ids[Text] = Field(description="The steps, as 'pathway.step'.")


class DelayEffect(EffectForm):
    """The mean delay between a step and the next is multiplied by 1 plus the change."""

    kind: Literal["delay"] = Field(description="'delay'")
    step: Text = Field(description="Step that the delay comes after, as 'pathway.step'.")
    to: Text = Field(description="Step that it comes before, as 'pathway.step'.")


class CapacityEffect(EffectForm):
    """The change is added to the servers of a service, in whole servers."""

    kind: Literal["capacity"] = Field(description="'capacity'")
    service: Text = Field(description="The service.")


class UnitCostEffect(EffectForm):
    """The change, in pounds, is added to the variable cost of every step at a service."""

    kind: Literal["unit_cost"] = Field(description="'unit_cost'")
    service: Text = Field(description="The service.")


class ChoiceEffect(EffectForm):
    """The change is added to the share of residents who choose an option; the others give in proportion.

    Residents of a place whose share of the option is 0 or 1 keep to what they choose.
    """

    kind: Literal["choice"] = Field(description="'choice'")
    choice: Text = Field(description="The [choice.*] block.")
    option: Text = Field(description="The option.")


class RecodeEffect(EffectForm):
    """Of the owner's steps with one code, a share that is the change is recorded with another one.

    Care stays the same.
    """

    kind: Literal["recode"] = Field(description="'recode'")
    steps: Ids[Text] = Field(description="The steps, as 'pathway.step'.")
    code: Text = Field(description="Code that they would be recorded with.")
    recorded_as: Text = Field(description="Code that they are recorded with instead.")


class ReferAwayEffect(EffectForm):
    """A share, that is the change, of some residents comes off the list by which the owner is paid by the head.

    Contracts of another arrangement pay for them. Care stays the same.
    """

    kind: Literal["refer_away"] = Field(description="'refer_away'")
    residents: Residents = Field(description="Residents of whom a share comes off the list.")
    instead: Text = Field(description="Arrangement whose contracts pay for them.")


KINDS: dict[str, type[EffectForm]] = {
    "demand": DemandEffect,
    "divert": DivertEffect,
    "stay": StayEffect,
    "delay": DelayEffect,
    "capacity": CapacityEffect,
    "unit_cost": UnitCostEffect,
    "choice": ChoiceEffect,
    "recode": RecodeEffect,
    "refer_away": ReferAwayEffect,
}
