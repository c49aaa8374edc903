"""Budget-neutral amounts: block sums and per-head rates from replications of their own, or from real activity."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from paysim.incentives.digest import payers
from paysim.incentives.evaluate import digests
from paysim.incentives.expected import EXPECTED
from paysim.incentives.marginal import points
from paysim.incentives.outcome import Trial
from paysim.model.activity import EXTRACT, Activity
from paysim.model.contract import Arrangement
from paysim.model.lever import Lever, ReferAwayEffect
from paysim.model.neutrality import neutral_references
from paysim.model.system import System
from paysim.payment.costs import costs
from paysim.payment.ledger import Ledger
from paysim.payment.neutral import NeutralAmount, set_neutral
from paysim.payment.settlement import settle_many
from paysim.study.replication import simulate_replication
from paysim.study.settings import DEFAULT_ENGINE, Settings

FIRST_CALIBRATION_REPLICATION = 2**31
"""Calibration replications are numbered from here, so they share no draw with those of the study."""


def resolve_neutral(
    system: System,
    settings: Settings,
    arrangements: Sequence[Arrangement],
    replications_map: Callable[..., Iterable[tuple[Ledger, ...]]],
) -> tuple[tuple[Arrangement, ...], tuple[NeutralAmount, ...]]:
    """Return the arrangements with every budget-neutral amount set, and how each was set.

    An amount is what its payer would pay on average, under the arrangement that it is neutral to, over the
    calibration replications. Nothing is simulated where no amount is budget-neutral.
    """
    references = tuple(dict.fromkeys(name for arrangement in arrangements for name in neutral_references(arrangement)))
    if not references:
        return tuple(arrangements), ()
    first = FIRST_CALIBRATION_REPLICATION
    numbers = range(first, first + settings.calibration_replications)
    settle_references = partial(_settle_references, system, settings, references)
    by_replication = zip(*replications_map(settle_references, numbers), strict=True)
    ledgers = dict(zip(references, by_replication, strict=True))
    resolved: list[Arrangement] = []
    amounts: list[NeutralAmount] = []
    for arrangement in arrangements:
        arrangement, set_amounts = _set_all(system, arrangement, ledgers)
        resolved.append(arrangement)
        amounts.extend(set_amounts)
    return tuple(resolved), tuple(amounts)


def neutral_for(activity: Activity, arrangement: Arrangement) -> Arrangement:
    """Return an arrangement with every budget-neutral amount set for an activity that it is to pay for.

    Where it was simulated, amounts are set as `compare` sets them: on calibration replications of the system that the
    run began with, as its config says, with the run's years, seed and sample. An extract of real activity has no
    replications; there an amount is what its payer would pay for the very same rows.
    """
    system, run = activity.system, activity.run
    if references := paid_on_its_rows(activity, arrangement):
        ledgers = settle_many(activity, references)
        return _set_all(system, arrangement, {ledger.arrangement: [ledger] for ledger in ledgers})[0]
    settings = Settings(
        arrangements=(arrangement.id,),
        years=run.years,
        replications=1,
        seed=run.seed,
        sample=run.sample,
        engine=DEFAULT_ENGINE,
        calibration_replications=system.study.calibration_replications,
    )
    (resolved,), _ = resolve_neutral(system, settings, [arrangement], map)
    return resolved


def paid_on_its_rows(activity: Activity, arrangement: Arrangement) -> tuple[Arrangement, ...]:
    """Return the other arrangements that an activity is paid under to set budget-neutral amounts of this one."""
    if activity.run.engine != EXTRACT:
        return ()
    return tuple(activity.system.arrangements[name] for name in neutral_references(arrangement))


def with_amounts(
    system: System,
    settings: Settings,
    arrangements: Sequence[Arrangement],
    levers: Sequence[Lever],
    replications_map: Callable[..., Iterable[tuple[Ledger, ...]]],
) -> tuple[System, tuple[NeutralAmount, ...]]:
    """Return the system with all budget-neutral amounts of these arrangements set, and how each was set.

    So are those of arrangements that pay in their place for residents whom these levers refer away. Raises InputError,
    before anything is simulated, where contracts cannot be parted between those on a list and those off it.
    """
    payers(system, points(levers), arrangements)
    instead = [e.instead for lever in levers for e in lever.effects if isinstance(e, ReferAwayEffect)]
    chosen = {each.id: each for each in arrangements}
    needed = [*arrangements, *(system.arrangements[name] for name in dict.fromkeys(instead) if name not in chosen)]
    resolved, amounts = resolve_neutral(system, settings, needed, replications_map)
    paid = replace(system, arrangements={**system.arrangements, **{each.id: each for each in resolved}})
    return paid, tuple(amount for amount in amounts if amount.arrangement in chosen)


def _settle_references(
    system: System, settings: Settings, references: Sequence[str], replication: int
) -> tuple[Ledger, ...]:
    arrangements = [system.arrangements[reference] for reference in references]
    if settings.engine != EXPECTED:
        return settle_many(simulate_replication(system, settings, replication), arrangements)
    trial = Trial(settings.years, settings.seed, settings.sample, settings.engine)
    (digest,) = digests(system, arrangements, [{}], trial, replication)
    cost = costs(digest.activity, digest.survey, digest.occupied)
    return settle_many(digest.activity, arrangements, survey=digest.recorded, cost=cost)


def _set_all(
    system: System, arrangement: Arrangement, ledgers: Mapping[str, Sequence[Ledger]]
) -> tuple[Arrangement, tuple[NeutralAmount, ...]]:
    """Return an arrangement with every budget-neutral amount set, and how each was, from ledgers by reference."""
    amounts: list[NeutralAmount] = []
    for name in neutral_references(arrangement):
        reference = system.arrangements[name]
        arrangement, set_amounts = set_neutral(arrangement, reference, ledgers[name], system.population)
        amounts.extend(set_amounts)
    return arrangement, tuple(amounts)
