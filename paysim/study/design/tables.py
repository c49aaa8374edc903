"""From a contract design to tidy tables; pounds are pounds a year."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from paysim.incentives.design.candidate import Candidate
from paysim.incentives.outcome import Floats
from paysim.incentives.response.worth import mean_year, net_benefit
from paysim.intervals import Interval, deviations, fifth_percentile, mean_interval
from paysim.study.design.designed import Designed


def candidates_table(designed: Designed, candidates: Sequence[Candidate]) -> pd.DataFrame:
    """Return contracts: candidate, a column a free parameter, gap, risk, health, missing, feasible and equilibria.

    `gap` is the net benefit lost against the joint optimum and `risk` the largest standard deviation of a partner's
    surplus, in pounds; `health` QALYs a year; `missing` pounds by which limits are missed. `equilibria` counts those
    found, of which the worst counts; `at_rest` tells whether responses come to rest in it.
    """
    rows = [
        {
            "candidate": each.number,
            **{free.name: value for free, value in zip(designed.free, each.values, strict=True)},
            "gap": each.gap,
            "risk": each.risk,
            "health": each.health,
            "missing": each.missing,
            "feasible": each.feasible,
            "equilibria": each.ending.equilibria,
            "at_rest": each.ending.converged,
        }
        for each in candidates
    ]
    return pd.DataFrame(rows)


def margins_table(designed: Designed) -> pd.DataFrame:
    """Return how far each contract is from each limit: candidate, limit, organisation, margin (pounds to spare)."""
    columns = ["candidate", "limit", "organisation", "margin"]
    rows = [
        [each.number, margin.limit, margin.organisation, margin.pounds]
        for each in designed.candidates
        for margin in each.margins
    ]
    return pd.DataFrame(rows, columns=columns)


def partners_table(designed: Designed) -> pd.DataFrame:
    """Return what partners keep under the winner and under the contract that it is held against, at their equilibria.

    Organisation, surplus_than, surplus, change with its 95% interval (paired by replication), low_change (the change to
    a year as bad as one in twenty), tolerance, and the replications behind them.
    """
    limits, kept = designed.reference.limits, designed.winner.ending.surplus
    rows = []
    for place, organisation in enumerate(limits.partners):
        change = mean_interval(kept[:, place] - limits.now[:, place])
        bad_year = fifth_percentile(deviations(kept[:, place], limits.sample))
        rows.append(
            {
                "organisation": organisation,
                "surplus_than": limits.now[:, place].mean(),
                "surplus": kept[:, place].mean(),
                "change": change.mean,
                "change_low": change.low,
                "change_high": change.high,
                "low_change": change.mean + float(bad_year),
                "tolerance": limits.tolerance[place],
                "replications": len(kept),
            }
        )
    return pd.DataFrame(rows)


def levers_table(designed: Designed) -> pd.DataFrame:
    """Return where levers end up: lever, owner, low and high end, now, and at each place that is compared.

    Those are the equilibria under the contract that others are held against (`than`), under the arrangement as it is
    written and under the winner, and the joint optimum.
    """
    places = {
        "than": designed.reference.ending.point,
        "written": designed.written.ending.point,
        "winner": designed.winner.ending.point,
        "optimum": designed.reference.best_for_all,
    }
    rows = [
        {
            "lever": lever.id,
            "owner": lever.owner,
            "low": lever.low,
            "high": lever.high,
            "now": lever.now,
            **{name: point[lever.id] for name, point in places.items()},
        }
        for lever in designed.rules.design.levers
    ]
    return pd.DataFrame(rows)


def contenders_table(designed: Designed) -> pd.DataFrame:
    """Return the winner and the contracts that it is ranked against, each with its probability of being the best."""
    table = candidates_table(designed, designed.contenders)
    known = designed.confidence.best or (float("nan"),) * len(table)
    return table.assign(probability_best=list(known))


def check_table(designed: Designed) -> pd.DataFrame:
    """Return what was fitted beside what was simulated: place, quantity, organisation, fitted, simulated, low, high.

    Places are the equilibria under `than` and under the winner; quantities are the gap and each partner's surplus.
    """
    system, limits = designed.system, designed.reference.limits
    endings = {"than": designed.reference.ending, "winner": designed.winner.ending}
    rows = []
    for place, (name, ending) in enumerate(endings.items()):
        net = [net_benefit(system, outcomes[2]) - net_benefit(system, outcomes[place]) for outcomes in designed.checked]
        rows.append(_checked(name, "gap", "", float(ending.gap.mean()), net))
        kept = _surpluses(designed, place)
        for number, partner in enumerate(limits.partners):
            fitted = float(ending.surplus[:, number].mean())
            rows.append(_checked(name, "surplus", partner, fitted, kept[:, number]))
    return pd.DataFrame(rows)


def surplus_checks(designed: Designed) -> dict[str, tuple[Interval, float]]:
    """Return by partner how far the fitted surplus is above the simulated one at the winner's equilibrium.

    Pounds a year with a 95% interval, and beside it how far the simulated one moves from the equilibrium under `than`.
    """
    lack = designed.winner.ending.surplus - _surpluses(designed, 1)
    moved = (_surpluses(designed, 1) - _surpluses(designed, 0)).mean(axis=0)
    partners = designed.reference.limits.partners
    return {each: (mean_interval(lack[:, n]), float(moved[n])) for n, each in enumerate(partners)}


def _surpluses(designed: Designed, place: int) -> Floats:
    """Return what partners keep at a place that was simulated: shape (replications, partners)."""
    system, partners = designed.system, designed.rules.partners
    organisations = list(system.organisations)
    kept = [
        [outcomes[place].surplus(each.horizon)[place, organisations.index(each.organisation)] for each in partners]
        for outcomes in designed.checked
    ]
    return mean_year(np.array(kept), system.health.discount_rate)


def _checked(
    place: str, quantity: str, organisation: str, fitted: float, simulated: Sequence[float] | Floats
) -> dict[str, object]:
    interval = mean_interval(np.array(simulated))
    return {
        "place": place,
        "quantity": quantity,
        "organisation": organisation,
        "fitted": fitted,
        "simulated": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "replications": len(simulated),
    }
