"""Real activity settled under an arrangement, with no simulation: what can be paid for, and what cannot."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from paysim.model.activity import COLUMNS, EXTRACT, Activity
from paysim.model.contract import Arrangement
from paysim.model.errors import InputError, refuse_other
from paysim.model.system import System
from paysim.payment.accounts import Accounts, accounts
from paysim.payment.costs import costs
from paysim.payment.ledger import Ledger
from paysim.payment.paid_rows import paid_rows
from paysim.payment.settlement import settle_many
from paysim.payment.survey import survey_of
from paysim.payment.targets import without_rows
from paysim.payment.unpriced import NO_CONTRACT, NO_PRICE, NOT_KNOWN, list_prices, unpaid
from paysim.payment.without_currency import rows_not_priced
from paysim.study.extract.ages import without_age
from paysim.study.extract.paid import paid_table, write_paid
from paysim.study.extract.problems import NO_ROW, Batch, problems_table, write_problems
from paysim.study.extract.reading import Extract
from paysim.study.neutral import neutral_for, paid_on_its_rows
from paysim.study.provenance import made_with
from paysim.study.store import file_digest, write_table
from paysim.study.whole import whole_folder

_REASONS = {NO_CONTRACT: "no contract", NO_PRICE: "no price"}


@dataclass(frozen=True, slots=True)
class Reason:
    """Rows with one kind of problem: how many, how many of them were left out, and the list prices of those.

    `pence` is for the rows left out whose list price is known, `without_price` the number of the others.
    """

    reason: str
    rows: int
    left_out: int
    pence: int
    without_price: int


@dataclass(frozen=True, eq=False)
class SettledExtract:
    """What an arrangement pays for real activity, and what it could not be settled for.

    `activity` are the rows that were paid for, at list prices `pence` altogether; `left_out` is the reason 'any'.
    `read` are all rows of the files, `not_asked` those that the maps leave out. `paid_rows` says what each row was paid
    under each contract and term that pays row by row, and adds up to their flows. `problems` has a row for each cell.
    Both number rows as a spreadsheet does: a file's first one, after the header of a CSV, is row 2; in Parquet, too.
    `lacking` are the roles without a column, by file: see Extract. `without_rows` are services that a target covers and
    real activity has no rows of, by contract. `not_priced` are, by step without a currency, the numbers of rows
    that count as settled and are paid nothing, as only prices would pay for them.
    """

    system: System
    arrangement: str
    activity: Activity
    ledger: Ledger
    accounts: Accounts
    paid_rows: pa.Table = field(repr=False)
    problems: pa.Table = field(repr=False)
    reasons: tuple[Reason, ...] = field(repr=False)
    left_out: Reason = field(repr=False)
    read: int
    not_asked: int
    pence: int
    lacking: dict[str, tuple[str, ...]] = field(repr=False)
    without_rows: dict[str, tuple[str, ...]] = field(repr=False)
    not_priced: dict[str, int] = field(repr=False)
    provenance: dict[str, object] = field(repr=False)

    def to_directory(self, folder: str | Path) -> None:
        """Write flows, accounts, paid rows, problems and provenance to a folder, whole or not at all.

        Raises InputError if it holds anything but an earlier result of the same kind.
        """
        with whole_folder(folder, "settle", self.provenance) as draft:
            for name, table in (("flows", self.ledger.to_frame()), ("accounts", self.accounts.to_frame())):
                table.insert(0, "arrangement", self.arrangement)
                table.insert(1, "replication", self.activity.run.replication)
                write_table(table, draft / f"{name}.parquet")
            write_paid(self.paid_rows, draft / "paid_rows.parquet")
            write_problems(self.problems, draft / "problems.csv")


def settle_extract(extract: Extract, arrangement: Arrangement) -> SettledExtract:
    """Return what an arrangement pays for an extract; rows that it has no contract or price for are left out and told.

    Budget-neutral amounts are set as `settle` sets them. Raises InputError where nothing is left to settle.
    """
    refuse_other("extract", extract, Extract, "expected an Extract, as read_extract returns it")
    refuse_other("arrangement", arrangement, Arrangement, "expected an arrangement, as system.arrangements has them")
    system = extract.activity.system
    wanted = [arrangement, *paid_on_its_rows(extract.activity, arrangement)]
    marks = np.max([unpaid(extract.activity, each) for each in wanted], axis=0)
    batches = [*extract.problems.batches, *without_age(extract, arrangement), *_unpaid_batches(extract, marks)]
    kept = marks == 0
    if not kept.any():
        raise _nothing_to_settle(extract, [batch for batch in batches if batch.left_out])
    activity = _only(extract.activity, kept)
    settled = neutral_for(activity, arrangement)
    survey = survey_of(activity, [settled])
    (ledger,) = settle_many(activity, [settled], survey=survey)
    position = extract.position[kept]
    rows = extract.rows
    prices = list_prices(system, settled, rows.step, rows.service, rows.place, rows.code)
    listed = prices[position]
    return SettledExtract(
        system=system,
        arrangement=arrangement.id,
        activity=activity,
        ledger=ledger,
        accounts=accounts(ledger, costs(activity, survey)),
        paid_rows=paid_table(extract, activity, position, paid_rows(activity, survey, settled, ledger)),
        problems=problems_table(batches, prices),
        reasons=_reasons(batches, prices, activity.weight),
        left_out=_reason("any", [batch for batch in batches if batch.left_out], prices, activity.weight),
        read=_read(extract),
        not_asked=extract.not_asked,
        pence=_scaled(listed[listed != NOT_KNOWN], activity.weight),
        lacking=extract.lacking,
        without_rows=without_rows(activity, settled) if activity.run.engine == EXTRACT else {},
        not_priced=rows_not_priced(activity, settled),
        provenance=_provenance(extract, arrangement),
    )


def _read(extract: Extract) -> int:
    return len(extract.rows.row) + extract.unread + extract.not_asked


def _unpaid_batches(extract: Extract, marks: NDArray[np.int8]) -> list[Batch]:
    """Return the rows without contract or price as problems."""
    system, activity = extract.activity.system, extract.activity
    steps, services = (np.array(names, dtype=np.object_) for names in (system.step_ids, system.service_ids))
    codes = np.array([*(f" with code {code}" for code in system.codes), " without code"], dtype=np.object_)
    places = np.array(system.population.places, dtype=np.object_)
    batches = []
    for mark, reason in _REASONS.items():
        for number, name in enumerate(extract.files):
            of_file = (marks == mark) & (extract.file[extract.position] == number)
            at = np.flatnonzero(of_file)
            at = at[np.argsort(extract.position[at], kind="stable")]
            if mark == NO_PRICE:
                found = steps[activity.step[at]] + codes[activity.code[at]]
                expected, column = "expected a price that a contract of the arrangement lists", "code"
            else:
                home = places[extract.rows.place[extract.position[at]]]
                found = services[activity.service[at]] + " for residents of " + home
                expected, column = "expected a contract of the arrangement whose scope it is in", "provider"
            position = extract.position[at]
            row = extract.rows.row[position]
            batches.append(Batch(name, reason, column, expected, True, row, position, found))  # type: ignore[arg-type]
    return [batch for batch in batches if len(batch.row)]


def _nothing_to_settle(extract: Extract, batches: Sequence[Batch]) -> InputError:
    """Return the refusal of an extract of which all rows were left out: why so many, and the first of the most."""
    found = f"found no row among {_read(extract):,} that can be paid for"
    rows = {reason: len(at) + unread for reason, of in _by_reason(batches).items() for at, unread in [_rows(of)]}
    if not rows:
        return InputError(", ".join(extract.files), "", found, "expected rows of activity")
    most_first = sorted(rows, key=lambda reason: -rows[reason])
    counts = ", ".join(f"{reason} ({rows[reason]:,})" for reason in most_first)
    of_most = _by_reason(batches)[most_first[0]]
    first = min(of_most, key=lambda batch: (extract.files.index(batch.file), batch.row[0]))
    expected = first.expected if isinstance(first.expected, str) else first.expected[0]
    file = f" of {first.file}" if len(extract.files) > 1 else ""
    cell = f"column {first.column!r}: " if first.column else ""
    where = f"where row {first.row[0]}{file} has {cell}{first.found[0]!r}"
    return InputError(", ".join(extract.files), "", f"{found}: {counts}", f"{expected}, {where}")


def _only(activity: Activity, kept: NDArray[np.bool_]) -> Activity:
    return activity if kept.all() else replace(activity, **{name: getattr(activity, name)[kept] for name in COLUMNS})


def _reasons(batches: Sequence[Batch], prices: NDArray[np.int64], weight: float) -> tuple[Reason, ...]:
    """Return what there is of each kind of problem, the most rows first; a row can have several."""
    found = [_reason(kind, of_kind, prices, weight) for kind, of_kind in _by_reason(batches).items()]
    return tuple(sorted(found, key=lambda reason: (-reason.left_out, -reason.rows, reason.reason)))


def _by_reason(batches: Sequence[Batch]) -> dict[str, list[Batch]]:
    kinds = dict.fromkeys(batch.reason for batch in batches)
    return {kind: [batch for batch in batches if batch.reason == kind] for kind in kinds}


def _reason(name: str, batches: Sequence[Batch], prices: NDArray[np.int64], weight: float) -> Reason:
    rows, unread = _rows(batches)
    out, out_unread = _rows([batch for batch in batches if batch.left_out])
    price = prices[out]
    known = price != NOT_KNOWN
    left_out = len(out) + out_unread
    return Reason(name, len(rows) + unread, left_out, _scaled(price[known], weight), left_out - int(known.sum()))


def _scaled(pence: NDArray[np.int64], weight: float) -> int:
    return round(int(pence.sum()) * weight)


def _rows(batches: Sequence[Batch]) -> tuple[NDArray[np.int64], int]:
    """Return the distinct positions of the rows in some batches, and the number of rows that could not be read."""
    position = np.concatenate([np.zeros(0, dtype=np.int64), *(batch.position for batch in batches)])
    return np.unique(position[position != NO_ROW]), int((position == NO_ROW).sum())


def _provenance(extract: Extract, arrangement: Arrangement) -> dict[str, object]:
    return {
        **made_with(extract.activity.system),
        "arrangement": arrangement.id,
        "months": extract.activity.run.months,
        "activity": [{"file": Path(name).name, "sha256": file_digest(Path(name))} for name in extract.files],
        "maps": [{"file": Path(each.file).name, "sha256": each.fingerprint} for each in extract.maps],
    }
