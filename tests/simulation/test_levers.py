"""Settings that change while a run goes on: what they touch, and that nothing else moves."""

from dataclasses import replace

import numpy as np
import pytest
from examples import BOTH_ENGINES, by_chance, poisson_by_chance, requested
from small_systems import ABOUT_A_DAY, branch, pathway, service, step, system

from paysim.model.activity import COLUMNS, Activity
from paysim.model.calendar import period_starts
from paysim.model.pathway import Duration
from paysim.model.system import System
from paysim.simulation.running import Running
from paysim.simulation.simulate import simulate

pytestmark = pytest.mark.parametrize("engine", BOTH_ENGINES)

SEED = 1979
YEARS = 2
APART = [column for column in COLUMNS if column != "episode"]
"""Episodes are numbered in order of arrival, so others' arrivals move their numbers."""


def town(capacity: int = 10_000) -> System:
    """Return a clinic and a ward for everybody, and a second pathway whose demand no test touches."""
    visit = step("care.visit", "clinic", ABOUT_A_DAY, [branch("care.stay", 0.4, Duration("exponential", 20.0, 1.0))])
    stay = step("care.stay", "ward", Duration("lognormal", 5.0, 1.0))
    other = step("other.visit", "clinic", ABOUT_A_DAY)
    services = [service("clinic", capacity), service("ward", 10_000)]
    return system(services, [pathway("care", 4.0, visit, stay), pathway("other", 3.0, other)], warm_up_days=30)


def with_rate(system: System, factor: float) -> System:
    care = system.pathways["care"]
    demand = replace(care.demand, rate=care.demand.rate * factor)
    return replace(system, pathways={**system.pathways, "care": replace(care, demand=demand)})


def changed(engine: str, *pieces: tuple[int, System]) -> Activity:
    """Return a run from the town that takes each system after so many months."""
    running = Running(town(), years=YEARS, seed=SEED, engine=engine)
    for month, settings in pieces:
        running.advance(month - running.month)
        running.change(settings)
    running.advance(12 * YEARS)
    return running.activity()


def episodes(activity: Activity) -> dict[tuple[int, float], tuple]:
    """Return what happened in each episode, by the resident and when it began."""
    found: dict[int, list[tuple]] = {}
    order = np.argsort(requested(activity), kind="stable")
    columns = zip(*(getattr(activity, column)[order].tolist() for column in APART), strict=True)
    for episode, row in zip(activity.episode[order].tolist(), columns, strict=True):
        found.setdefault(episode, []).append(row)
    resident, start, wait = (APART.index(column) for column in ("resident", "start", "wait"))
    return {(rows[0][resident], rows[0][start] - rows[0][wait]): tuple(rows) for rows in found.values()}


def split(found: dict, month: int) -> tuple[dict, dict]:
    """Return the episodes that began before a month and those that began since."""
    moment = period_starts(town().start, 24)[month]
    return tuple({key: rows for key, rows in found.items() if (key[1] < moment) == before} for before in (True, False))


@pytest.mark.parametrize("month", [5, 12])
def test_a_lower_rate_keeps_a_share_of_the_episodes_and_no_other(engine, month):
    before = split(episodes(simulate(town(), years=YEARS, seed=SEED, engine=engine)), month)
    after = split(episodes(changed(engine, (month, with_rate(town(), 0.6)))), month)
    assert after[0] == before[0]
    assert after[1].items() < before[1].items()
    care = [key for key, rows in before[1].items() if rows[0][1] == 0]
    assert by_chance(sum(key in after[1] for key in care), len(care), 0.6)
    assert all(key in after[1] for key in before[1].keys() - set(care)), "the other pathway loses nobody"


@pytest.mark.parametrize("month", [5, 12])
def test_a_higher_rate_adds_episodes_and_moves_none(engine, month):
    before = split(episodes(simulate(town(), years=YEARS, seed=SEED, engine=engine)), month)
    after = split(episodes(changed(engine, (month, with_rate(town(), 2.7)))), month)
    assert after[0] == before[0]
    assert after[1].items() > before[1].items()
    added = {key: rows for key, rows in after[1].items() if key not in before[1]}
    assert all(rows[0][1] == 0 for rows in added.values())
    expected = 1.7 * 4.0 * 400 * (24 - month) / 12
    assert poisson_by_chance(len(added), expected)


def test_a_rate_put_back_is_as_if_it_had_never_changed(engine):
    before = simulate(town(), years=YEARS, seed=SEED, engine=engine)
    after = changed(engine, (4, with_rate(town(), 1.8)), (9, with_rate(town(), 0.3)), (14, town()))
    assert split(episodes(after), 14)[1] == split(episodes(before), 14)[1]
    assert split(episodes(after), 4)[0] == split(episodes(before), 4)[0]


def test_a_lower_capacity_holds_from_its_month_on_and_nothing_before_moves(engine):
    before = simulate(town(), years=YEARS, seed=SEED, engine=engine)
    after = changed(engine, (6, town(capacity=7)), (12, town()))
    moment, until = period_starts(town().start, 24)[[6, 12]]
    for column in COLUMNS:
        one, other = (getattr(activity, column)[activity.end < moment].tobytes() for activity in (before, after))
        assert one == other, column
    clinic = after.service == 0
    begun, end = np.sort(after.start[clinic]), np.sort(after.end[clinic])
    taken = np.searchsorted(begun, begun, "right") - np.searchsorted(end, begun, "right")
    during = (begun > moment + 10) & (begun < until)
    assert taken[during].max() == 7
    assert taken[~during].max() > 12
    opened = clinic & (after.start == until) & (after.wait > 0)
    assert opened.sum() > 5, "whoever waits when servers are added starts at that moment"
    assert not (clinic & (after.start > until) & (after.wait > 0)).any()
    # Whoever is being seen when servers close stays as long as drawn, and so does everybody else.
    stays = [{key: [row[-1] for row in rows] for key, rows in episodes(a).items()} for a in (before, after)]
    assert sum(stays[0][key] == stays[1].get(key) for key in stays[0]) > 0.95 * len(stays[0])
    assert (after.wait[after.start < moment] == 0).all()


def test_another_probability_moves_only_those_whose_way_it_changes(engine):
    visit = town().steps["care.visit"]
    fewer = replace(visit, branches=(replace(visit.branches[0], probability=visit.branches[0].probability * 0.5),))
    care = replace(town().pathways["care"], steps=(fewer, town().steps["care.stay"]))
    settings = replace(town(), pathways={**town().pathways, "care": care})
    before = episodes(simulate(town(), years=YEARS, seed=SEED, engine=engine))
    after = episodes(changed(engine, (6, settings)))
    assert before.keys() == after.keys()
    assert all(rows == before[key] or rows == before[key][:1] for key, rows in after.items())
    moved = [key for key, rows in after.items() if rows != before[key]]
    went_on = [
        key for key, rows in before.items() if len(rows) == 2 and rows[0][4] > period_starts(town().start, 24)[6]
    ]
    assert by_chance(len(moved), len(went_on), 0.5)
