"""The report: one HTML file that needs nothing else, with the answer first and everything it rests on after it."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from paysim.intervals import Interval
from paysim.model.system import System
from paysim.report.answer import answer, limits
from paysim.report.assumptions import STATUSES, assumed_or_by_default, sources, status_counts, status_totals
from paysim.report.figures.picture import Picture
from paysim.report.overload import overloaded
from paysim.report.records import payers, positions, providers, reconciled, risks, rows, spreads, yearly_flows
from paysim.report.wording import (
    DIFFERENCE_NOTE,
    UNIT_OF_KIND,
    basis,
    counted,
    difference_text,
    interval_note,
    money_basis,
    money_interval_note,
    money_unit,
    number,
    payments_note,
    percent,
    quantity,
    risk_note,
    sample_statement,
    tolerance_text,
    typeset,
)
from paysim.study.comparison import Comparison
from paysim.study.whole import write_text


def write_report(comparison: Comparison, drawn: Sequence[Picture], path: Path) -> None:
    """Write the report of a comparison with its pictures; the same comparison always gives the same bytes."""
    write_text(report_html(comparison, drawn), path)


def report_html(comparison: Comparison, drawn: Sequence[Picture]) -> str:
    """Return the report as one HTML document: no script, no request to anywhere, figures within."""
    content = _content(comparison) | {"pictures": {picture.name: picture for picture in drawn}}
    return environment().get_template("report.html.j2").render(content)


def environment() -> Environment:
    """Return the environment of the templates: their filters, and no tolerance of what is missing."""
    templates = Environment(
        loader=PackageLoader("paysim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "number": lambda value, decimals=0: typeset(number(value, decimals)),
        "percent": lambda share, decimals=0: typeset(percent(share, decimals)),
        "measured": _measured,
        "difference": lambda entry: typeset(difference_text(entry)),
        "tolerance": tolerance_text,
        "image": _image,
        "counted": counted,
    }
    return templates


def _content(comparison: Comparison) -> dict[str, Any]:
    """Return what the template reads, pictures left out."""
    system, unit = comparison.system, money_unit(comparison)
    return {
        "system": system,
        "settings": comparison.settings,
        "arrangements": [system.arrangements[id] for id in comparison.settings.arrangements],
        "residents": dict(zip(system.population.places, system.population.by_place().tolist(), strict=True)),
        "unit": unit.name,
        "money": lambda pounds: typeset(unit.number(pounds)),
        "with_interval": lambda interval, signed=False: typeset(unit.with_interval(interval, signed)),
        "basis": basis(comparison),
        "money_basis": money_basis(comparison),
        "interval_note": partial(interval_note, comparison),
        "money_interval_note": partial(money_interval_note, comparison),
        "sample_statement": sample_statement(comparison.settings.sample),
        "overloaded": overloaded(system),
        "answer": answer(comparison),
        "limits": limits(),
        "positions": positions(comparison),
        "spreads": spreads(comparison),
        "risks": risks(comparison),
        "payments_note": payments_note(comparison),
        "risk_note": risk_note(comparison),
        "at_risk": [*providers(comparison), *payers(comparison)],
        "flows": _flow_rows(comparison),
        "neutral": list(rows(comparison.neutral)),
        "activity": _activity(comparison),
        "reconciled": reconciled(comparison),
        "units": UNIT_OF_KIND,
        "difference_note": DIFFERENCE_NOTE,
        **resting_on(system, comparison.provenance),
    }


def resting_on(system: System, provenance: Mapping[str, object]) -> dict[str, Any]:
    """Return what the end of any report reads: assumptions, sources and provenance."""
    return {
        "system": system,
        "statuses": STATUSES,
        "status_counts": status_counts(system),
        "status_totals": status_totals(system),
        "assumed_or_by_default": assumed_or_by_default(system),
        "sources": sources(system),
        "altered": system.altered,
        "provenance": list(_flat(provenance)),
    }


def _flow_rows(comparison: Comparison) -> dict[tuple[str, str], dict[str, Interval]]:
    """Return the yearly amounts by (payer, payee) and arrangement, in the order of the config's organisations."""
    order = list(comparison.system.organisations)
    table: dict[tuple[str, str], dict[str, Interval]] = {}
    for flow in yearly_flows(comparison):
        table.setdefault((flow.payer, flow.payee), {})[flow.arrangement] = flow.amount
    return dict(sorted(table.items(), key=lambda row: (order.index(row[0][0]), order.index(row[0][1]))))


def _activity(comparison: Comparison) -> dict[str, list[Any]]:
    """Return the rows of the activity summary by service."""
    uses: dict[str, list[Any]] = {}
    for use in rows(comparison.activity_summary):
        uses.setdefault(use.service, []).append(use)
    return uses


def _measured(value: float | None, kind: Any) -> str:
    return typeset(quantity(float("nan") if value is None else value, kind))


def _image(picture: Picture) -> str:
    """Return the figure as an address that holds it."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture.svg).decode("ascii")


def _flat(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Return nested values as (dotted key, text)."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
