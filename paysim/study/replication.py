"""One replication: simulate once, settle many."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.payment.accounts import Accounts, accounts
from paysim.payment.costs import costs
from paysim.payment.ledger import Ledger
from paysim.payment.measures import take_measures
from paysim.payment.neutral import NeutralAmount, set_alone
from paysim.payment.settlement import settle_many
from paysim.payment.survey import survey_of
from paysim.payment.use import ServiceUse, service_use
from paysim.simulation.log import ReusedLog
from paysim.simulation.simulate import simulate
from paysim.study.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Replicate:
    """What is kept of one replication: its ledgers and accounts by arrangement, its use of services, its measures.

    `moved_pence` is what its incomes would differ by with the budget-neutral amounts of some calibration replications
    alone: shape (those calibration replications, arrangements, organisations).
    """

    replication: int
    weight: float
    ledgers: tuple[Ledger, ...]
    accounts: tuple[Accounts, ...]
    use: ServiceUse
    measures: NDArray[np.float64]
    moved_pence: NDArray[np.int64]


class _Memory(threading.local):
    """What a thread writes one replication after another to."""

    def __init__(self) -> None:
        self.log = ReusedLog()


_MEMORY = _Memory()


def own_log() -> ReusedLog:
    """Return the log that this thread writes one replication after another to."""
    return _MEMORY.log


def simulate_replication(system: System, settings: Settings, replication: int) -> Activity:
    """Return the Activity of one replication of a study, which is good until the next one is simulated."""
    return simulate(
        system,
        years=settings.years,
        seed=settings.seed,
        replication=replication,
        sample=settings.sample,
        engine=settings.engine,
        log=own_log(),
    )


def replicate(
    system: System,
    settings: Settings,
    arrangements: Sequence[Arrangement],
    amounts: Sequence[NeutralAmount],
    replication: int,
) -> Replicate:
    """Return one replication's results under every arrangement of the study, their budget-neutral amounts set.

    A study's replications share out what each calibration replication alone would have set: any of them shows whose
    income an amount moves.
    """
    activity = simulate_replication(system, settings, replication)
    survey = survey_of(activity, arrangements)
    cost = costs(activity, survey)
    numbers = range(replication, settings.calibration_replications, settings.replications) if amounts else ()
    alone = [set_alone(system.arrangements[id], amounts, number) for number in numbers for id in settings.arrangements]
    settled = settle_many(activity, [*arrangements, *alone], survey=survey, cost=cost)
    ledgers = settled[: len(arrangements)]
    income = np.array([(ledger.received() - ledger.paid()).sum(axis=1) for ledger in settled])
    by_setting = income.reshape(1 + len(numbers), len(arrangements), len(system.organisations))
    return Replicate(
        replication=replication,
        weight=activity.weight,
        ledgers=ledgers,
        accounts=tuple(accounts(ledger, cost) for ledger in ledgers),
        use=service_use(activity, survey),
        measures=take_measures(activity, survey),
        moved_pence=by_setting[1:] - by_setting[0],
    )
