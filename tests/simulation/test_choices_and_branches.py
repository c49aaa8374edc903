"""Ways on and providers: as likely as stated, for each kind of resident, and kept through the episode."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from small_systems import (
    ABOUT_A_DAY,
    at,
    branch,
    by_kind,
    everyone,
    pathway,
    service,
    step,
    system,
)

from paysim.model.pathway import CaseMix, CaseMixEntry, Duration
from paysim.simulation.simulate import simulate

SHARES = [[0.7, 0.3], [0.0, 1.0]]
HOSPITALS = [service("near", 10_000), service("far", 10_000)]


def run(*paths, case_mixes=(), services=HOSPITALS, residents=500):
    return simulate(system(services, paths, residents, case_mixes=case_mixes), years=1, seed=11)


def chance(count, of, probability):
    """Return whether a count is one that a probability gives more often than once in a thousand."""
    return stats.binomtest(int(count), int(of), probability).pvalue > 1e-3


def test_an_episode_stays_with_its_hospital():
    emergency = step(
        "care.emergency", at("near", "far", shares=SHARES, group="acute"), branches=[branch("care.ward", 0.8)]
    )
    ward = step("care.ward", at("near", "far", shares=SHARES, group="acute"), branches=[branch("care.ward", 0.3)])
    activity = run(pathway("care", 3.0, emergency, ward))
    ways = np.unique(np.stack([activity.episode, activity.service]), axis=1)
    assert len(ways.T) == len(np.unique(activity.episode))
    assert np.bincount(activity.episode).max() >= 4
    first = activity.step == 0
    hill = activity.resident < 1_000
    assert chance((activity.service[first & hill] == 0).sum(), (first & hill).sum(), 0.7)
    assert (activity.service[~hill] == 1).all()


def test_another_choice_is_made_afresh():
    one = step("care.one", at("near", "far", group="first"), branches=[branch("care.two", 1.0)])
    two = step("care.two", at("near", "far", group="second"))
    activity = run(pathway("care", 3.0, one, two))
    pairs = {}
    for episode, number in zip(activity.episode.tolist(), activity.service.tolist(), strict=True):
        pairs.setdefault(episode, []).append(number)
    both = [pair for pair in pairs.values() if len(pair) == 2]
    assert chance(sum(a == b for a, b in both), len(both), 0.5)


def test_a_resident_chooses_afresh_in_each_episode():
    activity = run(pathway("care", 8.0, step("care.visit", at("near", "far"))), residents=50)
    near = np.bincount(activity.resident, weights=activity.service == 0, minlength=200)
    episodes = np.bincount(activity.resident, minlength=200)
    assert ((near > 0) & (near < episodes)).mean() > 0.9


def test_branches_are_taken_as_often_as_stated_by_each_kind_of_resident():
    home, ward = by_kind(0.1, 0.5, 0.0, 0.25), by_kind(0.2, 0.5, 0.6, 0.0)
    entry = step("care.entry", "near", branches=[branch("care.home", home), branch("care.ward", ward)])
    activity = run(pathway("care", 4.0, entry, step("care.home", "near"), step("care.ward", "far")))
    cell = activity.resident // 500
    for number in range(4):
        counts = np.bincount(activity.step[cell == number], minlength=3)
        for way, table in ((1, home), (2, ward)):
            probability = table[number // 2, 10 * (number % 2)]
            assert counts[way] == 0 if probability == 0 else chance(counts[way], counts[0], probability)


def test_a_way_on_waits_for_its_delay():
    weeks = Duration("uniform", 14.0, 0.3)
    entry = step("care.entry", "near", branches=[branch("care.review", 1.0, weeks)])
    activity = run(pathway("care", 4.0, entry, step("care.review", "far")))
    ended = np.full(activity.episode.max() + 1, np.nan)
    ended[activity.episode[activity.step == 0]] = activity.end[activity.step == 0]
    review = activity.step == 1
    delays = (activity.start - activity.wait)[review] - ended[activity.episode[review]]
    half_width = 14.0 * 0.3 * np.sqrt(3.0)
    assert stats.kstest(delays, stats.uniform(14.0 - half_width, 2 * half_width).cdf).pvalue > 1e-3


def test_codes_are_drawn_from_the_case_mix_and_bring_their_stay():
    mix = CaseMix(
        "mix", (CaseMixEntry("long", 0.05, Duration("lognormal", 20.0, 0.9)), CaseMixEntry("short", 0.95, ABOUT_A_DAY))
    )
    activity = run(pathway("care", 4.0, step("care.ward", "near", None, case_mix="mix")), case_mixes=[mix])
    long = activity.code == activity.system.codes.index("long")
    assert chance(long.sum(), len(long), 0.05)
    early = activity.start < 100
    assert stats.kstest(activity.stay[~long & early], stats.expon().cdf).pvalue > 1e-3
    assert activity.stay[long & early].mean() > 10


def test_the_four_draws_of_a_visit_are_independent():
    """Stay, code, way on and choice of provider come from numbers of their own."""
    mix = CaseMix("mix", (CaseMixEntry("a", 0.5, None), CaseMixEntry("b", 0.5, None)))
    entry = step("care.entry", at("near", "far"), ABOUT_A_DAY, [branch("care.next", everyone(0.5), ABOUT_A_DAY)], "mix")
    activity = run(pathway("care", 8.0, entry, step("care.next", "near")), case_mixes=[mix])
    first = np.flatnonzero((activity.step == 0) & (activity.start < 300))
    went_on = np.isin(activity.episode[first], activity.episode[activity.step == 1])
    drawn = np.stack([activity.stay[first] > np.log(2), activity.code[first], activity.service[first], went_on])
    correlation = np.corrcoef(drawn.astype(float))
    assert np.abs(correlation - np.eye(4)).max() < 4 / np.sqrt(len(first))


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_however_long_waits_are_the_shorter_one_is_chosen(engine):
    """Weights of waits of weeks, such as exp(-2000), vanish."""
    clinics = [service("near", 1), service("far", 1)]
    choice = replace(at("near", "far"), wait_sensitivity=100.0)
    town = system(clinics, [pathway("care", 4.0, step("care.visit", choice))], residents=150)
    activity = simulate(town, years=2, seed=11, engine=engine)
    asked = activity.start - activity.wait
    heads = np.stack(
        [_head_waits(asked[activity.service == n], activity.start[activity.service == n], asked) for n in range(2)]
    )
    told_apart = np.abs(heads[0] - heads[1]) > 1.0
    assert (heads.min(axis=0)[told_apart] > 20).sum() > 50
    assert (activity.service == heads.argmin(axis=0))[told_apart].all()


def _head_waits(asked, start, moments):
    """Return how long whoever heads a queue has waited at each moment, NaN where that is never known."""
    nobody = np.nan
    asked, start = np.append(asked, nobody), np.append(start, np.inf)
    return np.maximum(moments - asked[np.searchsorted(start, moments, "left")], 0.0)
