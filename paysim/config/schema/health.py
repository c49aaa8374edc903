"""Health: what a QALY is worth, and what residents gain and lose with activity and waits."""

from typing import Annotated

from pydantic import Field, model_validator

from paysim.config.schema.base import Amount, Blocks, Ids, Number, Table, Text, refusal, resting_on
from paysim.model.evidence import NEUTRAL

_SIZES = ("per_step", "per_day_waited", "per_day")


class HealthEffect(Table):
    """QALYs that residents gain, below zero where they lose, with some steps."""

    name: Text = Field(description="Name for people.")
    steps: Ids[Text] = Field(description="Steps that it comes with, as 'pathway.step'.")
    per_step: Number = Field(0.0, description="QALYs for each of the steps.", json_schema_extra=resting_on(NEUTRAL))
    per_day_waited: Number = Field(
        0.0,
        description="QALYs for each day from request to start of one of the steps.",
        json_schema_extra=resting_on(NEUTRAL),
    )
    per_day: Number = Field(
        0.0, description="QALYs for each day that one of the steps lasts.", json_schema_extra=resting_on(NEUTRAL)
    )
    on: bool = Field(True, description="Whether it counts.")

    @model_validator(mode="after")
    def _some_size(self) -> "HealthEffect":
        if not any(getattr(self, size) for size in _SIZES):
            raise refusal("found an effect of nothing", f"expected one of {', '.join(_SIZES)}")
        return self


class Health(Table):
    """What counts as health, in quality-adjusted life years (QALYs)."""

    pounds_per_qaly: Amount = Field(description="What a QALY is worth, pounds.")
    discount_rate: Annotated[float, Field(ge=0, le=1)] = Field(
        description="Share by which a QALY counts less if it comes a year later."
    )
    effect: Blocks[HealthEffect] = Field({}, description="Effects of activity and waits on health by id.")
