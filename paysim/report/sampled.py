"""What a sample makes of the capacity that levers set, in words."""

from collections.abc import Iterable

from paysim.incentives.expected import EXPECTED
from paysim.incentives.sampled import OffInSample, off_in_sample
from paysim.model.lever import Lever
from paysim.model.service import Service
from paysim.model.system import System
from paysim.report.wording import number, percent, sample_share
from paysim.study.settings import Settings


def sampled_capacity(system: System, levers: Iterable[Lever], settings: Settings) -> tuple[str, ...]:
    """Return a sentence for every lever and service of which one step is not to be had in the sample."""
    if settings.engine == EXPECTED:
        return ()
    off = off_in_sample(system, levers, settings.sample)
    return tuple(_sentence(each, system.services[each.service], settings.sample) for each in off)


def _sentence(off: OffInSample, service: Service, sample: float) -> str:
    servers = number(off.servers, 0 if off.servers == round(off.servers) else 1, signed=True)
    simulated = number(off.simulated, 1, signed=True)
    enough = (
        "No sample would do, nor all residents"
        if off.enough is None
        else f"The smallest sample that would do is {percent(off.enough)}"
    )
    return (
        f"One step of {off.lever.name} sets {servers} {service.unit} in {service.name}, but a sample of"
        f" {sample_share(sample)} of residents makes {simulated} of them, because"
        " servers are whole there too: what is said of this lever is off, and its intervals do not tell."
        f" {enough}."
    )
