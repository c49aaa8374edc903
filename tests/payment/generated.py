"""Hypothesis strategies: activity of the town, with chains of steps as the engines would record them."""

from hypothesis import strategies as st
from town import CODES, RESIDENTS, SERVICES, STEPS, Row

from paysim.model.calendar import TICKS_PER_DAY

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
