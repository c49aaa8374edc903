"""Risk: how far chance moves what an organisation keeps in a year."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from paysim.intervals import LOW_SHARE
from paysim.model.money import PENCE_PER_POUND
from paysim.model.system import System
from paysim.study.settings import Settings

if TYPE_CHECKING:
    from paysim.study.replication import Replicate


def risk_table(system: System, settings: Settings, replicates: "Sequence[Replicate]") -> pd.DataFrame:
    """Return the risk that each organisation carries under each arrangement, in pounds a year.

    Columns: organisation, arrangement, surplus (its mean), standard_deviation, fifth_percentile, replications. Each
    financial year of each replication is one outcome, seen against the mean of its year over replications, so that
    growth from year to year is no risk; standard deviation and percentile are of all of them. Missing from a single
    replication.

    Residents differ independently, so the spread over replications of a sample is scaled to that of all residents by
    the square root of the sample.
    """
    surplus = np.array([[books.by_year(books.surplus_pence) for books in each.accounts] for each in replicates])
    surplus = surplus / PENCE_PER_POUND
    return pd.DataFrame(
        [
            {
                "organisation": name,
                "arrangement": arrangement,
                "surplus": outcomes.mean(),
                **_risk(outcomes, settings.sample),
                "replications": settings.replications,
            }
            for organisation, name in enumerate(system.organisations)
            for position, arrangement in enumerate(settings.arrangements)
            for outcomes in (surplus[:, position, organisation],)
        ]
    )


def _risk(outcomes: NDArray[np.float64], sample: float) -> dict[str, float]:
    """Return the standard deviation and the 5th percentile of outcomes by replication and year."""
    replications, years = outcomes.shape
    if replications == 1:
        return {"standard_deviation": float("nan"), "fifth_percentile": float("nan")}
    deviations = (outcomes - outcomes.mean(axis=0)) * np.sqrt(sample)
    variance = np.square(deviations).sum() / (years * (replications - 1))
    return {
        "standard_deviation": float(np.sqrt(variance)),
        "fifth_percentile": float(outcomes.mean() + np.quantile(deviations, LOW_SHARE)),
    }
