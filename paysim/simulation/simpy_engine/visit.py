"""One visit of a resident to a step: what a process in the SimPy engine is given, and may do."""

from collections.abc import Generator, Mapping
from math import inf
from typing import Any, NamedTuple

import simpy
from simpy import Event

from paysim.model.errors import InputError
from paysim.simulation import draws
from paysim.simulation.order import END_OF_SERVICE, REQUEST
from paysim.simulation.program import NOTHING
from paysim.simulation.simpy_engine.clock import on_ticks
from paysim.simulation.simpy_engine.custom import Choice, Kind, events_of, number_of
from paysim.simulation.simpy_engine.requests import get_server, usual_service
from paysim.simulation.simpy_engine.station import Station
from paysim.simulation.simpy_engine.world import Episode, Server

_BLOCK_BITS = 31
_OF_CHOICES = 1 << 62
"""Blocks of uniforms: a process's own are numbered from its visit's number, a choice's from the key of the choice."""


class Onward(NamedTuple):
    """A way on from a step: the number of the next one (-1: none, out of the pathway) and the delay before it in days.

    With `holds`, the server got last is kept until the next step gets one.
    """

    step: int
    delay: float
    holds: bool


class Visit:
    """A resident at a step of a pathway, in the SimPy engine.

    Days are rounded to whole ticks of the clock, of which a day has 16,384. What is drawn belongs to this visit of this
    episode alone.
    """

    __slots__ = ("_drawn", "_episode", "_first_block", "_number", "_step", "_uniforms")

    def __init__(self, episode: Episode, step: int, number: int, first_block: int) -> None:
        self._episode, self._step, self._number, self._first_block = episode, step, number, first_block
        self._uniforms: tuple[float, float, float, float] | None = None
        self._drawn: tuple[int, float] | None = None

    @property
    def resident(self) -> int:
        """The number of the resident in the population."""
        return self._episode.resident

    @property
    def kind(self) -> Kind:
        """The resident's `place`, `age_band`, `sex`, `quintile` and `segment`."""
        return self._episode.world.custom.kinds[self._episode.kind]

    @property
    def episode(self) -> int:
        """The number of the episode in the run."""
        return self._episode.number

    @property
    def step(self) -> str:
        """The id of the step."""
        return self._episode.world.custom.steps[self._step]

    @property
    def now(self) -> float:
        """Days after the run's first 1 April; negative in the warm-up."""
        return self._episode.world.clock.now

    @property
    def environment(self) -> simpy.Environment:
        """SimPy's environment, for all else that it can do; its timeouts are rounded to ticks, too."""
        return self._episode.world.clock

    @property
    def options(self) -> Mapping[str, float]:
        """The services that may carry the step out, with their shares among residents of this place."""
        episode, world, tables = self._episode, self._episode.world, self._episode.world.tables
        shares = tables.share[episode.kind // tables.profiles]
        return {world.custom.services[tables.option[o]]: shares[o] for o in tables.options(self._step)}

    @property
    def code(self) -> str | None:
        """The code that the config draws for the step, None where it has none."""
        number = self._code_and_duration()[0]
        return None if number == NOTHING else self._episode.world.custom.codes[number]

    @property
    def duration(self) -> float:
        """The duration in days that the config draws for the step."""
        return self._code_and_duration()[1]

    def uniform(self, index: int) -> float:
        """Return a uniform random number in (0, 1), the same whenever it is asked for by this index.

        A process has uniforms of its own at each visit; a choice has some for the episode. The config's own draws
        use others.
        """
        return self._episode.draw(draws.CUSTOM, self._first_block + index // 4)[index % 4]

    def station(self, service: str) -> Station:
        """Return the servers and the queue of a service, to look at: `servers`, `busy`, `waiting`."""
        return self._episode.world.stations[self._service(service)]

    def also(self, step: str) -> "Visit":
        """Return the visit to a further step that this process takes care of, with draws of its own."""
        return next_visit(self._episode, number_of(step, self._episode.world.custom.steps, self._where()))

    def request(
        self, service: str | None = None, patience: float | None = None
    ) -> Generator[Event, Any, Server | None]:
        """Return a server of a service after the wait for it, or None without one. Call it with `yield from`.

        Without `service` the step's choice decides. The step's priority and the service's waiting room hold. None
        comes back when the waiting room is full, when the wait reaches `patience` days (if not given: the step's own
        patience) and when the resident dies. A server kept from an earlier step is given back at the moment in which
        this one is got. A server's `start` is the moment in which it was got, its `wait` the days since the request.
        """
        episode, tables = self._episode, self._episode.world.tables
        if service is not None:
            number = self._service(service)
        elif (own := episode.world.custom.choices.get(tables.group[self._step])) is not None:
            number = yield from self._own_choice(own)
        else:
            number = usual_service(episode, self._step)
        requested = episode.world.clock.now
        if requested >= episode.dies:
            return None
        until = self._patience() if patience is None else patience if patience == inf else on_ticks(patience)
        if not (yield from get_server(episode, number, tables.priority[self._step], until)):
            return None
        server = Server(self._step, number, self._code_and_duration()[0], requested, episode.world.clock.now)
        episode.servers.append(server)
        episode.world.taken.add(server)
        return server

    def work(self, days: float) -> Event:
        """Return the end of so many days of service, to `yield`; at one instant it comes before all requests."""
        clock = self._episode.world.clock
        return clock.at(clock.now + on_ticks(days), END_OF_SERVICE, self._episode.number)

    def timeout(self, days: float) -> Event:
        """Return the end of so many days of delay, to `yield`; at one instant it comes after all ends of service."""
        clock = self._episode.world.clock
        return clock.at(clock.now + on_ticks(days), REQUEST, self._episode.number)

    def release(self, server: Server, code: str | None = None) -> None:
        """Give a server back and write its row of activity, under the code drawn for its step or another one.

        Servers that a process does not release are given back when it ends.
        """
        episode = self._episode
        if server not in episode.servers:
            raise InputError(
                "", self._where(), "found a server that was given back before", "expected one it still has"
            )
        if code is not None:
            server.code = number_of(code, episode.world.custom.codes, self._where())
        episode.servers.remove(server)
        episode.give_back(server)

    def way_on(self, wait: float) -> Onward:
        """Return the way on that the config draws from the step's branches, after a wait of so many days."""
        _, _, u_branch, u_delay = self._visit_uniforms()
        return Onward(*self._episode.world.tables.way_on(self._step, self._episode.kind, wait, u_branch, u_delay))

    def unserved(self) -> Onward:
        """Return the way on that the config has for those who get no server."""
        return Onward(self._episode.world.tables.unserved[self._step], 0.0, False)

    def _visit_uniforms(self) -> tuple[float, float, float, float]:
        if self._uniforms is None:
            self._uniforms = self._episode.draw(draws.VISIT, self._number)
        return self._uniforms

    def _code_and_duration(self) -> tuple[int, float]:
        if self._drawn is None:
            u_code, u_duration, _, _ = self._visit_uniforms()
            self._drawn = self._episode.world.tables.code_and_duration(self._step, u_code, u_duration)
        return self._drawn

    def _patience(self) -> float:
        tables = self._episode.world.tables
        patience = tables.patience[self._step]
        return (
            inf if patience == NOTHING else tables.days(patience, self._episode.draw(draws.ATTENDANCE, self._number)[1])
        )

    def _own_choice(self, choice: Choice) -> Generator[Event, Any, int]:
        """Return the service of a researcher's own choice, which is made once an episode."""
        episode, tables = self._episode, self._episode.world.tables
        group = tables.group[self._step]
        if group not in episode.chosen:
            asked = Visit(episode, self._step, self._number, _OF_CHOICES + (group << _BLOCK_BITS))
            answer = choice(asked)
            where = f"choice at {self.step}"
            service = (yield from events_of(answer, where)) if isinstance(answer, Generator) else answer
            episode.chosen[group] = number_of(service, tuple(self.options), where)
        return tables.option[tables.options(self._step)[episode.chosen[group]]]

    def _service(self, service: str) -> int:
        return number_of(service, self._episode.world.custom.services, self._where())

    def _where(self) -> str:
        return f"processes.{self.step}"


def next_visit(episode: Episode, step: int) -> Visit:
    """Return the next visit of an episode."""
    number = episode.visits
    episode.visits += 1
    return Visit(episode, step, number, number << _BLOCK_BITS)
