"""Measures by financial year against a plain reading of their definitions, on random activity of the town."""

import random
from dataclasses import replace
from fractions import Fraction
from math import floor

import pytest
from town import PLACES, SERVICES, STEPS, Row, activity, town

from paysim.model.calendar import TICKS_PER_DAY, period_starts
from paysim.model.contract import Scope
from paysim.model.errors import InputError
from paysim.model.measure import Measure
from paysim.model.service import OpenHours
from paysim.payment.measures import measures_by_year, take_measures

ADMITTED = [step for step, (_, admitted) in STEPS.items() if admitted]
HILL = 600
OPEN = (OpenHours(8.0, 18.5), OpenHours(32.0, 42.5))


def measure(kind, **parts):
    return Measure(**{"id": kind, "name": kind, "kind": kind, "steps": (), "target": None, "tolerance": None} | parts)


MEASURES = {
    each.id: each
    for each in (
        measure("rate", steps=("consultation", "call")),
        measure("share", steps=("consultation",), base=("consultation", "call")),
        measure("stay", steps=("ward", "theatre")),
        measure("within", steps=("ward", "consultation"), until=("theatre", "rehabilitation"), limit=30.0),
        measure("readmission", steps=("ward",), base=("ward", "theatre"), limit=60.0),
        measure("occupancy", services=("medicine", "surgery")),
        measure("delayed", steps=("awaiting_care",), base=("ward", "theatre", "rehabilitation")),
    )
}
TOWN = replace(town(), measures=MEASURES)
TOWN = replace(TOWN, services={**TOWN.services, "surgery": replace(TOWN.services["surgery"], opening=OPEN)})
MONTHS = 30
STARTS = [int(day) for day in period_starts(TOWN.start, MONTHS)]
YEARS = [(STARTS[first], STARTS[min(first + 12, MONTHS)]) for first in range(0, MONTHS, 12)]
SCOPES = (None, Scope(("medicine", "surgical"), PLACES), Scope(("surgery", "medicine"), ("vale",)))


def random_rows(seed):
    """Chains of steps, mostly one directly after the other, that ended within thirty months."""
    draw = random.Random(seed)
    rows = []
    for episode in range(40):
        resident, at = draw.randrange(590, 610), float(draw.randrange(-20, STARTS[-1]))
        for _ in range(draw.randrange(1, 6)):
            step = draw.choice(list(STEPS))
            service = draw.choice([*SERVICES, "medicine", "medicine", "medicine"])
            delay, wait = draw.choice([(0.0, 0.0)] * 3 + [(0.5, 0.25)])
            start = at + delay + wait
            at = start + draw.randrange(0, 60 * TICKS_PER_DAY) / TICKS_PER_DAY
            if 0 <= at < STARTS[-1]:
                code = "LA04S" if step in ADMITTED else None
                rows.append(Row(step, service, start, at - start, episode, resident, code, wait))
    return rows


def end(row):
    return row.start + row.stay


def spells_of(rows):
    """Return each spell as its rows, in order."""
    spells = []
    chains = {}
    for row in rows:
        if row.step in ADMITTED:
            chains.setdefault(row.episode, []).append(row)
    for chain in chains.values():
        for row in sorted(chain, key=lambda row: (end(row), row.start)):
            before = spells[-1][-1] if spells and spells[-1][-1].episode == row.episode else None
            if before and SERVICES[before.service] == SERVICES[row.service] and row.start - row.wait == end(before):
                spells[-1].append(row)
            else:
                spells.append([row])
    return spells


def directly_after(spell, other):
    """Return whether another spell of the same resident begins as one ends; the tests have few without length."""
    return other is not spell and other[0].resident == spell[0].resident and other[0].start == end(spell[-1])


def readmitted_after(spell, other, spells):
    """Return whether another spell is a readmission after one, and no transfer from another provider."""
    transferred = any(
        directly_after(each, other) and SERVICES[each[-1].service] != SERVICES[other[0].service] for each in spells
    )
    in_time = end(spell[-1]) < other[0].start <= end(spell[-1]) + 60 or directly_after(spell, other)
    same = other[0].resident == spell[0].resident and other[0].step == "ward"
    return same and in_time and not transferred


