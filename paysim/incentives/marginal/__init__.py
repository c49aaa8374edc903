"""Marginal incentives: what one more unit of a lever does to everybody, by paired differences between outcomes."""

from paysim.incentives.marginal.change import ALL, BOTH, Change, resolved_sign
from paysim.incentives.marginal.differences import changes
from paysim.incentives.marginal.points import points
from paysim.incentives.marginal.quality import POINTS, quantity_of, unit_of
from paysim.incentives.marginal.verdict import Verdict, verdicts

__all__ = [
    "ALL",
    "BOTH",
    "POINTS",
    "Change",
    "Verdict",
    "changes",
    "points",
    "quantity_of",
    "resolved_sign",
    "unit_of",
    "verdicts",
]
