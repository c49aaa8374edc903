"""When what organisations expect is too far off what simulation says to be relied on."""

from paysim.intervals import Interval
from paysim.report.answer import excludes_zero
from paysim.report.wording import MoneyUnit

ROUGH = 0.1
"""Of how far a sum of money moves: a surface that is off by more is said to be rough."""


def is_rough(lack: Interval, moved: float, unit: MoneyUnit, exact: bool) -> bool:
    """Return whether a surface's lack of fit is too large for a sum that moves by so much, and for sure.

    It is sure where its interval excludes zero, or where no chance is in it.
    """
    return (exact or excludes_zero(lack)) and abs(lack.mean) > ROUGH * max(abs(moved), unit.pounds / 10)
