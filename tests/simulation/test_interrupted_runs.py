"""Runs that are interrupted while episodes are drawn, and go on."""

from itertools import count

import pytest
from examples import BOTH_ENGINES
from test_levers import town, with_rate

from paysim.model.activity import COLUMNS, Activity
from paysim.simulation import running as module
from paysim.simulation.arrivals import arrivals
from paysim.simulation.running import Running
from paysim.simulation.simulate import simulate

pytestmark = pytest.mark.parametrize("engine", BOTH_ENGINES)

RUN = {"years": 2, "seed": 1979, "sample": 0.2}
SETTINGS = {3: 3.0, 6: 0.9, 9: 3.0, 15: 1.0}
"""The factor of the rate from a month on."""


def interrupt(monkeypatch: pytest.MonkeyPatch, draw: int) -> None:
    """Let Ctrl-C come at the end of a run's draw of this number, the first is 1."""
    number = count(1)

    def drawn(*arguments):
        episodes = arrivals(*arguments)
        if next(number) == draw:
            raise KeyboardInterrupt
        return episodes

    monkeypatch.setattr(module, "arrivals", drawn)


def columns(activity: Activity) -> dict[str, bytes]:
    return {name: getattr(activity, name).tobytes() for name in COLUMNS}


def whole_run(engine: str) -> tuple[dict[str, bytes], int]:
    """Return the columns of a run through all settings that goes on after interrupts, and how often there was one."""
    running, interrupts = Running(town(), engine=engine, **RUN), 0
    for month, factor in (*SETTINGS.items(), (24, 1.0)):
        while running.month < month:
            try:
                running.advance(month - running.month)
            except KeyboardInterrupt:
                interrupts += 1
        running.change(with_rate(town(), factor))
    return columns(running.activity()), interrupts


@pytest.mark.parametrize("draw", range(1, 8))
def test_a_run_that_goes_on_is_as_it_would_have_been(monkeypatch, engine, draw):
    undisturbed, _ = whole_run(engine)
    interrupt(monkeypatch, draw)
    disturbed, interrupts = whole_run(engine)
    assert interrupts == 1
    assert disturbed == undisturbed


def test_who_thinks_better_of_it_goes_on_with_what_was_drawn_before(monkeypatch, engine):
    undisturbed = columns(simulate(town(), engine=engine, **RUN))
    running = Running(town(), engine=engine, **RUN)
    running.advance(3)
    # Fewer episodes would fit the memory of those that the run still needs.
    running.change(with_rate(town(), 0.5))
    interrupt(monkeypatch, 1)
    with pytest.raises(KeyboardInterrupt):
        running.advance()
    running.change(town())
    running.advance(24)
    assert columns(running.activity()) == undisturbed
