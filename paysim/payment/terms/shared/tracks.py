"""The tracks of the Medicare Shared Savings Program: their rates, caps and limits.

Sources: 42 CFR 425.604 (Track 1), 425.605 (BASIC) and 425.610 (Track 3 and ENHANCED). Sharing rates, loss rates and the
caps of tracks 1 and BASIC B agree with the program's public use files of 2016 to 2021. Track 1+: its loss rate of 30%
and its limits of 4% of the benchmark and 8% of revenue are those that CMS announced (Becker's Hospital Review, "CMS
releases Track 1+ ACO model details").

Assumed, as 42 CFR 425.606 (Track 2) and the participation agreement of Track 1+ could not be read: that Track 1+, an
option of Track 1, has the savings cap of Track 1; of Track 2 the savings cap of 15%, the upper bound of the loss rate,
and that the loss limits are the 5, 7.5 and 10% of the rule that CMS proposed (7 April 2011; Triage Health Law,
"Introducing risk through a shared savings program: the two-sided model").
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class LossRule:
    """How losses are shared: 1 - sharing rate, between `least` and `most`; what is owed has limits.

    `limits` are shares of the benchmark by year of the agreement, the last one holding on; `revenue_limit` is a share
    of the participants' revenue, where that is the smaller.
    """

    least: Fraction
    most: Fraction
    limits: tuple[Fraction, ...]
    revenue_limit: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """The highest sharing rate, the cap on what is paid as a share of the benchmark, and the losses if two-sided."""

    sharing_rate: Fraction
    savings_cap: Fraction
    losses: LossRule | None = None


def _percent(number: int) -> Fraction:
    return Fraction(number, 100)


def _flat(limit: int, revenue_limit: int) -> LossRule:
    return LossRule(_percent(30), _percent(30), (_percent(limit),), _percent(revenue_limit))


_TRACK_2_LOSSES = LossRule(_percent(40), _percent(60), (_percent(5), Fraction(75, 1000), _percent(10)))
_ENHANCED = Track(_percent(75), _percent(20), LossRule(_percent(40), _percent(75), (_percent(15),)))

TRACKS: dict[str, Track] = {
    "1": Track(_percent(50), _percent(10)),
    "1+": Track(_percent(50), _percent(10), _flat(limit=4, revenue_limit=8)),
    "2": Track(_percent(60), _percent(15), _TRACK_2_LOSSES),
    "3": _ENHANCED,
    "BASIC A": Track(_percent(40), _percent(10)),
    "BASIC B": Track(_percent(40), _percent(10)),
    "BASIC C": Track(_percent(50), _percent(10), _flat(limit=1, revenue_limit=2)),
    "BASIC D": Track(_percent(50), _percent(10), _flat(limit=2, revenue_limit=4)),
    "BASIC E": Track(_percent(50), _percent(10), _flat(limit=4, revenue_limit=8)),
    "ENHANCED": _ENHANCED,
}
"""42 CFR 425.600(a)(3): ENHANCED is the name of what was Track 3."""


SEQUESTRATION = Fraction(98, 100)
"""What is left of shared savings after the 2% that the Budget Control Act of 2011 takes off Medicare payments."""

WITHOUT_SEQUESTRATION = (2019, 2020)
"""Performance years settled while sequestration was suspended. It was applied for 2014 to 2018 and 2021, says the
public use file; that it is for later years is an assumption."""

FULL_RATE_FROM = 2021
"""From this performance year on whoever meets the quality standard gets the full sharing rate."""

LOW_REVENUE_FROM = 2024
"""42 CFR 425.605(h): for low-revenue ACOs in agreements that begin from January 2024."""

FEWEST_BENEFICIARIES = 5000
"""42 CFR 425.110: what an ACO must have."""
