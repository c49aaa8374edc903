from town import Row, activity, arrangement, by_commissioner, contract, scope, tariff, town

from paysim.model.terms import Block, Capitation
from paysim.payment.settlement import settle

SYSTEM = town()
LEAD = arrangement(
    "lead",
    contract(
        "hill_ccg", "hospital", Capitation("heads", 777_77, None), scope=scope("practice", "hospital", "infirmary")
    ),
    contract("hospital", "practice", Block("block", 1_000_001), tariff(), scope=scope("practice")),
    contract("hospital", "infirmary", tariff(), scope=scope("infirmary")),
    contract("infirmary", "practice", Block("block", 13), scope=scope("practice")),
)


def test_every_contract_term_and_period_is_there_with_zeros_too():
    ledger = settle(activity(SYSTEM, []), LEAD)
    assert len(ledger) == 5 * 12
    keys = list(zip(ledger.contract, ledger.term, ledger.period, strict=True))
    assert len(set(keys)) == len(keys)
    assert (ledger.amount_pence[ledger.term == "tariff"] == 0).all()


def test_frame():
    ledger = settle(activity(SYSTEM, [Row("consultation", "surgery", 40.0, 0.5)]), by_commissioner(tariff()))
    frame = ledger.to_frame()
    assert list(frame) == ["period", "payer", "payee", "contract", "term", "amount_pence"]
    assert frame["amount_pence"].dtype == "int64"
    assert frame.query("amount_pence > 0").values.tolist() == [
        ["2017-05", "hill_ccg", "practice", "hill_ccg:practice", "tariff", 37_00]
    ]
    assert frame["period"].unique().tolist() == list(ledger.periods)
