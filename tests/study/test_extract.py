"""Extracts of each kind: rows become steps, and steps are paid at known prices."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from by_hand import CONFIG
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written_extracts import ADMITTED, PENCE, SPELL, TOWN, paid, problems, settled, spells, write

import paysim

BASE = paysim.load(Path(__file__).parents[2] / "configs" / "examples" / "base.toml")

OUTPATIENTS = """
kind = "outpatients"
elsewhere = "town"
provider = { RQW = "hospital" }
[step]
outpatient_first = "outpatients.appointment"
outpatient_follow_up = "outpatients.appointment"
"""

EMERGENCY = """
kind = "emergency"
provider = { RQW = ["emergency_department"] }
step = { ae_type_1 = "emergency.attendance" }
place = { E01000001 = "hill", E01000002 = "vale" }
"""

ATTENDANCE = {
    "AEKEY": "A1",
    "PROCODE": "RQW",
    "LSOA11": "E01000002",
    "TOKEN_PERSON_ID": "P1",
    "ARRIVALAGE": "7003",
    "SEX": "2",
    "ARRIVALDATE": "2017-04-30",
    "ARRIVALTIME": "2330",
    "DEPDUR": "90",
    "AEDEPTTYPE": "01",
    "SUSHRG": "VB08Z",
}


def test_a_spell_is_paid_its_price_with_long_stay_and_market_forces_factor(tmp_path):
    rows = [
        SPELL,
        {**SPELL, "PROVSPNOPS": "S2", "DISDATE": "2017-05-13", "LSOA11": "E01000002"},
        {**SPELL, "PROVSPNOPS": "S3", "PROCODE": "RXX01", "SUSHRG": " aa22c "},
    ]
    result = settled(tmp_path, rows)
    assert problems(result) == []
    # 40 midnights: 32 days beyond the trim point of 8, at 216 pounds.
    assert paid(result, "hospital") == PENCE + round((86_100 + 32 * 21_600) * 1.0976)
    assert paid(result, "other_hospital") == 976_600
    flows = result.ledger.to_frame()
    by_period = flows[flows["payee"] == "hospital"].groupby("period")["amount_pence"].sum()
    assert by_period["2017-04"] == PENCE
    assert by_period["2017-05"] == paid(result, "hospital") - PENCE
    by_payer = flows[flows["payee"] == "hospital"].groupby("payer")["amount_pence"].sum()
    assert by_payer["hill_ccg"] == PENCE
    assert result.ledger.balance().sum(axis=0).tolist() == [0] * 12


def test_rows_become_activity_in_order_of_their_end(tmp_path):
    rows = [
        {**SPELL, "ADMIDATE": "2017-03-20", "DISDATE": "2017-06-01"},
        {**SPELL, "PROVSPNOPS": "S2", "ADMIDATE": "2017-04-02", "DISDATE": "2017-04-02"},
    ]
    extract = paysim.read_extract(TOWN, *write(tmp_path, rows))
    activity = extract.activity
    assert activity.start.tolist() == [1.0, -12.0]
    assert activity.stay.tolist() == [0.0, 73.0]
    assert [TOWN.step_ids[step] for step in activity.step] == ["emergency.ward"] * 2
    assert [TOWN.service_ids[service] for service in activity.service] == ["wards"] * 2
    assert extract.rows.row[extract.position].tolist() == [3, 2]
    # The same patient is the same resident: a man of 65 or more who lives on the hill.
    (resident,) = set(activity.resident.tolist())
    population = TOWN.population
    label = population.profile_labels()[int(population.profile[population.cell_of(np.array([resident]))[0]])]
    assert label[:2] == ("65+", "male")
    assert population.places[int(population.place_of(np.array([resident]))[0])] == "hill"


def test_attendances_by_type_with_their_times(tmp_path):
    rows = [ATTENDANCE, {**ATTENDANCE, "AEKEY": "A2", "DEPDUR": "20", "AEDEPTTYPE": "1"}]
    result = settled(tmp_path, rows, EMERGENCY)
    assert problems(result) == []
    flows = result.ledger.to_frame()
    # One leaves at 23:50, the other at one in the morning of 1 May.
    by_period = flows[flows["payee"] == "hospital"].groupby("period")["amount_pence"].sum()
    assert by_period["2017-04"] == by_period["2017-05"] == round(12_000 * 1.0976)
    assert result.activity.stay * 1440 == pytest.approx([20, 90], abs=0.1)


def test_departure_after_midnight_by_the_clock_alone(tmp_path):
    rows = [{**ATTENDANCE, "DEPTIME": "00:15"}, {**ATTENDANCE, "AEKEY": "A2", "DEPTIME": "23:45:30"}]
    rows = [{key: cell for key, cell in row.items() if key != "DEPDUR"} for row in rows]
    result = settled(tmp_path, rows, EMERGENCY)
    assert problems(result) == []
    assert result.activity.stay * 1440 == pytest.approx([15.5, 45], abs=0.2)


def test_appointments_that_were_attended(tmp_path):
    row = {"ATTENDKEY": "1", "PROCODE": "RQW", "APPTDATE": "2017-04-05", "FIRSTATT": "1", "ATTENDED": "5", "HRG": ""}
    rows = [
        row,
        {**row, "ATTENDKEY": "2", "FIRSTATT": "2", "ATTENDED": "6"},
        {**row, "ATTENDKEY": "3", "ATTENDED": "3"},
        {**row, "ATTENDKEY": "4", "ATTENDED": ""},
    ]
    result = settled(tmp_path, rows, OUTPATIENTS, BASE)
    assert problems(result) == [(5, "ATTENDED", "empty cell", True)]
    assert (result.read, result.not_asked, len(result.activity)) == (4, 1, 2)
    assert paid(result, "hospital") == 2 * 14_344


def test_several_extracts_share_patients(tmp_path):
    one = write(tmp_path, [SPELL], name="apc")
    other = write(tmp_path, [{**ATTENDANCE, "LSOA11": "E01000001"}], EMERGENCY, name="ae")
    pairs = list(zip(one, other, strict=True))
    extract = paysim.read_extract(TOWN, pairs[0], pairs[1])
    assert len(extract.activity) == 2
    assert len(set(extract.activity.resident.tolist())) == 1
    result = paysim.settle_extract(extract, TOWN.arrangements["activity"])
    assert paid(result, "hospital") == PENCE + round(12_000 * 1.0976)
    with pytest.raises(paysim.InputError, match="found 1 for 2 extracts; expected a map for each"):
        paysim.read_extract(TOWN, pairs[0], pairs[1][0])


def test_an_arrangement_by_name_is_refused(tmp_path):
    extract = paysim.read_extract(TOWN, *write(tmp_path, [SPELL]))
    told = "arrangement: found 'activity'; expected an arrangement, as system.arrangements has them"
    with pytest.raises(paysim.InputError, match=told):
        paysim.settle_extract(extract, "activity")
    with pytest.raises(paysim.InputError, match=told):
        paysim.settle(extract.activity, "activity")


def test_the_same_spell_in_two_files_is_a_duplicate(tmp_path):
    one, other = (write(tmp_path, [SPELL], name=name) for name in ("april", "may"))
    extract = paysim.read_extract(TOWN, [one[0], other[0]], [one[1], other[1]])
    result = paysim.settle_extract(extract, TOWN.arrangements["activity"])
    assert paid(result, "hospital") == PENCE
    (found,) = result.problems.to_pylist()
    assert (found["file"], found["reason"]) == (str(other[0]), "duplicate")
    assert found["expected"] == f"expected each record of an organisation once; found it in row 2 of {one[0]}"


def test_parquet_gives_what_csv_gives(tmp_path):
    csv, map_file = write(tmp_path, [*spells(5), {**SPELL, "PROVSPNOPS": "S9", "DISDATE": ""}])
    table = pd.read_csv(csv, dtype=str)
    dates = {name: pd.to_datetime(table[name]).dt.date for name in ("ADMIDATE", "DISDATE")}
    table = table.assign(**dates, ADMIMETH=table["ADMIMETH"].astype(int), ADMIAGE=table["ADMIAGE"].astype(float))
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), tmp_path / "extract.parquet")
    one, other = (
        paysim.settle_extract(paysim.read_extract(TOWN, path, map_file), TOWN.arrangements["activity"])
        for path in (csv, tmp_path / "extract.parquet")
    )
    assert one.ledger.to_frame().equals(other.ledger.to_frame())
    assert problems(one) == problems(other) == [(7, "DISDATE", "empty cell", True)]
    assert one.paid_rows["row"].to_pylist() == other.paid_rows["row"].to_pylist() == [2, 3, 4, 5, 6]


def test_a_system_is_given_as_such_or_by_its_path(tmp_path):
    extract, map_file = write(tmp_path, spells(2))
    for system in (TOWN, CONFIG, str(CONFIG)):
        read = paysim.read_extract(system, extract, map_file)
        assert read.activity.system.content == TOWN.content
        assert len(read.activity) == 2
    missing = tmp_path / "nowhere.toml"
    with pytest.raises(paysim.InputError, match="found no such file"):
        paysim.read_extract(missing, extract, map_file)


def test_times_in_a_parquet_file(tmp_path):
    _, map_file = write(tmp_path, [ATTENDANCE], EMERGENCY.replace("step =", 'columns = { end = "LEFT" }\nstep ='))
    table = pd.DataFrame([ATTENDANCE]).drop(columns=["ARRIVALTIME", "DEPDUR"])
    table["ARRIVALDATE"] = pd.Timestamp("2017-04-30 23:30")
    table["LEFT"] = pd.Timestamp("2017-05-01 01:00")
    table.to_parquet(tmp_path / "ae.parquet")
    extract = paysim.read_extract(TOWN, tmp_path / "ae.parquet", map_file)
    assert extract.problems.batches == []
    assert extract.activity.stay * 1440 == pytest.approx([90], abs=0.2)


def test_length_of_stay_where_there_is_no_date_of_discharge(tmp_path):
    row = {key: cell for key, cell in SPELL.items() if key != "DISDATE"}
    result = settled(tmp_path, [{**row, "SPELDUR": "40"}, {**row, "PROVSPNOPS": "S2", "SPELDUR": "many"}])
    assert problems(result) == [(3, "SPELDUR", "bad number", True)]
    assert paid(result, "hospital") == round((86_100 + 32 * 21_600) * 1.0976)


def test_other_names_dates_and_separators(tmp_path):
    names = {"DISDATE": "Discharge date", "SUSHRG": "Grouper code"}
    row = {names.get(key, key.lower()): cell for key, cell in SPELL.items()}
    row |= {"admidate": "03/04/2017", "Discharge date": "07/04/2017"}
    text = (
        'dates = "%d/%m/%Y"\nseparator = "|"\ncolumns = { end = "Discharge date", code = "Grouper code" }\n' + ADMITTED
    )
    csv, map_file = write(tmp_path, [row], text)
    csv.write_text("\ufeff" + csv.read_text().replace(",", "|"), encoding="utf-8")
    result = paysim.settle_extract(paysim.read_extract(TOWN, csv, map_file), TOWN.arrangements["activity"])
    assert problems(result) == []
    assert paid(result, "hospital") == PENCE


def test_points_of_delivery_that_the_extract_has(tmp_path):
    text = ADMITTED + 'columns = { point_of_delivery = "POD" }\n'
    text = text.replace("non_elective =", "NEL =")
    rows = [
        {**SPELL, "POD": "nel"},
        {**SPELL, "PROVSPNOPS": "S2", "POD": "DC"},
        {**SPELL, "PROVSPNOPS": "S3", "POD": ""},
    ]
    result = settled(tmp_path, rows, text)
    assert problems(result) == [(3, "POD", "unknown point of delivery", True), (4, "POD", "empty cell", True)]
    assert paid(result, "hospital") == PENCE


def test_own_rules_come_first(tmp_path):
    rule = '[[point_of_delivery]]\nname = "renal"\nwhere = { TRETSPEF = ["361"] }\nshorter_than_days = 3\n'
    text = ADMITTED.replace('{ non_elective = "emergency.ward" }', '{ renal = "emergency.awaiting_care" }') + rule
    rows = [{**SPELL, "TRETSPEF": "361", "DISDATE": "2017-04-05"}, {**SPELL, "PROVSPNOPS": "S2", "TRETSPEF": "361"}]
    result = settled(tmp_path, rows, text)
    assert [TOWN.step_ids[step] for step in result.activity.step] == ["emergency.awaiting_care"]
    assert problems(result) == [(3, "TRETSPEF", "no step", True)]


def test_places_of_a_lookup_table(tmp_path):
    (tmp_path / "areas.csv").write_text("lsoa,place\nE01000001,vale\n", encoding="utf-8")
    text = ADMITTED.replace(
        '{ E01000001 = "hill", E01000002 = "vale" }', '{ file = "areas.csv", by = "lsoa", column = "place" }'
    )
    flows = settled(tmp_path, [SPELL], text).ledger.to_frame()
    assert set(flows.loc[flows["amount_pence"] != 0, "payer"]) == {"vale_ccg"}


def test_months_end_the_run(tmp_path):
    result = settled(tmp_path, spells(2), months=1)
    assert result.ledger.periods == ("2017-04",)
    late = settled(tmp_path, [*spells(1), {**SPELL, "PROVSPNOPS": "S7", "DISDATE": "2017-05-01"}], months=1)
    assert problems(late) == [(3, "DISDATE", "outside the months", True)]


def test_a_neutral_block_pays_what_the_tariff_would(tmp_path):
    rows = spells(30)
    block, tariff = (settled(tmp_path, rows, arrangement=name) for name in ("block", "activity"))
    assert paid(block, "hospital") == paid(tariff, "hospital") == 30 * PENCE
    assert len(set(block.ledger.to_frame().query("payee == 'hospital'").groupby("period")["amount_pence"].sum())) <= 2


@pytest.mark.parametrize("arrangement", ["block", "capitation"])
def test_real_activity_is_paid_alike_by_either_call(tmp_path, arrangement):
    result = settled(tmp_path, spells(30), arrangement=arrangement)
    ledger = paysim.settle(result.activity, TOWN.arrangements[arrangement])
    assert ledger.to_frame().equals(result.ledger.to_frame())


def test_costs_are_those_of_the_services_for_the_rows_that_were_settled(tmp_path):
    result = settled(tmp_path, spells(3))
    again = paysim.accounts(result.ledger, result.activity)
    assert result.accounts.to_frame().equals(again.to_frame())
    assert result.accounts.cost_pence.sum() > 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.integers(0, 60), st.sampled_from(["LA04S", "AA22C"]), st.booleans()),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_the_price_of_every_row_adds_up_in_any_order(tmp_path, drawn, random):
    first = np.datetime64("2017-04-01")
    rows, expected = [], 0
    for number, (start, stay, code, other) in enumerate(drawn):
        provider = "RXX" if other else "RQW"
        dates = {"ADMIDATE": str(first + start), "DISDATE": str(first + start + stay)}
        rows.append({**SPELL, "PROVSPNOPS": f"S{number}", "PROCODE": provider, "SUSHRG": code, **dates})
        price, trim, daily = {"LA04S": (86_100, 8, 21_600), "AA22C": (976_600, 98, 24_000)}[code]
        pence = price + max(0, stay - trim) * daily
        expected += pence if other else (pence * 10_976 + 5_000) // 10_000
    random.shuffle(rows)
    result = settled(tmp_path, rows)
    assert problems(result) == []
    assert paid(result, "hospital") + paid(result, "other_hospital") == expected == result.ledger.total()
