"""Where and for whom: study defaults, sources, population, places and organisations."""

from typing import Literal

from pydantic import Field

from paysim.config.schema.base import Amount, Strict, Table, Text, resting_on
from paysim.config.schema.numbers import ColumnOfTable, ProbabilityByResident
from paysim.model.evidence import NEUTRAL, assumption
from paysim.model.limits import (
    LARGEST_MARKET_FORCES_FACTOR,
    LARGEST_NUMBER,
    LARGEST_SEED,
    MOST_REPLICATIONS,
    MOST_WARM_UP_DAYS,
    MOST_YEARS,
)

_RUN = assumption("How much is simulated unless told otherwise: intervals say how sure the results are")
_WARM_UP = assumption("Queues settle within 30 days; checked for BHR alone, against a warm-up of a year")


class Study(Strict):
    """What `paysim compare` does unless told otherwise."""

    arrangements: list[Text] | None = Field(
        None, min_length=1, description="Arrangements to compare, the first being the one others are held against."
    )
    years: int = Field(
        1,
        ge=1,
        le=MOST_YEARS,
        description="Financial years simulated after the warm-up.",
        json_schema_extra=resting_on(_RUN),
    )
    replications: int = Field(
        10, ge=1, le=MOST_REPLICATIONS, description="Independent replications.", json_schema_extra=resting_on(_RUN)
    )
    seed: int = Field(
        1, ge=0, le=LARGEST_SEED, description="Seed of the random numbers.", json_schema_extra=resting_on(_RUN)
    )
    sample: float = Field(
        1.0, gt=0, le=1, description="Share of residents simulated.", json_schema_extra=resting_on(NEUTRAL)
    )
    warm_up_days: int = Field(
        30,
        ge=0,
        le=MOST_WARM_UP_DAYS,
        description="Days before the first 1 April in which queues settle, not counted; pathways whose steps lie"
        " further apart begin earlier still. 0: everything is empty on the first day.",
        json_schema_extra=resting_on(_WARM_UP),
    )
    calibration_replications: int = Field(
        10,
        ge=2,
        le=MOST_REPLICATIONS,
        description="Separate replications from which budget-neutral amounts are set.",
        json_schema_extra=resting_on(_RUN),
    )


class Source(Strict):
    """A published source, a derivation, or a stated assumption."""

    citation: Text = Field(description="Who published it, title and table; or the derivation or assumption in words.")
    year: Text = Field(description="The year that the numbers are for.")
    status: Literal["cited", "derived", "assumed"] = Field(description="How the numbers were come by.")
    note: str = Field("", description="Anything else a reader should know.")


class Population(Table):
    """The residents."""

    file: Text = Field(
        description="CSV file with columns place, age_band, sex, quintile, residents; optional column segment."
    )


class Need(Table):
    """How residents' need changes from year to year, and how they die."""

    transitions: ColumnOfTable | None = Field(
        None,
        description="CSV table with columns from_segment, to_segment and the column named: probability that a survivor "
        "of one segment is in the other on the next 1 April. Everybody keeps their segment unless given.",
    )
    death: ProbabilityByResident = Field(
        0.0, description="Probability of dying within a year.", json_schema_extra=resting_on(NEUTRAL)
    )


class Place(Table):
    """An area with a population, such as a London borough."""

    name: Text = Field(description="Name for people.")


class Published(Table):
    """Figures from an organisation's accounts and returns, to reconcile the simulation with."""

    operating_income: Amount | None = Field(None, description="Operating income, pounds a year.")
    operating_cost: Amount | None = Field(None, description="Operating expenditure, pounds a year.")
    surplus: float | None = Field(
        None, ge=-LARGEST_NUMBER, le=LARGEST_NUMBER, description="Surplus (negative: deficit), pounds a year."
    )
    beds: Amount | None = Field(None, description="Available beds.")
    bed_occupancy: float | None = Field(None, ge=0, le=1, description="Share of available beds occupied overnight.")
    attendances: Amount | None = Field(None, description="A&E attendances a year.")
    residents_share: float | None = Field(
        None, ge=0, le=1, description="Share of the organisation's activity that is for residents of this system."
    )


class Organisation(Table):
    """A legal body with an account."""

    name: Text = Field(description="Name for people.")
    kind: Literal["funder", "commissioner", "council", "provider"] = Field(description="What kind of body it is.")
    market_forces_factor: float = Field(
        1.0,
        gt=0,
        le=LARGEST_MARKET_FORCES_FACTOR,
        description="Multiplies national prices for this provider.",
        json_schema_extra=resting_on(NEUTRAL),
    )
    published: Published = Field(Published(), description="Published figures, for reconciliation.")
