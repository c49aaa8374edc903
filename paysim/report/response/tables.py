"""Terminal tables of a response: made for 100 columns, readable without colour; and the answer for machines."""

from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from paysim.incentives.response.equilibrium import Rest
from paysim.incentives.response.optimum import Optimum
from paysim.model.lever import Lever
from paysim.report.machine import records
from paysim.report.response.records import SURFACE, Readable
from paysim.report.response.wording import intensity, passages, response_basis
from paysim.report.tables import add, empty_table
from paysim.report.wording import number
from paysim.study.plain import plain
from paysim.study.response.study import Responded

_MOST_YEARS = 5
"""Columns of years that 100 characters have room for; of more years the first and the last ones are shown."""


def response_text(response: Responded) -> RenderableType:
    """Return the whole answer for the terminal: what everybody does and keeps, the price, and what to be wary of."""
    readable = Readable(response)
    parts: list[RenderableType] = [levers_table(readable), surplus_table(readable)]
    for passage in passages(readable):
        if passage.sentences:
            parts.append(Text(f"\n{passage.heading}", style="bold"))
            parts += [Padding(Text(sentence), (0, 0, 0, 2)) for sentence in passage.sentences]
    return Group(*parts)


def levers_table(readable: Readable) -> Table:
    """Return levers by years: their mean intensity, and where it would be at rest and at the joint optimum."""
    response = readable.response
    arrangement = response.system.arrangements[response.settings.arrangements[0]]
    table = empty_table(f"{response.system.title}: response to {arrangement.name}", "Lever")
    shown = shown_years(readable.years)
    rests = [f"Rest {n}" if len(readable.numbers) > 1 else "At rest" for n in readable.numbers]
    for heading in ("Now", *(readable.years[n] for n in shown), *rests, "Optimum"):
        table.add_column(heading, justify="right", no_wrap=True)
    for lever in readable.levers:
        years = readable.years_of(lever.owner, "intensity", lever.id)
        ends: list[Rest | Optimum] = [*response.found.rests, response.best]
        table.add_row(
            Text(f"{lever.name}\n{lever.owner}"),
            intensity(lever.now),
            *(intensity(years[n].value.mean) for n in shown),
            *(f"{intensity(end.intensities[lever.id])}{'*' if lever.id in end.boundary else ''}" for end in ends),
        )
        table.add_section()
    table.caption = Text(
        "Intensities, in the mean over replications. * The range ends there, and nothing else keeps the lever from"
        f" going on. {response_basis(readable)}."
    )
    return table


def surplus_table(readable: Readable) -> Table:
    """Return organisations by years: the change of surplus against levers as now, at rest and at the optimum too."""
    unit = readable.unit
    table = empty_table(f"Change of surplus against levers as now, {unit.name} a year", "Organisation")
    shown = shown_years(readable.years)
    rests = [f"Rest {n}" if len(readable.numbers) > 1 else "At rest" for n in readable.numbers]
    for heading in (*(readable.years[n] for n in shown), *rests, "Optimum"):
        table.add_column(heading, justify="right", no_wrap=True)
    places = [*(f"equilibrium {n}" for n in readable.numbers), "optimum"]
    for organisation in readable.concerned:
        id, quantity = organisation.id, f"surplus_{readable.horizon(organisation.id)}"
        years = readable.surplus(organisation)
        cells = [unit.number(years[n].difference.mean, signed=True) for n in shown]
        cells += [unit.number(readable.fit(place, id, quantity).simulated, signed=True) for place in places]
        add(table, organisation.name, *cells)
    table.add_section()
    for name, party, quantity in _SYSTEM:
        years = readable.years_of(party, quantity)
        values = [years[n].difference.mean for n in shown]
        values += [readable.fit(place, party, quantity).simulated for place in places]
        money = party == "system"
        add(
            table, name, *(unit.number(each, signed=True) if money else number(each, 1, signed=True) for each in values)
        )
    table.caption = Text(
        "Years: the run goes on from year to year. At rest and at the optimum: as if it had always been so. Costs of"
        " organisations are those that their objectives go by; real cost and net benefit are of the long run."
    )
    return table


_SYSTEM = (
    ("Residents, QALYs", "residents", "qalys"),
    ("Real cost", "system", "real_cost_long_run"),
    ("Net benefit", "system", "net_benefit"),
)


def shown_years(years: tuple[str, ...]) -> list[int]:
    """Return the numbers of the years that a table has columns for: all, or the first ones and the last."""
    numbers = list(range(len(years)))
    return numbers if len(numbers) <= _MOST_YEARS else [*numbers[: _MOST_YEARS - 1], numbers[-1]]


def response_as_json(response: Responded) -> dict[str, Any]:
    """Return a response as plain types: settings, levers, tables in pounds and ids, and the words.

    A missing value is None.
    """
    readable = Readable(response)
    return {
        "title": response.system.title,
        "price_year": response.system.price_year,
        "settings": plain(asdict(response.settings)),
        "static_years": response.static_years,
        "objectives": {each: plain(asdict(objective)) for each, objective in response.objectives.items()},
        "levers": {lever.id: _lever(lever) for lever in readable.levers},
        "path": records(response.path),
        "equilibria": records(response.equilibria),
        "gap": records(response.gap),
        "lack_of_fit": records(response.fit),
        "neutral": records(response.neutral),
        "price_by_surface": [
            readable.gap(number, "system", "net_benefit", SURFACE).gap.mean for number in readable.numbers
        ],
        "words": [{"heading": each.heading, "sentences": list(each.sentences)} for each in passages(readable)],
        "provenance": plain(response.provenance),
    }


def _lever(lever: Lever) -> dict[str, Any]:
    return {name: getattr(lever, name) for name in ("name", "owner", "unit", "low", "high", "now", "step")}
