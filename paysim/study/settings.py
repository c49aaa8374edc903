"""How a study is run: the config's defaults, unless told otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.simulation.simulate import ENGINES

DEFAULT_ENGINE = "compiled"


@dataclass(frozen=True, slots=True)
class Settings:
    """What was asked for. The first of `arrangements` is the reference of paired differences."""

    arrangements: tuple[str, ...]
    years: int
    replications: int
    seed: int
    sample: float
    engine: str
    calibration_replications: int


def settings_for(
    system: System,
    *,
    arrangements: Sequence[str] | None = None,
    years: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    sample: float | None = None,
    engine: str | None = None,
) -> Settings:
    """Return the settings of a study; None takes the default of the config's [study].

    Raises InputError for an arrangement or engine that does not exist, and for numbers out of range.
    """
    defaults = system.study
    settings = Settings(
        arrangements=defaults.arrangements if arrangements is None else tuple(arrangements),
        years=defaults.years if years is None else years,
        replications=defaults.replications if replications is None else replications,
        seed=defaults.seed if seed is None else seed,
        sample=defaults.sample if sample is None else sample,
        engine=DEFAULT_ENGINE if engine is None else engine,
        calibration_replications=defaults.calibration_replications,
    )
    _refuse_unknown("arrangements", settings.arrangements, tuple(system.arrangements))
    _refuse_unknown("engine", (settings.engine,), tuple(ENGINES))
    if len(set(settings.arrangements)) < len(settings.arrangements) or not settings.arrangements:
        raise InputError("", "arrangements", f"found {', '.join(settings.arrangements)!r}", "expected each one once")
    for name, value, limit in (
        ("years", settings.years, 50),
        ("replications", settings.replications, 1_000_000),
    ):
        if not 1 <= value <= limit:
            raise InputError("", name, f"found {value}", f"expected a whole number from 1 to {limit:,}")
    if settings.seed < 0 or settings.seed >= 2**63:
        raise InputError("", "seed", f"found {settings.seed}", "expected a whole number from 0 to 2^63 - 1")
    if not 0.0 < settings.sample <= 1.0:
        raise InputError("", "sample", f"found {settings.sample}", "expected a share above 0 and at most 1")
    if settings.sample * system.population.total < 1.0:
        raise InputError("", "sample", f"found {settings.sample}", "expected a share that leaves at least one resident")
    return settings


def _refuse_unknown(name: str, given: Sequence[str], known: Sequence[str]) -> None:
    for item in given:
        if item not in known:
            raise InputError("", name, f"found {item!r}", f"expected one of {', '.join(known)}")
