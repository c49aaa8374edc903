"""Activity in a Parquet file: every column comes back bit for bit, and foreign files are refused."""

import errno
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from by_hand import CONFIG, TOWN, Row, activity
from command_line import run

import paysim
from paysim.model.activity import COLUMNS
from paysim.model.errors import InputError
from paysim.model.service import CostStructure
from paysim.study import store
from paysim.study.provenance import made_with

WARD = "emergency.ward"


@pytest.fixture(scope="module")
def simulated():
    return paysim.simulate(TOWN, sample=0.3, seed=2**63 - 1, replication=5)


def same(one, other):
    return (
        one.run == other.run
        and one.weight == other.weight
        and all(getattr(one, name).dtype == np.dtype(dtype) for name, (dtype, _) in COLUMNS.items())
        and all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in COLUMNS)
    )


def test_round_trip(simulated, tmp_path):
    assert (simulated.code == -1).any()
    assert (simulated.start < 0).any()
    paysim.write_activity(simulated, tmp_path / "activity.parquet")
    assert same(paysim.read_activity(tmp_path / "activity.parquet", TOWN), simulated)


def test_the_system_is_given_as_such_or_by_its_path(simulated, tmp_path):
    paysim.write_activity(simulated, tmp_path / "activity.parquet")
    for system in (CONFIG, str(CONFIG)):
        assert same(paysim.read_activity(tmp_path / "activity.parquet", system), simulated)


def test_round_trip_of_nothing(tmp_path):
    paysim.write_activity(activity([]), tmp_path / "activity.parquet")
    assert same(paysim.read_activity(tmp_path / "activity.parquet", TOWN), activity([]))


def test_round_trip_of_steps_without_any_code(tmp_path):
    uncoded = activity([Row("general_practice.consultation", "practice_vale", 3.5, 0.25)])
    paysim.write_activity(uncoded, tmp_path / "activity.parquet")
    assert same(paysim.read_activity(tmp_path / "activity.parquet", TOWN), uncoded)


def test_names_stand_in_the_file(simulated, tmp_path):
    paysim.write_activity(simulated, tmp_path / "activity.parquet")
    table = pq.read_table(tmp_path / "activity.parquet").to_pandas()
    assert table["step"].tolist() == [TOWN.step_ids[step] for step in simulated.step]
    assert table["service"].tolist() == [TOWN.service_ids[service] for service in simulated.service]
    assert table["code"].isna().sum() == (simulated.code == -1).sum()


def test_a_file_in_many_row_groups(simulated, tmp_path):
    paysim.write_activity(simulated, tmp_path / "activity.parquet")
    pq.write_table(pq.read_table(tmp_path / "activity.parquet"), tmp_path / "groups.parquet", row_group_size=700)
    assert pq.ParquetFile(tmp_path / "groups.parquet").num_row_groups > 10
    assert same(paysim.read_activity(tmp_path / "groups.parquet", TOWN), simulated)


def test_settling_what_was_read_pays_the_same(simulated, tmp_path):
    paysim.write_activity(simulated, tmp_path / "activity.parquet")
    read = paysim.read_activity(tmp_path / "activity.parquet", TOWN)
    one, other = (paysim.settle(each, TOWN.arrangements["activity"]).to_frame() for each in (simulated, read))
    assert one.equals(other)


