"""A synthetic extract of admissions to BHR's hospitals, with known problems and a known answer."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from populations import bhr

MAP = """
kind = "admitted"

[step]
non_elective = "emergency_admission.ward"
day_case = "day_case.procedure"
elective = "planned_inpatient.ward"

[provider]
RF4 = "bhrut"
R1H = "barts"

[place]
E09000002 = "barking_and_dagenham"
E09000016 = "havering"
E09000026 = "redbridge"
"""

PROVIDERS = {"RF400": "bhrut", "R1H00": "barts"}
AREAS = ("E09000002", "E09000016", "E09000026")
POINTS = (("21", "1", "non_elective"), ("11", "2", "day_case"), ("11", "1", "elective"))
LONGEST = 60


@dataclass(frozen=True)
class Expected:
    """The pence that the trusts are paid for the good rows, and how many rows are left out."""

    pence: int
    left_out: int


def write_extract(folder: Path, rows: int, *, seed: int = 1) -> Expected:
    """Write apc.csv and apc.toml to a folder; one row in fifty has one empty cell, one in a hundred a bad date."""
    rng = np.random.default_rng(seed)
    system = bhr()
    prices = system.prices["tariff"].prices
    by_point = [sorted(code for currency, code in prices if currency == point) for *_, point in POINTS]
    point = rng.integers(0, 3, rows)
    number = rng.integers(0, min(map(len, by_point)), rows)
    provider = rng.integers(0, 2, rows)
    stay = np.where(point == 1, 0, np.minimum(rng.geometric(0.2, rows), LONGEST))
    start = rng.integers(0, 365 - LONGEST, rows)
    day = np.datetime64("2017-04-01", "D")
    codes = np.array([codes[: min(map(len, by_point))] for codes in by_point], dtype=np.object_)
    patient = rng.integers(0, 2 * rows // 5 + 1, rows)
    columns = {
        "PROVSPNOPS": np.char.add("S", np.arange(rows).astype(np.str_)).astype(np.object_),
        "PROCODE": np.array(list(PROVIDERS), dtype=np.object_)[provider],
        "RESLADST_ONS": np.array(AREAS, dtype=np.object_)[patient % 3],
        "PSEUDO_HESID": np.char.add("P", patient.astype(np.str_)).astype(np.object_),
        "STARTAGE": (patient % 95).astype(np.str_).astype(np.object_),
        "SEX": (1 + patient % 2).astype(np.str_).astype(np.object_),
        "ADMIDATE": (day + start).astype(np.str_).astype(np.object_),
        "DISDATE": (day + start + stay).astype(np.str_).astype(np.object_),
        "ADMIMETH": np.array([method for method, *_ in POINTS], dtype=np.object_)[point],
        "CLASSPAT": np.array([each[1] for each in POINTS], dtype=np.object_)[point],
        "SUSHRG": codes[point, number],
    }
    fate = rng.random(rows)
    needed = ("PROCODE", "RESLADST_ONS", "ADMIDATE", "DISDATE", "ADMIMETH", "CLASSPAT", "SUSHRG")
    blank = fate < 0.02
    for position, name in enumerate(needed):
        columns[name][blank & (np.arange(rows) % len(needed) == position)] = ""
    bad_date = (fate >= 0.02) & (fate < 0.03)
    columns["DISDATE"][bad_date] = "1801-01-01"
    good = ~blank & ~bad_date
    pacsv.write_csv(pa.table(columns), folder / "apc.csv", pacsv.WriteOptions(quoting_style="needed"))
    (folder / "apc.toml").write_text(MAP, encoding="utf-8")
    cells = np.stack([provider, point, number, stay])[:, good]
    kinds, counts = np.unique(cells, axis=1, return_counts=True)
    pence = 0
    for (which, kind, at, days), count in zip(kinds.T.tolist(), counts.tolist(), strict=True):
        price = prices[POINTS[kind][2], by_point[kind][at]]
        beyond = max(0, days - price.trim_point_days) if price.trim_point_days is not None else 0
        paid = price.pence + beyond * price.long_stay_pence_per_day
        factor = Fraction(repr(system.organisations[list(PROVIDERS.values())[which]].market_forces_factor))
        pence += count * floor(paid * factor + Fraction(1, 2))
    return Expected(pence, rows - int(good.sum()))
