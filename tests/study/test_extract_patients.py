"""Patients as residents: whose age limits apply, who is the same person, and who comes back within thirty days."""

import shutil

import pytest
from by_hand import CONFIG
from written_extracts import ADMITTED, PENCE, SPELL, paid, problems, settled, spells, write

import paysim

BY_PATIENT = """
extends = "one_hospital.toml"
[arrangement.by_age]
name = "A tariff from 65, nothing more under it"
[arrangement.by_age.contract.old]
payer = { by_place = { hill = "hill_ccg", vale = "vale_ccg" } }
payee = ["practice", "hospital", "other_hospital"]
scope = { ages = ["65+"] }
terms = [{ kind = "tariff", prices = "national", market_forces_factor = true }]
[arrangement.by_age.contract.young]
payer = { by_place = { hill = "hill_ccg", vale = "vale_ccg" } }
payee = ["practice", "hospital", "other_hospital"]
scope = { ages = ["0-64"] }
terms = [{ kind = "block", annual = 0 }]
[arrangement.thirty_days]
name = "No readmission is paid"
[arrangement.thirty_days.contract.practice]
payer = { by_place = { hill = "hill_ccg", vale = "vale_ccg" } }
payee = "practice"
terms = [{ kind = "tariff", prices = "national" }]
[arrangement.thirty_days.contract.acute]
payer = { by_place = { hill = "hill_ccg", vale = "vale_ccg" } }
payee = ["hospital", "other_hospital"]
terms = [
    { kind = "tariff", id = "tariff", prices = "national" },
    { kind = "readmission_rule", id = "rule", tariff = "tariff", currencies = ["non_elective"] },
]
"""
OLD_ON_THE_HILL = 550


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> paysim.System:
    folder = tmp_path_factory.mktemp("by_patient")
    for path in CONFIG.parent.glob("one_hospital*"):
        (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / path.name)
    (folder / "by_patient.toml").write_text(BY_PATIENT, encoding="utf-8")
    return paysim.load(folder / "by_patient.toml")


def by_age(folder, town, rows, map_text=ADMITTED):
    return settled(folder, rows, map_text, system=town, arrangement="by_age")


def not_paid_again(folder, town, rows):
    """Return the rows that are readmissions: what was paid for them is taken back."""
    table = settled(folder, rows, system=town, arrangement="thirty_days").paid_rows.to_pandas()
    return table.loc[table["term"] == "rule", "row"].tolist()


@pytest.mark.parametrize("sex", [None, "", "9", "1"])
def test_an_age_is_enough_to_be_paid_for_as_of_that_age(tmp_path, town, sex):
    rows = [{**row, "SEX": sex} for row in spells(3)]
    if sex is None:
        rows = [{key: cell for key, cell in row.items() if key != "SEX"} for row in rows]
    result = by_age(tmp_path, town, rows)
    assert paid(result, "hospital") == 3 * PENCE
    assert {reason for *_, reason, _ in problems(result)} <= {"empty cell", "unknown value"}


def test_men_are_taken_as_women_of_their_age_before_they_are_taken_as_younger_men(tmp_path, town):
    result = by_age(tmp_path, town, spells(OLD_ON_THE_HILL))
    assert problems(result) == []
    assert paid(result, "hospital") == OLD_ON_THE_HILL * PENCE


def test_more_patients_of_an_age_than_residents_are_told_row_by_row(tmp_path, town):
    rows = [*spells(OLD_ON_THE_HILL + 2), {**SPELL, "PROVSPNOPS": "again", "TOKEN_PERSON_ID": "P551"}]
    result = by_age(tmp_path, town, rows)
    assert problems(result) == [(row, "ADMIAGE", "no resident of that age", False) for row in (552, 553, 554)]
    assert result.problems["found"].to_pylist() == ["70 in hill"] * 3
    assert result.problems["expected"].to_pylist()[0].endswith("; taken as 0-64")
    assert len(set(result.activity.resident.tolist())) == OLD_ON_THE_HILL + 2
    assert paid(result, "hospital") == OLD_ON_THE_HILL * PENCE


def test_who_has_no_known_age_takes_nobody_from_those_who_have(tmp_path, town):
    rows = [*spells(2_500, ADMIAGE="", PROCODE="RXX"), *spells(OLD_ON_THE_HILL)]
    result = by_age(tmp_path, town, rows)
    assert paid(result, "hospital") == OLD_ON_THE_HILL * PENCE
    assert {reason for *_, reason, _ in problems(result)} == {"empty cell", "no known age"}


