"""A simulation in progress, which goes on month by month and takes new settings in between."""

from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral
from typing import Protocol

import numpy as np

from paysim.model.activity import Activity, Run
from paysim.model.calendar import MONTHS_PER_YEAR, period_starts
from paysim.model.errors import InputError
from paysim.model.reach import residents_who_reach
from paysim.model.standstill import NOTHING_HELD, services_held
from paysim.model.system import System
from paysim.simulation.arrivals import Arrivals, arrivals, refuse_too_many_layers
from paysim.simulation.compile import compile_program
from paysim.simulation.compiled_engine import CompiledRun
from paysim.simulation.following import following_capacities, with_capacities, work_done
from paysim.simulation.in_progress import BusyServers, ticks_in_progress
from paysim.simulation.living import Living, living_at_first, living_in
from paysim.simulation.log import Log, Rows, joined
from paysim.simulation.piles import Memory
from paysim.simulation.possible import refuse_impossible
from paysim.simulation.program import Floats, Program
from paysim.simulation.servers import not_as_planned, open_servers
from paysim.simulation.simpy_engine import Choice, Process, SimpyRun, custom
from paysim.simulation.structure import refuse_another_structure


class EngineRun(Protocol):
    """What an engine offers: one replication that pauses at any moment and goes on."""

    def begin_year(self, episodes: Arrivals, year: int, living: Living) -> None:
        """Take the episodes that begin from now on in the run's year-th financial year."""

    def go_on(self, until: float) -> None:
        """Let everything happen that is due before day `until`."""

    def change(self, program: Program, now: float) -> None:
        """Go on with another Program of the same steps and services from day `now`."""

    def take_rows(self) -> Rows:
        """Return the log so far and begin another one."""

    def busy_servers(self) -> BusyServers:
        """Return the servers that steps in progress have."""


ENGINES: dict[str, type[CompiledRun] | type[SimpyRun]] = {"compiled": CompiledRun, "simpy": SimpyRun}
"""Engines by name: each takes the same Program, seed and replication and writes the same log."""


