"""How a study is run: the config's defaults, unless told otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral, Real

from paysim.incentives.expected import EXPECTED
from paysim.model.errors import InputError, refuse_unknown
from paysim.model.limits import LARGEST_SEED, MOST_REPLICATIONS, MOST_YEARS
from paysim.model.system import System
from paysim.simulation.possible import refuse_impossible
from paysim.simulation.running import ENGINES

DEFAULT_ENGINE = "compiled"

LAST_REPLICATION = 2**32 - 1
"""The largest number of a replication, those that budget-neutral amounts are set from included."""


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
    engines: Sequence[str] = tuple(ENGINES),
) -> Settings:
    """Return the settings of a study; None takes the default of the config's [study].

    Where `engines` has `EXPECTED` and it is asked for, there is one replication of all residents: mean values know
    neither chance nor samples.

    Raises InputError for an arrangement or engine that does not exist, for numbers out of range, and for a system that
    no config could hold: what it would take could not be told.
    """
    refuse_impossible(system)
    defaults = system.study
    settings = Settings(
        arrangements=defaults.arrangements if arrangements is None else listed("arrangements", arrangements),
        years=whole_number("years", defaults.years if years is None else years, 1, MOST_YEARS),
        replications=whole_number(
            "replications", defaults.replications if replications is None else replications, 1, MOST_REPLICATIONS
        ),
        seed=whole_number("seed", defaults.seed if seed is None else seed, 0, LARGEST_SEED),
        sample=_share(defaults.sample if sample is None else sample),
        engine=DEFAULT_ENGINE if engine is None else engine,
        calibration_replications=defaults.calibration_replications,
    )
    refuse_unknown("arrangements", settings.arrangements, tuple(system.arrangements))
    refuse_unknown("engine", (settings.engine,), engines)
    if len(set(settings.arrangements)) < len(settings.arrangements):
        raise InputError("", "arrangements", f"found {', '.join(settings.arrangements)!r}", "expected each one once")
    if settings.sample * system.population.total < 1.0:
        raise InputError("", "sample", f"found {settings.sample}", "expected a share that leaves at least one resident")
    if settings.engine == EXPECTED:
        return replace(settings, replications=1, sample=1.0, calibration_replications=1)
    return settings


def _share(sample: float) -> float:
    """Return a sample as float; raise InputError unless it is a share above 0 and at most 1."""
    if isinstance(sample, bool) or not isinstance(sample, Real) or not 0.0 < sample <= 1.0:
        raise InputError("", "sample", f"found {sample!r}", "expected a share above 0 and at most 1")
    return float(sample)


def whole_number(name: str, value: int, least: int, most: int) -> int:
    """Return a setting as int; raise InputError unless it is a whole number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= value <= most:
        raise InputError("", name, f"found {value}", f"expected a whole number from {least} to {most:,}")
    return int(value)


def listed(name: str, given: Sequence[str]) -> tuple[str, ...]:
    """Return the names given; raise InputError for a text, which would be taken for a list of its letters."""
    if isinstance(given, str):
        raise InputError("", name, f"found {given!r}", f"expected a list of names, such as [{given!r}]")
    return tuple(given)


def chosen_names(name: str, given: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the names chosen; raise InputError unless there is one, each is known and none comes twice."""
    chosen = listed(name, given)
    refuse_unknown(name, chosen, known)
    if not chosen or len(set(chosen)) < len(chosen):
        raise InputError("", name, f"found {', '.join(chosen)!r}", "expected at least one, each once")
    return chosen