@pytest.mark.parametrize(("arrangement", "told"), [("by_age", [2, 4]), ("thirty_days", [2, 4]), ("activity", [])])
def test_an_age_that_is_not_known_is_told_where_it_decides_what_is_paid(tmp_path, town, arrangement, told):
    april, may = spells(3), [{key: cell for key, cell in SPELL.items() if key != "ADMIAGE"}]
    april[0]["ADMIAGE"] = april[2]["ADMIAGE"] = ""
    april[1]["TOKEN_PERSON_ID"] = may[0]["TOKEN_PERSON_ID"] = "P1"
    may.append({**may[0], "PROVSPNOPS": "S8", "TOKEN_PERSON_ID": "P8"})
    may[0]["PROVSPNOPS"] = "S7"
    files = [write(tmp_path, april, name="april"), write(tmp_path, may, name="may")]
    extract = paysim.read_extract(town, *zip(*files, strict=True))
    table = paysim.settle_extract(extract, town.arrangements[arrangement]).problems.to_pandas()
    table = table[table["reason"] == "no known age"]
    assert table.loc[table["file"] == str(files[0][0]), "row"].tolist() == told
    assert table.loc[table["file"] == str(files[1][0]), "row"].tolist() == ([3] if told else [])
    assert not table["left_out"].any()


@pytest.mark.parametrize("cell", ["", "NA", "old"])
def test_age_and_sex_are_those_of_the_first_row_of_a_patient_that_has_them(tmp_path, town, cell):
    rows = [{**SPELL, "ADMIAGE": cell, "SEX": cell}, {**SPELL, "PROVSPNOPS": "S2", "LSOA11": "E01000002"}]
    result = by_age(tmp_path, town, [*rows, {**SPELL, "PROVSPNOPS": "S3"}])
    assert {row for row, *_ in problems(result)} == {2}
    assert paid(result, "hospital") == 3 * PENCE
    assert len(set(result.activity.resident.tolist())) == 2


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"SEX": "2"}, "SEX"), ({"ADMIAGE": "90"}, "ADMIAGE"), ({"ADMIAGE": "68"}, "ADMIAGE")],
    ids=str,
)
def test_a_pseudonym_of_two_people_is_told(tmp_path, town, cells, column):
    rows = [{**SPELL, "ADMIAGE": ""}, {**SPELL, "PROVSPNOPS": "S2"}, {**SPELL, "PROVSPNOPS": "S3", **cells}]
    result = settled(tmp_path, rows, system=town)
    assert problems(result)[1:] == [(4, column, "unlike an earlier row", False)]
    row = 2 if column == "SEX" else 3
    told = f"expected what agrees with row {row}; taken as the same patient all the same"
    assert result.problems["expected"].to_pylist()[1] == told
    assert len(set(result.activity.resident.tolist())) == 1


def test_who_has_a_birthday_is_the_same_patient(tmp_path, town):
    dates = {"ADMIDATE": "2018-03-01", "DISDATE": "2018-03-05"}
    rows = [SPELL, *({**SPELL, **dates, "PROVSPNOPS": f"S{age}", "ADMIAGE": age} for age in ("70", "71", "72"))]
    assert problems(settled(tmp_path, rows, system=town)) == []


@pytest.mark.parametrize("pseudonym", ["NA", "n/a", "NaN", "null", "None", "#N/A", ""])
def test_what_is_usual_for_an_empty_cell_is_nobodys_pseudonym(tmp_path, town, pseudonym):
    rows = spells(2, TOKEN_PERSON_ID=pseudonym)
    rows[1] |= {"ADMIDATE": "2017-04-10", "DISDATE": "2017-04-12"}
    assert not_paid_again(tmp_path, town, rows) == []
    result = settled(tmp_path, rows, system=town)
    assert problems(result) == [(row, "TOKEN_PERSON_ID", "empty cell", False) for row in (2, 3)]


def test_a_code_that_a_map_names_is_no_empty_cell(tmp_path, town):
    text = ADMITTED.replace("non_elective =", "NA =").replace("RXX =", "none =")
    text += 'columns = { point_of_delivery = "POD" }\nonly = { KEPT = ["n/a"] }\n'
    result = settled(tmp_path, [{**SPELL, "POD": "na", "PROCODE": "None", "KEPT": "N/A", "SEX": "NA"}], text, town)
    assert problems(result) == [(2, "SEX", "empty cell", False)]
    assert paid(result, "other_hospital") == 86_100


TIMES = [("", "", "", ""), ("0900", "1000", "1100", "0900"), ("0900", "1030", "1015", "0900")]


@pytest.mark.parametrize("times", TIMES, ids=" ".join)
@pytest.mark.parametrize(
    ("provider", "admitted", "expected"),
    [
        ("RXX", "2017-05-03", []),
        ("RXX", "2017-05-04", [3]),
        ("RQW", "2017-05-03", [3]),
        ("RQW", "2017-06-02", [3]),
        ("RQW", "2017-06-03", []),
    ],
)
def test_transfers_and_thirty_days_are_told_by_the_day(tmp_path, town, times, provider, admitted, expected):
    names = ("ADMITIME", "DISTIME")
    one = {**SPELL, "ADMIDATE": "2017-05-01", "DISDATE": "2017-05-03", **dict(zip(names, times[:2], strict=True))}
    other = {**SPELL, "PROVSPNOPS": "S2", "PROCODE": provider, "ADMIDATE": admitted, "DISDATE": "2017-06-10"}
    assert not_paid_again(tmp_path, town, [one, other | dict(zip(names, times[2:], strict=True))]) == expected
