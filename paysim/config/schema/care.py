"""Pathways, when demand arises, and choices of provider."""

from typing import Annotated, Any

from pydantic import Field, Tag, field_validator, model_validator

from paysim.config.schema.base import Amount, Blocks, ById, Count, Ids, Share, Table, Text, refusal, told_apart
from paysim.config.schema.numbers import ByResident, Duration, ProbabilityByResident

_SERVICE = "a service or provision, { by_place } or { choice, options }"
_BY_PLACE = "{ by_place }"
_CHOICE = "{ choice, options }"


class Timing(Table):
    """When demand arises: relative weights."""

    hours: list[Amount] = Field([1.0] * 24, min_length=24, max_length=24, description="Weights by hour from midnight.")
    weekdays: list[Amount] = Field([1.0] * 7, min_length=7, max_length=7, description="Weights by day from Monday.")
    months: list[Amount] = Field([1.0] * 12, min_length=12, max_length=12, description="Weights by month from January.")

    @field_validator("hours", "weekdays", "months")
    @classmethod
    def _some_weight(cls, weights: list[float]) -> list[float]:
        if not any(weights):
            raise refusal("found only zeros", "expected at least one weight above 0")
        return weights


class Choice(Table):
    """A choice of provider that steps share: who chose one option keeps to it in the whole episode."""

    options: Ids[Text] = Field(description="Names of the options.")
    shares: ById[dict[str, Share]] = Field(
        description="Share of each option by place of residence; an option left out has none."
    )


class ByPlaceOfResidence(Table):
    """One service for each place of residence."""

    by_place: ById[Text] = Field(description="Service by place.")


class Chosen(Table):
    """A service for each option of a choice."""

    choice: Text = Field(description="The [choice.*] block.")
    options: ById[Text] = Field(description="Service by option.")


def _form_of_service(value: Any) -> str:
    if isinstance(value, dict):
        return _CHOICE if {"choice", "options"} & value.keys() else _BY_PLACE
    return _SERVICE


Provider = Annotated[
    Annotated[Text, Tag(_SERVICE)] | Annotated[ByPlaceOfResidence, Tag(_BY_PLACE)] | Annotated[Chosen, Tag(_CHOICE)],
    told_apart(_form_of_service),
]
"""Who carries a step out: one service, one for each place, or one for each option of a choice."""


class Next(Table):
    """A way on from a step."""

    to: Text = Field(description="The next step: 'step' in the same pathway or 'pathway.step'.")
    probability: ProbabilityByResident = Field(1.0, description="Probability of this way, by kind of resident.")
    delay: Duration | None = Field(None, description="Time until the next step is asked for; none unless given.")


class Step(Table):
    """One contact or stay of a resident at a service."""

    name: Text = Field(description="Name for people.")
    service: Provider = Field(
        description="Who carries it out: a service or [provision.*], one for each place, or one for each option of a "
        "choice."
    )
    duration: Duration | None = Field(None, description="Time in the service, unless the case mix gives it.")
    currency: Text | None = Field(None, description="What a tariff may price the step by.")
    code: Text | None = Field(None, description="Code that the step is recorded with.")
    case_mix: Text | None = Field(None, description="Case mix that the code, and the stay if any, is drawn from.")
    admitted: bool = Field(False, description="Whether the patient is admitted; such steps in a row form a spell.")
    priority: Count = Field(0, description="Place in the queue of a `priority` service, the lowest first.")
    next: list[Next] = Field([], description="Ways on; whatever probability is left leaves the pathway.")

    @model_validator(mode="after")
    def _one_origin_of_the_code(self) -> "Step":
        if self.code is not None and self.case_mix is not None:
            raise refusal("found both code and case_mix", "expected one of them", key="code")
        return self


class Demand(Table):
    """How often residents enter a pathway, and when."""

    rate: ByResident = Field(description="Episodes per resident and year.")
    timing: Text = Field(description="The [timing.*] block.")


class Pathway(Table):
    """A graph of steps that an episode runs through."""

    name: Text = Field(description="Name for people.")
    entry: Text = Field(description="Step that an episode begins with.")
    demand: Demand | None = Field(None, description="Episodes that begin here; none if only other pathways lead here.")
    step: Blocks[Step] = Field(min_length=1, description="Steps by id.")
