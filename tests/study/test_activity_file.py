"""Activity in a Parquet file: every column comes back bit for bit, and foreign files are refused."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from by_hand import TOWN, Row, activity

import paysim
from paysim.model.activity import COLUMNS
from paysim.model.errors import InputError
from paysim.study import store


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
    pq.write_table(whole.drop_columns(["stay"]), tmp_path / "short.parquet")
    assert "found a table of another kind" in refusal(tmp_path / "short.parquet")
    other_town = replace(TOWN, fingerprint="another", title="Another town")
    assert "found activity of another config" in refusal(tmp_path / "activity.parquet", other_town)
    assert "expected a Parquet file of activity" in refusal(tmp_path)


def test_a_cut_off_file_is_refused(simulated, tmp_path):
    path = tmp_path / "activity.parquet"
    paysim.write_activity(simulated, path)
    path.write_bytes(path.read_bytes()[:-100])
    assert "expected a Parquet file of activity" in refusal(path)


def test_a_failed_write_leaves_the_earlier_file(simulated, tmp_path, monkeypatch):
    path = tmp_path / "activity.parquet"
    paysim.write_activity(simulated, path)
    before = path.read_bytes()

    def half(table, draft, **_):
        draft.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(store.pq, "write_table", half)
    with pytest.raises(OSError, match="disk full"):
        paysim.write_activity(simulated, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["activity.parquet"]
