"""Rows resident by resident and the days between two steps, against the same in plain Python."""

import numpy as np
import pytest
from generated import activities
from hypothesis import given
from hypothesis import strategies as st
from town import STEPS, Row, activity, rows_of, town

from paysim.payment.episodes import days_between
from paysim.payment.records import records_of_steps
from paysim.payment.resident_order import by_resident

SYSTEM = town()
FEW = [0, 1, 2, 3, 40, 41, 100_000, 2**31 - 1]
"""Numbers of residents or episodes: neighbours, and some that differ in either half of their bits."""


def chosen(*steps):
    return np.isin(np.array(SYSTEM.step_ids), steps)


def resident_by_resident(whole, steps, parts=1, residents=2**31):
    """Return the numbers of the rows, given to it in so many parts."""
    found = by_resident(np.array_split(records_of_steps(whole, steps), parts), residents)
    return np.concatenate([found.piece(piece)["row"] for piece in range(len(found))]).tolist()


@given(
    activities(),
    st.sets(st.sampled_from(sorted(STEPS))),
    st.permutations(FEW),
    st.permutations(FEW),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)
def test_rows_come_by_resident_then_episode_then_end_then_start(rows, steps, episodes, residents, parts, seed):
    renumbered = [
        Row(**{**vars(row), "episode": episodes[row.episode], "resident": residents[row.episode // 2]}) for row in rows
    ]
    whole = activity(SYSTEM, renumbered)
    whole = rows_of(whole, np.random.default_rng(seed).permutation(len(whole)))
    wanted = [row for row in range(len(whole)) if SYSTEM.step_ids[whole.step[row]] in steps]
    # Python's sort is stable as well, so rows that nothing tells apart keep their order.
    wanted.sort(key=lambda row: (whole.resident[row], whole.episode[row], whole.end[row], whole.start[row]))
    assert resident_by_resident(whole, chosen(*steps), parts) == wanted


@pytest.mark.parametrize("residents", [7, 300, 60_000])
def test_rows_of_many_residents(residents):
    rng = np.random.default_rng(residents)
    one = activity(SYSTEM, [Row("call", "surgery", 3.0, 0.5), Row("consultation", "surgery", 3.0, 0.5)])
    whole = rows_of(one, rng.integers(0, 2, 5_000))
    whole.start[:] = np.sort(rng.uniform(0, 300, len(whole)))
    whole.resident[:] = rng.integers(0, residents, len(whole))
    wanted = np.flatnonzero(whole.step == SYSTEM.step_ids.index("call"))
    order = np.argsort(whole.resident[wanted], kind="stable")
    assert resident_by_resident(whole, chosen("call")) == wanted[order].tolist()


@given(activities())
def test_days_between_are_those_of_the_definition_in_words(rows):
    expected = []
    for episode in sorted({row.episode for row in rows}):
        requests = [row.start - row.wait for row in rows if row.episode == episode and row.step in ("ward", "call")]
        if requests:
            ends = [r.start + r.stay for r in rows if r.episode == episode and r.step in ("theatre", "ward")]
            expected += [
                min(ends, default=-1) - min(requests) for ends in [[e for e in ends if e >= min(requests)]] if ends
            ]
    seen = activity(SYSTEM, rows)
    found, last = days_between(seen, chosen("ward", "call"), chosen("theatre", "ward"))
    assert found.tolist() == expected
    assert chosen("theatre", "ward")[seen.step[last]].all()
    first_request = {}
    for row in rows:
        if row.step in ("ward", "call"):
            first_request[row.episode] = min(first_request.get(row.episode, np.inf), row.start - row.wait)
    requested = [first_request[episode] for episode in seen.episode[last].tolist()]
    assert (seen.end[last] - found).tolist() == requested
