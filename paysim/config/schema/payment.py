"""What activity is counted by, what it is priced at, and who pays whom for it."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Tag, WithJsonSchema, field_validator, model_validator

from paysim.config.schema.base import Blocks, ById, Ids, Table, Text, by_table, refusal, told_apart
from paysim.config.schema.residents import Residents
from paysim.config.schema.terms import AnyTerm

_ORGANISATION = "an organisation or { by_place }"
_BY_PLACE = "{ by_place }"
_PAYEE = "an organisation, a list of organisations or { by_place }"
_PAYEES = "a list of organisations"
_MONTH = "^[0-9]{4}-(0[1-9]|1[0-2])$"


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


class ByPlace(Table):
    """One organisation for each place."""

    by_place: ById[Text] = Field(description="Organisation by place.")


def _month(text: str) -> str:
    if not re.fullmatch(_MONTH, text, re.ASCII):
        raise refusal(f"found {text!r}", "expected a month such as '2018-04'")
    return text


Month = Annotated[str, AfterValidator(_month), WithJsonSchema({"type": "string", "pattern": _MONTH})]


class Months(Table):
    """Months from one to another, both included."""

    since: Month | None = Field(
        None, alias="from", description="First month, such as '2018-04'; the run's unless given."
    )
    to: Month | None = Field(None, description="Last month, such as '2019-03'; the run's unless given.")

    @model_validator(mode="after")
    def _in_order(self) -> "Months":
        if self.since is None and self.to is None:
            raise refusal("found no month", "expected `from`, `to` or both")
        if self.since is not None and self.to is not None and self.to < self.since:
            raise refusal(f"found {self.to!r}, before {self.since!r}", "expected a month not before `from`", key="to")
        return self


class Scope(Residents):
    """What a contract pays for: all services of the payee, for all residents, at all times, unless narrowed.

    Activity must meet all that is given.
    """

    services: list[Text] | None = Field(
        None, description="These services; none (`[]`) in a contract that pays for no activity, such as a grant."
    )
    organisations: Ids[Text] | None = Field(None, description="All services of these organisations.")
    pathways: Ids[Text] | None = Field(None, description="Steps of these pathways.")
    periods: Months | None = Field(None, description="Activity that ends, and payments that fall, in these months.")

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
    terms: list[AnyTerm] = Field(min_length=1, description="Payment rules; their payments add up.")

    @field_validator("terms")
    @classmethod
    def _ids_differ(cls, terms: list[AnyTerm]) -> list[AnyTerm]:
        given = [term.id for term in terms if term.id]
        for number, name in enumerate(given):
            if name in given[:number]:
                raise refusal(f"found two terms with id {name!r}", "expected distinct ids")
        return terms


class Arrangement(Table):
    """A named set of contracts that pays for the whole system."""

    name: Text = Field(description="Name for people.")
    extends: Text | None = Field(
        None,
        description="An arrangement that this one differs from: its contracts, unless one of the same id is given.",
    )
    contract: Blocks[Contract] = Field({}, description="Contracts by id.")

    @model_validator(mode="after")
    def _some_contract(self) -> "Arrangement":
        if not self.contract and self.extends is None:
            raise refusal("found no contract", "expected contracts, or an arrangement to extend")
        return self
