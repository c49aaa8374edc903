"""Budget-neutral amounts: block sums and per-head rates from separate replications at baseline."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from paysim.incentives.evaluate import digests
from paysim.incentives.expected import EXPECTED
from paysim.incentives.outcome import Trial
from paysim.model.contract import Arrangement
from paysim.model.lever import Lever, ReferAwayEffect
from paysim.model.neutrality import neutral_to
from paysim.model.system import System
from paysim.payment.costs import costs
from paysim.payment.ledger import Ledger
from paysim.payment.neutral import NeutralAmount, set_neutral
from paysim.payment.settlement import settle_many
from paysim.study.replication import simulate_replication
from paysim.study.settings import Settings

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
    references = tuple(
        dict.fromkeys(reference for arrangement in arrangements for reference in _neutral_to(arrangement))
    )
    if not references:
        return tuple(arrangements), ()
    first = FIRST_CALIBRATION_REPLICATION
    numbers = range(first, first + settings.calibration_replications)
    settle_references = partial(_settle_references, system, settings, references)
    by_replication = list(replications_map(settle_references, numbers))
    ledgers = {
        reference: [replicate[position] for replicate in by_replication]
        for position, reference in enumerate(references)
    }
    resolved: list[Arrangement] = []
    amounts: list[NeutralAmount] = []
    for arrangement in arrangements:
        for reference in _neutral_to(arrangement):
            arrangement, set_amounts = set_neutral(
                arrangement, system.arrangements[reference], ledgers[reference], system.population
            )
            amounts.extend(set_amounts)
        resolved.append(arrangement)
    return tuple(resolved), tuple(amounts)


def with_amounts(
    system: System,
    settings: Settings,
    arrangements: Sequence[Arrangement],
    levers: Sequence[Lever],
    replications_map: Callable[..., Iterable[tuple[Ledger, ...]]],
) -> tuple[System, tuple[NeutralAmount, ...]]:
    """Return the system with all budget-neutral amounts of these arrangements set, and how each was set.

    So are those of arrangements that pay in their place for residents whom these levers refer away.
    """
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


def _neutral_to(arrangement: Arrangement) -> tuple[str, ...]:
    """Return the arrangements that amounts of this one are neutral to, each once."""
    amounts = [neutral_to(term) for contract in arrangement.contracts for term in contract.terms]
    return tuple(dict.fromkeys(to for to in amounts if to is not None))
