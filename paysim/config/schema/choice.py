"""Choices of provider, and which service carries a step out."""

from typing import Annotated, Any

from pydantic import Field, Tag, model_validator

from paysim.config.schema.base import Amount, ById, Ids, Share, Table, Text, refusal, resting_on, told_apart
from paysim.model.evidence import NEUTRAL
from paysim.model.limits import LARGEST_NUMBER

_SERVICE = "a service or provision, { by_place } or { choice, options }"
_BY_PLACE = "{ by_place }"
_CHOICE = "{ choice, options }"

Attraction = Annotated[float, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]


class Travel(Table):
    """Shares by a multinomial logit: in proportion to exp(attraction - sensitivity x minutes)."""

    minutes: ById[Annotated[dict[str, Amount], Field(min_length=1)]] = Field(
        description="Travel time to each option by place of residence; an option left out has no share."
    )
    sensitivity: Amount = Field(description="How much a minute of travel takes off an option's utility.")
    attraction: dict[str, Attraction] = Field(
        {}, description="Utility of an option apart from travel; 0 for an option left out."
    )


class Choice(Table):
    """A choice of provider that steps share: who chose one option keeps to it in the whole episode."""

    options: Ids[Text] = Field(description="Names of the options.")
    shares: ById[dict[str, Share]] | None = Field(
        None, description="Share of each option by place of residence; an option left out has none."
    )
    travel: Travel | None = Field(None, description="Travel that the shares follow from, in place of `shares`.")
    wait_sensitivity: Amount = Field(
        0.0,
        description="How much a day of waiting at the moment of the choice takes off an option's utility: shares are "
        "multiplied by exp(-wait_sensitivity x wait).",
        json_schema_extra=resting_on(NEUTRAL),
    )

    @model_validator(mode="after")
    def _shares_or_travel(self) -> "Choice":
        if self.shares is not None and self.travel is not None:
            raise refusal("found both shares and travel", "expected one of them")
        if self.shares is None and self.travel is None:
            raise refusal("found neither shares nor travel", "expected one of them", key="shares")
        return self


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


ServiceOfStep = Annotated[
    Annotated[Text, Tag(_SERVICE)] | Annotated[ByPlaceOfResidence, Tag(_BY_PLACE)] | Annotated[Chosen, Tag(_CHOICE)],
    told_apart(_form_of_service),
]
"""A service or provision, one service for each place, or one for each option of a choice."""
