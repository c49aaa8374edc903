"""What an episode should do, read off the system and the keyed draws, step after step, without any engine."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from paysim.model.pathway import Duration, Step
from paysim.model.system import System
from paysim.simulation import draws
from paysim.simulation.durations import parameters, sample


class Visit(NamedTuple):
    """One step of an episode, and the delay before the next."""

    step: str
    service: str
    code: str
    stay: float
    delay: float


def life(system: System, resident: int, stream: int, entry: str, seed: int, replication: int) -> Iterator[Visit]:
    """Yield the visits of an episode in order."""
    cell = int(system.population.cell_of(np.array([resident]))[0])
    place, profile = int(system.population.place[cell]), int(system.population.profile[cell])
    step: Step | None = system.steps[entry]
    visit = 0
    while step is not None:
        u_choice = draws.uniforms(
            seed, replication, draws.CHOICE, resident, stream, draws.name_key(step.service.group)
        )[0]
        u_code, u_stay, u_branch, u_delay = draws.uniforms(seed, replication, draws.VISIT, resident, stream, visit)
        service = step.service.services[_chosen(step.service.shares[place], u_choice)]
        code, duration = step.code or "", step.duration
        if step.case_mix is not None:
            entries = system.case_mixes[step.case_mix].entries
            entry_drawn = entries[_chosen([entry.share for entry in entries], u_code)]
            code, duration = entry_drawn.code, step.duration or entry_drawn.stay
        assert duration is not None
        ways = [*(float(branch.probability[place, profile]) for branch in step.branches)]
        way = _chosen([*ways, 1.0 - sum(ways)], u_branch)
        goes_on = way < len(ways) and step.branches[way].to is not None
        delay = _days(step.branches[way].delay, u_delay) if goes_on else 0.0
        yield Visit(step.id, service, code, _days(duration, u_stay), delay)
        step = system.steps[step.branches[way].to] if goes_on else None
        visit += 1


def _chosen(shares: list[float] | np.ndarray, u: float) -> int:
    """Return the first alternative by whose running total the uniform is reached."""
    total = 0.0
    for number, share in enumerate(shares):
        total += share
        if u <= total:
            return number
    return len(shares) - 1


def _days(duration: Duration, u: float) -> float:
    return float(sample(*parameters(duration), u))
