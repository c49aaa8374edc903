"""Terms: the payment rules that contracts are made of, one file a family."""

from paysim.model.terms import activity, blended, heads, limits, purses, quality, shared
from paysim.model.terms.basic import Block, BudgetNeutral, Capitation, Tariff
from paysim.model.terms.outpatient import OutpatientTariff
from paysim.model.terms.readmission import ReadmissionRule
from paysim.model.terms.term import KINDS, Term, add_kind

for _kind in (
    *(Tariff, OutpatientTariff, ReadmissionRule, Block, Capitation),
    *activity.KINDS,
    *limits.KINDS,
    *blended.KINDS,
    *heads.KINDS,
    *shared.KINDS,
    *quality.KINDS,
    *purses.KINDS,
):
    add_kind(_kind)

__all__ = [
    "KINDS",
    "Block",
    "BudgetNeutral",
    "Capitation",
    "OutpatientTariff",
    "ReadmissionRule",
    "Tariff",
    "Term",
    "add_kind",
]
