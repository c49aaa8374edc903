"""Maps and files that cannot be read: one clear message."""

import gzip

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from written_extracts import ADMITTED, SPELL, TOWN, write

import paysim
from paysim.model.errors import InputError


def refusal(folder, map_text=ADMITTED, rows=(SPELL,)):
    with pytest.raises(InputError) as refused:
        paysim.read_extract(TOWN, *write(folder, rows, map_text))
    return str(refused.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("found", "instead", "message"),
    [
        ('"admitted"', '"inpatient"', "extract.toml: kind: found 'inpatient'; expected 'admitted', 'outpatients'"),
        ('"emergency.ward"', "7", "extract.toml: step.non_elective: found 7; expected text in quotes"),
        ('"emergency.ward"', '"emergency.wards"', "unknown step 'emergency.wards'; did you mean 'emergency.ward'?"),
        ('RQW = "hospital"', 'RQW = "hospitals"', "unknown organisation or service 'hospitals'; did you mean"),
        ('RQW = "hospital"', 'RQW = ["ward"]', "provider.RQW[0]: unknown service 'ward'; did you mean 'wards'?"),
        ('RQW = "hospital"', 'RQW = ["wards", "other_wards"]', "found several services that carry out step"),
        ('E01000002 = "vale"', 'E01000002 = "dale"', "place.E01000002: unknown place 'dale'; did you mean 'vale'?"),
        ("place =", "places =", "extract.toml: places: unknown key 'places'; did you mean 'place'?"),
        ("place =", 'elsewhere = "moon"\nplace =', "elsewhere: unknown place 'moon'"),
        ("place =", 'dates = "%H:%M"\nplace =', "dates: found '%H:%M'; expected the form of a whole date"),
        ("place =", 'separator = ""\nplace =', "separator: found ''; expected text that is not empty"),
        ("place =", 'separator = "||"\nplace =', "separator: found '||'"),
        ("place =", 'columns = { hrg = "X" }\nplace =', "columns.hrg: unknown key 'hrg'"),
        (
            "place =",
            'point_of_delivery = [{ name = "x", where = { A = ["1"] } }]\nplace =',
            "point_of_delivery[0].name: found 'x', which [step] lacks",
        ),
        ("non_elective =", "non_electiv =", "step.non_electiv: unknown point of delivery 'non_electiv'; did you mean"),
        ("kind =", "kind ==", "expected valid TOML"),
        ('kind = "admitted"\n', "", "extract.toml: kind: missing; expected `kind`"),
    ],
)
def test_a_bad_map_is_refused(tmp_path, found, instead, message):
    assert found in ADMITTED
    told = refusal(tmp_path, ADMITTED.replace(found, instead, 1))
    assert message in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (["LA04S"], "list<element: string>"),
        ({"hrg": "LA04S"}, "struct<hrg: string>"),
        (b"\xff\xfe", "binary"),
    ],
)
def test_a_column_that_holds_no_texts_is_refused(tmp_path, cell, kind):
    _, map_file = write(tmp_path, [SPELL])
    parquet.write_table(pa.Table.from_pylist([{**SPELL, "SUSHRG": cell}]), tmp_path / "extract.parquet")
    with pytest.raises(InputError) as refused:
        paysim.read_extract(TOWN, tmp_path / "extract.parquet", map_file)
    expected = "expected texts in UTF-8, numbers, dates or times"
    assert str(refused.value) == f"{tmp_path / 'extract.parquet'}: column 'SUSHRG': found {kind}; {expected}"


@pytest.mark.parametrize("column", ["PROCODE", "LSOA11", "ADMIDATE", "DISDATE", "SUSHRG", "ADMIMETH", "CLASSPAT"])
def test_a_missing_column_is_refused(tmp_path, column):
    told = refusal(tmp_path, rows=[{key: cell for key, cell in SPELL.items() if key != column}])
    assert told.startswith("extract.csv: row 1: found no column ")
    assert repr(column) in told
    assert "extract.toml" in told
    assert len(told.splitlines()) == 1


def test_a_column_that_the_map_names_and_the_file_lacks(tmp_path):
    told = refusal(tmp_path, ADMITTED + 'columns = { code = "SPELL_HRG" }\n')
    assert told.startswith(
        "extract.csv: row 1: found no column 'SPELL_HRG'; expected 'SPELL_HRG', named by columns.code"
    )
    told = refusal(tmp_path, ADMITTED + 'only = { SPELEND = ["Y"] }\n')
    assert told.startswith("extract.csv: row 1: found no column 'SPELEND'; expected 'SPELEND', named by only")


