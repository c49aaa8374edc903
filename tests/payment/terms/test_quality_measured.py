"""Quality terms paid by measures that are taken from rows, of the scope of each contract."""

from dataclasses import replace
from fractions import Fraction

from town import Row, activity, contract, scope, town

from paysim.model.measure import Measure
from paysim.model.terms import Block
from paysim.model.terms.quality import Cquin, Indicator, QualityGate, Sanctions, Standard
from paysim.payment.measures import measures_by_year
from paysim.payment.terms import pay
from paysim.payment.terms.seen import Paid, Seen

SEEN_IN_TIME = {"kind": "within", "steps": ("consultation",), "until": ("consultation",), "limit": 1.0}
MEASURES = {
    id: Measure(**{"id": id, "name": id, "target": None, "tolerance": None} | parts)
    for id, parts in {"in_time": SEEN_IN_TIME, "seen": {"kind": "rate", "steps": ("consultation",)}}.items()
}
SYSTEM = replace(town(), measures=MEASURES)
TERMS = (
    Block("block", 1_200_000_00),
    Cquin("cquin", ("block",), 0.0125, (Indicator("in_time", "higher", 0.5, 1.0, 1.0),)),
    QualityGate("gate", ("block",), 0.1, "in_time", "higher", 0.75),
    Sanctions("sanctions", (Standard("in_time", "higher", 0.95, "seen", 100_00),)),
)


def pounds_by_term(place, rows):
    """Return what each term pays in the year under a place's contract."""
    own = contract("ccg", "practice", *TERMS, scope=scope("practice", places=(place,)))
    busy = activity(SYSTEM, rows)
    paid = []
    for term in own.terms:
        seen = Seen(
            SYSTEM, own, 12, {}, tuple(paid), busy, measures=lambda: measures_by_year(busy, MEASURES, own.scope)
        )
        paid += [Paid(own.id, term.id, flow) for flow in pay(term, seen)]
    return {
        term.id: Fraction(sum(int(each.flow.pence.sum()) for each in paid if each.term == term.id), 100)
        for term in own.terms
    }


def waits(resident, *days):
    return [
        Row("consultation", "surgery", 20.0 + n, 0.25, resident + n, resident + n, wait=d) for n, d in enumerate(days)
    ]


def test_each_contract_is_paid_by_what_happened_in_its_own_scope():
    rows = [*waits(0, 2.0, 0.5, 0.5, 0.75), *waits(700, 0.0, 0.0, 0.0)]
    # Three of four within a day: half way from 50% to 100%, at the gate's threshold, 20% of 4 patients beyond 5%.
    assert pounds_by_term("hill", rows) == {"block": 1_200_000, "cquin": 7_500, "gate": 0, "sanctions": -80}
    assert pounds_by_term("vale", rows) == {"block": 1_200_000, "cquin": 15_000, "gate": 0, "sanctions": 0}


def test_one_patient_more_closes_the_gate():
    rows = waits(0, 2.0, 0.5, 0.5, 0.75, 0.5)
    assert pounds_by_term("hill", rows)["gate"] == 0
    assert pounds_by_term("hill", [*rows, *waits(10, 3.0)])["gate"] == -120_000


def test_without_activity_cquin_is_earned_and_nothing_is_withheld():
    assert pounds_by_term("hill", []) == {"block": 1_200_000, "cquin": 15_000, "gate": 0, "sanctions": 0}
