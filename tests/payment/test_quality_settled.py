"""Quality terms on settled activity: measures come from the rows, and all that is paid adds up."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from town import Row, activity, arrangement, contract, scope, town

from paysim.model.measure import Measure
from paysim.model.terms import Block
from paysim.model.terms.quality import Cquin, Indicator, QualityGate, Sanctions, Standard
from paysim.payment.accounts import accounts
from paysim.payment.costs import costs
from paysim.payment.settlement import settle

MEASURES = {
    "same_day": Measure("same_day", "Seen the same day", "within", ("consultation",), None, None,
                        until=("consultation",), limit=1.0),
    "seen": Measure("seen", "Consultations", "rate", ("consultation",), None, None),
}  # fmt: skip
SYSTEM = replace(town(), measures=MEASURES)
CQUIN = Cquin("cquin", ("block",), 0.0125, (Indicator("same_day", "higher", 0.5, 1.0, 1.0),))
GATE = QualityGate("gate", ("block",), 0.1, "same_day", "higher", 0.9)
SANCTIONS = Sanctions("sanctions", (Standard("same_day", "higher", 0.95, "seen", 100_00),))
TERMS = (Block("block", 1_200_000_00), CQUIN, GATE, SANCTIONS)
BOTH = arrangement(
    "both",
    contract("hill_ccg", "practice", *TERMS, scope=scope("practice", "hospital", "infirmary", places=("hill",))),
    contract("vale_ccg", "practice", *TERMS, scope=scope("practice", "hospital", "infirmary", places=("vale",))),
)


def consultation(number, resident, wait):
    return Row("consultation", "surgery", 10.0 + number, 0.25, number, resident, wait=wait)


# In hill 3 of 4 are seen the same day, in vale all of 6.
ROWS = [consultation(n, n, 2.0 if n == 0 else 0.5) for n in range(4)] + [
    consultation(n, 700, 0.0) for n in range(4, 10)
]


def paid(ledger, payer, term):
    chosen = (ledger.payer == payer) & (ledger.term == term)
    return int(ledger.amount_pence[chosen].sum())


def test_each_contract_is_paid_by_the_measures_of_its_own_scope():
    ledger = settle(activity(SYSTEM, ROWS), BOTH)
    # £15,000 of CQUIN, half of it for 75%; 10% withheld; 4 patients, 20% of them beyond the 5% that are tolerated.
    assert paid(ledger, "hill_ccg", "cquin") == 7_500_00
    assert paid(ledger, "hill_ccg", "gate") == -120_000_00
    assert paid(ledger, "hill_ccg", "sanctions") == -Fraction(4) * Fraction(20, 100) * 100_00
    assert paid(ledger, "vale_ccg", "cquin") == 15_000_00
    assert paid(ledger, "vale_ccg", "gate") == paid(ledger, "vale_ccg", "sanctions") == 0


def test_what_is_settled_after_the_year_moves_after_it():
    busy = activity(SYSTEM, ROWS)
    ledger = settle(busy, BOTH)
    cash = ledger.cash()
    assert cash.shape[1] == 15
    assert cash.sum(axis=0).tolist() == [0] * 15
    practice = ledger.organisations.index("practice")
    assert cash[practice, 12] == -80_00
    assert cash[practice, 13] == 0
    assert cash[practice, 14] == -7_500_00 - 120_000_00
    books = accounts(ledger, costs(busy))
    assert cash.sum(axis=1).tolist() == books.income_pence.sum(axis=1).tolist()
    entries = ledger.by_organisation()
    assert (entries.groupby(["period", "contract", "term"])["net_pence"].sum() == 0).all()
    spent = books.affordability().set_index("organisation")
    assert spent.loc["vale_ccg", "paid_pence"] == 1_215_000_00
    assert np.array_equal(spent["left_pence"], spent["received_pence"] - spent["paid_pence"] - spent["cost_pence"])
