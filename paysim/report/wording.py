"""How numbers and settings are put into words: the same in figures, report and terminal tables."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from paysim.intervals import Interval
from paysim.model.measure import MeasureKind
from paysim.report.records import ENOUGH_FOR_PERCENTILES, Reconciled
from paysim.study.comparison import Comparison
from paysim.study.settings import Settings

UnitName = Literal["£m", "£k"]
MISSING = "–"


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """The unit in which people read amounts: millions, or thousands for a small system."""

    name: UnitName
    pounds: int

    def shows(self, pounds: float) -> bool:
        """Return whether an amount is more than the nothing that it would be rounded to."""
        return abs(pounds) >= self.pounds / 20

    def number(self, pounds: float, signed: bool = False) -> str:
        """Return an amount in this unit with one decimal, such as '-48.2'."""
        return number(pounds / self.pounds, 1, signed)

    def with_interval(self, interval: Interval, signed: bool = False) -> str:
        """Return a mean and, where there is one, its interval: '-48.2 (-49.1 to -47.3)'."""
        mean, low, high = (self.number(pounds, signed) for pounds in interval)
        return mean if MISSING in (low, high) else f"{mean} ({low} to {high})"

    def amount(self, pounds: float) -> str:
        """Return an amount with its unit, such as '-£48.2m'."""
        text = self.number(pounds)
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        return text if text == MISSING else f"{sign}£{digits}{self.name[1:]}"


MILLIONS = MoneyUnit("£m", 1_000_000)
THOUSANDS = MoneyUnit("£k", 1_000)


def money_unit(comparison: Comparison) -> MoneyUnit:
    """Return the unit that suits the comparison: £m where any organisation turns over £100m or more, else £k."""
    return unit_for(float(np.abs(comparison.surplus[["income", "cost"]].to_numpy(dtype=np.float64)).max(initial=0.0)))


def unit_for(largest: float) -> MoneyUnit:
    """Return the unit that suits organisations of which the largest has so many pounds a year."""
    return MILLIONS if largest >= 100 * MILLIONS.pounds else THOUSANDS


def number(value: float, decimals: int, signed: bool = False) -> str:
    """Return a number with thousands separators, or a dash where there is none; zero never carries a sign."""
    if math.isnan(value):
        return MISSING
    text = f"{value:{'+' if signed else ''},.{decimals}f}"
    return text.lstrip("+-") if not any(digit in text for digit in "123456789") else text


def percent(share: float, decimals: int = 0, signed: bool = False) -> str:
    """Return a share as a percentage, such as '87%'."""
    text = number(share * 100, decimals, signed)
    return text if text == MISSING else f"{text}%"


def quantity(value: float, kind: MeasureKind) -> str:
    """Return a measured value with its unit: a rate per head, a stay in days, any other kind in per cent."""
    match kind:
        case "rate":
            return number(value, 3)
        case "stay":
            return number(value, 2)
        case _:
            return percent(value, 1)


UNIT_OF_KIND: dict[MeasureKind, str] = {
    "rate": "a head and year",
    "stay": "days",
    "share": "",
    "within": "",
    "readmission": "",
    "occupancy": "",
    "delayed": "",
}


DIFFERENCE_NOTE = (
    "Difference and tolerance: in percentage points where the figures are in %, else in % of the published figure or in"
    " the unit named"
)


def difference_text(entry: Reconciled) -> str:
    """Return the difference to the reference with its unit, or a dash where there is no reference."""
    return _with_unit(entry, entry.difference, signed=True)


def tolerance_text(entry: Reconciled) -> str:
    """Return the allowed difference, in the unit of the difference, or a dash where none is set."""
    return MISSING if entry.tolerance is None else f"±{_with_unit(entry, entry.tolerance)}"


def _with_unit(entry: Reconciled, value: float, signed: bool = False) -> str:
    """Return a difference in points where the measure is in per cent, so that no per cent of a per cent is shown.

    Others are relative, in per cent, or absolute, in the measure's own unit.
    """
    if entry.reference is None or math.isnan(value):
        return MISSING
    if entry.kind not in ("rate", "stay"):
        return f"{number((value if entry.absolute else value * entry.reference) * 100, 1, signed)} points"
    if entry.absolute:
        return f"{number(value, 3, signed)} {UNIT_OF_KIND[entry.kind]}"
    return percent(value, 1, signed)


def typeset(text: str) -> str:
    """Return the text with real minus signs, for print and screen; terminals keep the hyphen."""
    return text.replace("-", "\N{MINUS SIGN}")


def drawn_of(*kinds: tuple[int, int, str]) -> str:
    """Return ' The 24 largest of 110 organisations; the tables hold all.', '' where all of each kind are drawn.

    A kind is how many of it are drawn, how many there are, and its noun.
    """
    cut = [f"the {drawn} largest of {counted(there, noun)}" for drawn, there, noun in kinds if drawn < there]
    return f" T{' and '.join(cut)[1:]}; the tables hold all." if cut else ""


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, such as '1 year' or '10 years'."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def sample_statement(share: float) -> str:
    """Return what must be said of a sample, or '' where every resident was simulated.

    Totals of a share s of residents, scaled by 1 / s, vary 1 / sqrt(s) times as much as those of all residents
    (the variance of a scaled sum of independent residents).
    """
    if share == 1.0:
        return ""
    return (
        f"A sample of {sample_share(share)} of residents was simulated, with capacities scaled alike and"
        " money and counts scaled back to the whole population; chance variation is about"
        f" {math.sqrt(1 / share):.1f} times what it would be with every resident. Capacities are rounded up to whole"
        " servers, and small services have other queues than large ones: waits and utilisation are those of the sample."
    )


def basis(comparison: Comparison) -> str:
    """Return what a figure rests on, such as '10 replications of 1 year; 20% sample of residents, scaled up'."""
    settings = comparison.settings
    runs = f"{counted(settings.replications, 'replication')} of {counted(settings.years, 'year')}"
    return f"{runs}{scaled_sample(settings)}"


def money_basis(comparison: Comparison) -> str:
    """Return what a figure of money rests on: its basis and the year of the prices."""
    return f"{basis(comparison)}; {comparison.system.price_year} prices"


def interval_note(comparison: Comparison, of: str) -> str:
    """Return what an interval in a figure or table is, to follow a colon."""
    if comparison.settings.replications == 1:
        return "a single replication gives no interval"
    return f"95% interval of the {of} over replications"


def money_interval_note(comparison: Comparison, of: str) -> str:
    """Return what an interval of money is: it also holds how surely budget-neutral amounts are known."""
    note = interval_note(comparison, of)
    neutral = len(comparison.neutral) > 0 and comparison.settings.replications > 1
    return f"{note}, with that of the budget-neutral amounts" if neutral else note


def payments_note(comparison: Comparison) -> str:
    """Return what the interval of a payment is, and why payments of budget-neutral amounts have none, in sentences."""
    note = f"{interval_note(comparison, 'mean').capitalize()}."
    if comparison.settings.replications == 1 or len(comparison.neutral) == 0:
        return note
    return (
        f"{note} Payments that hold budget-neutral amounts have none here: the table of those amounts tells how sure"
        " they are. What follows from them is less sure than its interval says."
    )


def risk_note(comparison: Comparison) -> str:
    """Return how many replications stand behind a table of risk, and what that many can say."""
    replications, years = comparison.settings.replications, comparison.settings.years
    if replications == 1:
        return "A single replication says nothing of risk."
    behind = f"Over {counted(replications, 'replication')} of {counted(years, 'year')}."
    if replications * years >= ENOUGH_FOR_PERCENTILES:
        return behind
    return (
        f"{behind} So few outcomes say little of risk: of fewer than {ENOUGH_FOR_PERCENTILES} the 5th percentile is"
        " near the worst that was seen."
    )


def sample_share(share: float) -> str:
    """Return a sample's share of residents with the decimals that it has, up to four: '20%', '0.015%'."""
    decimals = next((d for d in range(4) if math.isclose(round(share * 100, d), share * 100)), 4)
    return percent(share, decimals)


def scaled_sample(settings: Settings) -> str:
    """Return what is added where a sample was simulated, such as '; 20% sample of residents, scaled up', else ''."""
    return "" if settings.sample == 1.0 else f"; {sample_share(settings.sample)} sample of residents, scaled up"
