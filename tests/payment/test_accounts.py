from generated import activities
from hypothesis import given
from town import Row, activity, arrangement, by_commissioner, contract, scope, tariff, town

from paysim.model.service import CostStructure, SemiFixed
from paysim.model.terms import Capitation
from paysim.payment.accounts import accounts
from paysim.payment.costs import costs
from paysim.payment.settlement import settle

COST = CostStructure(1_000_01, SemiFixed(3.0, 77_77, 2), 37_00, 213, {"LA04S": 1_01})
SYSTEM = town(costs={"surgery": COST, "medicine": COST, "surgical": COST})
LEAD = arrangement(
    "lead",
    contract(
        "hill_ccg", "hospital", Capitation("heads", 99_99, None), scope=scope("practice", "hospital", "infirmary")
    ),
    contract("hospital", "practice", tariff(), scope=scope("practice")),
)


@given(activities())
def test_income_minus_cost_is_surplus_and_nothing_is_lost(rows):
    busy = activity(SYSTEM, rows, weight=1.7)
    cost = costs(busy)
    for one in (by_commissioner(tariff()), LEAD):
        found = accounts(settle(busy, one), cost)
        assert (found.income_pence - found.cost_pence).tolist() == found.surplus_pence.tolist()
        assert (found.received_pence - found.paid_pence).tolist() == found.income_pence.tolist()
        assert found.income_pence.sum(axis=0).tolist() == [0] * 12
        assert found.cost_pence.sum(axis=0).tolist() == cost.pence.sum(axis=1).tolist()
        assert (-found.surplus_pence.sum(axis=0)).tolist() == cost.pence.sum(axis=1).tolist()


def test_an_organisation_bears_the_cost_of_its_own_services_whoever_pays():
    busy = activity(SYSTEM, [Row("consultation", "surgery", 3.0, 0.5)])
    by_tariff, by_lead = (accounts(settle(busy, one), costs(busy)) for one in (by_commissioner(tariff()), LEAD))
    assert by_tariff.cost_pence.tolist() == by_lead.cost_pence.tolist()
    cost = dict(zip(by_lead.organisations, by_lead.cost_pence.sum(axis=1).tolist(), strict=True))
    capacity = 10  # beds of each service, in steps of 3: 4 steps planned for two months
    steps = 2 * (-(-capacity // 3))
    month = [648, 648]  # twelfths of 77.77, by its running total: 6.48 in each of the first two months
    assert steps == 8
    assert cost["practice"] == 1_000_01 + 4 * sum(month) + 37_00 + 648 * 1
    assert cost["hospital"] == 2 * (1_000_01 + 4 * sum(month))
    assert cost["infirmary"] == cost["hill_ccg"] == 0


def test_frame_is_tidy():
    found = accounts(settle(activity(SYSTEM, []), LEAD), costs(activity(SYSTEM, [])))
    frame = found.to_frame()
    assert list(frame) == ["period", "organisation", "income_pence", "cost_pence", "surplus_pence"]
    assert len(frame) == 5 * 12
    hospital = frame.query("organisation == 'hospital'")
    assert hospital["income_pence"].sum() == 99_99 * 1_000
    assert (frame["income_pence"] - frame["cost_pence"] == frame["surplus_pence"]).all()
    assert frame["period"].unique().tolist() == list(found.periods)
