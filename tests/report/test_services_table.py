"""`paysim check` tells what services cost and how busy they are as people read it."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import paysim
from paysim.report import tables

SYSTEM = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"


@pytest.fixture
def system():
    return paysim.load(SYSTEM)


def lines(system, heading="Services, cost in"):
    stream = io.StringIO()
    Console(file=stream, width=100, color_system=None).print(tables.system_summary(system))
    told = stream.getvalue().splitlines()
    first = next(n for n, line in enumerate(told) if line.startswith(heading))
    return told[first:]


def with_fixed_cost(system, pence):
    wards = system.services["wards"]
    wards = replace(wards, cost=replace(wards.cost, annual_fixed_pence=pence, semi_fixed=None))
    return replace(system, services={**system.services, "wards": wards})


@pytest.mark.parametrize(
    ("pence", "unit", "fixed"),
    [(250_000_00, "£k", "250.0"), (250_000_000_00, "£m", "250.0"), (40_000_00, "£k", "40.0")],
)
def test_cost_stands_in_the_unit_that_suits_the_system(system, pence, unit, fixed):
    told = lines(with_fixed_cost(system, pence))
    assert told[0].rstrip() == f"Services, cost in {unit} a year"
    assert fixed in next(line for line in told if line.split()[:2] == ["Wards", "14"]).split()


def test_a_load_just_below_capacity_is_not_told_as_all_of_it(system, monkeypatch):
    monkeypatch.setattr(tables, "service_loads", lambda _: dict.fromkeys(system.services, 0.996))
    ward = next(line for line in lines(system) if line.split()[:2] == ["Wards", "14"])
    assert ward.split()[-1] == "99%"
