"""Utilisation and occupancy are over the capacity that there was, month by month, not over what was planned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import paysim
from paysim.model.activity import Activity
from paysim.model.calendar import period_starts
from paysim.model.measure import Measure
from paysim.model.service import OpenHours
from paysim.model.system import System
from paysim.payment.measures import measures_by_year, take_measures
from paysim.payment.use import service_use
from paysim.study.store import writing_activity

ROOT = Path(__file__).parents[2]
FOLLOWING = paysim.load(ROOT / "configs" / "examples" / "capacity_follows_activity.toml")
TOWN = paysim.load(ROOT / "configs" / "how-to" / "one_hospital.toml")
ENGINES = ("compiled", "simpy")


def measured(system: System, *services: str) -> System:
    """Return the system with one measure, the occupancy of some services."""
    occupancy = Measure("occupancy", "Occupancy", "occupancy", (), None, None, services=services)
    return replace(system, measures={"occupancy": occupancy})


def of_service(activity: Activity, id: str) -> NDArray[np.bool_]:
    return np.asarray(activity.service == activity.system.service_ids.index(id))


def month_days(activity: Activity) -> NDArray[np.int64]:
    return np.diff(period_starts(activity.system.start, activity.periods))


def followed(activity: Activity, id: str) -> list[int]:
    """Return a service's servers by month, reckoned by the rule from the steps that ended."""
    service = activity.system.services[id]
    rule, planned = service.follows_activity, service.capacity
    assert rule is not None
    stays = activity.stay * of_service(activity, id)
    worked = np.bincount(activity.period(), weights=stays, minlength=activity.periods)
    busy = worked / (month_days(activity) * rule.planned_utilisation * rule.servers_per_step)
    later = [max(1, int(np.ceil(steps - 1e-9))) * rule.servers_per_step for steps in busy]
    return [planned] * rule.lag_months + later[: activity.periods - rule.lag_months]


@pytest.mark.parametrize("engine", ENGINES)
def test_capacity_that_follows_activity(engine: str) -> None:
    system = measured(FOLLOWING, "wards")
    activity = paysim.simulate(system, years=3, engine=engine)
    servers = np.array(followed(activity, "wards"))
    assert servers.min() < FOLLOWING.services["wards"].capacity
    used, offered = activity.stay[of_service(activity, "wards")].sum(dtype=float), servers @ month_days(activity)
    assert take_measures(activity) == pytest.approx(used / offered)
    wards = system.service_ids.index("wards")
    assert service_use(activity).open_server_days[wards] == pytest.approx(offered)
    for year, value in enumerate(measures_by_year(activity, ["occupancy"])["occupancy"]):
        months = slice(12 * year, 12 * year + 12)
        in_year = of_service(activity, "wards") & (activity.period() // 12 == year)
        offered = servers[months] @ month_days(activity)[months]
        assert float(value or 0) == pytest.approx(activity.stay[in_year].sum(dtype=float) / offered)


def test_both_engines_tell_of_the_same_capacity() -> None:
    compiled, simpy = (paysim.simulate(FOLLOWING, years=1, engine=engine).servers for engine in ENGINES)
    assert compiled == simpy
    assert compiled.keys() == {"wards"}


def test_a_comparison_and_its_reconciliation() -> None:
    comparison = paysim.compare(measured(FOLLOWING, "wards"), replications=2, workers=1)
    summary = comparison.activity_summary().set_index("service")["utilisation"]
    activities = [paysim.simulate(FOLLOWING, replication=replication) for replication in range(2)]
    used = [each.stay[of_service(each, "wards")].sum(dtype=float) for each in activities]
    offered = [np.array(followed(each, "wards")) @ month_days(each) for each in activities]
    assert summary["wards"] == pytest.approx(sum(used) / sum(offered))
    (occupancy,) = comparison.reconciliation()["simulated"]
    assert occupancy == pytest.approx(np.mean(np.array(used) / np.array(offered)))


def changed(engine: str = "compiled") -> Activity:
    """Return half a year as planned, then half with 8 of 14 beds, and practices that are never closed."""
    system = measured(TOWN, "wards", "practice_hill")
    running = paysim.begin(system, engine=engine)
    running.advance(6)
    services = {
        **system.services,
        "wards": replace(system.services["wards"], capacity=8),
        "practice_hill": replace(system.services["practice_hill"], opening=()),
        "practice_vale": replace(system.services["practice_vale"], opening=(OpenHours(8.0, 18.0),)),
    }
    running.change(replace(system, services=services))
    running.advance(6)
    return running.activity()


@pytest.mark.parametrize("engine", ENGINES)
def test_capacity_and_opening_hours_that_a_run_took_on_the_way(engine: str) -> None:
    activity = changed(engine)
    first, second = month_days(activity)[:6].sum(), month_days(activity)[6:].sum()
    practices = {id: TOWN.services[id].capacity for id in ("practice_hill", "practice_vale")}
    offered = {
        "wards": 14 * first + 8 * second,
        "practice_hill": practices["practice_hill"] * (52.5 / 168 * first + second),
        "practice_vale": practices["practice_vale"] * (52.5 * first + 10 * second) / 168,
    }
    found = dict(zip(TOWN.services, service_use(activity).open_server_days, strict=True))
    for id, server_days in offered.items():
        assert found[id] == pytest.approx(server_days)
    used = sum(activity.stay[of_service(activity, id)].sum(dtype=float) for id in ("wards", "practice_hill"))
    assert take_measures(activity) == pytest.approx(used / (offered["wards"] + offered["practice_hill"]))


def test_a_sample_has_its_share_of_what_there_was() -> None:
    activity = paysim.simulate(FOLLOWING, years=1, sample=0.5)
    assert set(activity.servers["wards"]) <= {18.0, 14.0, 11.0}
    assert activity.servers["wards"][:6] == (18.0,) * 6


def test_capacity_as_planned_needs_no_telling() -> None:
    assert paysim.simulate(TOWN, sample=0.3).servers == {}
    running = paysim.begin(TOWN)
    assert running.activity().servers == {}
    assert (service_use(running.activity()).open_server_days == 0).all()


def test_capacity_comes_back_from_a_file(tmp_path: Path) -> None:
    activity = changed()
    paysim.write_activity(activity, tmp_path / "activity.parquet")
    read = paysim.read_activity(tmp_path / "activity.parquet", TOWN)
    assert read.servers == activity.servers
    assert read.servers.keys() == {"wards", "practice_hill", "practice_vale"}
    assert (service_use(read).open_server_days == service_use(activity).open_server_days).all()


def test_capacity_of_a_run_that_is_written_as_it_goes_on(tmp_path: Path) -> None:
    whole = paysim.simulate(FOLLOWING, years=1)
    running = paysim.begin(FOLLOWING, years=1)
    with writing_activity(tmp_path / "parts.parquet", FOLLOWING, whole.run, whole.weight) as write:
        for months in (1, 7, 4):
            running.advance(months)
            write(running.take_activity())
    assert paysim.read_activity(tmp_path / "parts.parquet", FOLLOWING).servers == whole.servers


def test_an_interrupted_run_tells_each_month_once(monkeypatch: pytest.MonkeyPatch) -> None:
    undisturbed, running = paysim.simulate(FOLLOWING, years=1), paysim.begin(FOLLOWING, years=1)
    running.advance(7)
    go_on = running._engine.go_on

    def interrupted(until: float) -> None:
        go_on(until)
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(running._engine, "go_on", interrupted)
    with pytest.raises(KeyboardInterrupt):
        running.advance(5)
    running.advance(5)
    assert running.activity().servers == undisturbed.servers
