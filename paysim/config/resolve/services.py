"""Services: opening hours since Monday, and costs in pence."""

from collections.abc import Mapping

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.by_resident import check_columns
from paysim.config.schema.service import WEEKDAYS, Cost, FollowsActivity, Opening, Service, hour_of, spans_of
from paysim.model import service as model
from paysim.model.calendar import HOURS_PER_DAY
from paysim.model.money import to_pence
from paysim.model.organisation import Organisation


def services(
    document: Document, written: Mapping[str, Service], organisations: Mapping[str, Organisation]
) -> dict[str, model.Service]:
    """Return the services by id; raise InputError for unknown organisations, and opening hours that overlap."""
    return {
        name: model.Service(
            id=name,
            name=service.name,
            organisation=document.known(
                ("service", name, "organisation"), "organisation", service.organisation, organisations
            ),
            sector=service.sector,
            unit=service.unit,
            capacity=service.capacity,
            opening=_opening(document, ("service", name, "opening"), service.opening),
            discipline=service.discipline,
            cost=_cost(document, ("service", name, "cost"), service.cost),
            waiting_room=service.waiting_room,
            follows_activity=_follows(service.follows_activity),
        )
        for name, service in written.items()
    }


def _follows(written: FollowsActivity | None) -> model.FollowsActivity | None:
    if written is None:
        return None
    return model.FollowsActivity(written.servers_per_step, written.lag_months, written.planned_utilisation)


def _opening(document: Document, path: KeyPath, opening: str | list[Opening]) -> tuple[model.OpenHours, ...]:
    """Return the spans in order of the week, spans that touch made one."""
    if isinstance(opening, str):
        opening = spans_of(opening)
    spans = sorted(
        (midnight + hour_of(hours.since), midnight + hour_of(hours.until))
        for hours in opening
        for midnight in (WEEKDAYS.index(day) * HOURS_PER_DAY for day in hours.days)
    )
    joined: list[tuple[float, float]] = []
    for start, stop in spans:
        if joined and start < joined[-1][1]:
            day = WEEKDAYS[int(start // HOURS_PER_DAY)]
            raise document.refuse(path, f"found spans that overlap on {day!r}", "expected spans apart from each other")
        if joined and start == joined[-1][1]:
            start = joined.pop()[0]
        joined.append((start, stop))
    return tuple(model.OpenHours(start, stop) for start, stop in joined)


def _cost(document: Document, path: KeyPath, cost: Cost) -> model.CostStructure:
    semi_fixed = None
    if cost.semi_fixed is not None:
        semi_fixed = model.SemiFixed(
            capacity_per_step=cost.semi_fixed.capacity_per_step,
            annual_pence_per_step=to_pence(cost.semi_fixed.per_step),
            lag_months=cost.semi_fixed.lag_months,
            planned_utilisation=cost.semi_fixed.planned_utilisation,
        )
    return model.CostStructure(
        annual_fixed_pence=to_pence(cost.fixed),
        semi_fixed=semi_fixed,
        per_step_pence=to_pence(cost.per_step),
        per_day_pence=to_pence(cost.per_day),
        by_code_pence=_by_code(document, (*path, "by_code"), cost.by_code.column) if cost.by_code else {},
    )


def _by_code(document: Document, path: KeyPath, column: str) -> dict[str, int]:
    table = document.table(path)
    if "code" not in table.columns:
        table.require(("code", column), table.columns)
    check_columns(document, path, column, table, ("code",))
    costs: dict[str, int] = {}
    for row in table.rows:
        code = row.text("code")
        if code in costs:
            raise row.refuse("code", f"found {code!r} again", "expected each code once")
        costs[code] = to_pence(row.number_from(column))
    return costs
