"""Rows resident by resident and clocks from one step to another, against the same in plain Python."""

from operator import itemgetter

import numpy as np
import pytest
from generated import activities
from hypothesis import given
from hypothesis import strategies as st
from town import STEPS, Row, activity, rows_of, town

from paysim.model.contract import Scope
from paysim.payment import episodes
from paysim.payment.episodes import Clock, stopped_clocks
from paysim.payment.records import records_of_steps
from paysim.payment.resident_order import by_resident
from paysim.payment.survey import survey_of
from paysim.payment.tallies import chosen_by

SYSTEM = town()
HILL = 600
VALE = Scope(("medicine", "infirmary"), ("vale",))
FEW = [0, 1, 2, 3, 40, 41, 100_000, 2**31 - 1]
"""Numbers of residents or episodes: neighbours, and some that differ in either half of their bits."""


def chosen(*steps):
    return np.isin(np.array(SYSTEM.step_ids), steps)


def resident_by_resident(whole, steps, threads=1, residents=2**31):
    """Return the numbers of the rows."""
    found = by_resident(records_of_steps(whole, steps), residents, threads)
    return np.concatenate([found.piece(piece)["row"] for piece in range(len(found))]).tolist()


@given(
    activities(),
    st.sets(st.sampled_from(sorted(STEPS))),
    st.permutations(FEW),
    st.permutations(FEW),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)
def test_rows_come_by_resident_then_episode_then_end_then_start(rows, steps, episodes, residents, threads, seed):
    renumbered = [
        Row(**{**vars(row), "episode": episodes[row.episode], "resident": residents[row.episode // 2]}) for row in rows
    ]
    whole = activity(SYSTEM, renumbered)
    whole = rows_of(whole, np.random.default_rng(seed).permutation(len(whole)))
    wanted = [row for row in range(len(whole)) if SYSTEM.step_ids[whole.step[row]] in steps]
    # Python's sort is stable as well, so rows that nothing tells apart keep their order.
    wanted.sort(key=lambda row: (whole.resident[row], whole.episode[row], whole.end[row], whole.start[row]))
    assert resident_by_resident(whole, chosen(*steps), threads) == wanted


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


@given(activities(), st.sampled_from([0.0, 2.0, 400.0]), st.sampled_from([None, VALE]), st.sampled_from([1, 1 << 14]))
def test_clocks_are_read_as_their_definition_says_in_words(rows, limit, scope, at_a_time):
    clocks = [(("ward", "call"), ("theatre", "ward")), (("consultation",), ("call",)), (("call",), ("call",))]
    seen = activity(SYSTEM, rows)
    survey = survey_of(seen)
    named = [Clock(chosen(*starts), chosen(*stops), limit) for starts, stops in clocks]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(episodes, "_AT_A_TIME", at_a_time)
        found = stopped_clocks(seen, survey, chosen_by(seen, survey, scope), named)
    for (starts, stops), counts in zip(clocks, found.tolist(), strict=True):
        times = []
        for episode in {row.episode for row in rows}:
            own = [row for row in rows if row.episode == episode]
            since = min((row.start - row.wait for row in own if row.step in starts), default=np.inf)
            ends = [(r.start + r.stay, r.start, r) for r in own if r.step in stops and r.start + r.stay >= since]
            if ends:
                until, _, last = min(ends, key=itemgetter(0, 1))
                if scope is None or (last.service in scope.services and last.resident >= HILL):
                    times.append(until - since)
        assert counts == [[len(times), sum(time <= limit for time in times)]]
