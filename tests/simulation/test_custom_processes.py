"""Processes and choices of a researcher's own in the SimPy engine: what they can do; the result still settles."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import simpy
from generated_courses import courses, follow
from hypothesis import given, settings
from small_systems import A_DAY, ABOUT_A_DAY, at, branch, pathway, service, step, system

import paysim
from paysim.model.activity import COLUMNS
from paysim.model.calendar import TICKS_PER_DAY
from paysim.model.errors import InputError
from paysim.model.pathway import Duration

CONFIG = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"


@pytest.fixture(scope="module")
def town():
    return paysim.load(CONFIG)


def run(town, processes=None, choices=None, **others):
    return paysim.simulate(town, engine="simpy", processes=processes, choices=choices, **others)


def rows(activity, chosen=slice(None), columns=tuple(COLUMNS)):
    return list(zip(*(getattr(activity, column)[chosen].tolist() for column in columns), strict=True))


def same(one, other):
    return all(getattr(one, column).tobytes() == getattr(other, column).tobytes() for column in COLUMNS)


def of_step(activity, step):
    return activity.step == activity.system.step_ids.index(step)


def most_at_once(start, end):
    """Return the largest number of spans that overlap."""
    times = np.concatenate((end, start))
    change = np.repeat([-1, 1], len(start))
    return np.cumsum(change[np.lexsort((change, times))]).max()


def as_configured(visit):
    """What the engine does, written out."""
    server = yield from visit.request()
    if server is None:
        return visit.unserved()
    onward = visit.way_on(server.wait)
    yield visit.work(visit.duration)
    if not onward.holds:
        visit.release(server)
    return onward


def by_share(visit):
    """What a choice by share does, with a uniform of its own."""
    until = np.cumsum(list(visit.options.values()))
    return list(visit.options)[int(np.searchsorted(until, visit.uniform(0) * until[-1]))]


def settles(activity):
    """Settle under every arrangement and return whether nothing is lost."""
    ledgers = [paysim.settle(activity, arrangement) for arrangement in activity.system.arrangements.values()]
    return all(ledger.total() > 0 and (ledger.balance().sum(axis=0) == 0).all() for ledger in ledgers)


@settings(max_examples=60, deadline=None)
@given(course=courses())
def test_a_copy_of_the_built_in_step_gives_the_same_rows(course):
    processes = dict.fromkeys(course.pieces[0][0].steps, as_configured)
    runs = []
    for engine, own in (("compiled", None), ("simpy", processes)):
        runs.append(follow(course, engine, processes=own))
    assert same(*runs)


def board(visit):
    """Keep the cubicle until there is a bed, and the two servers at once until then."""
    cubicle = yield from visit.request()
    onward = visit.way_on(cubicle.wait)
    yield visit.work(visit.duration)
    if onward.step < 0:
        return None
    stay = visit.also("emergency.ward")
    bed = yield from stay.request()
    visit.release(cubicle)
    onward = stay.way_on(bed.wait)
    yield stay.work(stay.duration)
    return onward


def test_two_servers_at_once_are_a_held_server(town):
    attendance, *others = town.pathways["emergency"].steps
    holding = replace(attendance, branches=tuple(replace(way, holds=True) for way in attendance.branches))
    emergency = replace(town.pathways["emergency"], steps=(holding, *others))
    held = paysim.simulate(replace(town, pathways={**town.pathways, "emergency": emergency}))
    boarded = run(town, {"emergency.attendance": board})
    assert same(held, boarded)
    assert not same(held, paysim.simulate(town))
    assert settles(boarded)


def test_a_doctor_comes_to_the_cubicle():
    """Two of one kind of server and one of another, held at overlapping times, each with a row of its own."""
    seen = step("care.doctor", "doctors", Duration("uniform", 0.1, 0.3))
    care = pathway("care", 9.0, step("care.cubicle", "cubicles", A_DAY, [branch("care.doctor", 1.0)]), seen)
    ward = system([service("cubicles", 6), service("doctors", 1)], [care], residents=40)

    def together(visit):
        cubicle = yield from visit.request()
        yield visit.work(0.2)
        consultation = visit.also("care.doctor")
        doctor = yield from consultation.request()
        yield consultation.work(consultation.duration)
        consultation.release(doctor)
        yield visit.work(0.3)
        visit.release(cubicle)

    activity = run(ward, {"care.cubicle": together})
    cubicle, doctor = of_step(activity, "care.cubicle"), of_step(activity, "care.doctor")
    by_episode = {episode: (start, end) for episode, start, end in zip(
        activity.episode[cubicle].tolist(), activity.start[cubicle], activity.end[cubicle], strict=True
    )}  # fmt: skip
    nested = [
        by_episode[episode][0] + 0.1999 < start and end < by_episode[episode][1] - 0.2999
        for episode, start, end in zip(
            activity.episode[doctor].tolist(), activity.start[doctor], activity.end[doctor], strict=True
        )
        if episode in by_episode
    ]
    assert len(nested) > 1_000
    assert all(nested)
    assert most_at_once(activity.start[doctor], activity.end[doctor]) == 1
    assert 1 < most_at_once(activity.start[cubicle], activity.end[cubicle]) <= 6
    assert (activity.wait[doctor] > 0).mean() > 0.1


def test_a_choice_of_the_shortest_queue_holds_for_the_episode_and_settles(town):
    def shortest(visit):
        asked.append(visit.episode)
        return min(visit.options, key=lambda one: (visit.station(one).waiting, visit.station(one).busy))

    asked = []
    usual, shorter = paysim.simulate(town), run(town, choices={"acute": shortest})
    ward, awaiting = of_step(shorter, "emergency.ward"), of_step(shorter, "emergency.awaiting_care")
    assert shorter.wait[ward].mean() < usual.wait[of_step(usual, "emergency.ward")].mean() / 2
    assert len(asked) == len(set(asked)), "asked once an episode"
    where = {}
    for episode, of in zip(shorter.episode[ward | awaiting].tolist(), shorter.service[ward | awaiting], strict=True):
        assert where.setdefault(episode, of) == of
    assert settles(shorter)


def test_a_choice_may_take_its_time_and_draw(town):
    def later(visit):
        yield visit.timeout(0.5)
        return by_share(visit)

    at_once, afterwards = (run(town, choices={"acute": choice}) for choice in (by_share, later))
    wards = [activity.service[of_step(activity, "emergency.ward")] for activity in (at_once, afterwards)]
    shares = [np.bincount(services)[3:] / len(services) for services in wards]
    assert shares[0] == pytest.approx(shares[1], abs=0.02)
    assert shares[0][1] == pytest.approx(0.2, abs=0.05)
    assert not same(at_once, afterwards)


def lottery(visit):
    """Send one in two of the old home from the door; the others go the usual way."""
    if visit.kind.age_band == "65+" and visit.uniform(0) < 0.5:
        return None
    return (yield from as_configured(visit))


def test_draws_belong_to_the_visit(town):
    ample = {id: replace(one, capacity=10_000) for id, one in town.services.items()}
    town = replace(town, services=ample)
    usual = paysim.simulate(town)
    once, again, other = (run(town, {"emergency.ward": lottery}, replication=k) for k in (0, 0, 1))
    assert same(once, again)
    assert not same(once, other)
    population, columns = town.population, ("resident", "step", "service", "code", "start", "wait", "stay")
    old = np.array([age_band == "65+" for age_band, *_ in population.profile_labels()])
    is_old = old[population.profile[population.cell_of(usual.resident)]]
    ward = of_step(usual, "emergency.ward")
    touched = np.unique(usual.resident[ward & is_old])
    untouched = [rows(one, ~np.isin(one.resident, touched), columns) for one in (usual, once)]
    assert len(untouched[0]) > 10_000
    assert untouched[0] == untouched[1]
    kept = of_step(once, "emergency.ward") & np.isin(once.resident, touched)
    assert 0.4 < kept.sum() / (ward & np.isin(usual.resident, touched)).sum() < 0.6
    # Whoever is let in has the stay that they had anyway.
    assert set(rows(once, kept, columns)) <= set(rows(usual, ward, columns))


def test_uniforms_are_uniform_and_differ_by_index_visit_and_choice():
    drawn = []

    def draw(visit):
        drawn.append([visit.uniform(index) for index in range(6)])
        return (yield from as_configured(visit))

    def choose(visit):
        drawn.append([visit.uniform(index) for index in range(6)])
        return "a"

    town = system(
        [service("a", 500), service("b", 500)], [pathway("care", 8.0, step("care.visit", at("a", "b")))], residents=50
    )
    run(town, {"care.visit": draw}, {"a+b": choose})
    every = np.array(drawn)
    assert len(np.unique(every)) == every.size > 15_000
    assert every.mean() == pytest.approx(0.5, abs=0.01)
    assert np.abs(np.corrcoef(every.T) - np.eye(6)).max() < 0.05


def test_impatience_full_rooms_and_what_is_left_over():
    """A single server is asked for with and without patience; whoever does not release it gives it back anyway."""
    outcomes = []

    def renege(visit):
        server = yield from visit.request(patience=0.25)
        outcomes.append(server is not None)
        if server is None:
            return "care.elsewhere"
        assert server.wait <= 0.25
        yield visit.work(visit.duration)

    care = pathway("care", 1.0, step("care.visit", "clinic", ABOUT_A_DAY), step("care.elsewhere", "other", A_DAY))
    town = system([service("clinic", 1), service("other", 10_000)], [care], residents=100)
    activity = run(town, {"care.visit": renege})
    gone = of_step(activity, "care.elsewhere")
    assert gone.sum() == pytest.approx(len(outcomes) - sum(outcomes), abs=5)
    assert gone.sum() > 100
    assert (activity.wait[gone] == 0).all()
    turned_away = replace(town, services={**town.services, "clinic": replace(town.services["clinic"], waiting_room=0)})
    assert run(turned_away, {"care.visit": renege}).wait.max() == 0


def test_an_interrupted_wait_leaves_the_queue_and_takes_no_server():
    def called_away(visit):
        waiting = visit.environment.process(wait(visit))
        yield visit.environment.timeout(0.25) | waiting
        if waiting.is_alive:
            waiting.interrupt()
        server = yield waiting
        if server is None:
            interrupted.append(visit.now)
        else:
            yield visit.work(0.1)

    def wait(visit):
        try:
            return (yield from visit.request())
        except simpy.Interrupt:
            return None

    interrupted = []
    town = system([service("clinic", 1)], [pathway("care", 8.0, step("care.visit"))], residents=100)
    activity = run(town, {"care.visit": called_away})
    assert len(interrupted) > 50
    assert activity.wait.max() <= 0.25
    assert most_at_once(activity.start, activity.end) == 1
    assert len(activity) + len(interrupted) == pytest.approx(3_200, abs=200)
    # Had a server been lost, nothing would have begun after that; and it never stood idle while somebody waited.
    assert activity.start.max() > 364
    idle_before = np.append(np.inf, activity.start[1:] - activity.end[:-1])
    assert (idle_before[activity.wait > 0] == 0).all()


def test_who_is_interrupted_in_the_moment_of_getting_a_server_hands_it_on():
    def jostle(visit):
        me = visit.environment.active_process
        queue.append(me)
        try:
            server = yield from visit.request()
        except simpy.Interrupt:
            interrupted.append(visit.now)
            return
        finally:
            queue.remove(me)
        yield visit.work(0.2)
        visit.release(server)
        if queue:
            queue[0].interrupt()

    queue, interrupted = [], []
    town = system([service("clinic", 1)], [pathway("care", 8.0, step("care.visit"))], residents=100)
    activity = run(town, {"care.visit": jostle})
    assert len(interrupted) > 500
    assert len(activity) + len(interrupted) == pytest.approx(3_200, abs=200)
    assert most_at_once(activity.start, activity.end) == 1
    idle_before = np.append(np.inf, activity.start[1:] - activity.end[:-1])
    assert (idle_before[activity.wait > 0] == 0).all()


def test_times_are_whole_ticks_whatever_is_asked_for():
    def odd(visit):
        server = yield from visit.request()
        yield visit.work(1 / 3)
        yield visit.environment.timeout(0.1)
        visit.release(server)
        yield visit.timeout(np.pi / 100)
        return "care.after"

    care = pathway("care", 3.0, step("care.odd"), step("care.after", "other"))
    activity = run(system([service("clinic", 10), service("other", 10)], [care]), {"care.odd": odd})
    assert of_step(activity, "care.after").sum() > 1_000
    for column in ("start", "wait", "stay"):
        assert (getattr(activity, column).astype(np.float64) * TICKS_PER_DAY % 1 == 0).all()


def test_a_visit_says_who_and_where_it_is(town):
    seen = []

    def look(visit):
        seen.append((visit.episode, visit.resident, visit.step, visit.kind, visit.code, visit.options))
        server = yield from visit.request("other_wards")
        assert server.start == visit.now
        assert 1 <= visit.station("other_wards").busy <= visit.station("other_wards").servers == 8
        yield visit.work(visit.duration)
        visit.release(server, code="AA22C")

    activity = run(town, {"emergency.ward": look})
    ward = of_step(activity, "emergency.ward")
    assert {town.codes[code] for code in activity.code[ward]} == {"AA22C"}
    assert {town.service_ids[one] for one in activity.service[ward]} == {"other_wards"}
    who = {episode: resident for episode, resident, *_ in seen}
    assert [who[episode] for episode in activity.episode[ward].tolist()] == activity.resident[ward].tolist()
    population, labels = town.population, town.population.profile_labels()
    for _, resident, step_id, kind, code, options in seen[:500]:
        cell = population.cell_of(np.array([resident]))[0]
        assert kind == (population.places[population.place[cell]], *labels[population.profile[cell]])
        share = 0.0 if kind.place == "hill" else 0.4
        assert options == pytest.approx({"wards": 1 - share, "other_wards": share})
        assert (step_id, code in ("AA22C", "LA04S")) == ("emergency.ward", True)


def test_a_run_pauses_with_its_processes(town):
    whole = run(town, {"emergency.ward": lottery}, {"acute": by_share})
    running = paysim.begin(town, engine="simpy", processes={"emergency.ward": lottery}, choices={"acute": by_share})
    for _ in range(12):
        running.advance()
        running.change(town)
    assert same(whole, running.activity())


def test_activity_says_what_was_replaced_and_so_does_its_file(town, tmp_path):
    activity = run(town, {"emergency.ward": lottery}, {"acute": by_share})
    assert activity.run.custom == ("emergency.ward", "acute")
    paysim.write_activity(activity, tmp_path / "activity.parquet")
    assert paysim.read_activity(tmp_path / "activity.parquet", town).run == activity.run
    assert paysim.simulate(town).run.custom == ()


def no_generator(visit):
    return None


def nowhere(visit):
    yield visit.timeout(0)
    return "emergency.nowhere"


def from_nobody(visit):
    yield from visit.request("nobody")


def twice(visit):
    server = yield from visit.request()
    visit.release(server)
    visit.release(server)


def backwards(visit):
    yield visit.work(-1)


def uncoded(visit):
    server = yield from visit.request()
    visit.release(server, code="ZZ")


def without_from(visit):
    server = yield visit.request()
    yield visit.work(server.wait)


def impatient(visit):
    yield 0.25


def choose_a_number(visit):
    yield 0.25
    return "wards"


WARD = "emergency.ward"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"processes": {"emergency.wards": lottery}}, "processes: found 'emergency.wards'; expected one of general_"),
        ({"processes": {WARD: "lottery"}}, "processes.emergency.ward: found 'lottery'; expected a function"),
        ({"choices": {"hospital": by_share}}, "choices: found 'hospital'; expected one of acute"),
        ({"choices": {"acute": 3}}, "choices.acute: found 3; expected a function"),
        ({"choices": {"acute": lambda visit: "practice_hill"}}, "found 'practice_hill'; expected one of wards, other"),
        ({"processes": {WARD: no_generator}}, "found a function that returns None; expected a generator function"),
        ({"processes": {WARD: nowhere}}, "processes.emergency.ward: found 'emergency.nowhere'; expected one of"),
        ({"processes": {WARD: from_nobody}}, "processes.emergency.ward: found 'nobody'; expected one of practice_hill"),
        (
            {"processes": {WARD: without_from}},
            "processes.emergency.ward: found `yield` of the generator Visit.request; expected `yield from` for it",
        ),
        (
            {"processes": {WARD: impatient}},
            "processes.emergency.ward: found `yield` of 0.25; expected an event",
        ),
        ({"choices": {"acute": choose_a_number}}, "choice at emergency.ward: found `yield` of 0.25; expected an event"),
        ({"processes": {WARD: twice}}, "found a server that was given back before; expected one it still has"),
        ({"processes": {WARD: backwards}}, "days: found -1; expected a finite number of at least 0"),
        ({"processes": {WARD: uncoded}}, "processes.emergency.ward: found 'ZZ'; expected one of AA22C, LA04S, VB08Z"),
    ],
)
def test_what_cannot_be_is_refused(town, given, message):
    with pytest.raises(InputError) as refused:
        run(town, sample=0.1, **given)
    assert message in str(refused.value)


@pytest.mark.parametrize("engine", [None, "compiled"])
def test_the_compiled_engine_has_no_processes(town, engine):
    with pytest.raises(InputError, match=r"engine: found 'compiled' with emergency\.ward replaced; expected 'simpy'"):
        paysim.simulate(town, engine=engine, processes={WARD: lottery})
