"""The terms that a contract can hold, each one pure function: a further term is one file and one line of its family.

Terms are evaluated in the order of the arrangement's contracts and, within a contract, of its terms. Each sees what the
activity comes to at its prices and all that was paid before it, and adds flows of whole pence.
"""

from collections.abc import Iterable

from paysim.model.terms import Block, Capitation, OutpatientTariff, ReadmissionRule, Tariff, Term, add_kind
from paysim.payment.terms import activity, blended, heads, limits, purses, quality, shared
from paysim.payment.terms.block import block
from paysim.payment.terms.capitation import capitation
from paysim.payment.terms.kinds import Pay, Values
from paysim.payment.terms.outpatient import front_loaded_valuation, outpatient_tariff
from paysim.payment.terms.readmission import readmission_rule, readmissions_valuation
from paysim.payment.terms.seen import Flow, Seen
from paysim.payment.terms.tariff import tariff, valuation

_FAMILIES = (activity, limits, blended, heads, shared, quality, purses)

PAYMENT: dict[type[Term], Pay] = {
    Tariff: tariff,
    OutpatientTariff: outpatient_tariff,
    ReadmissionRule: readmission_rule,
    Block: block,
    Capitation: capitation,
}
"""What each kind of term pays: the function takes the term and what it sees, and returns flows."""

VALUATION: dict[type[Term], Values] = {
    Tariff: valuation,
    OutpatientTariff: front_loaded_valuation,
    ReadmissionRule: readmissions_valuation,
}
"""How the kinds of term that have prices value activity: `Seen.value` then gives what it comes to."""

for _family in _FAMILIES:
    PAYMENT.update(_family.PAYMENT)
    VALUATION.update(_family.VALUATION)

BUILT_IN = frozenset(PAYMENT)
"""The kinds of term that come with the package; others are a config's own."""


def pay(term: Term, seen: Seen) -> Iterable[Flow]:
    """Return what a term pays."""
    return PAYMENT[type(term)](term, seen)


def register_term(kind: type[Term], pays: Pay, values: Values | None = None) -> None:
    """Add a kind of term of your own: its class, what it pays and, where it has prices, how it values activity.

    A file that a config names in `own_terms` calls this. Raises ValueError where another kind of term has its name, and
    for a class that is no dataclass or has a field without form.
    """
    add_kind(kind)
    PAYMENT[kind] = pays
    if values is not None:
        VALUATION[kind] = values