def test_the_same_activity_makes_the_same_bytes(simulated, tmp_path):
    for name in ("one", "other"):
        paysim.write_activity(simulated, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def refusal(path, system=TOWN):
    with pytest.raises(InputError) as refused:
        paysim.read_activity(path, system)
    assert refused.value.file == str(path)
    return str(refused.value)


def test_foreign_files_are_refused(simulated, tmp_path):
    assert "expected a Parquet file of activity" in refusal(tmp_path / "nowhere.parquet")
    (tmp_path / "text.parquet").write_text("not a table")
    assert "expected a Parquet file of activity" in refusal(tmp_path / "text.parquet")
    pq.write_table(pa.table({"resident": [1]}), tmp_path / "other.parquet")
    assert "found a table of another kind; expected activity written by paysim" in refusal(tmp_path / "other.parquet")
    paysim.write_activity(simulated, tmp_path / "activity.parquet")
    whole = pq.read_table(tmp_path / "activity.parquet")
    pq.write_table(whole.drop_columns(["end"]), tmp_path / "short.parquet")
    assert "found a table of another kind" in refusal(tmp_path / "short.parquet")
    other_town = replace(TOWN, fingerprint="another", title="Another town")
    assert "found activity of another config" in refusal(tmp_path / "activity.parquet", other_town)
    assert "expected a Parquet file of activity" in refusal(tmp_path)


def test_activity_of_a_system_altered_in_python_is_told_from_that_of_its_config(simulated, tmp_path):
    fewer = {**TOWN.services, "wards": replace(TOWN.services["wards"], capacity=10)}
    altered = replace(TOWN, services=fewer)
    for written, others in ((simulated, altered), (paysim.simulate(altered, years=1), TOWN)):
        paysim.write_activity(written, tmp_path / "activity.parquet")
        assert "found activity of a system with other settings" in refusal(tmp_path / "activity.parquet", others)
        assert len(paysim.read_activity(tmp_path / "activity.parquet", written.system)) == len(written)
        assert made_with(written.system) != made_with(others)
        assert [made_with(each)["config"]["altered"] for each in (TOWN, altered)] == [False, True]
    dearer = {**TOWN.services, "wards": replace(TOWN.services["wards"], cost=CostStructure(annual_fixed_pence=1))}
    paysim.write_activity(simulated, tmp_path / "activity.parquet")
    money_aside = replace(TOWN, services=dearer, arrangements={})
    assert len(paysim.read_activity(tmp_path / "activity.parquet", money_aside)) == len(simulated)
    assert made_with(money_aside) != made_with(TOWN)


def test_a_cut_off_file_is_refused(simulated, tmp_path):
    path = tmp_path / "activity.parquet"
    paysim.write_activity(simulated, path)
    path.write_bytes(path.read_bytes()[:-100])
    assert "expected a Parquet file of activity" in refusal(path)


def test_external_readers_find_names_and_days(simulated, tmp_path):
    paysim.write_activity(simulated, tmp_path / "activity.parquet")
    table = pd.read_parquet(tmp_path / "activity.parquet")
    assert table.columns.tolist() == ["resident", "episode", "step", "service", "code", "start", "end", "wait"]
    assert (table["end"] - table["start"]).tolist() == simulated.stay.tolist()
    by_step = table.groupby("step", observed=True).size()
    assert by_step.sum() == len(simulated)
    assert by_step["emergency.ward"] == (simulated.step == TOWN.step_ids.index("emergency.ward")).sum()


def test_activity_larger_than_a_row_group(simulated, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_ROWS_PER_GROUP", 1_000)
    paysim.write_activity(simulated, tmp_path / "activity.parquet")
    assert pq.ParquetFile(tmp_path / "activity.parquet").num_row_groups == len(simulated) // 1_000 + 1
    assert same(paysim.read_activity(tmp_path / "activity.parquet", TOWN), simulated)


def test_times_that_are_not_whole_ticks_come_back(tmp_path):
    rng = np.random.default_rng(1)
    extract = activity(
        Row("general_practice.consultation", "practice_vale", start, stay, wait=wait)
        for start, stay, wait in zip(
            rng.uniform(-300, 364, 500), rng.exponential(0.1, 500), rng.random(500), strict=True
        )
    )
    paysim.write_activity(extract, tmp_path / "activity.parquet")
    assert same(paysim.read_activity(tmp_path / "activity.parquet", TOWN), extract)


def test_a_stay_that_would_not_come_back_is_refused(tmp_path):
    rows = [
        Row("general_practice.consultation", "practice_vale", 1.0, 0.5),
        Row(WARD, "wards", 300.0, 1e-15, episode=1),
    ]
    with pytest.raises(InputError, match=r"activity row 1: found start 300.0 and stay 1.0.*e-15"):
        paysim.write_activity(activity(rows), tmp_path / "activity.parquet")
    assert list(tmp_path.iterdir()) == []


class HalfFullDisk(pq.ParquetWriter):
    """A writer that finds no space for its third row group."""

    groups = 0

    def write_table(self, table, *_, **__):
        self.groups += 1
        if self.groups == 3:
            raise OSError(errno.ENOSPC, "Error writing bytes to file")
        super().write_table(table)


@pytest.fixture
def half_full_disk(monkeypatch):
    monkeypatch.setattr(store, "_ROWS_PER_GROUP", 1_000)
    monkeypatch.setattr(store.pq, "ParquetWriter", HalfFullDisk)


def test_a_full_disk_leaves_the_earlier_file(simulated, tmp_path, request):
    path = tmp_path / "activity.parquet"
    paysim.write_activity(simulated, path)
    before = path.read_bytes()
    request.getfixturevalue("half_full_disk")
    with pytest.raises(OSError, match=r"No space left on device; nothing was written: '.*/activity.parquet'"):
        paysim.write_activity(simulated, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["activity.parquet"]


def test_the_command_line_tells_of_a_full_disk_in_one_line(tmp_path, half_full_disk):
    done = run("simulate", CONFIG, "--out", tmp_path / "run")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"paysim: [Errno 28] No space left on device; nothing was written: '{tmp_path / 'run'}'\n"
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
import paysim
from paysim.model.service import CostStructure
from paysim.study import store
from paysim.study.provenance import made_with
from paysim.study.whole import whole_folder

class Killed(store.pq.ParquetWriter):
    def write_table(self, *_, **__):
        super().write_table(*_, **__)
        os.kill(os.getpid(), signal.SIGKILL)

store.pq.ParquetWriter = Killed
system = paysim.load(sys.argv[1])
with whole_folder(sys.argv[2], "simulate", {}) as folder:
    paysim.write_activity(paysim.simulate(system, sample=0.02), folder / "activity.parquet")
"""


def test_a_killed_run_leaves_no_file_of_that_name(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, CONFIG, tmp_path / "run"], check=False)
    assert done.returncode == -signal.SIGKILL
    assert list(tmp_path.rglob("activity.parquet")) == []
    assert not (tmp_path / "run").exists()