def in_words(rows, scope, first, stop):
    """Return the measures of days `first` to `stop`, from the words of `paysim.model.measure`."""

    def in_scope(row):
        place = "hill" if row.resident < HILL else "vale"
        return scope is None or (row.service in scope.services and place in scope.places)

    def bed_days(steps):
        return sum(floor(end(row)) - floor(row.start) for row in own if row.step in steps)

    own = [row for row in rows if first <= end(row) < stop and in_scope(row)]
    heads = {None: 1000, PLACES: 1000, ("vale",): 400}[scope and scope.places]
    part_of_year = Fraction(sum(first <= day < stop for day in STARTS[:-1]), 12)
    values = {"rate": Fraction(sum(row.step in ("consultation", "call") for row in own), heads) / part_of_year}
    consultations = sum(row.step == "consultation" for row in own)
    values["share"] = (consultations, consultations + sum(row.step == "call" for row in own))
    values["delayed"] = (bed_days(["awaiting_care"]), bed_days(ADMITTED))
    spells = spells_of(rows)
    ending = [spell for spell in spells if first <= end(spell[-1]) < stop and in_scope(spell[-1])]
    with_care = [spell for spell in ending if any(row.step in ("ward", "theatre") for row in spell)]
    values["stay"] = (sum(floor(end(s[-1])) - floor(s[0].start) for s in with_care), len(with_care))
    followed = [spell for spell in with_care if end(spell[-1]) < STARTS[-1] - 60]
    again = [spell for spell in followed if any(readmitted_after(spell, other, spells) for other in spells)]
    values["readmission"] = (len(again), len(followed))
    times = []
    for episode in {row.episode for row in rows}:
        theirs = [row for row in rows if row.episode == episode]
        requests = [row.start - row.wait for row in theirs if row.step in ("ward", "consultation")]
        ends = [row for row in theirs if row.step in ("theatre", "rehabilitation")]
        ends = [row for row in ends if requests and end(row) >= min(requests)]
        if ends:
            last = min(ends, key=end)
            if first <= end(last) < stop and in_scope(last):
                times.append(end(last) - min(requests))
    values["within"] = (sum(time <= 30 for time in times), len(times))
    hours = {"medicine": Fraction(168), "surgery": Fraction(21)}
    hours = {service: each for service, each in hours.items() if scope is None or service in scope.services}
    used = sum(Fraction(row.stay) for row in rows if first <= end(row) < stop and row.service in hours)
    values["occupancy"] = (used, sum(10 * each / 168 for each in hours.values()) * (stop - first))
    return {
        id: value if isinstance(value, Fraction) else Fraction(value[0]) / Fraction(value[1]) if value[1] else None
        for id, value in values.items()
    }


def seen_in(rows, months=MONTHS):
    found = activity(TOWN, rows, years=3)
    return replace(found, run=replace(found.run, months=months))


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("scope", SCOPES)
def test_each_year_is_what_the_definition_says(seed, scope):
    rows = random_rows(seed)
    found = measures_by_year(seen_in(rows), MEASURES, scope)
    expected = [in_words(rows, scope, *year) for year in YEARS]
    assert found == {id: tuple(year[id] for year in expected) for id in MEASURES}
    if scope is None:
        assert all(any(value for value in found[id]) for id in ("rate", "stay", "occupancy", "delayed"))


@pytest.mark.parametrize("seed", range(10))
def test_a_scope_of_some_months_is_measured_in_these(seed):
    scope = Scope(("surgery", "medicine"), PLACES, periods=(5, 21))
    rows = random_rows(seed)
    found = measures_by_year(seen_in(rows), MEASURES, scope)
    expected = [in_words(rows, scope, STARTS[first], STARTS[stop]) for first, stop in ((5, 12), (12, 21))]
    assert found == {id: (*(year[id] for year in expected), None) for id in MEASURES}


@pytest.mark.parametrize("seed", range(10))
def test_over_a_run_of_one_year_they_are_those_of_the_run(seed):
    rows = [row for row in random_rows(seed) if end(row) < STARTS[12]]
    one = seen_in(rows, months=12)
    by_year = [measures_by_year(one, [id])[id][0] for id in MEASURES]
    for value, taken in zip(by_year, take_measures(one).tolist(), strict=True):
        assert taken == float(value) if value is not None else taken != taken


def test_one_is_exactly_met_where_counts_say_so():
    """0.95 has no float, but 19 of 20 are nineteen twentieths."""
    stays = [Row("ward", "medicine", 1.0, 30.0 if n else 40.0, n, n, "LA04S") for n in range(20)]
    theatre = [replace(row, step="theatre", start=end(row), stay=0.0) for row in stays]
    one = replace(MEASURES["within"], steps=("ward",), until=("theatre",))
    system = replace(TOWN, measures={"within": one})
    assert measures_by_year(activity(system, stays + theatre), ["within"])["within"] == (Fraction(19, 20),)


def test_rates_of_a_sample_are_scaled_up():
    rows = [Row("consultation", "surgery", 3.0, 0.5)]
    assert measures_by_year(activity(TOWN, rows, weight=4.0), ["rate"])["rate"] == (Fraction(4, 1000),)


def test_nothing_observed_is_none():
    nothing = measures_by_year(activity(TOWN, []), MEASURES)
    assert {id for id, values in nothing.items() if values == (None,)} == {
        "share",
        "stay",
        "within",
        "readmission",
        "delayed",
    }
    assert nothing["rate"] == nothing["occupancy"] == (Fraction(0),)


def test_before_the_first_month_there_is_no_year():
    assert measures_by_year(seen_in([], months=0), MEASURES) == dict.fromkeys(MEASURES, ())


def test_a_row_of_no_resident_is_refused():
    with pytest.raises(InputError, match="activity row 0"):
        measures_by_year(activity(TOWN, [Row("call", "surgery", 3.0, 0.5, resident=5_000)]), ["rate"])
