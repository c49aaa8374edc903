"""ACO REACH (Realizing Equity, Access, and Community Health): risk corridors against a benchmark.

Source: CMS Innovation Center, ACO REACH model, performance years 2021 to 2025: Request for Applications (February
2022), table 6.16 (discount, quality withhold), and Pearl Health's summary (risk corridors). In 2026 the first corridor
of the global option ends at 10%; that is not in here. That withhold and discount both are shares of the benchmark
before either is an assumption.
"""

from fractions import Fraction

from paysim.model.exact import exact
from paysim.model.terms.shared import AcoReach
from paysim.payment.terms.seen import Flow, Seen, of_year
from paysim.payment.terms.shared.bands import Slice, shared_in_bands
from paysim.payment.terms.shared.target import quality_scores, spending, targets

CORRIDORS: dict[str, tuple[Slice, ...]] = {
    "professional": (
        (Fraction(5, 100), Fraction(50, 100)),
        (Fraction(10, 100), Fraction(35, 100)),
        (Fraction(15, 100), Fraction(15, 100)),
        (None, Fraction(5, 100)),
    ),
    "global": (
        (Fraction(25, 100), Fraction(1)),
        (Fraction(35, 100), Fraction(50, 100)),
        (Fraction(50, 100), Fraction(25, 100)),
        (None, Fraction(10, 100)),
    ),
}
"""Where each corridor ends, as a share of the benchmark, and the ACO's share of what lies within, by option."""


def aco_reach(term: AcoReach, seen: Seen) -> list[Flow]:
    """Return the ACO's share of each year's savings, or of its losses paid back: the sum over corridors.

    Benchmark = target x (1 - discount - withhold x (1 - quality score)); savings = benchmark - spending. Of each slice
    of savings or losses, the ACO's share is that of the corridor; corridors end at shares of this benchmark. Rounded
    once, booked at the year's end.
    """
    settled = []
    for year, target, spent, score in zip(
        seen.years, targets(term, seen), spending(term, seen), quality_scores(term, seen), strict=True
    ):
        discount = Fraction(0) if term.discount is None else exact(of_year(term.discount, year.number))
        withhold = exact(of_year(term.quality_withhold, year.number))
        benchmark = target * (1 - discount - withhold * (1 - score))
        savings = benchmark - spent
        shared = shared_in_bands(abs(savings), benchmark, CORRIDORS[term.option])
        settled.append(shared if savings > 0 else -shared)
    return [seen.to_payee(seen.at_year_ends(settled), term.settled_after_months)]
