"""Small extracts and their maps, written to a folder."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
from by_hand import CONFIG

import paysim

TOWN = paysim.load(CONFIG)

ADMITTED = """
kind = "admitted"
step = { non_elective = "emergency.ward" }
provider = { RQW = "hospital", RXX = "other_hospital" }
place = { E01000001 = "hill", E01000002 = "vale" }
"""

SPELL = {
    "PROVSPNOPS": "S1",
    "PROCODE": "RQW00",
    "LSOA11": "E01000001",
    "TOKEN_PERSON_ID": "P1",
    "ADMIAGE": "70",
    "SEX": "1",
    "ADMIDATE": "2017-04-03",
    "DISDATE": "2017-04-07",
    "ADMIMETH": "21",
    "CLASSPAT": "1",
    "SUSHRG": "LA04S",
}
"""Four midnights at 861 pounds, times a market forces factor of 1.0976: 945.03 pounds."""

PENCE = 94_503


def spells(number: int, **cells: str) -> list[dict[str, str]]:
    """Return good spells that differ in number and patient, with some cells alike."""
    return [{**SPELL, "PROVSPNOPS": f"S{n}", "TOKEN_PERSON_ID": f"P{n}", **cells} for n in range(number)]


def write(
    folder: Path, rows: Iterable[Mapping[str, str]], map_text: str = ADMITTED, name: str = "extract"
) -> list[Path]:
    """Write an extract as CSV and its map, and return their paths."""
    rows = list(rows)
    extract, map_file = folder / f"{name}.csv", folder / f"{name}.toml"
    with extract.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    map_file.write_text(map_text, encoding="utf-8")
    return [extract, map_file]


def settled(
    folder: Path,
    rows: Iterable[Mapping[str, str]],
    map_text: str = ADMITTED,
    system: paysim.System = TOWN,
    arrangement: str = "activity",
    months: int | None = None,
) -> paysim.SettledExtract:
    """Return what an arrangement pays for an extract."""
    extract = paysim.read_extract(system, *write(folder, rows, map_text), months=months)
    return paysim.settle_extract(extract, system.arrangements[arrangement])


def problems(result: paysim.SettledExtract) -> list[tuple[int, str, str, bool]]:
    """Return row, column, reason and whether the row was left out, of each problem."""
    table: pd.DataFrame = result.problems.to_pandas()
    return [
        (int(row), column, reason, bool(out))
        for row, column, reason, out in zip(
            table["row"], table["column"], table["reason"], table["left_out"], strict=True
        )
    ]


def paid(result: paysim.SettledExtract, payee: str) -> int:
    """Return what an organisation was paid, in pence."""
    flows = result.ledger.to_frame()
    return int(flows.loc[flows["payee"] == payee, "amount_pence"].sum())
