"""Risk aversion looks at the risk of all residents, whatever sample of them is simulated, and none is told of."""

from dataclasses import replace

import numpy as np
import pytest
from games import lever, outcome_of, system_of
from quiet import quiet_town

import paysim
from paysim.incentives.design.judge import Rules, reference
from paysim.incentives.response.equilibrium import equilibria
from paysim.incentives.response.objective import objectives_of
from paysim.incentives.response.points import design_points
from paysim.incentives.response.surface import fit
from paysim.model.objective import Objective

AVERSE = "the risk aversion of these counts for nothing: The hospital."


def averse_hospital():
    """The quiet town with a hospital that minds risk and everybody else passive."""
    system = quiet_town()
    passive = {each.owner: Objective(each.owner, rule="passive") for each in system.levers.values()}
    return replace(system, objectives=passive | {"hospital": Objective("hospital", risk_aversion=1e-8)})


def insured(sample):
    """Losses of 0 or 100 for all residents; those of a sample, scaled up, lie 1/sqrt(sample) times as far apart."""
    system = system_of([lever("cover", "first", 0.0, 1.0)], [Objective("first", risk_aversion=0.01)])
    design = design_points(system)

    def world(loss):
        return lambda at: {"first": -loss * (1.0 - at["cover"]) - 60.0 * at["cover"]}

    losses = [50.0 + deviation / sample**0.5 for deviation in (-50.0, 50.0)]
    return design, [[outcome_of(system, point, world(loss)) for point in design.points] for loss in losses]


@pytest.mark.parametrize("sample", [1.0, 0.25, 0.04])
def test_the_same_town_insures_itself_alike_whatever_sample_of_it_is_seen(sample):
    design, outcomes = insured(sample)
    (rest,) = equilibria(fit(design, ["pay"], outcomes, sample), "pay").rests
    # 60 u'(-60 x) = 40 u'(-100 + 40 x), u'(y) = exp(-y / 100).
    assert rest.intensities["cover"] == pytest.approx(1.0 - np.log(1.5), abs=1e-9)


def test_a_design_takes_the_risk_of_all_residents():
    design, outcomes = insured(0.25)
    rules = Rules(design, objectives_of(design.system), (), tolerance=0.0, floor=None, sample=0.25)
    assert reference(rules, "pay", outcomes).ending.point["cover"] == pytest.approx(1.0 - np.log(1.5), abs=1e-9)


@pytest.mark.parametrize(
    ("settings", "known"),
    [
        ({"engine": "expected"}, "Expected values know"),
        ({"replications": 1, "sample": 0.05}, "A single replication knows"),
    ],
)
def test_risk_that_nobody_has_seen_is_told(settings, known):
    response = paysim.respond(averse_hospital(), "block", years=1, **settings)
    assert response.response.surface.sample == settings.get("sample", 1.0)
    assert f"{known} no risk, so {AVERSE}" in response.warnings()
