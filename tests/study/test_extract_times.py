"""Dates with a time of day beside a column of times, and dates that Parquet files hold in a time zone."""

import pandas as pd
import pytest
from written_extracts import ADMITTED, SPELL, TOWN, problems, settled, write

import paysim

DATED = 'dates = "%Y-%m-%d %H:%M"\n' + ADMITTED


def spell(start: str, end: str, start_time: str, end_time: str) -> dict[str, str]:
    return {**SPELL, "ADMIDATE": start, "DISDATE": end, "ADMITIME": start_time, "DISTIME": end_time}


@pytest.mark.parametrize("times", [("14:00", "1000"), ("", "")], ids=" ".join)
def test_a_time_of_day_that_the_date_has_already_is_not_added_again(tmp_path, times):
    result = settled(tmp_path, [spell("2017-04-03 14:00", "2017-04-30 20:00", times[0], "2000")], DATED)
    assert problems(result) == []
    assert result.activity.start.tolist() == [pytest.approx(2 + 14 / 24, abs=1e-4)]
    assert result.activity.stay.tolist() == [pytest.approx(27.25, abs=1e-4)]


def test_dates_at_midnight_take_their_time_from_the_column_of_times(tmp_path):
    result = settled(tmp_path, [spell("2017-04-03 00:00", "2017-04-03 00:00", "1400", "2000")], DATED)
    assert problems(result) == []
    assert result.activity.stay.tolist() == [pytest.approx(0.25, abs=1e-4)]


def test_two_times_of_day_that_differ_are_told_and_that_of_the_date_counts(tmp_path):
    row = spell("2017-04-03 14:00", "2017-04-04 10:00", "14:00:30", "1030")
    result = settled(tmp_path, [row], DATED)
    assert problems(result) == [(2, "DISTIME", "bad time", False)]
    told = "expected the time of day that DISDATE has; taken as there"
    assert result.problems["expected"].to_pylist() == [told]
    assert result.activity.stay.tolist() == [pytest.approx(20 / 24, abs=1e-4)]


@pytest.mark.parametrize("zone", ["Europe/London", "UTC", None])
def test_moments_in_a_time_zone_are_what_its_clocks_showed(tmp_path, zone):
    _, map_file = write(tmp_path, [SPELL])
    table = pd.DataFrame([SPELL])
    table["ADMIDATE"] = pd.to_datetime(["2017-07-01 00:00"]).tz_localize(zone)
    table["DISDATE"] = pd.to_datetime(["2017-11-01 00:30"]).tz_localize(zone)
    table.to_parquet(tmp_path / "spells.parquet")
    activity = paysim.read_extract(TOWN, tmp_path / "spells.parquet", map_file).activity
    assert activity.start.tolist() == [91.0]
    assert activity.stay.tolist() == [pytest.approx(123 + 0.5 / 24, abs=1e-4)]
