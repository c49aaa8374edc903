"""The urgent treatment centre of Nelson's exercise, against the base case that treat-sim's authors published.

Nelson, Foundations and Methods of Stochastic Simulation (2013), chapter 4, exercise 13. Every Monday of a year is a day
of the exercise: see `systems/treatment_centre.toml`. Published are means over five days, so they may lie within two
standard errors of a mean over five days of our own.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from observe import SYSTEMS, at

import paysim
from paysim.model.calendar import DAYS_PER_WEEK, MINUTES_PER_DAY
from paysim.model.pathway import Duration

PUBLISHED = {
    "triage": 28.86,
    "registration": 113.56,
    "examination": 24.57,
    "treatment": 137.72,
    "stabilisation": 144.46,
}
"""Mean waits in minutes of those who had been called in by minute 1,140."""

PUBLISHED_TRAUMA_TREATMENT = 168.27
LAST_MINUTE = 1140
DAYS_A_RUN = 5
YEARS = 10


def daily_waits(activity: paysim.Activity, service: str) -> NDArray[np.float64]:
    """Return the mean wait of each day, in minutes, of those called in by the last minute (NaN where nobody was)."""
    since_monday = activity.start + activity.system.start.weekday()
    week = (since_monday // DAYS_PER_WEEK).astype(int)
    minute = (since_monday - week * DAYS_PER_WEEK) * MINUTES_PER_DAY
    seen = at(activity, service) & (minute <= LAST_MINUTE)
    weeks = week.max() + 1
    waited = np.bincount(week[seen], activity.wait[seen].astype(float) * MINUTES_PER_DAY, weeks)
    with np.errstate(invalid="ignore"):
        return np.asarray((waited / np.bincount(week[seen], minlength=weeks))[1:])


def waits(system: paysim.System, engine: str = "compiled", years: int = YEARS) -> dict[str, NDArray[np.float64]]:
    """Return the mean waits of all days by service; a year is a replication."""
    runs = [paysim.simulate(system, replication=number, engine=engine) for number in range(years)]
    return {service: np.concatenate([daily_waits(run, service) for run in runs]) for service in system.services}


def misses(by_day: NDArray[np.float64], published: float) -> bool:
    """Tell whether a published mean of five days is further than two standard errors from ours."""
    there = by_day[~np.isnan(by_day)]
    assert len(there) > 50
    return bool(abs(there.mean() - published) > 2 * there.std(ddof=1) / math.sqrt(DAYS_A_RUN))


@pytest.mark.parametrize(("engine", "years"), [("compiled", YEARS), ("simpy", 2)])
def test_base_case(engine, years):
    found = waits(paysim.load(SYSTEMS / "treatment_centre.toml"), engine, years)
    assert not [service for service, published in PUBLISHED.items() if misses(found[service], published)]


def test_trauma_treatment_was_published_with_another_distribution():
    """Treat-sim before version 1.1.1 drew the treatment of trauma patients from the distribution of stabilisation.

    So the published wait is missed with the parameters of the exercise, and met with those that it was computed with.
    """
    exercise = paysim.load(SYSTEMS / "treatment_centre.toml")
    assert misses(waits(exercise)["trauma_treatment"], PUBLISHED_TRAUMA_TREATMENT)

    steps = exercise.pathways["care"].steps
    as_computed = replace(
        exercise,
        pathways={
            "care": replace(
                exercise.pathways["care"],
                steps=tuple(
                    replace(step, duration=Duration("exponential", 90 / MINUTES_PER_DAY, 1.0))
                    if step.id == "care.trauma_treatment"
                    else step
                    for step in steps
                ),
            )
        },
    )
    found = waits(as_computed)
    assert not misses(found["trauma_treatment"], PUBLISHED_TRAUMA_TREATMENT)
    assert not [service for service, published in PUBLISHED.items() if misses(found[service], published)]


def test_days_are_independent():
    """Nobody is left over when the next Monday begins, and every Monday of the year is used."""
    activity = paysim.simulate(paysim.load(SYSTEMS / "treatment_centre.toml"))
    asked = activity.start - activity.wait + activity.system.start.weekday()
    left = activity.end + activity.system.start.weekday()
    assert (asked // DAYS_PER_WEEK == left // DAYS_PER_WEEK).all()
    assert len(np.unique(asked // DAYS_PER_WEEK)) == 52
    assert len(np.unique(activity.episode)) / 52 == pytest.approx(229.5, rel=0.03)
