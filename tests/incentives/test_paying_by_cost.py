"""Arrangements that pay by what services cost: on each horizon by the costs of that horizon."""

from dataclasses import replace

import numpy as np
import pytest
from quiet import EXPECTED, owner, quiet_town

import paysim
from paysim.incentives import settled
from paysim.incentives.evaluate import evaluate
from paysim.model.terms import Block
from paysim.model.terms.limits import CostShare
from paysim.model.terms.shared import GainLossShare
from paysim.payment.costs_needed import pays_by_cost

QUIET = quiet_town()
HOSPITAL = owner(QUIET, "hospital")
LEVER_COST = 200_000 * 0.1

OPEN_BOOK = CostShare("open_book", (0,), payer_over=1.0, payer_under=1.0)
HALF = GainLossShare(
    "half",
    target=(2_000_000_00,),
    spending_organisations=("hospital",),
    shares={"hill_ccg": 0.5, "hospital": 0.5},
    held_by="hospital",
)


def paying_hospital(*terms):
    """The arrangement by activity, with other terms for the hospital for all residents together."""
    base = QUIET.arrangements["block"]
    hospital = next(each for each in base.contracts if each.payee == "hospital" and each.payer == "hill_ccg")
    others = [each for each in base.contracts if each is not hospital]
    return replace(base, contracts=(*others, replace(hospital, terms=terms)))


def gained(arrangement):
    """The hospital's gain from shorter stays by horizon, and what they save."""
    given, shorter = evaluate(QUIET, [arrangement], [{}, {"shorter": 0.1}], EXPECTED, 0)
    horizons = ("short_run", "long_run")
    gain = {h: float((shorter.surplus(h) - given.surplus(h))[0, HOSPITAL, 0]) for h in horizons}
    return gain, {h: float((given.cost(h) - shorter.cost(h))[HOSPITAL, 0]) for h in horizons}


def test_an_open_book_leaves_an_owner_the_cost_of_its_lever_on_both_horizons():
    gain, saved = gained(paying_hospital(OPEN_BOOK))
    assert saved["long_run"] > 1.1 * saved["short_run"] > 0.0
    assert gain == pytest.approx({"short_run": -LEVER_COST, "long_run": -LEVER_COST}, abs=0.1)


def test_half_of_what_is_saved_is_half_of_what_each_horizon_saves():
    gain, saved = gained(paying_hospital(Block("block", 2_000_000_00), HALF))
    assert gain == pytest.approx({horizon: 0.5 * each - LEVER_COST for horizon, each in saved.items()}, abs=0.1)


def test_income_is_told_by_horizon_where_it_differs():
    arrangement = paying_hospital(OPEN_BOOK)
    system = replace(QUIET, arrangements={arrangement.id: arrangement, "activity": QUIET.arrangements["activity"]})
    asked = {"arrangements": ["block", "activity"], "levers": ["shorter"], "engine": "expected"}
    table = paysim.incentives(system, **asked).table()
    hospital = table[table["organisation"] == "hospital"].set_index(["arrangement", "horizon", "quantity"])["mean"]
    for horizon in ("short_run", "long_run"):
        assert hospital["block", horizon, "income"] == pytest.approx(hospital["all", horizon, "cost"], abs=1.0)
    assert hospital.xs("income", level="quantity")["activity"].index.tolist() == ["both"]
    spend = table[table["quantity"] == "spend"].set_index(["arrangement", "horizon"])["mean"]
    assert spend["block", "long_run"] < spend["block", "short_run"] < 0.0


def test_only_arrangements_that_look_at_costs_are_settled_twice(monkeypatch):
    settlings = []

    def counting(activity, arrangements, **others):
        settlings.append([each.name for each in arrangements])
        return once(activity, arrangements, **others)

    once = settled.settle_many
    monkeypatch.setattr(settled, "settle_many", counting)
    by_cost = replace(paying_hospital(OPEN_BOOK), name="By cost")
    plain = [QUIET.arrangements["activity"], QUIET.arrangements["block"]]
    assert [pays_by_cost(each) for each in (*plain, by_cost)] == [False, False, True]
    (found,) = evaluate(QUIET, [*plain, by_cost], [{}], EXPECTED, 0)
    assert settlings == [["Activity", "Block", "By cost"], ["By cost"]]
    assert np.array_equal(found.long_run_income[:2], found.income[:2])
    settlings.clear()
    evaluate(QUIET, plain, [{}], EXPECTED, 0)
    assert len(settlings) == 1
