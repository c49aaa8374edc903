"""Terminal tables of incentives: made for 100 columns, readable without colour; and the answer for machines."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from paysim.incentives.marginal import Change, resolved_sign
from paysim.model.lever import Lever
from paysim.report.incentives.records import Readable, parties
from paysim.report.incentives.wording import (
    HORIZON_NAMES,
    MARKS,
    MEANINGS,
    events,
    incentive_basis,
    most_telling,
    needed_text,
    partners,
    short,
    short_name,
    short_qalys,
    step_text,
    verdict_word,
    warnings,
)
from paysim.report.machine import records
from paysim.report.tables import add, empty_table
from paysim.report.wording import counted
from paysim.study.incentives.study import IncentiveMap
from paysim.study.plain import plain

_LEVER = 15
"""Characters of a lever's name in one line."""


def incentives_text(readable: Readable, told: Sequence[Lever] | None = None) -> RenderableType:
    """Return the answer for the terminal: verdicts, who else loses, who gains from one event, and what to be wary of.

    Events are those of the levers `told`, or where it is None of the one whose verdicts differ most.
    """
    arrangements = readable.incentives.settings.arrangements
    parts: list[RenderableType] = [verdicts_table(readable)]
    if len(arrangements) == 1:
        parts.append(organisations_table(readable, arrangements[0]))
    parts.append(
        Text("\nPartners of the owner who lose though the system gains (£k a year for one step)", style="bold")
    )
    parts += [Padding(Text(sentence), (0, 0, 0, 2)) for sentence in partners(readable)]
    chosen = most_telling(readable) if told is None else told
    for passage in events(readable, short_name, chosen):
        parts.append(Text(f"\n{passage.heading}", style="bold"))
        parts += [Padding(Text(sentence), (0, 0, 0, 2)) for sentence in passage.sentences]
    left_out = sum(bool(lever.counted) and lever not in chosen for lever in readable.incentives.levers)
    if left_out:
        others = counted(left_out, "more lever")
        parts.append(Text(f"\nThe report says the same of {others}; --levers names those to show here."))
    parts += [Text(f"\n{sentence}") for sentence in warnings(readable.incentives)]
    return Group(*parts)


def verdicts_table(readable: Readable) -> Table:
    """Return levers by arrangements: what the owner keeps of one step, and whether that suits the system."""
    incentives = readable.incentives
    table = empty_table(
        f"{incentives.system.title}: one step of each lever, {HORIZON_NAMES[readable.horizon]}, £k a year", "Lever"
    )
    table.columns[0].min_width = _LEVER
    for heading in ("System", "QALYs", *incentives.settings.arrangements):
        table.add_column(heading, justify="right")
    for lever in incentives.levers:
        table.add_row(
            Text(f"{lever.name} ({lever.owner})"),
            Text(_surely(readable.of_system(lever, "net_benefit"), short)),
            Text(_surely(readable.of_residents(lever, "qalys"), short_qalys)),
            *(Text(_judged(readable, lever, arrangement)) for arrangement in incentives.settings.arrangements),
        )
        table.add_section()
    signs = "; ".join(f"{MARKS[word]} {word}: {meaning}" for word, meaning in MEANINGS.items())
    table.caption = Text(
        "Under each arrangement: the change of the owner's surplus, the lever's cost included, less effort. System: the"
        f" worth of QALYs less real cost and effort. {signs}, and how many replications would do (~: so does the one"
        " beside it)."
        f" {incentive_basis(incentives)}. One step: {'; '.join(f'{e.id} {step_text(e)}' for e in incentives.levers)}."
    )
    return table


def _judged(readable: Readable, lever: Lever, arrangement: str) -> str:
    verdict = readable.verdict(lever, arrangement)
    mark, owner = MARKS[verdict.verdict], short(verdict.owner_change.mean * lever.step)
    word = needed_text(verdict) if verdict.verdict == "not distinguishable" else verdict_word(verdict)
    return f"{owner} {mark}\n{word}"


def _surely(change: Change, words: Any) -> str:
    """Return a change, marked where its interval holds zero."""
    sure = resolved_sign(change.per_unit, change.exact) is not None
    return f"{'' if sure else '~'}{words(float(change.per_step.mean()))}"


def organisations_table(readable: Readable, arrangement: str) -> Table:
    """Return levers by organisations under one arrangement: the change of surplus of one step."""
    incentives = readable.incentives
    columns = parties(incentives)
    name = incentives.system.arrangements[arrangement].name
    table = empty_table(f"{name}: change of surplus of one step, £k a year", "Lever")
    for heading in (*(party.name.replace("_", " ") for party in columns), "commissioners spend", "real cost"):
        table.add_column(heading, justify="right")
    for lever in incentives.levers:
        changes = [
            *(readable.surplus(lever, arrangement, party) for party in columns),
            readable.spend(lever, arrangement),
            readable.of_system(lever, "real_cost"),
        ]
        add(table, lever.id.replace("_", " "), *(_surely(change, short) for change in changes))
    table.caption = Text("~: the 95% interval holds zero.")
    return table


def incentives_as_json(incentives: IncentiveMap) -> dict[str, Any]:
    """Return a map as plain types: settings, levers, both tables in pounds and ids; a missing value is None."""
    verdicts = records(incentives.verdicts)
    for verdict, needed in zip(verdicts, incentives.verdicts["replications_needed"], strict=True):
        verdict["replications_needed"] = "more than 10,000" if math.isinf(needed) else verdict["replications_needed"]
    return {
        "title": incentives.system.title,
        "price_year": incentives.system.price_year,
        "settings": plain(asdict(incentives.settings)),
        "levers": {lever.id: _lever(lever) for lever in incentives.levers},
        "verdicts": verdicts,
        "incentives": records(incentives.table),
        "events": _passages(incentives),
        "warnings": list(warnings(incentives)),
        "provenance": plain(incentives.provenance),
    }


def _lever(lever: Lever) -> dict[str, Any]:
    names: Sequence[str] = ("name", "owner", "unit", "low", "high", "now", "step")
    return {name: getattr(lever, name) for name in names} | {"counted": lever.counted_name or None}


def _passages(incentives: IncentiveMap) -> dict[str, list[dict[str, Any]]]:
    """Return who gains and who loses from one counted step, in words, by horizon."""
    return {
        horizon: [{"heading": p.heading, "sentences": list(p.sentences)} for p in events(Readable(incentives, horizon))]
        for horizon in HORIZON_NAMES
    }
