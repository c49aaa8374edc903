"""Terms: the payment rules that contracts are made of, one file a family."""

from paysim.model.terms import activity, blended, heads, limits, purses, quality, shared
from paysim.model.terms.basic import Block, BudgetNeutral, Capitation, Tariff
from paysim.model.terms.term import KINDS, Term, add_kind

for _kind in (
    *(Tariff, Block, Capitation),
    *activity.KINDS,
    *limits.KINDS,
    *blended.KINDS,
    *heads.KINDS,
    *shared.KINDS,
    *quality.KINDS,
    *purses.KINDS,
):
    add_kind(_kind)

__all__ = ["KINDS", "Block", "BudgetNeutral", "Capitation", "Tariff", "Term", "add_kind"]
