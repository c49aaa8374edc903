"""A contract design on the terminal and for machines."""

from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from paysim.incentives.design.candidate import Candidate, binding
from paysim.incentives.design.parameters import Parameter, parameters_of
from paysim.incentives.design.ranges import Free
from paysim.model.contract import Arrangement
from paysim.report.design.wording import design_sentences, design_unit, short_names, value_text
from paysim.report.machine import records
from paysim.report.tables import empty_table
from paysim.report.wording import MISSING, number
from paysim.study.design.designed import Designed
from paysim.study.design.tables import (
    candidates_table,
    check_table,
    contenders_table,
    levers_table,
    partners_table,
)
from paysim.study.plain import plain

_MOST_ROWS = 12
"""Contracts of the frontier that a terminal shows; the folder has all."""


def design_text(designed: Designed) -> RenderableType:
    """Return the answer in words, what partners and levers come to, and the frontier."""
    return Group(
        *(Text(sentence) for sentence in design_sentences(designed)),
        partners_text(designed),
        levers_text(designed),
        frontier_text(designed),
    )


def partners_text(designed: Designed) -> Table:
    """Return what each partner keeps under the winner, beside the contract that it is held against."""
    unit = design_unit(designed)
    table = empty_table(f"What partners keep, {unit.name} a year", "Organisation")
    for heading in (f"Under {designed.than}", "Winner", "Change", "±", "Bad year"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    bound = {margin.organisation: margin for margin in reversed(binding(designed.winner, designed.candidates))}
    for row in partners_table(designed).to_dict("records"):
        margin = bound.get(row["organisation"])
        table.add_row(
            Text(designed.system.organisations[row["organisation"]].name),
            unit.number(row["surplus_than"]),
            unit.number(row["surplus"]),
            unit.number(row["change"], signed=True),
            unit.number((row["change_high"] - row["change_low"]) / 2),
            unit.number(row["low_change"], signed=True),
            "" if margin is None else "missed" if margin.missed else "binds",
        )
    table.caption = Text(
        f"At the equilibria under both. ±: half of the 95% interval of the change, paired by replication. Bad year: one"
        f" in twenty, beside the average under {designed.than}."
    )
    return table


def levers_text(designed: Designed) -> Table:
    """Return where organisations put their levers under each contract, and where all together would."""
    table = empty_table("Where levers end up", "Lever", "Owner")
    for heading in (f"Under {designed.than}", "As written", "Winner", "Joint optimum"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in levers_table(designed).to_dict("records"):
        lever = designed.system.levers[row["lever"]]
        cells = (f"{row[place]:.4g}" for place in ("than", "written", "winner", "optimum"))
        table.add_row(Text(lever.name), Text(designed.system.organisations[lever.owner].name), *cells)
    return table


def frontier_text(designed: Designed) -> Table:
    """Return the contracts that no other one beats in gap, risk and health."""
    unit, than = design_unit(designed), float(designed.reference.ending.health.mean())
    table = empty_table(f"Frontier between efficiency, risk and health, {unit.name} a year", "Contract")
    for heading in short_names(designed.free):
        table.add_column(heading, justify="right", overflow="fold")
    for heading in ("Gap", "Risk", "QALYs", "Limits"):
        table.add_column(heading, justify="right", no_wrap=True)
    written = Text("as written"), designed.written, [_present(each) for each in designed.free]
    shown = [written] + [
        (
            _numbered(each, designed.winner),
            each,
            [value_text(f, v) for f, v in zip(designed.free, each.values, strict=True)],
        )
        for each in designed.frontier[:_MOST_ROWS]
    ]
    for name, each, values in shown:
        table.add_row(
            name,
            *values,
            unit.number(each.gap),
            unit.number(each.risk),
            number(each.health - than, 1, signed=True),
            "kept" if each.feasible else f"{unit.number(each.missing)} missing",
        )
    more = len(designed.frontier) - _MOST_ROWS
    table.caption = Text(
        "Gap: net benefit lost against the joint optimum. Risk: the largest standard deviation of a partner's surplus."
        f" QALYs: beside those under {designed.than}."
        + (f" {more} more contracts of the frontier are in the folder." if more > 0 else "")
    )
    return table


def _numbered(candidate: Candidate, winner: Candidate) -> Text:
    return Text(f"{candidate.number}{' (winner)' if candidate is winner else ''}")


def _present(free: Free) -> str:
    return value_text(free, free.present[0]) if len(set(free.present)) == 1 else MISSING


def parameters_text(arrangement: Arrangement) -> RenderableType:
    """Return the parameters of an arrangement that can be free, with what they are now."""
    table = empty_table(f"Parameters of {arrangement.id}: --free PARAM=LO:HI, * for any characters", "Parameter")
    table.add_column("Now", justify="right", no_wrap=True)
    for parameter in parameters_of(arrangement):
        table.add_row(Text(parameter.address, overflow="fold"), _now(parameter))
    table.caption = Text("Budget-neutral amounts follow from another arrangement and cannot be free.")
    return table


def _now(parameter: Parameter) -> str:
    if parameter.neutral_to is not None:
        return f"neutral to {parameter.neutral_to}"
    if not parameter.present:
        return "not given"
    values = parameter.present if len(set(parameter.present)) > 1 else parameter.present[:1]
    return ", ".join(f"£{each:,.2f}" if parameter.unit else f"{each:g}" for each in values)


def design_as_json(designed: Designed) -> dict[str, Any]:
    """Return a contract design as plain types; pounds a year, names as ids."""
    winner, sure = designed.winner, designed.confidence
    return {
        "title": designed.system.title,
        "arrangement": designed.asked.arrangement,
        "than": designed.than,
        "feasible": winner.feasible,
        "parameters": {free.name: value for free, value in zip(designed.free, winner.values, strict=True)},
        "gap": {
            "winner": winner.gap,
            "written": designed.written.gap,
            "than": float(designed.reference.ending.gap.mean()),
        },
        "binding": [
            {**asdict(margin), "missed": margin.missed} for margin in binding(designed.winner, designed.candidates)
        ],
        "confidence": plain(asdict(sure)),
        "answer": list(design_sentences(designed)),
        "partners": records(partners_table(designed)),
        "levers": records(levers_table(designed)),
        "frontier": records(candidates_table(designed, designed.frontier)),
        "contenders": records(contenders_table(designed)),
        "check": records(check_table(designed)),
        "provenance": plain(designed.provenance),
    }
