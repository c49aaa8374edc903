"""What becomes of a service that is asked for more than it can do is said as it is, by check and by compare."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from command_line import run
from small_systems import at, branch, pathway, service, step, system

from paysim.model.pathway import Duration
from paysim.model.service import FollowsActivity
from paysim.report.overload import overloaded
from paysim.simulation.simulate import simulate

SMALL = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"
PATIENT = Duration("exponential", 0.5, 1.0)

CLINIC = service("clinic", 2)
VISIT = step("care.visit")


def town(clinic=CLINIC, visit=VISIT, *others):
    """Return a town that asks two servers for 4 a day of their time."""
    return system([clinic, *others], [pathway("care", 4 * 365.25 / 400, visit)], residents=100)


@pytest.mark.parametrize(
    ("overloaded_town", "outcome"),
    [
        (town(), "its queue grows without end"),
        (town(replace(CLINIC, waiting_room=5)), "whoever finds its waiting room full is turned away"),
        (town(visit=replace(VISIT, patience=PATIENT)), "some leave before being seen"),
        (
            town(replace(CLINIC, follows_activity=FollowsActivity(1, 1, 0.8))),
            "its queue grows until capacity has followed",
        ),
    ],
)
def test_what_becomes_of_the_queue(overloaded_town, outcome) -> None:
    assert overloaded(overloaded_town) == (f"Overloaded: clinic, at 200% of its capacity; {outcome}.",)


def test_one_step_without_patience_is_enough_for_a_queue_without_end() -> None:
    patient = replace(VISIT, patience=PATIENT)
    steadfast = step("other.visit")
    both = system([CLINIC], [pathway("care", 4.0, patient), pathway("other", 4.0, steadfast)], residents=100)
    assert overloaded(both)[0].endswith("its queue grows without end.")


def test_a_choice_by_wait_prefers_other_services_in_the_end() -> None:
    choice = replace(at("clinic", "far", shares=[[1, 0], [1, 0]]), wait_sensitivity=1.0)
    fled = town(CLINIC, replace(VISIT, service=choice), service("far", 9))
    assert overloaded(fled) == (
        "Overloaded: clinic, at 200% of its capacity; its queue grows until other services are preferred.",
    )


def test_the_simulation_bears_the_words_out() -> None:
    """Waits of the first and the last tenth of a year: without an end they grow, else they stay."""
    ends = {}
    for name, overloaded_town in {
        "grows": town(),
        "turned away": town(replace(CLINIC, waiting_room=5)),
        "leave": town(visit=replace(VISIT, patience=PATIENT)),
    }.items():
        wait = simulate(overloaded_town, years=1, seed=1).wait
        ends[name] = [float(np.mean(part)) for part in (wait[:70], wait[-70:])]
    assert ends["grows"][1] > 10 * ends["grows"][0] > 10
    assert max(*ends["turned away"], *ends["leave"]) < 5


def test_nothing_is_said_of_a_service_that_can_do_its_work() -> None:
    assert overloaded(town(service("clinic", 5))) == ()


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert overloaded(town(visit=replace(VISIT, branches=(branch("care.visit", 1.0),)))) == ()


@pytest.mark.usefixtures("undrawn")
def test_compare_warns_on_the_terminal_in_json_and_in_the_report(tmp_path: Path) -> None:
    config = tmp_path / "crowded.toml"
    for source in (SMALL, *SMALL.with_suffix("").iterdir()):
        target = tmp_path / source.relative_to(SMALL.parent)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(source.read_bytes())
    config.write_text(f'extends = "{SMALL.name}"\n\n[service.wards]\ncapacity = 4\n')
    quick = ["--replications", "1", "--sample", "1", "--workers", "1", "--out", tmp_path / "out"]
    told, for_machines = (run("compare", config, *quick, *more).stdout for more in ([], ["--json"]))
    warning = "Overloaded: Wards, at 241% of its capacity; its queue grows without end."
    assert warning in told
    assert json.loads(for_machines)["overloaded"] == [warning]
    assert warning in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
