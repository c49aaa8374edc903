"""Where every owner is passive, no optimum is told of."""

from dataclasses import replace
from pathlib import Path

import paysim
from paysim.model.objective import Objective
from paysim.report.response.records import Readable
from paysim.report.response.wording import price

CONFIG = Path(__file__).parents[2] / "configs" / "theory" / "cost_effort.toml"


def test_without_anybody_who_acts_there_is_no_price() -> None:
    system = paysim.load(CONFIG)
    passive = {lever.owner: Objective(lever.owner, rule="passive") for lever in system.levers.values()}
    response = paysim.respond(replace(system, objectives=passive), "cost_sharing", years=1, engine="expected").response
    (said,) = price(Readable(response))
    assert said == "Every owner of a lever is passive, so no lever moves, in an equilibrium or a joint optimum."
