"""Pathways, and when demand arises."""

from pydantic import Field, field_validator, model_validator

from paysim.config.schema.base import Amount, Blocks, Count, Table, Text, refusal, resting_on
from paysim.config.schema.choice import ServiceOfStep
from paysim.config.schema.numbers import ByResident, Duration, ProbabilityByResident, TimeSpan
from paysim.model.evidence import NEUTRAL, assumption

_EVENLY = assumption("Demand arises evenly over the hours, the weekdays and the months of which nothing is said")


class Timing(Table):
    """When demand arises: relative weights."""

    hours: list[Amount] = Field(
        [1.0] * 24,
        min_length=24,
        max_length=24,
        description="Weights by hour from midnight.",
        json_schema_extra=resting_on(_EVENLY),
    )
    weekdays: list[Amount] = Field(
        [1.0] * 7,
        min_length=7,
        max_length=7,
        description="Weights by day from Monday.",
        json_schema_extra=resting_on(_EVENLY),
    )
    months: list[Amount] = Field(
        [1.0] * 12,
        min_length=12,
        max_length=12,
        description="Weights by month from January.",
        json_schema_extra=resting_on(_EVENLY),
    )

    @field_validator("hours", "weekdays", "months")
    @classmethod
    def _some_weight(cls, weights: list[float]) -> list[float]:
        if not any(weights):
            raise refusal("found only zeros", "expected at least one weight above 0")
        return weights


class AfterWait(Table):
    """The probability of a way on from a step that was waited for longer than a limit."""

    over: TimeSpan = Field(description="Limit of the wait from request to start, in one unit.")
    probability: ProbabilityByResident = Field(description="Probability of the way after a longer wait.")


class Next(Table):
    """A way on from a step."""

    to: Text = Field(description="The next step: 'step' in the same pathway or 'pathway.step'.")
    probability: ProbabilityByResident = Field(
        1.0, description="Probability of this way, by kind of resident.", json_schema_extra=resting_on(NEUTRAL)
    )
    delay: Duration | None = Field(None, description="Time until the next step is asked for; none unless given.")
    holds: bool = Field(False, description="Whether the server of this step is kept until the next step starts.")
    after_wait: list[AfterWait] = Field(
        [], description="Probabilities after long waits, limits ascending: the last limit exceeded decides."
    )


class NotAttending(Table):
    """Residents who do not come."""

    probability: ProbabilityByResident = Field(description="Probability that the resident does not come.")
    instead: Text = Field(description="Step that takes the place of this one then; named as in `to`.")


class Step(Table):
    """One contact or stay of a resident at a service."""

    name: Text = Field(description="Name for people.")
    service: ServiceOfStep = Field(
        description="Who carries it out: a service or [provision.*], one service for each place, or one for each "
        "option of a choice."
    )
    duration: Duration | None = Field(None, description="Time in the service, unless the case mix gives it.")
    currency: Text | None = Field(
        None, description="What a tariff prices the step by; no tariff pays for a step without one."
    )
    code: Text | None = Field(None, description="Code that the step is recorded with.")
    case_mix: Text | None = Field(None, description="Case mix that the code, and the stay if any, is drawn from.")
    admitted: bool = Field(False, description="Whether the patient is admitted; such steps in a row form a spell.")
    priority: Count = Field(
        0,
        description="Place in the queue of a `priority` service, the lowest first.",
        json_schema_extra=resting_on(NEUTRAL),
    )
    patience: Duration | None = Field(
        None, description="Time after which a resident leaves before being seen; never unless given."
    )
    unserved: Text | None = Field(
        None,
        description="Step for those who leave before being seen or find a waiting room full, named as in `to`; they "
        "leave the pathway unless given.",
    )
    not_attending: NotAttending | None = Field(None, description="Residents who do not come; none unless given.")
    next: list[Next] = Field([], description="Ways on; whatever probability is left leaves the pathway.")

    @model_validator(mode="after")
    def _one_origin_of_the_code(self) -> "Step":
        if self.code is not None and self.case_mix is not None:
            raise refusal("found both code and case_mix", "expected one of them", key="code")
        return self


class Demand(Table):
    """How often residents enter a pathway, and when."""

    rate: ByResident = Field(description="Episodes per resident and year, at most 700.")
    timing: Text = Field(description="The [timing.*] block.")


class Pathway(Table):
    """A graph of steps that an episode runs through."""

    name: Text = Field(description="Name for people.")
    entry: Text = Field(description="Step that an episode begins with.")
    demand: Demand | None = Field(None, description="Episodes that begin here; none if only other pathways lead here.")
    step: Blocks[Step] = Field(min_length=1, description="Steps by id.")
