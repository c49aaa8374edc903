"""`paysim settle` as a user meets it: exit codes, messages and files."""

import csv
import json
import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pandas as pd
import pyarrow.parquet as pq
import pytest
from command_line import run, run_afresh
from written_extracts import ADMITTED, PENCE, SPELL, spells, write

import paysim

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "configs" / "how-to" / "one_hospital.toml"


def asking_for(extract: Path, map_file: Path, out: Path, *more: object) -> tuple[object, ...]:
    mapped = ("--activity", extract, "--map", map_file)
    return "settle", *mapped, "--arrangement", "activity", SMALL, "--out", out, *more


def settle(extract: Path, map_file: Path, out: Path, *more: object) -> CompletedProcess[str]:
    return run(*asking_for(extract, map_file, out, *more))


def test_what_a_file_has_no_column_for_is_told(tmp_path):
    rows = [{name: cell for name, cell in row.items() if name != "PROVSPNOPS"} for row in spells(2)]
    extract, map_file = write(tmp_path, rows)
    done = settle(extract, map_file, tmp_path / "out")
    assert done.returncode == 0
    assert f"{extract}: no column for record, so duplicates are not looked for." in done.stdout
    assert "no column for person" not in done.stdout
    told = json.loads(settle(extract, map_file, tmp_path / "out", "--json").stdout)
    assert told["roles_without_column"] == {str(extract): ["record"]}


