"""What each row of an extract was paid: found by its number in the file, and adding up to the payments."""

import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from by_hand import CONFIG
from written_extracts import PENCE, SPELL, TOWN, settled, spells, write

import paysim
from paysim.study.extract import read_written

KEYS = ["period", "payer", "payee", "contract", "term"]

EVERY_RULE = """
extends = "one_hospital.toml"
[prices.full]
name = "Prices with all their parts"
file = "full.csv"
source = "illustration"
[arrangement.full]
name = "Tariff with all its rules"
[arrangement.full.contract.acute]
payer = { by_place = { hill = "hill_ccg", vale = "vale_ccg" } }
payee = ["hospital", "other_hospital"]
[[arrangement.full.contract.acute.terms]]
kind = "tariff"
id = "emergency"
prices = "full"
currencies = ["non_elective"]
market_forces_factor = true
top_ups = true
[[arrangement.full.contract.acute.terms]]
kind = "tariff"
id = "other"
prices = "full"
currencies = ["attendance"]
[[arrangement.full.contract.acute.terms]]
kind = "readmission_rule"
tariff = "emergency"
currencies = ["non_elective"]
unpaid = 0.3
[[arrangement.full.contract.acute.terms]]
kind = "marginal_rate"
of = ["emergency"]
baseline = 100_000
rate = 0.3
[[arrangement.full.contract.acute.terms]]
kind = "cap_and_collar"
of = ["emergency", "other"]
expected = 200_000
cap = 0.1
collar = 0.1
[arrangement.full.contract.practice]
payer = { by_place = { hill = "hill_ccg", vale = "vale_ccg" } }
payee = "practice"
terms = [{ kind = "block", annual = 1_000 }]
"""

FULL_PRICES = """
currency,code,price,trim_point_days,long_stay_payment_per_day,short_stay_price,top_up,best_practice_payment,source,status
consultation,,37,,,,,,made up,assumed
attendance,VB08Z,120,,,,,,made up,assumed
non_elective,AA22C,9766,98,240,,500,,made up,assumed
non_elective,LA04S,861,8,216,300.55,,100,made up,assumed
"""


def by_row(result: paysim.SettledExtract) -> list[tuple[int, str, str, int]]:
    """Return row, term, code and pence of each payment for a row."""
    table = result.paid_rows.to_pandas()
    columns = (table[name] for name in ("row", "term", "code", "amount_pence"))
    return [(int(row), str(term), str(code), int(pence)) for row, term, code, pence in zip(*columns, strict=True)]


@pytest.fixture(scope="module")
def every_rule(tmp_path_factory) -> paysim.System:
    folder = tmp_path_factory.mktemp("every_rule")
    for path in CONFIG.parent.glob("one_hospital*"):
        (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / path.name)
    (folder / "full.csv").write_text(FULL_PRICES.lstrip(), encoding="utf-8")
    (folder / "full.toml").write_text(EVERY_RULE, encoding="utf-8")
    return paysim.load(folder / "full.toml")


def test_rows_are_numbered_as_in_the_file_whatever_their_order_in_time(tmp_path):
    rows = [
        {**SPELL, "PROVSPNOPS": "late", "ADMIDATE": "2017-09-01", "DISDATE": "2017-09-03"},
        {**SPELL, "PROVSPNOPS": "bad", "DISDATE": "?"},
        {**SPELL, "PROVSPNOPS": "long", "DISDATE": "2017-05-13"},
        {**SPELL, "PROVSPNOPS": "other", "PROCODE": "RXX01", "SUSHRG": "AA22C", "LSOA11": "E01000002"},
    ]
    result = settled(tmp_path, rows)
    long = round((86_100 + 32 * 21_600) * 1.0976)
    assert by_row(result) == [
        (2, "tariff", "LA04S", PENCE),
        (4, "tariff", "LA04S", long),
        (5, "tariff", "AA22C", 976_600),
    ]
    table = result.paid_rows.to_pandas().astype({"file": str, "payer": str, "payee": str, "contract": str})
    assert set(table["file"]) == {str(tmp_path / "extract.csv")}
    assert table["period"].tolist() == ["2017-09", "2017-05", "2017-04"]
    assert table[["payer", "payee", "contract"]].iloc[2].tolist() == [
        "vale_ccg",
        "other_hospital",
        "acute.vale.other_hospital",
    ]


