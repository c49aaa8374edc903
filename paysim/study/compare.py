"""The main job: the same residents and the same care, paid for in several ways."""

from functools import partial

from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.study.comparison import Comparison
from paysim.study.executor import Progress, counted, silent, workers_map
from paysim.study.first_start import compile_ahead
from paysim.study.memory import replications_that_fit
from paysim.study.neutral import resolve_neutral
from paysim.study.provenance import provenance
from paysim.study.replication import replicate
from paysim.study.risk import risk_table
from paysim.study.settings import Settings
from paysim.study.tables import (
    accounts_table,
    activity_table,
    cash_table,
    flows_table,
    neutral_table,
    reconciliation_table,
    surplus_table,
)


def compare(system: System, settings: Settings, *, workers: int = 1, progress: Progress = silent) -> Comparison:
    """Return a paired comparison of payment arrangements over the same simulated activity.

    Each replication is simulated once and settled under every arrangement. Budget-neutral amounts are set first, on
    replications of their own. The result does not depend on `workers`, the number of processes; there are fewer of
    them where memory does not hold as many replications at once.

    Raises InputError without an arrangement or a worker, or where memory does not hold a single replication.
    """
    if not settings.arrangements:
        raise InputError("", "arrangements", "found none", "expected at least one")
    most = replications_that_fit(system, settings)
    compile_ahead(system, settings, progress)
    with workers_map(workers, most, system.own_terms) as run:
        chosen = [system.arrangements[arrangement] for arrangement in settings.arrangements]
        calibrating = counted(run, "setting budget-neutral amounts", progress)
        resolved, amounts = resolve_neutral(system, settings, chosen, calibrating)
        simulating = counted(run, "simulating and settling", progress)
        settle_one = partial(replicate, system, settings, resolved, amounts)
        replicates = list(simulating(settle_one, range(settings.replications)))
    return Comparison(
        system=system,
        settings=settings,
        flows=flows_table(settings, replicates),
        accounts=accounts_table(settings, replicates),
        surplus=surplus_table(system, settings, replicates, amounts),
        activity_summary=activity_table(system, settings, replicates),
        reconciliation=reconciliation_table(system, replicates),
        neutral=neutral_table(amounts),
        risk=risk_table(system, settings, replicates),
        cash=cash_table(settings, replicates),
        provenance=provenance(system, settings),
    )
