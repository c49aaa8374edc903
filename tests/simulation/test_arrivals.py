"""Arrivals: Poisson counts, the stated profile of time, and nobody's business but the resident's own."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats
from small_systems import FLAT, by_kind, pathway, population, service, step, system
from whole_run import all_arrivals

from paysim.model.calendar import TICKS_PER_DAY
from paysim.model.errors import InputError
from paysim.model.pathway import Timing
from paysim.simulation.compile import compile_program

OFFICE = Timing(
    "office",
    tuple(float(8 <= hour < 18) * (1 + hour % 3) for hour in range(24)),
    (6.0, 5.0, 5.0, 5.0, 4.0, 0.0, 0.5),
    (1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.0, 0.9, 1.0, 1.1, 1.2),
)


def town(*rates, residents=100, timing="flat", warm_up_days=0, start=date(2017, 4, 1)):
    paths = [pathway(f"p{number}", rate, step(f"p{number}.visit"), timing=timing) for number, rate in enumerate(rates)]
    return system([service()], paths, residents, timings=[FLAT, OFFICE], warm_up_days=warm_up_days, start=start)


def rows(system, years=1, sample=1.0, seed=1, replication=0):
    """Return (resident, step, stream, time) of every episode, sorted."""
    program = compile_program(system, years, sample)
    found = all_arrivals(program, seed, replication)
    number = program.residents.number[found.resident]
    return sorted(zip(number.tolist(), found.step.tolist(), found.stream.tolist(), found.time.tolist(), strict=True))


def of_chance(observed, expected):
    """Return whether counts differ from what is expected by no more than chance does once in a thousand."""
    some = expected > 0
    assert observed[~some].sum() == 0
    return stats.chisquare(observed[some], expected[some] * observed.sum() / expected[some].sum()).pvalue > 1e-3


@pytest.mark.parametrize("rate", [0.07, 2.5, 40.0, 600.0])
def test_residents_have_poisson_numbers_of_episodes(rate):
    residents = 5_000 if rate < 100 else 500
    found = all_arrivals(compile_program(town(rate, residents=residents), 1, 1.0), 1, 0)
    counts = np.bincount(found.resident, minlength=4 * residents)
    poisson = stats.poisson(rate)
    inner = np.unique(poisson.ppf(np.linspace(0.02, 0.98, 25)))
    edges = np.concatenate([[-1], inner, [np.inf]])
    observed = np.histogram(counts, bins=edges + 0.5)[0]
    expected = len(counts) * np.diff(np.concatenate([[0], poisson.cdf(inner), [1]]))
    assert of_chance(observed, expected)
    assert counts.mean() == pytest.approx(rate, abs=4 * np.sqrt(rate / len(counts)))


def test_rates_differ_by_kind_of_resident():
    found = rows(town(by_kind(0.0, 1.0, 2.0, 4.0), residents=2_000))
    counts = np.bincount([row[0] // 2_000 for row in found], minlength=4) / 2_000
    assert counts[0] == 0
    np.testing.assert_allclose(counts[1:], [1, 2, 4], atol=4 * np.sqrt(4 / 2_000))


def test_years_and_warm_up_have_the_same_rate():
    found = np.array([row[3] for row in rows(town(3.0, residents=2_000, warm_up_days=365), years=3)])
    years = np.histogram(found, bins=[-365, 0, 365, 730, 1096])[0]
    assert ((found >= -366) & (found < 1096)).all()
    np.testing.assert_allclose(years, 24_000, atol=4 * np.sqrt(24_000))


def test_no_time_of_a_resident_is_used_twice():
    # 40 episodes on six million ticks: a resident meets one of the others' ticks once in 8,000 years.
    found = rows(town(40.0, warm_up_days=365), years=2)
    moments = {(row[0], row[3]) for row in found}
    assert len(moments) > 45_000
    assert len(found) - len(moments) < 6
    of_year = {(resident, time % 365.0) for resident, time in moments}
    assert len(moments) - len(of_year) < 40, "years repeat each other"


def test_hours_weekdays_and_months_follow_the_timing():
    # 2019-20 has a 29 February.
    start = date(2019, 4, 1)
    time = np.array([row[3] for row in rows(town(4.0, residents=10_000, timing="office", start=start))])
    ticks = time * TICKS_PER_DAY
    assert (ticks == np.floor(ticks)).all()
    # An arrival is put on the tick before it, so one in the first seconds of an hour may stand in the hour before.
    hour_within = np.floor((time + 0.5 / TICKS_PER_DAY) % 1.0 * 24).astype(int)
    assert of_chance(np.bincount(hour_within, minlength=24), np.array(OFFICE.hours))
    days = [start + timedelta(days=day) for day in range(366)]
    weight = np.array([OFFICE.weekdays[day.weekday()] * OFFICE.months[day.month - 1] for day in days])
    by_day = np.bincount(np.floor(time).astype(int), minlength=366)
    assert of_chance(by_day, weight)


@pytest.mark.parametrize("made", [list, np.array])
def test_weights_may_be_lists_or_arrays_in_a_system_made_in_python(made):
    written = town(5.0, timing="office")
    hours, weekdays, months = made(OFFICE.hours), made(OFFICE.weekdays), made(OFFICE.months)
    timings = {**written.timings, "office": Timing("office", hours, weekdays, months)}
    assert rows(replace(written, timings=timings)) == rows(written)


def test_only_the_proportions_of_weights_matter_however_small_or_large():
    extreme = Timing("extreme", (1e-200,) * 24, (1e-200,) * 7, (1e12,) * 12)
    paths = [pathway("p", 1.0, step("p.visit"), timing="extreme")]
    flat, until = compile_program(system([service()], paths, 10, timings=[FLAT, extreme]), 1, 1.0).demands.until
    np.testing.assert_allclose(until, flat, rtol=1e-12)


def test_times_within_the_day_are_uniform_where_timing_is_flat():
    time = np.array([row[3] for row in rows(town(4.0, residents=5_000))])
    assert stats.kstest(time / 365.0, "uniform").pvalue > 1e-3
    assert stats.kstest(time % 1.0, "uniform").pvalue > 1e-3


def test_a_resident_arrives_alike_whoever_else_is_there():
    everybody = rows(town(5.0, 2.0))
    half = rows(town(5.0, 2.0), sample=0.5)
    kept = {row[0] for row in half}
    assert 190 < len(kept) <= 200
    assert half == [row for row in everybody if row[0] in kept]


def test_a_resident_arrives_alike_whatever_the_other_pathways_and_kinds():
    base = rows(town(5.0, 2.0))
    busier = rows(town(5.0, 9.0))
    assert [row for row in base if row[1] == 0] == [row for row in busier if row[1] == 0]
    older = rows(town(by_kind(5.0, 50.0, 5.0, 5.0)))
    assert [row for row in base if row[1] == 0 and not 100 <= row[0] < 200] == [
        row for row in older if not 100 <= row[0] < 200
    ]


def test_a_lower_rate_keeps_no_time_that_the_higher_does_not_have():
    few, many = rows(town(1.0)), rows(town(3.0))
    assert 0 < len(few) < len(many)
    assert set(few) < set(many)


def test_more_years_and_more_warm_up_change_no_arrival():
    one = [row for row in rows(town(5.0, warm_up_days=30)) if row[3] >= -30]
    assert [row for row in rows(town(5.0, warm_up_days=400), years=3) if -30 <= row[3] < 365] == one


def test_seeds_and_replications_share_nothing():
    times = [{row[3] for row in rows(town(5.0), seed=seed, replication=k)} for seed, k in ((1, 0), (1, 1), (2, 0))]
    # About 2,000 arrivals on six million ticks: chance alone makes few of them coincide.
    assert len(times[0] & times[1]) < 8
    assert len(times[0] & times[2]) < 8


def test_a_subset_of_residents_keeps_its_numbers():
    found = rows(town(5.0, residents=population(10, 0, 0, 30)), sample=0.5)
    assert {row[0] for row in found} <= set(range(40))
    assert len({row[0] for row in found}) == 20


def test_a_rate_beyond_what_can_be_counted_is_refused():
    with pytest.raises(InputError, match=r"pathway\.p1\.demand\.rate: found 800; expected at most"):
        compile_program(town(1.0, by_kind(1.0, 800.0, 1.0, 1.0)), 1, 1.0)


def test_no_demand_is_no_arrivals():
    assert rows(town(0.0)) == []
