"""The calls of the public face that need more than one floor."""

from collections.abc import Mapping
from pathlib import Path

from paysim.config import system_of
from paysim.model.activity import Activity
from paysim.model.contract import Arrangement
from paysim.model.errors import InputError, refuse_other
from paysim.model.system import System
from paysim.payment.accounts import Accounts
from paysim.payment.accounts import accounts as accounts_of
from paysim.payment.costs import costs
from paysim.payment.ledger import Ledger
from paysim.payment.settlement import settle as settle_resolved
from paysim.simulation.running import Running
from paysim.simulation.simpy_engine import Choice, Process
from paysim.study.memory import refuse_without_room_for_a_year, replications_that_fit
from paysim.study.neutral import neutral_for
from paysim.study.settings import LAST_REPLICATION, Settings, settings_for, whole_number


def begin(
    system: System | str | Path,
    *,
    years: int | None = None,
    seed: int | None = None,
    replication: int = 0,
    sample: float | None = None,
    engine: str | None = None,
    processes: Mapping[str, Process] | None = None,
    choices: Mapping[str, Choice] | None = None,
) -> Running:
    """Return one replication that is about to begin, goes on month by month and takes other settings in between.

    `system` is a System or the path of its config; what is not given comes from the config's [study]. `processes` by
    step id and `choices` by choice id take the place of what the config says about them; they need `engine="simpy"`.
    Raises InputError for a config or a setting that cannot be used, or where a year needs more memory than is
    available; what is not taken as the run goes on, it keeps.
    """
    system = system_of(system)
    settings = settings_for(system, years=years, seed=seed, sample=sample, engine=engine)
    refuse_without_room_for_a_year(system, settings)
    return _begun(system, settings, replication, processes, choices)


def simulate(
    system: System | str | Path,
    *,
    years: int | None = None,
    seed: int | None = None,
    replication: int = 0,
    sample: float | None = None,
    engine: str | None = None,
    processes: Mapping[str, Process] | None = None,
    choices: Mapping[str, Choice] | None = None,
) -> Activity:
    """Return the Activity of one whole replication, with the settings of `begin`.

    `system` is a System or the path of its config. Replication k alone equals replication k of a comparison with the
    same settings. Raises InputError for a config or a setting that cannot be used, or where the run needs more memory
    than is available.
    """
    system = system_of(system)
    settings = settings_for(system, years=years, seed=seed, sample=sample, engine=engine)
    replications_that_fit(system, settings)
    running = _begun(system, settings, replication, processes, choices)
    running.advance(running.months)
    return running.activity()


def settle(activity: Activity, arrangement: Arrangement) -> Ledger:
    """Return the Ledger of an activity under an arrangement.

    Amounts that are budget-neutral are set first, as `compare` does: on calibration replications of the system that
    the run began with, as its config says, with the run's years, seed and sample. For an extract of real activity they
    are what the other arrangement pays for the very same rows. Of a run that is not over yet, the months that are over
    are paid for.
    """
    refuse_other("activity", activity, Activity, "expected an Activity, as simulate returns it")
    refuse_other("arrangement", arrangement, Arrangement, "expected an arrangement, as system.arrangements has them")
    return settle_resolved(activity, neutral_for(activity, arrangement))


def accounts(ledger: Ledger, activity: Activity) -> Accounts:
    """Return every organisation's income, cost and surplus by period, from a ledger and the activity it paid for.

    The services of the activity's system may cost something else than they did when the ledger was made. Raises
    InputError for activity of another run, config, weight or number of rows, and for one of other organisations: the
    ledger did not pay for it.
    """
    refuse_other("ledger", ledger, Ledger, "expected a Ledger, as settle returns it")
    refuse_other("activity", activity, Activity, "expected the Activity that the ledger paid for")
    if activity.periods != len(ledger.periods):
        expected = f"expected the {len(ledger.periods)} of the ledger"
        raise InputError("", "activity", f"found {activity.periods} months", expected)
    if tuple(activity.system.organisations) != ledger.organisations:
        raise InputError("", "activity", "found other organisations", "expected those of the ledger")
    found = activity.origin
    for what, paid in ledger.origin.items():
        if found[what] != paid:
            expected = f"expected {what} {paid}, as in the activity that the ledger paid for"
            raise InputError("", "activity", f"found {what} {found[what]}", expected)
    return accounts_of(ledger, costs(activity))


def _begun(
    system: System,
    settings: Settings,
    replication: int,
    processes: Mapping[str, Process] | None,
    choices: Mapping[str, Choice] | None,
) -> Running:
    return Running(
        system,
        years=settings.years,
        seed=settings.seed,
        replication=whole_number("replication", replication, 0, LAST_REPLICATION),
        sample=settings.sample,
        engine=settings.engine,
        processes=processes,
        choices=choices,
    )