def test_several_files_keep_their_own_numbers(tmp_path):
    april = write(tmp_path, spells(2), name="april")
    may = write(tmp_path, [{**each, "PROVSPNOPS": f"M{n}"} for n, each in enumerate(spells(3))], name="may")
    extract = paysim.read_extract(TOWN, [april[0], may[0]], [april[1], may[1]])
    table = paysim.settle_extract(extract, TOWN.arrangements["activity"]).paid_rows.to_pandas()
    names = [Path(file).stem for file in table["file"]]
    assert list(zip(names, table["row"], strict=True)) == [
        ("april", 2),
        ("april", 3),
        ("may", 2),
        ("may", 3),
        ("may", 4),
    ]


def test_a_generated_extract_adds_up_by_contract_term_and_month_under_every_rule(tmp_path, every_rule):
    chance = random.Random(1)
    rows = []
    for number in range(600):
        start = date(2017, 4, 1) + timedelta(chance.randrange(300))
        cells = {
            "PROVSPNOPS": f"S{number}",
            "TOKEN_PERSON_ID": f"P{chance.randrange(150)}",
            "PROCODE": chance.choice(["RQW00", "RQW01", "RXX01", ""]),
            "LSOA11": chance.choice(["E01000001", "E01000002"]),
            "SUSHRG": chance.choice(["LA04S", "AA22C"]),
            "ADMIDATE": start.isoformat(),
            "DISDATE": (start + timedelta(chance.choice([0, 1, 3, 8, 9, 60]))).isoformat(),
        }
        rows.append({**SPELL, **cells})
    result = settled(tmp_path, rows, system=every_rule, arrangement="full")
    result.to_directory(tmp_path / "out")
    paid = pq.read_table(tmp_path / "out" / "paid_rows.parquet").to_pandas()
    flows = pq.read_table(tmp_path / "out" / "flows.parquet").to_pandas()
    assert set(paid["term"]) == {"emergency", "readmission_rule"}
    assert {"marginal_rate", "cap_and_collar", "block"} < set(flows[flows["amount_pence"] != 0]["term"])
    of_rows = paid.groupby(KEYS)["amount_pence"].sum()
    of_flows = flows[flows["term"].isin(["emergency", "other", "readmission_rule"])].set_index(KEYS)["amount_pence"]
    pd.testing.assert_series_equal(of_rows.sort_index(), of_flows[of_flows != 0].sort_index(), check_dtype=False)
    assert sorted(set(paid[paid["term"] == "emergency"]["row"])) == sorted(
        set(range(2, 602)) - set(result.problems.to_pandas().query("left_out")["row"])
    )
    # By hand: short and other stays of LA04S at the hospital, to the trim point and 1 and 52 days beyond it.
    of_kind = paid[(paid["term"] == "emergency") & (paid["payee"] == "hospital") & (paid["code"] == "LA04S")]
    parts = (30_055, 86_100, 86_100 + 21_600, 86_100 + 52 * 21_600)
    assert sorted(set(of_kind["amount_pence"])) == [round((part + 10_000) * 1.0976) for part in parts]


def test_terms_on_totals_have_no_rows(tmp_path):
    result = settled(tmp_path, spells(3), arrangement="block")
    assert result.ledger.total() > 0
    assert result.paid_rows.num_rows == 0


def test_rows_of_attendances_and_of_a_sample_add_up_too(tmp_path):
    activity = paysim.simulate(TOWN, sample=0.2)
    paysim.write_activity(activity, tmp_path / "activity.parquet")
    result = paysim.settle_extract(read_written(TOWN, tmp_path / "activity.parquet"), TOWN.arrangements["activity"])
    of_rows = result.paid_rows.to_pandas().astype(dict.fromkeys(KEYS, str)).groupby(KEYS)["amount_pence"].sum()
    of_flows = result.ledger.to_frame().set_index(KEYS)["amount_pence"]
    assert of_rows.to_dict() == of_flows[of_flows != 0].to_dict()
    consultations = result.paid_rows.to_pandas().query("contract == 'practice.hill'")["amount_pence"]
    assert len(consultations) > 100
    assert (abs(consultations - 3_700 * activity.weight) < 1).all()
