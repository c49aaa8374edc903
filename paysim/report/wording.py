"""How numbers and settings are put into words: the same in figures, report and terminal tables."""

import math
from dataclasses import dataclass
from typing import Literal

from paysim.model.measure import MeasureKind
from paysim.report.comparison import Comparison

UnitName = Literal["£m", "£k"]
MISSING = "–"


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """The unit in which people read amounts: millions, or thousands for a small system."""

    name: UnitName
    pounds: int

    def number(self, pounds: float, signed: bool = False) -> str:
        """Return an amount in this unit with one decimal, such as '-48.2'."""
        return number(pounds / self.pounds, 1, signed)

    def amount(self, pounds: float) -> str:
        """Return an amount with its unit, such as '-£48.2m'."""
        text = self.number(pounds)
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        return text if text == MISSING else f"{sign}£{digits}{self.name[1:]}"


MILLIONS = MoneyUnit("£m", 1_000_000)
THOUSANDS = MoneyUnit("£k", 1_000)


def money_unit(comparison: Comparison) -> MoneyUnit:
    """Return the unit that suits the comparison: £m where any organisation turns over £10m or more, else £k."""
    largest = comparison.surplus[["income", "cost"]].abs().max(axis=None)
    return MILLIONS if largest >= 10 * MILLIONS.pounds else THOUSANDS


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
    "share": "share",
    "within": "share",
    "readmission": "share",
    "occupancy": "share",
}


def span(low: str, high: str) -> str:
    """Return an interval in words, such as '-49.1 to -47.3', or a dash where it is missing."""
    return MISSING if MISSING in (low, high) else f"{low} to {high}"


def typeset(text: str) -> str:
    """Return the text with real minus signs, for print and screen; terminals keep the hyphen."""
    return text.replace("-", "\N{MINUS SIGN}")


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, such as '1 year' or '10 years'."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def sample_statement(comparison: Comparison) -> str:
    """Return what must be said of a sample, or '' where every resident was simulated.

    Totals of a share s of residents, scaled by 1 / s, vary 1 / sqrt(s) times as much as those of all residents
    (the variance of a scaled sum of independent residents).
    """
    share = comparison.settings.sample
    if share == 1.0:
        return ""
    return (
        f"A sample of {percent(share, _decimals(share))} of residents was simulated, with capacities scaled alike and money"
        f" and counts scaled back to the whole population; chance variation is about {math.sqrt(1 / share):.1f} times"
        " what it would be with every resident."
    )


def basis(comparison: Comparison) -> str:
    """Return what the figures rest on, in one line: replications, years, interval, prices and sample."""
    settings = comparison.settings
    parts = [
        f"{counted(settings.replications, 'replication')} of {counted(settings.years, 'year')}",
        "95% intervals" if settings.replications > 1 else "no intervals from a single replication",
        f"{comparison.system.price_year} prices",
    ]
    if settings.sample < 1.0:
        parts.append(f"{percent(settings.sample, _decimals(settings.sample))} sample of residents, scaled up")
    return "; ".join(parts)


def _decimals(share: float) -> int:
    """Return as many decimals as a share needs to be told apart from zero and one."""
    return next((d for d in range(4) if math.isclose(round(share * 100, d), share * 100)), 4)
