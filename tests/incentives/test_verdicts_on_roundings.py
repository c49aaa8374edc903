"""Verdicts do not hang on how sums of whole pence were rounded: where price equals cost, nothing is at stake."""

from dataclasses import replace

from quiet import quiet_town

import paysim
from paysim.model.curve import NOTHING


def at_cost():
    """The quiet town with nurses who are paid what a day costs, by two commissioners, and a lever that is free."""
    system = quiet_town()
    nurses, avoid = system.services["nurses"], system.levers["avoid"]
    cost = replace(nurses.cost, per_day_pence=110_00)
    return replace(
        system,
        services={**system.services, "nurses": replace(nurses, cost=cost)},
        levers={**system.levers, "avoid": replace(avoid, cost=NOTHING)},
    )


def test_an_owner_whose_price_is_its_cost_is_indifferent():
    found = paysim.incentives(at_cost(), arrangements=["activity"], levers=["avoid", "shorter"], engine="expected")
    verdicts = found.verdicts().set_index(["lever", "horizon"])
    assert verdicts.loc["avoid"]["verdict"].tolist() == ["indifferent", "indifferent"]
    assert verdicts.loc["avoid"]["owner_change"].tolist() == [0.0, 0.0]
    named = verdicts["gainers"] + "," + verdicts["losers"]
    assert not named.str.contains("team").any()
    assert named.loc["avoid"].str.contains("hospital").all()
