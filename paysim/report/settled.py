"""What settling real activity came to: payments and problems, as tables for people and as plain types for machines."""

from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from paysim.model.money import PENCE_PER_POUND
from paysim.report.tables import add, empty_table
from paysim.report.unpriced import named
from paysim.report.wording import sample_share
from paysim.study.extract.settling import Reason, SettledExtract

_NOT_LOOKED_FOR = {
    "record": "duplicates are not looked for",
    "person": "every row is a patient of its own: none is readmitted, and no stop-loss adds up what one costs",
}


def settled_as_json(settled: SettledExtract) -> dict[str, Any]:
    """Return what settling came to as plain types: counts of rows, problems by reason, payments in pounds."""
    priced = len(settled.activity)
    return {
        "title": settled.system.title,
        "sample_statement": sampled_statement(settled) or None,
        "arrangement": settled.arrangement,
        "months": settled.activity.run.months,
        "rows": {
            "read": settled.read,
            "not_asked": settled.not_asked,
            "settled": priced,
            "left_out": settled.left_out.left_out,
        },
        "list_price_of_settled": settled.pence / PENCE_PER_POUND,
        "left_out": _record(settled.left_out, settled),
        "problems": [_record(reason, settled) for reason in settled.reasons],
        "payments": [
            {"payer": payer, "payee": payee, "contract": contract, "term": term, "pounds": pence / PENCE_PER_POUND}
            for (payer, payee, contract, term), pence in _payments(settled, "contract", "term").items()
        ],
        "roles_without_column": {file: list(roles) for file, roles in settled.lacking.items() if roles},
        "rows_without_currency": settled.not_priced,
        "targets_without_rows": {contract: list(services) for contract, services in settled.without_rows.items()},
        "provenance": settled.provenance,
    }


def payments_table(settled: SettledExtract) -> Table:
    """Return what each organisation paid each other one."""
    organisations = settled.system.organisations
    table = empty_table(f"Payments under {settled.system.arrangements[settled.arrangement].name}", "Payer", "Payee")
    table.add_column("£", justify="right")
    for (payer, payee), pence in _payments(settled).items():
        add(table, organisations[payer].name, organisations[payee].name, f"{pence / PENCE_PER_POUND:,.2f}")
    return table


def reasons_table(settled: SettledExtract) -> Table:
    """Return what was wrong with rows, how many were left out, and their shares of rows and of list prices."""
    table = empty_table("Problems", "Reason")
    for column in ("Rows", "Left out", "% of rows", "List price, £", "% of list price", "Without price"):
        table.add_column(column, justify="right")
    for reason in (*settled.reasons, settled.left_out):
        record = _record(reason, settled)
        add(
            table,
            reason.reason,
            f"{reason.rows:,}",
            f"{reason.left_out:,}",
            _percent(record["share_of_rows"]),
            f"{record['list_price']:,.2f}",
            _percent(record["share_of_list_price"]),
            f"{reason.without_price:,}",
        )
    return table


def rows_statement(settled: SettledExtract) -> str:
    """Return how many rows were read, settled and left out, in a sentence."""
    record = _record(settled.left_out, settled)
    unknown = f", not counting {record['without_price']:,} without a known price" if record["without_price"] else ""
    share = _percent(record["share_of_list_price"])
    of_prices = f" and {share} of list prices{unknown}" if share else ""
    others = f", {settled.not_asked:,} not asked for" if settled.not_asked else ""
    return (
        f"{settled.read:,} rows read: {len(settled.activity):,} settled, {settled.left_out.left_out:,} left out "
        f"({_percent(record['share_of_rows'])} of rows{of_prices}){others}."
    )


def sampled_statement(settled: SettledExtract) -> str:
    """Return what must be said of activity of a sample of residents, in a sentence; '' where it is of all."""
    share = settled.activity.run.sample
    if share == 1.0:
        return ""
    return f"The rows are of a sample of {sample_share(share)} of residents: payments and costs are scaled up to all."


def files_statement(settled: SettledExtract, folder: Path) -> str:
    """Return where the results are, line by line; a file that has no rows is not named."""
    all_not_priced = sum(settled.not_priced.values()) == len(settled.activity)
    why = (
        "no tariff pays for a step without a currency" if all_not_priced else "what pays for these rows settles totals"
    )
    none = f"none, since {why}"
    paid = folder / "paid_rows.parquet" if len(settled.paid_rows) else none
    lines = [f"Flows and accounts: {folder}", f"Payments, row by row: {paid}"]
    if settled.reasons:
        lines.append(f"Problems, row by row: {folder / 'problems.csv'}")
    return "\n".join(lines)


def lacking_statement(settled: SettledExtract) -> str:
    """Return what could not be looked for, since a file has no column for it, line by line."""
    return "\n".join(
        f"{file}: no column for {role}, so {_NOT_LOOKED_FOR[role]}."
        for file, roles in settled.lacking.items()
        for role in roles
    )


def not_priced_statement(settled: SettledExtract) -> str:
    """Return how many rows no tariff pays for, as their steps have no currency, in a sentence; '' where none are."""
    rows = sum(settled.not_priced.values())
    if not rows:
        return ""
    are = "is 1 row" if rows == 1 else f"are {rows:,} rows"
    steps = named(tuple(settled.not_priced))
    return f"Among the settled {are} that no tariff pays for, as the step has no currency: {steps}."


def targets_statement(settled: SettledExtract) -> str:
    """Return how many services targets cover that have no rows, in a sentence; '' where there is none."""
    if not settled.without_rows:
        return ""
    services = {service for missing in settled.without_rows.values() for service in missing}
    contract, (first, *_) = next(iter(settled.without_rows.items()))
    number = "1 service" if len(services) == 1 else f"{len(services)} services"
    return f"Targets cover {number} without rows, such as {first} under contract {contract}: they count as saved."


def _payments(settled: SettledExtract, *by: str) -> dict[tuple[str, ...], int]:
    flows: pd.DataFrame = settled.ledger.to_frame()
    totals = flows.groupby(["payer", "payee", *by], sort=False)["amount_pence"].sum()
    return dict(zip(totals.index.tolist(), totals.tolist(), strict=True))


def _record(reason: Reason, settled: SettledExtract) -> dict[str, Any]:
    """Return a reason with shares: of the rows that were asked for, and of their list prices where known."""
    asked = settled.read - settled.not_asked
    listed = settled.pence + settled.left_out.pence
    known = reason.left_out > reason.without_price
    return {
        "reason": reason.reason,
        "rows": reason.rows,
        "left_out": reason.left_out,
        "share_of_rows": reason.left_out / asked if asked else 0.0,
        "list_price": reason.pence / PENCE_PER_POUND,
        "without_price": reason.without_price,
        "share_of_list_price": reason.pence / listed if known and listed else None,
    }


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.2%}"
