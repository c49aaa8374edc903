"""Alternative Quality Contract of Blue Cross Blue Shield of Massachusetts: a global budget, shared by quality.

Sources: Song et al., "The 'Alternative Quality Contract' in Massachusetts, based on global budgets, lowered medical
spending and improved quality", Health Affairs 31(8), 2012: global budget, two-sided, quality bonus of up to 10% of the
budget; later contracts let the shares of surplus and deficit depend on quality. Groups took 50% to 100% in 2009.
"""

from fractions import Fraction

from paysim.model.exact import exact
from paysim.model.terms.shared import AlternativeQualityContract, Gate
from paysim.payment.terms.seen import Flow, Seen, of_year
from paysim.payment.terms.shared.target import spending, targets


def alternative_quality_contract(term: AlternativeQualityContract, seen: Seen) -> list[Flow]:
    """Return the payee's share of each year's surplus, or of its deficit paid back, and its quality bonus.

    Surplus = budget - spending. Payment = surplus share x surplus, or - deficit share x deficit, plus bonus x budget:
    all three those of the gate that the year's score reaches. Rounded once, booked at the year's end.
    """
    settled = []
    for gate, budget, spent in zip(gates_reached(term, seen), targets(term, seen), spending(term, seen), strict=True):
        surplus = budget - spent
        share = gate.surplus_share if surplus >= 0 else gate.deficit_share
        settled.append(exact(share) * surplus + exact(gate.bonus) * budget)
    return [seen.to_payee(seen.at_year_ends(settled), term.settled_after_months)]


def gates_reached(term: AlternativeQualityContract, seen: Seen) -> list[Gate]:
    """Return each year's gate: the highest whose score is reached, the lowest where no score was observed."""
    scores: list[Fraction | None] = (
        [exact(of_year(term.gate_score, year.number)) for year in seen.years]
        if term.gate_score is not None
        else [seen.measured(term.gate_measure or "")[year.number] for year in seen.years]
    )
    return [
        [gate for gate in term.gates if gate is term.gates[0] or (score is not None and exact(gate.score) <= score)][-1]
        for score in scores
    ]