class Running:
    """One replication in progress: everybody stays where they are between two calls of `advance`.

    The warm-up belongs to the first month, unless it is let go by before. Stopping and going on without a change gives
    the same activity, to the bit, as not stopping. `processes` by step and `choices` by choice take the place of what
    the system says, see `paysim.Visit`. Raises InputError where they cannot, and for a system that no config could
    hold, see `paysim.simulation.possible`. `log` takes the rows; a new one unless given.
    """

    def __init__(
        self,
        system: System,
        *,
        years: int,
        seed: int,
        replication: int = 0,
        sample: float = 1.0,
        engine: str = "compiled",
        processes: Mapping[str, Process] | None = None,
        choices: Mapping[str, Choice] | None = None,
        log: Log | None = None,
    ) -> None:
        refuse_impossible(system)
        own = (*(processes or ()), *(choices or ()))
        self._begun = self._system = system
        self._run = Run(years, seed, replication, sample, engine, months=0, custom=own)
        self._program = compile_program(system, years, sample)
        log = Log() if log is None else log
        log.begin()
        self._engine: EngineRun
        if not own:
            self._engine = ENGINES[engine](self._program, seed, replication, log)
        elif ENGINES[engine] is SimpyRun:
            replacements = custom(system, processes or {}, choices or {})
            self._engine = SimpyRun(self._program, seed, replication, log, replacements)
        else:
            found = f"found {engine!r} with {', '.join(own)} replaced"
            raise InputError("", "engine", found, "expected 'simpy', which runs processes and choices of your own")
        self._changed = False
        self._held_before = NOTHING_HELD
        self._held = services_held(system, residents_who_reach(system))
        self._work: dict[int, dict[str, float]] = {}
        self._planned = open_servers(self._program, system, system)
        self._servers: list[Floats] = []
        self._starts = period_starts(system.start, self.months)
        self._month = 0
        self._now = self._program.begin
        self._rows: list[Rows] = []
        self._year = -1
        self._memory = Memory()
        self._living = living_at_first(self._program)

    @property
    def months(self) -> int:
        """The number of months of the whole run."""
        return self._run.years * MONTHS_PER_YEAR

    @property
    def month(self) -> int:
        """The number of months that are over."""
        return self._month

    def warm_up(self) -> None:
        """Let the warm-up go by, up to day 0, so that a change after it finds everybody where they are by then.

        Nothing happens where it is over or there is none.
        """
        if self._now < self._starts[0]:
            self._take_settings()
            self._go_on(float(self._starts[0]))

    def advance(self, months: int = 1) -> None:
        """Let so many months go by, at most to the end of the run. Raises InputError unless it is a whole number."""
        if not isinstance(months, Integral) or months < 0:
            raise InputError("", "months", f"found {months}", "expected a whole number of at least 0")
        for _ in range(min(months, self.months - self._month)):
            self._take_settings()
            self._go_on(float(self._starts[self._month + 1]))
            # An interrupt may come in between: the month is then told anew.
            self._servers[self._month :] = [open_servers(self._program, self._system, self._begun)]
            self._month += 1
            if any(service.follows_activity for service in self._system.services.values()):
                self._rows.append(rows := self._engine.take_rows())
                span = self._starts[self._month - 1 : self._month + 1]
                self._work[self._month - 1] = work_done(self._system, rows, *span)

    def change(self, system: System) -> None:
        """Take other settings for when the run goes on: capacities, rates, probabilities, durations, waits, choices.

        Whoever is being seen stays as long as drawn, and goes on where that step sent them; whoever waits, waits on.
        `paysim.with_levers` gives the settings that levers come to.

        Raises InputError, before anything is taken, for settings that no config could hold, such as a negative rate,
        for services held for each other in a circle, of which whoever is held already may be a part, for rates far
        above those that the run began with, and unless residents, steps, services, their costs, how residents queue,
        organisations, prices, and the `now` of levers are those that it began with, see `paysim.simulation.structure`,
        `paysim.simulation.possible` and `paysim.simulation.arrivals`.
        """
        refuse_another_structure(self._begun, system)
        refuse_impossible(system, self._held_before)
        refuse_too_many_layers(system, self._program.demands.first_rate)
        self._held = services_held(system, residents_who_reach(system))
        self._system, self._changed = system, True

    @property
    def run(self) -> Run:
        """How the activity so far came about."""
        return replace(self._run, months=self._month)

    @property
    def weight(self) -> float:
        """All residents over simulated ones."""
        return self._begun.population.total / len(self._program.residents.number)

    def activity(self) -> Activity:
        """Return all steps that have ended so far and were not taken, as activity of the months that are over."""
        self._rows.append(self._engine.take_rows())
        rows = joined(self._rows)
        self._rows = [rows]
        ids, starts = self._begun.service_ids, self._starts[: self._month + 1]
        return Activity(
            system=self._begun,
            run=self.run,
            weight=self.weight,
            servers=not_as_planned(self._servers, self._planned, ids),
            in_progress=ticks_in_progress(self._engine.busy_servers(), starts, ids),
            **rows._asdict(),
        )

    def take_activity(self) -> Activity:
        """Return the steps that have ended since they were last taken, and keep them no longer.

        So a run can be written as it goes on, in memory that does not grow with its years.
        """
        activity = self.activity()
        self._rows = []
        return activity

    def _go_on(self, until: float) -> None:
        starts = self._program.demands.year_starts
        while self._year + 1 < len(starts) - 1 and starts[self._year + 1] < until:
            if self._year >= 0:
                self._engine.go_on(float(starts[self._year + 1]))
            year = self._year + 1
            living = living_in(self._program, self._living, year, self._run.seed, self._run.replication)
            episodes = self._drawn(self._program, living, year, max(float(starts[year]), self._program.begin))
            self._engine.begin_year(episodes, year, living)
            self._living, self._year = living, year
        self._engine.go_on(until)
        self._now = until

    def _drawn(self, program: Program, living: Living, year: int, since: float) -> Arrivals:
        return arrivals(program, living, year, since, self._run.seed, self._run.replication, self._memory)

    def _take_settings(self) -> None:
        """Take changed settings and capacities that follow activity, both at one moment."""
        self._held_before = {**self._held_before, **self._held}
        program, before = self._program, self._program.demands
        if self._changed:
            program = compile_program(self._system, self._run.years, self._run.sample, before.begins)
            first_rate = np.where(before.first_rate > 0, before.first_rate, program.demands.rate)
            program = program._replace(demands=program.demands._replace(first_rate=first_rate))
        if capacities := following_capacities(self._system, self._work, self._month, self._run.sample):
            program = with_capacities(program, self._system, capacities)
        if program is self._program:
            return
        episodes = None
        if self._year >= 0 and not np.array_equal(program.demands.rate, before.rate):
            # An interrupt may come in between: the rest of the year stays as it was until it is drawn anew.
            self._memory = Memory()
            episodes = self._drawn(program, self._living, self._year, self._now)
        self._program, self._changed = program, False
        self._engine.change(program, self._now)
        if episodes is not None:
            self._engine.begin_year(episodes, self._year, self._living)
