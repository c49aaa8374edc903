"""Bad cells: each is told by row and column, and the rest is paid for."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written_extracts import ADMITTED, PENCE, SPELL, TOWN, paid, problems, settled, spells, write

import paysim
from paysim.model.errors import InputError

BAD_CELLS = [
    ({"DISDATE": "2017-04-02"}, "DISDATE", "end before start"),
    ({"DISDATE": "2017-02-30"}, "DISDATE", "bad date"),
    ({"DISDATE": "07/04/2017"}, "DISDATE", "bad date"),
    ({"DISDATE": "1801-01-01"}, "DISDATE", "bad date"),
    ({"ADMIDATE": "1582-10-15"}, "ADMIDATE", "bad date"),
    ({"ADMIDATE": "tomorrow"}, "ADMIDATE", "bad date"),
    ({"DISDATE": "2018-04-01"}, "DISDATE", "outside the months"),
    ({"ADMIDATE": "2017-03-01", "DISDATE": "2017-03-31"}, "DISDATE", "outside the months"),
    ({"PROVSPNOPS": "S1"}, "PROVSPNOPS", "duplicate"),
    ({"PROCODE": "RZZ00"}, "PROCODE", "unknown organisation"),
    ({"LSOA11": "W01000001"}, "LSOA11", "unknown place"),
    ({"SUSHRG": "UZ01Z"}, "SUSHRG", "unknown code"),
    ({"SUSHRG": "VB08Z"}, "code", "no price"),
    ({"ADMIMETH": "99"}, "CLASSPAT", "unknown point of delivery"),
    ({"CLASSPAT": "2", "ADMIMETH": "11"}, "CLASSPAT", "no step"),
]
NEEDED = ("PROCODE", "LSOA11", "ADMIDATE", "DISDATE", "ADMIMETH", "CLASSPAT", "SUSHRG")
NOT_NEEDED = ("PROVSPNOPS", "TOKEN_PERSON_ID", "ADMIAGE", "SEX")


@pytest.mark.parametrize(("cells", "column", "reason"), BAD_CELLS, ids=lambda value: str(value))
def test_a_bad_cell_leaves_its_row_out_and_nothing_else(tmp_path, cells, column, reason):
    bad = {**SPELL, "PROVSPNOPS": "S9", "TOKEN_PERSON_ID": "P9", **cells}
    result = settled(tmp_path, [*spells(3), bad, {**SPELL, "PROVSPNOPS": "S4"}])
    assert problems(result) == [(5, column, reason, True)]
    assert paid(result, "hospital") == 4 * PENCE
    assert (result.read, len(result.activity), result.left_out.left_out) == (5, 4, 1)


@pytest.mark.parametrize("column", NEEDED)
def test_an_empty_cell_that_is_needed_leaves_its_row_out(tmp_path, column):
    result = settled(tmp_path, [*spells(2), {**SPELL, "PROVSPNOPS": "S9", column: " "}])
    assert problems(result) == [(4, column, "empty cell", True)]
    assert paid(result, "hospital") == 2 * PENCE


@pytest.mark.parametrize("column", NOT_NEEDED)
def test_an_empty_cell_that_is_not_needed_is_told_and_the_row_is_paid(tmp_path, column):
    result = settled(tmp_path, [*spells(2), {**SPELL, "PROVSPNOPS": "S9", column: "NULL"}])
    assert problems(result) == [(4, column, "empty cell", False)]
    assert paid(result, "hospital") == 3 * PENCE


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("ADMIAGE", "old", "bad number"),
        ("ADMIAGE", "-4", "bad number"),
        *(("SEX", cell, "unknown value") for cell in ("7", "0", "9", "X")),
    ],
)
def test_a_bad_cell_that_is_not_needed_is_told_and_the_row_is_paid(tmp_path, column, cell, reason):
    result = settled(tmp_path, [{**SPELL, column: cell}])
    assert problems(result) == [(2, column, reason, False)]
    assert paid(result, "hospital") == PENCE


def test_several_bad_cells_of_a_row_are_all_told_and_the_row_counts_once(tmp_path):
    result = settled(tmp_path, [SPELL, {**SPELL, "PROVSPNOPS": "S2", "DISDATE": "", "SUSHRG": "", "LSOA11": "?"}])
    assert problems(result) == [
        (3, "DISDATE", "empty cell", True),
        (3, "LSOA11", "unknown place", True),
        (3, "SUSHRG", "empty cell", True),
    ]
    (empty, unknown) = result.reasons
    assert (empty.reason, empty.rows, empty.left_out, unknown.rows) == ("empty cell", 1, 1, 1)
    assert (result.left_out.left_out, result.left_out.without_price) == (1, 1)


def test_a_duplicate_of_a_row_that_cannot_be_used_is_used(tmp_path):
    result = settled(tmp_path, [{**SPELL, "DISDATE": ""}, SPELL, SPELL])
    assert problems(result) == [(2, "DISDATE", "empty cell", True), (4, "PROVSPNOPS", "duplicate", True)]
    assert "row 3" in result.problems["expected"].to_pylist()[1]
    assert paid(result, "hospital") == PENCE


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({"PROCODE": "RQW00"}, {"PROCODE": "RQW"}),
        ({"PROCODE": "RQW00"}, {"PROCODE": "RQW01"}),
        ({"PROCODE": "RQW00"}, {"PROCODE": "rqw00"}),
        ({"PROVSPNOPS": "S1"}, {"PROVSPNOPS": "s1"}),
    ],
    ids=lambda cells: next(iter(cells.values())),
)
def test_a_spell_is_the_same_however_its_provider_and_number_are_spelt(tmp_path, first, again):
    result = settled(tmp_path, [{**SPELL, **first}, {**SPELL, **again}])
    assert problems(result) == [(3, "PROVSPNOPS", "duplicate", True)]
    assert result.problems["found"].to_pylist() == [{**SPELL, **again}["PROVSPNOPS"]]
    assert paid(result, "hospital") == PENCE


def test_a_spell_in_two_extracts_that_name_its_provider_by_columns_of_their_own(tmp_path):
    april = write(tmp_path, [SPELL], name="april")
    row = {("PROCODE3" if name == "PROCODE" else name): cell for name, cell in SPELL.items()}
    may = write(tmp_path, [{**row, "PROCODE3": "RQW"}], name="may")
    extract = paysim.read_extract(TOWN, [april[0], may[0]], [april[1], may[1]])
    result = paysim.settle_extract(extract, TOWN.arrangements["activity"])
    assert [(row, reason) for row, _, reason, _ in problems(result)] == [(2, "duplicate")]
    assert paid(result, "hospital") == PENCE


def test_two_providers_may_number_their_spells_alike(tmp_path):
    result = settled(tmp_path, [SPELL, {**SPELL, "PROCODE": "RXX00"}])
    assert problems(result) == []


def test_the_value_of_what_is_left_out_is_its_list_price(tmp_path):
    rows = [*spells(3), {**SPELL, "PROVSPNOPS": "S8", "DISDATE": ""}, {**SPELL, "PROVSPNOPS": "S9", "PROCODE": ""}]
    result = settled(tmp_path, rows)
    assert result.pence == 3 * PENCE
    assert (result.left_out.pence, result.left_out.without_price) == (PENCE, 1)
    assert result.problems["price_pence"].to_pylist() == [PENCE, None]


def test_rows_with_too_many_or_too_few_cells_and_empty_rows(tmp_path):
    extract, map_file = write(tmp_path, spells(2))
    lines = extract.read_text().splitlines()
    lines = [*lines[:2], lines[1] + ",more", "", "S7,RQW", lines[2]]
    extract.write_text("\n".join(lines) + "\n")
    result = paysim.settle_extract(paysim.read_extract(TOWN, extract, map_file), TOWN.arrangements["activity"])
    found = [(3, "wrong number of cells"), (4, "empty row"), (5, "wrong number of cells")]
    assert [(row, reason) for row, _, reason, _ in problems(result)] == found
    assert paid(result, "hospital") == 2 * PENCE
    assert (result.read, result.left_out.left_out) == (5, 3)


def test_a_service_that_the_provider_does_not_have(tmp_path):
    text = ADMITTED + 'columns = { point_of_delivery = "POD" }\n'
    text = text.replace('non_elective = "emergency.ward"', 'nel = "emergency.ward", ae = "emergency.attendance"')
    rows = [{**SPELL, "POD": "nel"}, {**SPELL, "PROVSPNOPS": "S2", "PROCODE": "RXX", "POD": "ae", "SUSHRG": "VB08Z"}]
    result = settled(tmp_path, rows, text)
    assert problems(result) == [(3, "PROCODE", "no service", True)]


def test_activity_outside_every_contract(tmp_path):
    whole = TOWN.arrangements["activity"]
    hill = [replace(c, scope=replace(c.scope, places=("hill",))) for c in whole.contracts if "vale" not in c.id]
    system = replace(TOWN, arrangements={"activity": replace(whole, contracts=tuple(hill))})
    result = settled(tmp_path, [SPELL, {**SPELL, "PROVSPNOPS": "S2", "LSOA11": "E01000002"}], system=system)
    assert problems(result) == [(3, "provider", "no contract", True)]
    assert result.problems["found"].to_pylist() == ["wards for residents of vale"]
    assert paid(result, "hospital") == PENCE


def test_more_patients_than_residents(tmp_path):
    population = TOWN.population
    hill = population.places.index("hill")
    residents = int(population.by_place()[hill])
    result = settled(tmp_path, spells(residents + 2))
    assert [(row, reason) for row, _, reason, left_out in problems(result) if left_out] == [
        (residents + 2, "no resident left"),
        (residents + 3, "no resident left"),
    ]
    assert paid(result, "hospital") == residents * PENCE
    assert len(set(result.activity.resident.tolist())) == residents


def test_nothing_that_can_be_paid_for_is_refused_with_the_first_problem(tmp_path):
    with pytest.raises(InputError) as refused:
        settled(tmp_path, [{**SPELL, "DISDATE": "soon"}])
    assert "found no row among 1 that can be paid for" in str(refused.value)
    assert "where row 2 has column 'DISDATE': 'soon'" in str(refused.value)


def test_nothing_that_can_be_paid_for_is_refused_with_the_commonest_problem(tmp_path):
    unknown = spells(5, SUSHRG="LA04T")
    late = {**SPELL, "PROVSPNOPS": "S9", "DISDATE": "2017-04-01"}
    with pytest.raises(InputError) as refused:
        settled(tmp_path, [late, *unknown])
    assert refused.value.found.endswith("among 6 that can be paid for: unknown code (5), end before start (1)")
    assert refused.value.expected.endswith("where row 3 has column 'SUSHRG': 'LA04T'")


def test_a_date_that_cannot_be_read_leads_to_the_key_of_the_map(tmp_path):
    result = settled(tmp_path, [*spells(1), {**SPELL, "PROVSPNOPS": "S9", "DISDATE": "07/04/2017"}])
    expected = "expected a date %Y-%m-%d from 1900 on; the map's key `dates` says how dates are written"
    assert result.problems["expected"].to_pylist() == [expected]


def test_only_who_is_admitted_electively_is_a_day_case(tmp_path):
    result = settled(tmp_path, spells(2, CLASSPAT="2"))
    assert problems(result) == []
    assert paid(result, "hospital") == 2 * PENCE


def test_ten_per_cent_of_cells_are_empty(tmp_path):
    rng = np.random.default_rng(7)
    rows = spells(2_000, ADMIAGE="40")
    empty = rng.random((len(rows), len(SPELL))) < 0.1
    for row, cells in zip(rows, empty, strict=True):
        row.update({name: "" for name, blank in zip(SPELL, cells, strict=True) if blank})
    result = settled(tmp_path, rows)
    told = {(row, column) for row, column, reason, _ in problems(result) if reason == "empty cell"}
    expected = {
        (at + 2, name) for at, cells in enumerate(empty) for name, blank in zip(SPELL, cells, strict=True) if blank
    }
    # Where the class of patient is not known, the method of admission is not looked at.
    hidden = {(at + 2, "ADMIMETH") for at, cells in enumerate(empty) if cells[list(SPELL).index("CLASSPAT")]}
    assert told == expected - hidden
    good = int((~empty[:, [list(SPELL).index(name) for name in NEEDED]].any(axis=1)).sum())
    assert paid(result, "hospital") == good * PENCE
    assert result.left_out.left_out == len(rows) - good
    assert len(problems(result)) == len(told)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(list(SPELL)),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12),
)
def test_whatever_a_cell_holds_the_other_rows_are_paid(tmp_path, column, text):
    result = settled(tmp_path, [*spells(2), {**SPELL, "PROVSPNOPS": "S9", "TOKEN_PERSON_ID": "P9", column: text}])
    assert len(result.activity) in (2, 3)
    assert paid(result, "hospital") >= 2 * PENCE
    assert result.left_out.left_out == 3 - len(result.activity)
    assert {row for row, *_ in problems(result)} <= {4}
    if len(result.activity) == 2:
        assert problems(result)


def test_problems_are_written_as_csv_in_the_order_of_the_rows(tmp_path):
    awkward = 'ward "7", east\nwing'
    rows = [SPELL, {**SPELL, "PROVSPNOPS": "S2", "PROCODE": awkward}, {**SPELL, "PROVSPNOPS": "S3", "DISDATE": ""}]
    result = settled(tmp_path, rows)
    result.to_directory(tmp_path / "out")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "flows.parquet",
        "accounts.parquet",
        "paid_rows.parquet",
        "problems.csv",
        "provenance.json",
    }
    with (tmp_path / "out" / "problems.csv").open(newline="", encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert [(row["row"], row["reason"], row["found"]) for row in written] == [
        ("3", "unknown organisation", awkward),
        ("4", "empty cell", ""),
    ]
    assert [row["left_out"] for row in written] == ["true", "true"]
    assert [row["price_pence"] for row in written] == ["", str(PENCE)]