def test_a_column_twice(tmp_path):
    extract, map_file = write(tmp_path, [SPELL])
    extract.write_text(extract.read_text().replace("SEX", "procode"))
    with pytest.raises(InputError, match="row 1: found column 'PROCODE' 2 times; expected it once"):
        paysim.read_extract(TOWN, extract, map_file)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00P\x00R", b"PAR1 and no more", b'a,b\n"never closed,1\n'])
def test_a_file_that_is_no_extract(tmp_path, content):
    extract, map_file = write(tmp_path, [SPELL])
    extract.write_bytes(content)
    with pytest.raises(InputError) as refused:
        paysim.read_extract(TOWN, extract, map_file)
    assert refused.value.file == str(extract)


def test_text_that_is_not_utf_8(tmp_path):
    extract, map_file = write(tmp_path, [{**SPELL, "PROCODE": "RQWé"}])
    extract.write_bytes(extract.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(InputError, match="expected a CSV file in UTF-8 or a Parquet file"):
        paysim.read_extract(TOWN, extract, map_file)


def test_files_that_are_not_there(tmp_path):
    extract, map_file = write(tmp_path, [SPELL])
    with pytest.raises(InputError, match=r"nowhere\.csv: found no such file; expected an extract: CSV or Parquet"):
        paysim.read_extract(TOWN, tmp_path / "nowhere.csv", map_file)
    with pytest.raises(InputError, match=r"nowhere\.toml: found no such file; expected a map"):
        paysim.read_extract(TOWN, extract, tmp_path / "nowhere.toml")


def test_a_folder_in_place_of_a_file(tmp_path):
    extract, map_file = write(tmp_path, [SPELL])
    with pytest.raises(InputError, match="found a folder; expected an extract: CSV or Parquet"):
        paysim.read_extract(TOWN, tmp_path, map_file)
    with pytest.raises(InputError, match="found a folder; expected a map"):
        paysim.read_extract(TOWN, extract, tmp_path)
    with pytest.raises(InputError, match="found a folder; expected a config"):
        paysim.load(tmp_path)


@pytest.mark.parametrize("pack", [gzip.compress, lambda text: text.decode().encode("utf-16")], ids=["gzip", "utf-16"])
def test_a_packed_file_is_not_printed(tmp_path, pack):
    extract, map_file = write(tmp_path, [SPELL])
    extract.write_bytes(pack(extract.read_bytes()))
    with pytest.raises(InputError) as refused:
        paysim.read_extract(TOWN, extract, map_file)
    expected = "found no text; expected a CSV file in UTF-8, not compressed, or a Parquet file"
    assert str(refused.value) == f"{extract}: {expected}"


def test_points_of_delivery_of_a_column_may_have_any_name(tmp_path):
    named = ADMITTED.replace("non_elective =", "nel =") + 'columns = { point_of_delivery = "POD" }\n'
    extract = paysim.read_extract(TOWN, *write(tmp_path, [{**SPELL, "POD": "NEL"}], named))
    assert len(extract.activity) == 1


def test_maps_of_several_kinds_may_share_their_steps(tmp_path):
    shared = ADMITTED.replace("step = {", 'step = { ae_type_1 = "emergency.attendance",')
    assert len(paysim.read_extract(TOWN, *write(tmp_path, [SPELL], shared)).activity) == 1


@pytest.mark.parametrize("months", [0, -1, 1201, 2.5])
def test_bad_months(tmp_path, months):
    with pytest.raises(InputError, match="months: found"):
        paysim.read_extract(TOWN, *write(tmp_path, [SPELL]), months=months)


def test_only_rows_that_the_map_asks_for(tmp_path):
    rows = [{**SPELL, "SPELEND": "Y"}, {**SPELL, "SPELEND": "N"}]
    extract = paysim.read_extract(TOWN, *write(tmp_path, rows, ADMITTED + 'only = { SPELEND = ["y"] }\n'))
    assert (len(extract.activity), extract.not_asked) == (1, 1)
    assert extract.problems.batches == []


def test_a_map_may_extend_another(tmp_path):
    write(tmp_path, [SPELL], name="base")
    extract, map_file = write(tmp_path, [{**SPELL, "WHEN": "2017-04-08"}])
    map_file.write_text('extends = "base.toml"\ncolumns = { end = "WHEN" }\n')
    assert paysim.read_extract(TOWN, extract, map_file).activity.stay.tolist() == [5.0]
