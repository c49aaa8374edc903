"""Levers: what an organisation can decide, what that changes and what it costs."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from paysim.config.schema.base import Ids, Number, Positive, Table, Text, refusal, resting_on
from paysim.config.schema.effects import KINDS, EffectForm
from paysim.config.schema.kinds import OfKind
from paysim.model.evidence import NEUTRAL, assumption
from paysim.model.limits import ROUNDING

_STEP = assumption("A tenth of a lever's range is small enough for what is asked at the margin")

Effect = Annotated[EffectForm, OfKind("effect", lambda: KINDS)]


class Polynomial(Table):
    """per_unit x + per_unit_squared x^2 at intensity x: nothing at 0."""

    per_unit: Number = Field(
        0.0, description="What comes with each unit of intensity.", json_schema_extra=resting_on(NEUTRAL)
    )
    per_unit_squared: Number = Field(
        0.0, description="What comes with the square of the intensity.", json_schema_extra=resting_on(NEUTRAL)
    )


class Counted(Table):
    """What the results of a lever are also given for one fewer of."""

    name: Text = Field(description="Name for people, such as 'emergency admission avoided'.")
    steps: Ids[Text] = Field(description="Steps that are counted, as 'pathway.step'.")


class Lever(Table):
    """A decision of an organisation: an intensity in a range, what it changes, and what it costs a year."""

    name: Text = Field(description="Name for people.")
    owner: Text = Field(description="Organisation that decides on it, and bears its cost.")
    unit: Text = Field(description="What intensity counts, such as 'share of those who would be admitted'.")
    range: list[Number] = Field(min_length=2, max_length=2, description="Lowest and highest intensity.")
    now: Number | None = Field(
        None,
        description="Intensity at which the system is as described; the lowest unless given.",
        json_schema_extra=resting_on(NEUTRAL, "the lowest intensity"),
    )
    step: Positive | None = Field(
        None,
        description="Change of intensity over which incentives are taken. Unless given, a tenth of the range, or more "
        "where it would not make a whole server or a whole penny. There must be room for it above `now`, or below.",
        json_schema_extra=resting_on(_STEP, "a tenth of the range, or more for a whole server or penny"),
    )
    per: Counted | None = Field(None, description="What results are also given for one fewer of.")
    effects: list[Effect] = Field([], description="What it changes, each by the change of a curve from `now`.")
    cost: Polynomial = Field(description="Money that the owner spends on it, pounds a year.")
    effort: Polynomial = Field(Polynomial(), description="Effort of the owner, pounds' worth a year, no money.")
    health: Polynomial = Field(
        Polynomial(), description="QALYs a year that residents gain beyond what [health.effect.*] counts."
    )

    @field_validator("range")
    @classmethod
    def _not_empty(cls, span: list[float]) -> list[float]:
        low, high = span
        if low >= high:
            raise refusal(f"found a range from {low:g} to {high:g}", "expected the lower end first, then a higher one")
        return span

    @model_validator(mode="after")
    def _inside_the_range(self) -> "Lever":
        low, high = self.range
        if self.now is not None and not low <= self.now <= high:
            raise refusal(f"found {self.now:g}", f"expected a number in the range, {low:g} to {high:g}", key="now")
        now = low if self.now is None else self.now
        room = max(now - low, high - now)
        if self.step is not None and self.step > room * (1 + ROUNDING):
            expected = f"expected at most {room:g}, the room from `now`, {now:g}, to the farther end of the range"
            raise refusal(f"found {self.step:g}", expected, key="step")
        return self

    @model_validator(mode="after")
    def _changes_something(self) -> "Lever":
        if not self.effects and self.health == Polynomial():
            raise refusal("found no effect", "expected one, or `health`", key="effects")
        return self
