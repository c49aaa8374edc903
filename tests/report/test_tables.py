import io
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import paysim
from paysim.report.machine import comparison_as_json, system_as_json
from paysim.report.tables import assumptions_table, reconciliation_table, surplus_table, system_summary, verdict

SYSTEM = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"


def printed(renderable, width=100):
    stream = io.StringIO()
    Console(file=stream, width=width, color_system=None).print(renderable)
    return stream.getvalue()


@pytest.fixture(scope="module")
def system():
    return paysim.load(SYSTEM)


def test_the_surplus_table_fits_and_names_everybody(comparison):
    text = printed(surplus_table(comparison))
    assert max(map(len, text.splitlines())) <= 100
    assert "…" not in text
    joined = " ".join(text.split())
    for name in ("NHS England", "Barts Health NHS Trust", "London Borough of Havering"):
        assert name in joined
    assert text.count("capitation") == 14


def test_a_long_name_runs_down_its_rows(comparison):
    lines = printed(surplus_table(comparison)).splitlines()
    start = next(n for n, line in enumerate(lines) if "Barking, Havering and" in line)
    firsts = [line[:29].strip() for line in lines[start : start + 3]]
    assert firsts == ["Barking, Havering and", "Redbridge University", "Hospitals NHS Trust"]
    assert [line.split()[-1] == "*" for line in lines[start : start + 3]] == [False, False, True]


def test_numbers_of_the_surplus_table(comparison):
    row = comparison.surplus.set_index(["organisation", "arrangement"]).loc[("nelft", "capitation")]
    half = (row["difference_high"] - row["difference_low"]) / 2
    line = next(
        line for line in printed(surplus_table(comparison)).splitlines() if f"{row['income'] / 1e6:.1f}" in line
    )
    expected = [f"{row['cost'] / 1e6:.1f}", f"{row['surplus'] / 1e6:.1f}", f"{row['difference'] / 1e6:+.1f}"]
    assert set(expected) <= set(line.split())
    assert line.split()[-2:] == [f"{half / 1e6:.1f}", "*"]


def test_numbers_stand_right_aligned(comparison):
    lines = printed(surplus_table(comparison)).splitlines()
    starts = [line for line in lines if " block " in line]
    assert len({line.rstrip().rfind(".") for line in starts}) == 1


def test_a_single_replication_has_no_interval_in_the_table(other):
    text = printed(surplus_table(other(replications=1)))
    assert "a single replication gives no interval" in text
    assert "*" not in text


def test_the_table_survives_a_narrow_terminal(comparison):
    text = printed(surplus_table(comparison), width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "-53.4" in text


def test_the_reconciliation_table_says_what_is_outside(comparison):
    text = printed(reconciliation_table(comparison))
    assert max(map(len, text.splitlines())) <= 100
    line = next(line for line in text.splitlines() if "A&E attendances" in line)
    assert line.split()[-1] == "NO"
    assert "A&E attendances: Walk-in centres: counted" in text
    assert "10 replications of 1 year" in " ".join(text.split())
    assert "in percentage points where the figures are in %, else in % of the published figure" in " ".join(
        text.split()
    )


def test_the_summary_shows_the_whole_system(system):
    text = " ".join(printed(system_summary(system)).split())
    for group in (system.places, system.organisations, system.services, system.pathways, system.measures):
        for item in group.values():
            assert item.name in text
    for arrangement in system.arrangements.values():
        assert arrangement.name in text
    assert f"{system.population.total:,}" in text


def test_the_summary_of_a_system_without_measures_has_no_table_of_them(system):
    assert "\nMeasures" in printed(system_summary(system))
    assert "\nMeasures" not in printed(system_summary(replace(system, measures={})))


def test_an_overloaded_service_is_marked(system, monkeypatch):
    monkeypatch.setattr("paysim.report.tables.service_loads", lambda _: dict.fromkeys(system.services, 1.25))
    assert "125% !" in printed(system_summary(system))


def test_the_assumptions_are_all_there(system):
    text = printed(assumptions_table(system))
    assumed = [p for p in system.parameters if p.status == "assumed"]
    assert f"Assumptions ({len(assumed)})" in text
    for parameter in assumed:
        assert f"{parameter.path} = {parameter.value}" in " ".join(text.split())
    assert "pathway.emergency.step.ward.next[1].probability" in text


def test_json_is_strict_and_holds_the_tables(comparison):
    answer = json.loads(json.dumps(comparison_as_json(comparison), allow_nan=False))
    assert len(answer["surplus"]) == 14 * 3
    assert answer["surplus"][0]["organisation"] == "nhs_england"
    assert answer["neutral"][0]["per_head"] is None
    assert answer["settings"]["arrangements"] == ["block", "activity", "capitation"]
    assert [row["within_tolerance"] for row in answer["reconciliation"]] == [True, False, True, True, None, None]
    assert answer["reconciliation"][5]["reference"] is None
    assert answer["sample_statement"] is None
    assert answer["provenance"]["config"]["sha256"] == "f" * 64


def test_a_sample_is_stated_in_json(other):
    assert "20%" in comparison_as_json(other(sample=0.2, replications=2))["sample_statement"]


def test_a_single_replication_has_null_intervals(other):
    rows = comparison_as_json(other(replications=1))["surplus"]
    assert all(row["surplus_low"] is None and math.isfinite(row["surplus"]) for row in rows)


def test_json_of_a_system_holds_every_parameter(system):
    answer = json.loads(json.dumps(system_as_json(system), allow_nan=False))
    assert len(answer["parameters"]) == len(system.parameters)
    assert sum(answer["parameters_by_status"].values()) == len(system.parameters)
    assert set(answer["services"]) == set(system.services)
    assert all(service["load"] > 0 for service in answer["services"].values())
    assert answer["sha256"] == system.fingerprint


def test_the_verdict_counts_assumptions_and_names_what_is_overloaded(system):
    assumed = sum(parameter.status == "assumed" for parameter in system.parameters)
    assert printed(verdict(system)).strip() == f"Valid. {assumed} of {len(system.parameters)} parameters are assumed."
    wards = replace(system.services["wards"], capacity=4)
    crowded = replace(system, services=system.services | {"wards": wards})
    assert "Overloaded: Wards, at 241% of its capacity" in " ".join(printed(verdict(crowded)).split())
