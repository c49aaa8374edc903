"""A report of a system that was altered in Python says so; one of a config does not."""

from dataclasses import replace
from pathlib import Path

import pytest

import paysim

NOTICE = "The system was altered in Python"


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("altered", [False, True])
def test_reports_tell_an_altered_system(altered: bool, tmp_path: Path) -> None:
    town = paysim.load(Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital_with_levers.toml")
    if altered:
        town = replace(town, services={**town.services, "wards": replace(town.services["wards"], capacity=60)})
    few = {"years": 1, "replications": 2, "sample": 0.1}
    results = {
        "compare": paysim.compare(town, **few),
        "incentives": paysim.incentives(town, ["capitation"], **few),
        "respond": paysim.respond(town, "capitation", **few),
    }
    for name, result in results.items():
        result.to_directory(tmp_path / name)
        report = (tmp_path / name / "report.html").read_text(encoding="utf-8")
        assert (NOTICE in report) == altered, name
