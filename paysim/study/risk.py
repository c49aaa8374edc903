"""Risk: how far chance moves what an organisation keeps in a year."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from paysim.intervals import deviations, fifth_percentile
from paysim.model.money import PENCE_PER_POUND
from paysim.model.system import System
from paysim.study.settings import Settings

if TYPE_CHECKING:
    from paysim.study.replication import Replicate


def risk_table(system: System, settings: Settings, replicates: "Sequence[Replicate]") -> pd.DataFrame:
    """Return the risk that each organisation carries under each arrangement, in pounds a year.

    Columns: organisation, arrangement, surplus (its mean), standard_deviation, fifth_percentile, replications. Each
    financial year of each replication is one outcome, seen against the mean of its year over replications, so that
    growth from year to year is no risk; standard deviation and percentile are of all of them, and of all residents
    where a sample is simulated, see `deviations`. Missing from a single replication.
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
    if len(outcomes) == 1:
        return {"standard_deviation": float("nan"), "fifth_percentile": float("nan")}
    spread = deviations(outcomes, sample)
    return {
        "standard_deviation": float(np.sqrt(np.square(spread).mean())),
        "fifth_percentile": float(outcomes.mean() + fifth_percentile(spread)),
    }