def test_an_extract_is_settled_and_its_problems_are_told(tmp_path):
    extract, map_file = write(tmp_path, [*spells(9), {**SPELL, "PROVSPNOPS": "S99", "DISDATE": "?"}])
    done = run_afresh(*asking_for(extract, map_file, tmp_path / "out"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "10 rows read: 9 settled, 1 left out (10.00% of rows and 10.00% of list prices)." in done.stdout
    assert "8,505.27" in done.stdout
    assert "bad date" in done.stdout
    out = tmp_path / "out"
    flows = pq.read_table(out / "flows.parquet").to_pandas()
    columns = ["arrangement", "replication", "period", "payer", "payee", "contract", "term", "amount_pence"]
    assert flows.columns.tolist() == columns
    assert flows["amount_pence"].sum() == 9 * PENCE
    accounts = pq.read_table(out / "accounts.parquet").to_pandas()
    hospital = accounts[accounts["organisation"] == "hospital"]
    assert hospital["income_pence"].sum() == 9 * PENCE
    assert (hospital["income_pence"] - hospital["cost_pence"] == hospital["surplus_pence"]).all()
    rows = pq.read_table(out / "paid_rows.parquet").to_pandas()
    assert rows.columns.tolist() == ["file", "row", *columns[2:7], "code", "amount_pence"]
    assert rows[["file", "row", "amount_pence"]].to_numpy().tolist() == [[str(extract), n, PENCE] for n in range(2, 11)]
    assert str(out / "paid_rows.parquet") in done.stdout.replace("\n", "")
    with (out / "problems.csv").open(newline="") as file:
        (problem,) = csv.DictReader(file)
    assert (problem["row"], problem["column"], problem["reason"], problem["found"]) == (
        "11",
        "DISDATE",
        "bad date",
        "?",
    )
    assert problem["price_pence"] == str(PENCE)
    assert json.loads((out / "provenance.json").read_text())["activity"][0]["file"] == "extract.csv"


def test_files_without_rows_are_not_announced(tmp_path):
    extract, map_file = write(tmp_path, spells(2))

    def said(arrangement):
        done = settle(extract, map_file, tmp_path / "out", "--arrangement", arrangement)
        assert done.returncode == 0
        return done.stdout

    under_block = said("block")
    assert "Payments, row by row: none, since what pays for these rows settles totals\n" in under_block
    assert "paid_rows.parquet" not in under_block
    assert "problems.csv" not in under_block
    assert f"Payments, row by row: {tmp_path / 'out' / 'paid_rows.parquet'}\n" in said("activity")
    write(tmp_path, [*spells(2), {**SPELL, "PROVSPNOPS": "S9", "DISDATE": "?"}])
    assert f"Problems, row by row: {tmp_path / 'out' / 'problems.csv'}\n" in said("block")


def test_the_same_extract_gives_the_same_bytes(tmp_path):
    extract, map_file = write(tmp_path, [*spells(3), {**SPELL, "DISDATE": ""}])
    assert settle(extract, map_file, tmp_path / "one").returncode == 0
    assert run_afresh(*asking_for(extract, map_file, tmp_path / "other")).returncode == 0
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes()


def test_json_and_nothing_else(tmp_path):
    extract, map_file = write(tmp_path, [*spells(3), {**SPELL, "PROVSPNOPS": "S9", "PROCODE": ""}])
    answer = json.loads(settle(extract, map_file, tmp_path / "out", "--json").stdout)
    assert answer["rows"] == {"read": 4, "not_asked": 0, "settled": 3, "left_out": 1}
    assert answer["problems"] == [
        {
            "reason": "empty cell",
            "rows": 1,
            "left_out": 1,
            "share_of_rows": 0.25,
            "list_price": 0.0,
            "without_price": 1,
            "share_of_list_price": None,
        }
    ]
    assert sum(payment["pounds"] for payment in answer["payments"]) == 3 * PENCE / 100
    assert answer["list_price_of_settled"] == 3 * PENCE / 100


GAIN_SHARE = """
extends = "one_hospital.toml"
[arrangement.gain_share]
name = "Shared gains"
extends = "activity"
[arrangement.gain_share.contract.savings]
payer = "hill_ccg"
payee = "hospital"
scope = { places = ["hill"] }
[[arrangement.gain_share.contract.savings.terms]]
kind = "gain_loss_share"
target = 1_000_000
spending_terms = ["acute"]
shares = { hill_ccg = 0.5, hospital = 0.5 }
"""


def test_a_target_for_services_that_an_extract_lacks_is_told(tmp_path):
    for path in SMALL.parent.glob("one_hospital*"):
        (shutil.copytree if path.is_dir() else shutil.copy)(path, tmp_path / path.name)
    (tmp_path / "gain_share.toml").write_text(GAIN_SHARE)
    extract, map_file = write(tmp_path, spells(3))
    command = ["settle", "--activity", extract, "--map", map_file, tmp_path / "gain_share.toml"]
    done = run(*command, "--arrangement", "gain_share", "--out", tmp_path / "out")
    told = "Targets cover 2 services without rows, such as emergency_department under contract savings: they count"
    assert f"{told} as saved." in " ".join(done.stdout.split())
    answer = run(*command, "--arrangement", "gain_share", "--out", tmp_path / "out", "--json")
    missing = {"savings": ["emergency_department", "other_wards"]}
    assert json.loads(answer.stdout)["targets_without_rows"] == missing
    under_no_target = run(*command, "--arrangement", "activity", "--out", tmp_path / "out")
    assert "count as saved" not in under_no_target.stdout


def test_activity_of_paysim_needs_no_map(tmp_path):
    assert run("simulate", SMALL, "--sample", "0.2", "--out", tmp_path / "run").returncode == 0
    written = tmp_path / "run" / "activity.parquet"
    done = run("settle", "--activity", written, "--arrangement", "activity", SMALL, "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    system = paysim.load(SMALL)
    ledger = paysim.settle(paysim.read_activity(written, system), system.arrangements["activity"])
    assert round(sum(payment["pounds"] for payment in answer["payments"]) * 100) == ledger.total()
    assert answer["problems"] == []


@pytest.mark.usefixtures("undrawn")
def test_a_written_replication_is_paid_what_a_comparison_pays_it(tmp_path):
    options = ("--seed", "5", "--sample", "0.2")
    two = ("--replications", "2", "--arrangements", "block,capitation", "--workers", "1")
    compared = run("compare", SMALL, *options, *two, "--out", tmp_path / "c")
    assert compared.returncode == 0, compared.stderr
    assert run("simulate", SMALL, *options, "--replication", "1", "--out", tmp_path / "run").returncode == 0
    written = tmp_path / "run" / "activity.parquet"
    for arrangement in ("block", "capitation"):
        done = run("settle", "--activity", written, "--arrangement", arrangement, SMALL, "--out", tmp_path / "s")
        assert done.returncode == 0, done.stderr
        for name in ("flows", "accounts"):
            of_all = pq.read_table(tmp_path / "c" / f"{name}.parquet").to_pandas()
            same = of_all[(of_all["arrangement"] == arrangement) & (of_all["replication"] == 1)]
            found = pq.read_table(tmp_path / "s" / f"{name}.parquet").to_pandas()
            pd.testing.assert_frame_equal(found, same.reset_index(drop=True))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--arrangement", "blok"], "paysim: arrangement: found 'blok'; expected one of activity, block, capitation"),
        (["--months", "0"], "paysim: months: found 0; expected a whole number from 1 to 1,200"),
        (["--activity", "nowhere.csv"], "paysim: map: found 1 for 2 extracts; expected a map for each"),
    ],
)
def test_a_bad_option_is_refused_before_anything_is_written(tmp_path, options, message):
    extract, map_file = write(tmp_path, [SPELL])
    done = settle(extract, map_file, tmp_path / "out", *options)
    assert (done.returncode, done.stderr) == (2, message + "\n")
    assert not (tmp_path / "out").exists()


def test_bad_input_ends_with_one_message_and_exit_code_2(tmp_path):
    extract, map_file = write(tmp_path, [SPELL], ADMITTED.replace("vale", "dale"))
    bad_map = settle(extract, map_file, tmp_path / "out")
    message = f"paysim: {map_file}: place.E01000002: unknown place 'dale'; did you mean 'vale'? known: hill, vale\n"
    assert (bad_map.returncode, bad_map.stderr) == (2, message)
    _, map_file = write(tmp_path, [SPELL])
    missing = settle(tmp_path / "nowhere.csv", map_file, tmp_path / "out")
    message = f"paysim: {tmp_path / 'nowhere.csv'}: found no such file; expected an extract: CSV or Parquet\n"
    assert (missing.returncode, missing.stderr) == (2, message)
    unmapped = run("settle", "--activity", extract, "--arrangement", "activity", SMALL, "--out", tmp_path / "out")
    message = f"paysim: {extract}: found no activity that paysim wrote; expected some, or --map for an extract\n"
    assert (unmapped.returncode, unmapped.stderr) == (2, message)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work")
    foreign = settle(extract, map_file, tmp_path / "out")
    assert (foreign.returncode, "expected a new or empty folder" in foreign.stderr) == (2, True)
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["thesis.txt"]
