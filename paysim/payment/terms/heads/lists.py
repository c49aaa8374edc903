"""Lists of patients: who is on them, and how they grow through the year."""

from fractions import Fraction

from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.exact import exact
from paysim.model.population import ByResident
from paysim.payment.terms.capitation import weighted_heads
from paysim.payment.terms.seen import Seen, grown, of_year

MONTHS_PER_QUARTER = 3


def weighted_list(seen: Seen, weights: ByResident | None = None) -> Fraction:
    """Return the weighted residents in the contract's scope on the run's first day."""
    return weighted_heads(seen.system.population, weights, seen.contract.scope)


def growth_of_list(by_year: tuple[float, ...], month: int) -> Fraction:
    """Return what growth makes of a list of 1 by the first day of a month of the run.

    Within a year the list grows by the same number of patients each month.
    """
    year, months = divmod(month, MONTHS_PER_YEAR)
    before = grown(by_year, year - 1)
    return before * (1 + exact(of_year(by_year, year)) * Fraction(months, MONTHS_PER_YEAR))
