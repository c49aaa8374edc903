"""Tables for the terminal: made for 100 columns, readable without colour, plain in a pipe."""

import math
import textwrap
from collections.abc import Sequence
from itertools import zip_longest

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from paysim.intervals import Interval
from paysim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY
from paysim.model.money import PENCE_PER_POUND
from paysim.model.pathway import Pathway
from paysim.model.service import Service
from paysim.model.system import System
from paysim.model.terms import Term
from paysim.report.answer import excludes_zero
from paysim.report.assumptions import STATUSES, assumed_or_by_default, status_counts, status_totals
from paysim.report.levers import levers_summary
from paysim.report.overload import overloaded
from paysim.report.records import Position, Reconciled, positions, reconciled
from paysim.report.unpriced import unpriced
from paysim.report.wording import (
    DIFFERENCE_NOTE,
    MISSING,
    MoneyUnit,
    basis,
    counted,
    difference_text,
    interval_note,
    money_basis,
    money_interval_note,
    money_unit,
    number,
    percent,
    quantity,
    sample_share,
    tolerance_text,
    unit_for,
)
from paysim.simulation.traffic import service_loads
from paysim.study.comparison import Comparison

_NAME = 26
"""Characters of a name in one line."""


def surplus_table(comparison: Comparison) -> Table:
    """Return income, cost and surplus by organisation and arrangement, with the paired difference to the first."""
    unit, ids = money_unit(comparison), comparison.settings.arrangements
    table = empty_table(f"{comparison.system.title}, {unit.name} a year", "Organisation", "Arrangement")
    for heading in ("Income", "Cost", "Surplus", "±", "Difference", "±", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    entries = positions(comparison)
    for organisation in comparison.system.organisations.values():
        _add_group(table, organisation.name, [_money(entries[organisation.id, id], unit, ids[0]) for id in ids])
    marked = "" if comparison.settings.replications == 1 else " * The interval of the difference excludes zero."
    table.caption = Text(
        f"±: {money_interval_note(comparison, 'mean')}.{marked} Difference: in surplus to {ids[0]}, paired"
        f" by replication. {money_basis(comparison)}."
    )
    return table


def _money(position: Position, unit: MoneyUnit, reference: str) -> list[str]:
    cells = [position.arrangement, unit.number(position.income), unit.number(position.cost)]
    cells += [unit.number(position.surplus.mean), _half(position.surplus, unit)]
    if position.arrangement == reference:
        return [*cells, "", "", ""]
    difference = position.difference
    mark = "*" if excludes_zero(difference) and unit.shows(difference.mean) else ""
    return [*cells, unit.number(difference.mean, signed=True), _half(difference, unit), mark]


def _half(interval: Interval, unit: MoneyUnit) -> str:
    """Return half the width of an interval; Student's t interval is as wide to both sides."""
    return unit.number((interval.high - interval.low) / 2)


def reconciliation_table(comparison: Comparison) -> Table:
    """Return every measure beside its published value, and whether it is as near as it should be."""
    table = empty_table("Simulated against published figures", "Measure")
    for heading in ("Simulated", "±", "Published", "Difference", "Tolerance"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Within", no_wrap=True)
    for entry in reconciled(comparison):
        add(table, *_measured(entry))
    table.caption = Text(
        f"Rates a head and year, stays in days. {DIFFERENCE_NOTE}. ±: {interval_note(comparison, 'mean')}."
        f" {basis(comparison)}."
    )
    explained = [entry for entry in reconciled(comparison) if entry.explanation and entry.within is not True]
    if explained:
        table.caption.append("".join(f"\n{entry.name}: {entry.explanation}" for entry in explained))
    return table


def _measured(entry: Reconciled) -> list[str]:
    return [
        entry.name,
        quantity(entry.simulated.mean, entry.kind),
        quantity((entry.simulated.high - entry.simulated.low) / 2, entry.kind),
        MISSING if entry.reference is None else quantity(entry.reference, entry.kind),
        difference_text(entry),
        tolerance_text(entry),
        {None: MISSING, True: "yes", False: "NO"}[entry.within],
    ]


def system_summary(system: System) -> RenderableType:
    """Return the resolved system in about a page: what there is, who has it and how it is paid for."""
    return Group(
        Text(system.title, style="bold"),
        Text(system.question),
        Text(f"From {system.start.day} {system.start:%B %Y}, {system.price_year} prices. {_study(system)}"),
        _places(system),
        _organisations(system),
        _services(system),
        _pathways(system),
        _arrangements(system),
        *([_measures(system)] if system.measures else []),
        levers_summary(system),
        _statuses(system),
    )


def _study(system: System) -> str:
    study = system.study
    whom = "all residents" if study.sample == 1.0 else f"a {sample_share(study.sample)} sample of residents"
    return (
        f"compare runs {counted(study.replications, 'replication')} of {counted(study.years, 'year')} after"
        f" {counted(study.warm_up_days, 'day')} of warm-up on {whom}."
    )


def _places(system: System) -> Table:
    table = empty_table("Places", "Place")
    table.add_column("Residents", justify="right")
    for place, residents in zip(system.population.places, system.population.by_place().tolist(), strict=True):
        add(table, system.places[place].name, number(residents, 0))
    add(table, "Together", number(system.population.total, 0))
    return table


def _organisations(system: System) -> Table:
    table = empty_table("Organisations", "Organisation", "Kind")
    for heading in ("Services", "Market forces factor"):
        table.add_column(heading, justify="right")
    for organisation in system.organisations.values():
        services = sum(service.organisation == organisation.id for service in system.services.values())
        factor = organisation.market_forces_factor
        add(table, organisation.name, organisation.kind, str(services), MISSING if factor == 1 else number(factor, 4))
    return table


def _services(system: System) -> Table:
    owned = [[each for each in system.services.values() if each.organisation == id] for id in system.organisations]
    unit = unit_for(max(sum(map(sum, map(_standing_cost, own))) for own in owned))
    table = empty_table(f"Services, cost in {unit.name} a year", "Organisation and service", "Capacity")
    for heading in ("Hours a week", "Fixed", "Semi-fixed", "Load"):
        table.add_column(heading, justify="right")
    table.caption = Text(
        "Fixed and semi-fixed cost at planned capacity; variable cost comes on top. Load: expected work over"
        " open capacity; 100% or above (!) is more than the service can do."
    )
    loads = service_loads(system)
    for organisation, own in zip(system.organisations.values(), owned, strict=True):
        if own:
            add(table, organisation.name)
        for service in own:
            name, *rest = _service(service, loads[service.id], unit)
            table.add_row(Padding(Text(name), (0, 0, 0, 2)), *rest)
    return table


def _standing_cost(service: Service) -> tuple[float, float]:
    """Return the fixed and the semi-fixed cost of a service at planned capacity, in pounds a year."""
    cost = service.cost
    steps = math.ceil(service.capacity / cost.semi_fixed.capacity_per_step) if cost.semi_fixed else 0
    semi_fixed = steps * cost.semi_fixed.annual_pence_per_step if cost.semi_fixed else 0
    return cost.annual_fixed_pence / PENCE_PER_POUND, semi_fixed / PENCE_PER_POUND


def _service(service: Service, load: float, unit: MoneyUnit) -> list[str]:
    # What is just below all that a service can do must not read as all of it.
    told = load if load >= 1 else min(load, 0.99)
    return [
        service.name,
        f"{service.capacity:,} {service.unit}",
        number(service.open_share * DAYS_PER_WEEK * HOURS_PER_DAY, 1),
        *map(unit.number, _standing_cost(service)),
        f"{percent(told)}{' !' if load >= 1 else ''}",
    ]


def _pathways(system: System) -> Table:
    table = empty_table("Pathways", "Pathway")
    table.add_column("Episodes a year", justify="right")
    table.add_column("Steps")
    for pathway in system.pathways.values():
        add(table, pathway.name, _episodes(pathway, system), ", ".join(step.name for step in pathway.steps))
    return table


def _episodes(pathway: Pathway, system: System) -> str:
    if pathway.demand is None:
        return "from others"
    return number(float((pathway.demand.rate * system.population.counts()).sum()), 0)


def _arrangements(system: System) -> Table:
    table = empty_table("Arrangements", "Arrangement")
    for heading in ("Contracts", "Payers", "Payees"):
        table.add_column(heading, justify="right")
    table.add_column("Terms")
    for arrangement in system.arrangements.values():
        contracts = arrangement.contracts
        terms = [_kind(term) for contract in contracts for term in contract.terms]
        add(
            table,
            f"{arrangement.id}: {arrangement.name}",
            str(len(contracts)),
            str(len({contract.payer for contract in contracts})),
            str(len({contract.payee for contract in contracts})),
            ", ".join(f"{terms.count(kind)} {kind}" for kind in dict.fromkeys(terms)),
        )
    return table


def _kind(term: Term) -> str:
    return term.KIND


def _measures(system: System) -> Table:
    table = empty_table("Measures", "Measure", "Kind", "Tolerance")
    for measure in system.measures.values():
        if measure.tolerance is None:
            tolerance = MISSING
        else:
            tolerance = f"±{number(measure.tolerance, 3)}" if measure.absolute else f"±{percent(measure.tolerance, 1)}"
        add(table, measure.name, measure.kind, tolerance)
    return table


def _statuses(system: System) -> Table:
    table = empty_table("Parameters by status", "Block")
    for status in STATUSES:
        table.add_column(status, justify="right")
    for block, counts in status_counts(system).items():
        add(table, block, *(number(counts[status], 0) for status in STATUSES))
    totals = status_totals(system)
    add(table, "together", *(number(totals[status], 0) for status in STATUSES))
    return table


def assumptions_table(system: System) -> RenderableType:
    """Return every assumed parameter and every default in force, under the source (or the lack of one) of each."""
    heading = f"\nAssumptions ({status_totals(system)['assumed']:,}), and every default number in force"
    parts: list[RenderableType] = [Text(heading, style="bold")]
    for group in assumed_or_by_default(system):
        note = f" ({group.note})" if group.note else ""
        parts.append(Text(f"\n{group.block}: {group.citation}{note} [{group.status}]"))
        lines = [f"{a.path} = {a.value}{f' ({a.note})' if a.note else ''}" for a in group.parameters]
        parts.append(Padding(Text("\n".join(lines)), (0, 0, 0, 2)))
    return Group(*parts)


def verdict(system: System) -> Text:
    """Return what a reader of the end of `paysim check` should take away: assumptions, what is not priced, overload."""
    totals = status_totals(system)
    lines = [f"Valid. {totals['assumed']} of {sum(totals.values())} parameters are assumed."]
    return Text("\n".join([*lines, *unpriced(system), *overloaded(system)]))


def empty_table(title: str, *columns: str) -> Table:
    """Return an empty table whose first columns are of words."""
    table = Table(
        title=Text(f"\n{title}", style="bold"),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    for column in columns:
        table.add_column(column)
    return table


def add(table: Table, *cells: str) -> None:
    """Add a row of plain text: brackets in names and paths are no markup."""
    table.add_row(*(Text(cell) for cell in cells))


def _add_group(table: Table, name: str, rows: Sequence[Sequence[str]]) -> None:
    """Add rows that share a name, which runs down their first cells line by line."""
    lines = textwrap.wrap(name, _NAME)
    blank = [""] * (len(rows[0]) if rows else 0)
    for line, row in zip_longest(lines, rows):
        add(table, line or "", *(row if row is not None else blank))
    table.add_section()
