"""Hypothesis strategies: activity of the town, with chains of steps as engines would record them; prices; scopes."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from town import CODES, COUNTED, PLACES, PRICES, PROFILES, RESIDENTS, SERVICES, STEPS, Row

from paysim.model.calendar import TICKS_PER_DAY
from paysim.model.contract import Scope
from paysim.model.price import Price, PriceTable

DAYS = 365
ADMITTED = [step for step, (_, admitted) in STEPS.items() if admitted]
WHAT = [(step, service, None) for step in STEPS if step not in ADMITTED for service in SERVICES] + [
    (step, service, code)
    for step in ADMITTED
    for service in [*SERVICES, "medicine", "medicine", "medicine"]
    for code in CODES
]
GAPS = [(0.0, 0.0)] * 3 + [(0.0, 0.125), (0.0, 1.5), (2**-14, 0.0), (1.0, 2.0)]
"""Delay and wait before a step: mostly neither, so that spells get long."""

STAYS = st.integers(0, 30).map(float) | st.integers(0, 120 * TICKS_PER_DAY).map(lambda tick: tick / TICKS_PER_DAY)
EPISODES = st.tuples(
    st.integers(0, RESIDENTS - 1),
    st.integers(-20 * TICKS_PER_DAY, 300 * TICKS_PER_DAY).map(lambda tick: tick / TICKS_PER_DAY),
    st.lists(st.tuples(st.sampled_from(WHAT), st.sampled_from(GAPS), STAYS), min_size=1, max_size=4),
)


def activities() -> st.SearchStrategy[list[Row]]:
    """Return the rows of a year's activity: a few episodes, each a chain of steps that ended within the year."""
    return st.lists(EPISODES, max_size=6).map(_rows)


def activities_in_order() -> st.SearchStrategy[list[Row]]:
    """Return activities in which the times tell which step of an episode came first, whatever the order of the rows."""
    return activities().filter(lambda rows: len({(row.episode, row.start, row.stay) for row in rows}) == len(rows))


def _rows(episodes: list) -> list[Row]:
    rows = []
    for number, (resident, at, steps) in enumerate(episodes):
        for (step, service, code), (delay, wait), stay in steps:
            start = at + delay + wait
            at = start + stay
            if 0 <= at < DAYS:
                rows.append(Row(step, service, start, stay, number, resident, code, wait))
    return rows


def price_lists(most: int = 10_000_00) -> st.SearchStrategy[PriceTable]:
    """Return price lists of the town with prices of up to `most` pence, or below zero by as much."""
    pence = st.integers(-most, most)
    of_spell = st.builds(
        Price,
        pence,
        st.none() | st.integers(0, 40),
        pence,
        st.none() | pence,
        top_up_pence=pence,
        addition_pence=pence,
    )
    prices = {unit: of_spell if COUNTED[unit[0]] == "spell" else st.builds(Price, pence) for unit in PRICES}
    return st.fixed_dictionaries(prices).map(lambda table: PriceTable("generated", "Generated prices", table))


EVERYTHING = Scope(tuple(SERVICES), PLACES)


def scopes_cut_in_two() -> st.SearchStrategy[tuple[Scope, Scope]]:
    """Return two scopes that share out all of the town between them, by any one thing that scopes tell apart."""
    return st.one_of(
        _parted(tuple(SERVICES)).map(lambda parts: _cut("services", *parts)),
        _parted(PLACES).map(lambda parts: _cut("places", *parts)),
        _parted(tuple(STEPS)).map(lambda parts: _cut("pathways", *parts)),
        st.integers(0, 12).map(lambda month: _cut("periods", (0, month), (month, 12))),
        kinds_of_residents().map(lambda kinds: _cut("residents", kinds, 1 - kinds)),
    )


def kinds_of_residents() -> st.SearchStrategy[np.ndarray]:
    """Return tables of 1 for the kinds of residents within a scope and 0 for others."""
    numbers = st.lists(st.sampled_from([0.0, 1.0]), min_size=len(PLACES) * PROFILES, max_size=len(PLACES) * PROFILES)
    return numbers.map(lambda each: np.array(each).reshape(len(PLACES), PROFILES))


def _parted(whole: tuple[str, ...]) -> st.SearchStrategy[tuple[tuple[str, ...], tuple[str, ...]]]:
    return st.sets(st.sampled_from(whole)).map(
        lambda chosen: (tuple(each for each in whole if each in chosen), tuple(e for e in whole if e not in chosen))
    )


def _cut(field: str, first: object, second: object) -> tuple[Scope, Scope]:
    return replace(EVERYTHING, **{field: first}), replace(EVERYTHING, **{field: second})
