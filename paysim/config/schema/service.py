"""Services: capacity, opening hours and what they cost."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Tag, WithJsonSchema, field_validator, model_validator

from paysim.config.schema.base import Amount, AtLeastOne, Count, Positive, Table, Text, refusal, resting_on, told_apart
from paysim.config.schema.numbers import ColumnOfTable
from paysim.model.evidence import NEUTRAL, assumption

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_ALWAYS = '"always", hours such as "mon-fri 08:00-18:30", or a list of { days, from, until }'
_SPANS = "a list of { days, from, until }"
_TIME = "(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
_CLOCK = f"^{_TIME}$"
_DAY = f"({'|'.join(WEEKDAYS)})"
_SPAN = f"{_DAY}(-{_DAY})? {_TIME}-{_TIME}"
_HOURS = f"^(always|{_SPAN}(; {_SPAN})*)$"

_FULLY_USED = assumption("Capacity is planned to be busy in all of its open hours")


def hour_of(clock: str) -> float:
    """Return the hours since midnight of a time such as '18:30'; '24:00' is the end of the day."""
    hours, minutes = clock.split(":")
    return int(hours) + int(minutes) / 60


def _clock_time(text: str) -> str:
    if not re.fullmatch(_CLOCK, text):
        raise refusal(f"found {text!r}", "expected a time of day from '00:00' to '24:00'")
    return text


ClockTime = Annotated[str, AfterValidator(_clock_time), WithJsonSchema({"type": "string", "pattern": _CLOCK})]


class Opening(Table):
    """Hours in which a service starts new work, on some days of the week."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        min_length=1, description="Days of the week."
    )
    since: ClockTime = Field(alias="from", description="Time of opening, such as '08:00'.")
    until: ClockTime = Field(description="Time of closing, such as '18:30' or '24:00'.")

    @field_validator("days")
    @classmethod
    def _days_differ(cls, days: list[str]) -> list[str]:
        for number, day in enumerate(days):
            if day in days[:number]:
                raise refusal(f"found {day!r} twice", "expected each day once")
        return days

    @model_validator(mode="after")
    def _closes_after_opening(self) -> "Opening":
        if hour_of(self.until) <= hour_of(self.since):
            raise refusal(
                f"found {self.until!r}, not after {self.since!r}",
                "expected a time after `from`; write hours over midnight as two spans",
                key="until",
            )
        return self


def _hours(text: str) -> str:
    spans_of(text)
    return text


Hours = Annotated[str, AfterValidator(_hours), WithJsonSchema({"type": "string", "pattern": _HOURS})]


def spans_of(text: str) -> list[Opening]:
    """Return the spans of opening hours such as 'mon-fri 08:00-18:30; sat 09:00-12:00', none for 'always'.

    Raises the refusal of a validator for text that says no hours.
    """
    if text == "always":
        return []
    if not re.fullmatch(_HOURS, text):
        raise refusal(f"found {text!r}", "expected 'always' or hours such as 'mon-fri 08:00-18:30; sat 09:00-12:00'")
    spans = []
    for span in text.split("; "):
        days, _, clock = span.partition(" ")
        first, _, last = days.partition("-")
        since, _, until = clock.partition("-")
        week = list(WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1])
        if not week:
            raise refusal(f"found {days!r}", "expected days in order of the week, from 'mon' to 'sun'")
        if hour_of(until) <= hour_of(since):
            raise refusal(f"found {clock!r}", "expected closing after opening; write hours over midnight as two spans")
        spans.append(Opening.model_validate({"days": week, "from": since, "until": until}))
    return spans


class SemiFixed(Table):
    """Cost that moves in steps, late."""

    capacity_per_step: Positive = Field(description="Servers in use that one step is for, such as the beds of a ward.")
    per_step: Amount = Field(description="Cost of one step, pounds a year.")
    lag_months: Count = Field(description="Months before the number of steps follows activity.")
    planned_utilisation: float = Field(
        1.0,
        gt=0,
        le=1,
        description="Share of capacity that planned activity keeps busy in open hours.",
        json_schema_extra=resting_on(_FULLY_USED),
    )


class Cost(Table):
    """Resources that a service uses, in pounds of the price year."""

    fixed: Amount = Field(0.0, description="Fixed cost, pounds a year.", json_schema_extra=resting_on(NEUTRAL))
    semi_fixed: SemiFixed | None = Field(None, description="Cost in steps of capacity.")
    per_step: Amount = Field(
        0.0, description="Variable cost of one step (contact or stay), pounds.", json_schema_extra=resting_on(NEUTRAL)
    )
    per_day: Amount = Field(
        0.0, description="Variable cost of each midnight crossed, pounds.", json_schema_extra=resting_on(NEUTRAL)
    )
    by_code: ColumnOfTable | None = Field(
        None, description="Variable cost by code, pounds: a CSV table with a column `code` and the column named."
    )


class FollowsActivity(Table):
    """Capacity that follows activity, late and in whole steps."""

    servers_per_step: AtLeastOne = Field(description="Servers of one step, such as the beds of a ward.")
    lag_months: AtLeastOne = Field(description="Months after which capacity follows the activity of a month.")
    planned_utilisation: float = Field(
        1.0,
        gt=0,
        le=1,
        description="Share of its open hours that a server is planned to be busy.",
        json_schema_extra=resting_on(_FULLY_USED),
    )


class Service(Table):
    """A capacity-limited part of an organisation."""

    name: Text = Field(description="Name for people.")
    organisation: Text = Field(description="The organisation that runs it.")
    sector: Literal["general practice", "urgent care", "acute", "community", "mental health", "social care"] = Field(
        description="Sector of care."
    )
    unit: Text = Field(description="What capacity counts, such as 'beds'.")
    capacity: AtLeastOne = Field(description="Number of patients served at the same time.")
    opening: Annotated[
        Annotated[Hours, Tag(_ALWAYS)] | Annotated[list[Opening], Tag(_SPANS), Field(min_length=1)],
        told_apart(lambda value: _SPANS if isinstance(value, list) else _ALWAYS),
    ] = Field(
        "always",
        description="Hours in which new work is started, in short such as 'mon-fri 08:00-18:30; sat 09:00-12:00' or in "
        "full; work begun is finished after closing.",
    )
    discipline: Literal["fifo", "priority"] = Field(
        "fifo", description="Order of service: of request, or the lowest priority number first."
    )
    waiting_room: Count | None = Field(
        None, description="Requests that may wait at a time; further ones are turned away. Any number unless given."
    )
    follows_activity: FollowsActivity | None = Field(
        None, description="Capacity that follows activity; always `capacity` unless given."
    )
    cost: Cost = Field(Cost(), description="Cost structure.")
