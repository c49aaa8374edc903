"""What each row of an extract was paid, as a table."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import period_labels
from paysim.payment.paid_rows import PaidRows
from paysim.study.extract.reading import Extract


def paid_table(extract: Extract, activity: Activity, position: NDArray[np.int64], paid: PaidRows) -> pa.Table:
    """Return what each row was paid under each contract and term, in order of file and row.

    `position` of each row of the activity is its place among the extract's.
    """
    at = position[paid.row]
    file, row = extract.file[at], extract.rows.row[at]
    order = np.lexsort((paid.flow, row, file))
    flow = paid.flow[order]
    return pa.table(
        {
            "file": _named(extract.files, file[order]),
            "row": row[order],
            "period": _named(period_labels(activity.system.start, activity.periods), paid.period[order]),
            "payer": _named([each.flow.payer for each in paid.flows], flow),
            "payee": _named([each.flow.payee for each in paid.flows], flow),
            "contract": _named([each.contract for each in paid.flows], flow),
            "term": _named([each.term for each in paid.flows], flow),
            "code": _named(activity.system.codes, paid.code[order]),
            "amount_pence": paid.pence[order],
        }
    )


def write_paid(table: pa.Table, path: Path) -> None:
    """Write the paid rows as Parquet, with texts where the table has their numbers."""
    pq.write_table(table, path, compression="zstd", store_schema=False)


def _named(names: Sequence[str], number: NDArray[np.integer]) -> pa.DictionaryArray:
    """Return texts by their numbers; below 0 there is none."""
    distinct = {name: position for position, name in enumerate(dict.fromkeys(names))}
    numbers = np.array([*(distinct[name] for name in names), -1], dtype=np.int32)[number]
    return pa.DictionaryArray.from_arrays(pa.array(numbers, mask=numbers < 0), pa.array(list(distinct), pa.string()))
