"""The answer for machines: what the tables say, as plain JSON types."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from paysim.model.evidence import Parameter
from paysim.model.system import System
from paysim.report.assumptions import status_totals
from paysim.report.levers import levers_as_json
from paysim.report.overload import overloaded
from paysim.report.unpriced import unpriced
from paysim.report.wording import sample_statement
from paysim.simulation.traffic import service_loads
from paysim.study.comparison import Comparison
from paysim.study.plain import plain


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain types: settings and yearly tables, pounds and names as ids; a missing value is None.

    The month-by-month tables `flows` and `accounts` are too long to print; they are in the folder of the result.
    """
    system = comparison.system
    return {
        "title": system.title,
        "question": system.question,
        "price_year": system.price_year,
        "settings": plain(asdict(comparison.settings)),
        "sample_statement": sample_statement(comparison.settings.sample) or None,
        "overloaded": list(overloaded(system)),
        "surplus": records(comparison.surplus),
        "risk": records(comparison.risk),
        "neutral": records(comparison.neutral),
        "activity_summary": records(comparison.activity_summary),
        "reconciliation": records(comparison.reconciliation),
        "provenance": plain(comparison.provenance),
    }


def system_as_json(system: System) -> dict[str, Any]:
    """Return a resolved system as plain types: its parts by id, expected loads, and every parameter with its source."""
    places = zip(system.population.places, system.population.by_place().tolist(), strict=True)
    return {
        "title": system.title,
        "question": system.question,
        "start": system.start.isoformat(),
        "price_year": system.price_year,
        "sha256": system.fingerprint,
        "study": plain(asdict(system.study)),
        "residents": dict(places),
        "organisations": {o.id: {"name": o.name, "kind": o.kind} for o in system.organisations.values()},
        "services": _services(system),
        "unpriced": list(unpriced(system)),
        "overloaded": list(overloaded(system)),
        "pathways": {p.id: {"name": p.name, "steps": [step.id for step in p.steps]} for p in system.pathways.values()},
        "arrangements": {
            a.id: {"name": a.name, "contracts": [{"id": c.id, "payer": c.payer, "payee": c.payee} for c in a.contracts]}
            for a in system.arrangements.values()
        },
        "measures": {m.id: {"name": m.name, "kind": m.kind} for m in system.measures.values()},
        **levers_as_json(system),
        "parameters_by_status": dict(status_totals(system)),
        "parameters": [_parameter(parameter) for parameter in system.parameters],
    }


def _services(system: System) -> dict[str, Any]:
    loads = service_loads(system)
    return {
        s.id: {
            "name": s.name,
            "organisation": s.organisation,
            "sector": s.sector,
            "capacity": s.capacity,
            "unit": s.unit,
            "load": plain(loads[s.id]),
        }
        for s in system.services.values()
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    source = asdict(parameter.source) if parameter.source else None
    return {
        "path": parameter.path,
        "value": parameter.value,
        "status": parameter.status,
        "source": source,
        "by_default": parameter.by_default,
    }


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as plain types, by column."""
    return [plain(dict(zip(table.columns, row, strict=True))) for row in table.itertuples(index=False, name=None)]
