"""The whole config."""

import re
from datetime import date
from typing import Any

from pydantic import Field, field_validator

from paysim.config.schema.base import Blocks, Strict, Text, refusal
from paysim.config.schema.care import Pathway, Timing
from paysim.config.schema.choice import Choice, ServiceOfStep
from paysim.config.schema.health import Health
from paysim.config.schema.lever import Lever
from paysim.config.schema.measure import Measure
from paysim.config.schema.objective import Objective
from paysim.config.schema.payment import Arrangement, CaseMixes, Currency, Prices
from paysim.config.schema.service import Service
from paysim.config.schema.setting import Need, Organisation, Place, Population, Source, Study
from paysim.model.limits import FIRST_YEAR, LAST_YEAR

_FINANCIAL_YEAR = "^[0-9]{4}-[0-9]{2}$"


class Config(Strict):
    """A system as a config describes it, with the base that it extends merged in."""

    extends: Text | list[Text] | None = Field(
        None,
        description="A config in the same folder or below that this one differs from, or several, merged in the order "
        "given, each once and after those that it extends itself; what is merged later wins, keys given here over all.",
    )
    own_terms: list[Text] = Field(
        [],
        description="Python files that register kinds of term of your own, in the folder of the config or below. They "
        "are run when the config is read.",
    )
    title: Text = Field(description="Name of the system.")
    question: Text = Field(description="The question that the config is there to answer.")
    start: date = Field(description="1 April of the first financial year.")
    price_year: str = Field(
        description="Financial year of all costs, such as '2017-18'.", json_schema_extra={"pattern": _FINANCIAL_YEAR}
    )
    study: Study = Field(Study(), description="Defaults of `paysim compare`.")
    source: Blocks[Source] = Field({}, description="Sources by id.")
    population: Population = Field(description="Table of the residents.")
    need: Need | None = Field(None, description="Changes of need and deaths; none unless given.")
    place: Blocks[Place] = Field(min_length=1, description="Places by id.")
    organisation: Blocks[Organisation] = Field(min_length=1, description="Organisations by id.")
    service: Blocks[Service] = Field(min_length=1, description="Services by id.")
    currency: Blocks[Currency] = Field({}, description="Currencies by id.")
    prices: Blocks[Prices] = Field({}, description="Price lists by id.")
    case_mixes: CaseMixes | None = Field(None, description="Case mixes.")
    timing: Blocks[Timing] = Field({}, description="Timings of demand by id.")
    choice: Blocks[Choice] = Field({}, description="Choices of provider by id.")
    provision: Blocks[ServiceOfStep] = Field({}, description="Who provides what steps ask for, by id.")
    pathway: Blocks[Pathway] = Field(min_length=1, description="Pathways by id.")
    measure: Blocks[Measure] = Field({}, description="Measures by id.")
    arrangement: Blocks[Arrangement] = Field({}, description="Arrangements by id.")
    health: Health | None = Field(None, description="What counts as health; nothing unless given.")
    lever: Blocks[Lever] = Field({}, description="Levers by id.")
    objective: Blocks[Objective] = Field({}, description="Objectives by organisation.")

    @field_validator("start")
    @classmethod
    def _first_of_april(cls, start: date) -> date:
        if (start.month, start.day) != (4, 1):
            raise refusal(f"found {start.isoformat()}", "expected 1 April of a financial year, such as 2017-04-01")
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            raise refusal(f"found {start.isoformat()}", f"expected 1 April of a year from {FIRST_YEAR} to {LAST_YEAR}")
        return start

    @field_validator("price_year")
    @classmethod
    def _consecutive(cls, year: str) -> str:
        if not re.fullmatch(_FINANCIAL_YEAR, year) or (int(year[:4]) + 1) % 100 != int(year[5:]):
            raise refusal(f"found {year!r}", "expected a financial year such as '2017-18'")
        return year


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a whole config: one without `extends`, or merged with its base.

    Dates stand as ISO 8601 text.
    """
    return Config.model_json_schema(by_alias=True)
