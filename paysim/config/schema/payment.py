"""What activity is counted by, what it is priced at, and who pays whom for it."""

from typing import Annotated, Any, Literal

from pydantic import Field, Tag, field_validator, model_validator

from paysim.config.schema.base import Amount, Blocks, ById, Ids, Table, Text, by_table, refusal, told_apart
from paysim.config.schema.numbers import ByResident

_POUNDS = "a number of pounds, { neutral_to } or { by_place }"
_NEUTRAL = "{ neutral_to }"
_ORGANISATION = "an organisation or { by_place }"
_BY_PLACE = "{ by_place }"
_PAYEE = "an organisation, a list of organisations or { by_place }"
_PAYEES = "a list of organisations"


class Currency(Table):
    """What a tariff prices."""

    name: Text = Field(description="Name for people.")
    counted: Literal["step", "spell", "day"] = Field(
        description="Counted once a step, once a spell, or once a midnight crossed."
    )


class Prices(Table):
    """A price list."""

    name: Text = Field(description="Name for people.")
    file: Text = Field(
        description="CSV file with columns currency, code, price (pounds), and for spells trim_point_days, "
        "long_stay_payment_per_day, short_stay_price, top_up and best_practice_payment."
    )


class CaseMixes(Table):
    """The codes that steps are recorded with."""

    file: Text = Field(
        description="CSV file with columns case_mix, code, share, and where the stay depends on the code stay_days "
        "and stay_cv."
    )


class NeutralTo(Table):
    """An amount set so that the payer expects to pay what another arrangement would have it pay."""

    neutral_to: Text = Field(description="The other arrangement.")


class PoundsByPlace(Table):
    """A number of pounds for each place."""

    by_place: ById[Amount] = Field(description="Pounds by place.")


def _form_of_pounds(value: Any) -> str:
    if isinstance(value, dict):
        return _BY_PLACE if "by_place" in value else _NEUTRAL
    return _POUNDS


Pounds = Annotated[
    Annotated[Amount, Tag(_POUNDS)] | Annotated[NeutralTo, Tag(_NEUTRAL)] | Annotated[PoundsByPlace, Tag(_BY_PLACE)],
    told_apart(_form_of_pounds),
]


class TariffTerm(Table):
    """Pays for each unit of activity at its price."""

    kind: Literal["tariff"] = Field(description="'tariff'")
    id: Text | None = Field(None, description="Name of the term in the ledger; its kind unless given.")
    prices: Text = Field(description="The price list.")
    market_forces_factor: bool = Field(False, description="Whether prices are multiplied by the payee's factor.")


class BlockTerm(Table):
    """Pays an annual sum in twelfths, whatever the activity."""

    kind: Literal["block"] = Field(description="'block'")
    id: Text | None = Field(None, description="Name of the term in the ledger; its kind unless given.")
    annual: Pounds = Field(
        description="Pounds a year, for each place or all, or the arrangement that the sum is neutral to."
    )


class CapitationTerm(Table):
    """Pays a sum a year per resident of the contract's places, in twelfths."""

    kind: Literal["capitation"] = Field(description="'capitation'")
    id: Text | None = Field(None, description="Name of the term in the ledger; its kind unless given.")
    annual_per_head: Pounds = Field(
        description="Pounds a year per weighted resident, of each place or all, or the arrangement that the sum is "
        "neutral to."
    )
    weights: ByResident | None = Field(None, description="Weight of each kind of resident; heads count 1 unless given.")


Term = Annotated[TariffTerm | BlockTerm | CapitationTerm, Field(discriminator="kind")]


class ByPlace(Table):
    """One organisation for each place."""

    by_place: ById[Text] = Field(description="Organisation by place.")


class Scope(Table):
    """What a contract pays for; all services of the payee for residents of all places unless narrowed."""

    services: Ids[Text] | None = Field(None, description="These services.")
    organisations: Ids[Text] | None = Field(None, description="All services of these organisations.")
    places: Ids[Text] | None = Field(None, description="Residents of these places.")

    @model_validator(mode="after")
    def _services_or_organisations(self) -> "Scope":
        if self.services is not None and self.organisations is not None:
            raise refusal("found both services and organisations", "expected one of them")
        return self


class Contract(Table):
    """Payer, payee, scope and terms; one contract for each payee, and for each place where anything is by place."""

    payer: Annotated[
        Annotated[Text, Tag(_ORGANISATION)] | Annotated[ByPlace, Tag(_BY_PLACE)], by_table(_BY_PLACE, _ORGANISATION)
    ] = Field(description="The organisation that pays, or one for each place.")
    payee: Annotated[
        Annotated[Text, Tag(_PAYEE)] | Annotated[Ids[Text], Tag(_PAYEES)] | Annotated[ByPlace, Tag(_BY_PLACE)],
        told_apart(
            lambda value: _PAYEES if isinstance(value, list) else _PAYEE if isinstance(value, str) else _BY_PLACE
        ),
    ] = Field(description="The organisation that is paid, several, or one for each place.")
    scope: Scope = Field(Scope(), description="What is paid for.")
    terms: list[Term] = Field(min_length=1, description="Payment rules; their payments add up.")

    @field_validator("terms")
    @classmethod
    def _ids_differ(cls, terms: list[TariffTerm | BlockTerm | CapitationTerm]) -> list[Term]:
        given = [term.id for term in terms if term.id]
        for number, name in enumerate(given):
            if name in given[:number]:
                raise refusal(f"found two terms with id {name!r}", "expected distinct ids")
        return terms


class Arrangement(Table):
    """A named set of contracts that pays for the whole system."""

    name: Text = Field(description="Name for people.")
    contract: Blocks[Contract] = Field(description="Contracts by id.")
