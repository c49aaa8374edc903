"""How payment works at the margin in BHR: signs that a finance director would expect, with nothing tuned to get them.

Pairs of runs with the same random numbers, one year, 5% of residents, four replications. A change counts as above or
below nothing where its mean over replications is more than three standard errors from it.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import paysim
from paysim.incentives.evaluate import evaluate
from paysim.incentives.outcome import Floats, Outcome, Trial
from paysim.model.contract import Arrangement
from paysim.model.curve import Polynomial
from paysim.model.lever import Lever, UnitCostEffect
from paysim.model.system import System
from paysim.model.terms.basic import Capitation
from paysim.model.terms.term import Term
from paysim.study.neutral import resolve_neutral
from paysim.study.settings import settings_for

CONFIGS = Path(__file__).parents[2] / "configs"
REPLICATIONS, SAMPLE, SEED = 4, 0.05, 1
ARRANGEMENTS = (
    "activity",
    "block",
    "capitation",
    "marginal_rate",
    "capitation_half_weighted",
    "capitation_unweighted",
)


@dataclass(frozen=True, eq=False)
class Bhr:
    """The system, a further lever that makes admissions dearer, and arrangements with their neutral amounts set."""

    system: System
    arrangements: tuple[Arrangement, ...]

    def outcomes(self, point: tuple[tuple[str, float], ...], owner: str = "") -> tuple[Outcome, ...]:
        """Return the outcome of every replication at a point, all its levers owned by `owner` if given."""
        system = self.system
        if owner:
            owned = {id: replace(system.levers[id], owner=owner) for id, _ in point}
            system = replace(system, levers={**system.levers, **owned})
        trial = Trial(years=1, seed=SEED, sample=SAMPLE, engine="compiled")
        points = [dict(point)]
        return tuple(evaluate(system, self.arrangements, points, trial, number)[0] for number in range(REPLICATIONS))

    def number(self, arrangement: str, organisation: str) -> tuple[int, int]:
        """Return where an organisation stands in outcomes."""
        return ARRANGEMENTS.index(arrangement), list(self.system.organisations).index(organisation)


@pytest.fixture(scope="module")
def bhr(tmp_path_factory: pytest.TempPathFactory) -> Bhr:
    folder = tmp_path_factory.mktemp("configs") / "configs"
    shutil.copytree(CONFIGS, folder)
    (folder / "mechanics.toml").write_text('extends = ["bhr.toml", "bhr/mechanics.toml"]', encoding="utf-8")
    system = paysim.load(folder / "mechanics.toml")
    dearer = Lever(
        id="dearer_admissions",
        name="Dearer admissions",
        owner="bhrut",
        unit="pounds a stay in assessment or short stay",
        low=0.0,
        high=10_000.0,
        now=0.0,
        step=100.0,
        effects=(UnitCostEffect("bhrut_assessment", Polynomial(1.0)),),
        cost=Polynomial(),
    )
    half = half_weighted(system.arrangements["capitation"])
    system = replace(
        system,
        levers={**system.levers, dearer.id: dearer},
        arrangements={**system.arrangements, half.id: half},
    )
    settings = settings_for(system, arrangements=ARRANGEMENTS, years=1, replications=2, seed=SEED, sample=SAMPLE)
    arrangements, _ = resolve_neutral(system, settings, [system.arrangements[id] for id in ARRANGEMENTS], map)
    return Bhr(system, arrangements)


def half_weighted(capitation: Arrangement) -> Arrangement:
    """Return capitation with weights half way between need and 1."""
    contracts = tuple(
        replace(contract, terms=tuple(_half_weighted(term) for term in contract.terms))
        for contract in capitation.contracts
    )
    return replace(capitation, id="capitation_half_weighted", contracts=contracts)


def _half_weighted(term: Term) -> Term:
    if isinstance(term, Capitation) and term.weights is not None:
        return replace(term, weights=(1.0 + term.weights) / 2.0)
    return term


@cache
def _outcomes(bhr: Bhr, point: tuple[tuple[str, float], ...], owner: str = "") -> tuple[Outcome, ...]:
    return bhr.outcomes(point, owner)


def pairs(
    bhr: Bhr, point: Mapping[str, float], owner: str = "", base: Mapping[str, float] | None = None
) -> list[tuple[Outcome, Outcome]]:
    """Return each replication as it is, or at another base, and at a point."""
    before = _outcomes(bhr, tuple((base or {}).items()))
    return list(zip(before, _outcomes(bhr, tuple(point.items()), owner), strict=True))


def of_surplus(
    bhr: Bhr,
    point: Mapping[str, float],
    arrangement: str,
    organisation: str = "bhrut",
    horizon: str = "short_run",
    dearer: float = 0.0,
) -> Floats:
    """Return an organisation's change of surplus by replication, what the lever itself costs left out."""
    where, base = bhr.number(arrangement, organisation), with_dearer(dearer)
    return np.array(
        [
            (after.surplus(horizon) + after.lever_cost - before.surplus(horizon) - before.lever_cost)[where].sum()
            for before, after in pairs(bhr, {**base, **point}, base=base)
        ]
    )


def standard_errors(changes: Floats) -> float:
    """Return by how many standard errors the mean of some changes is above 0."""
    error = changes.std(ddof=1) / np.sqrt(len(changes))
    return float(changes.mean() / error) if error > 0.0 else float(np.sign(changes.mean()) * np.inf)


def rises(changes: Floats) -> bool:
    return standard_errors(changes) > 3.0


def falls(changes: Floats) -> bool:
    return standard_errors(-changes) > 3.0


ALTERNATIVE = {"community_alternative": 0.2}
THRESHOLD = {"admission_threshold": 0.2}


def admissions_avoided(bhr: Bhr, point: Mapping[str, float]) -> Floats:
    step = list(bhr.system.steps).index("emergency_admission.assessment")
    return np.array([(before.steps - after.steps)[step].sum() for before, after in pairs(bhr, point)])


def test_an_avoided_admission_loses_the_trust_money_under_a_tariff(bhr: Bhr) -> None:
    assert rises(admissions_avoided(bhr, ALTERNATIVE))
    assert falls(of_surplus(bhr, ALTERNATIVE, "activity"))


def test_an_avoided_admission_gains_the_trust_money_where_it_holds_the_budget(bhr: Bhr) -> None:
    """What it pays the community trust for care at home, and the price of the stay at Barts, counted."""
    assert rises(of_surplus(bhr, ALTERNATIVE, "capitation", horizon="long_run"))
    assert rises(of_surplus(bhr, THRESHOLD, "capitation"))


def test_nobody_but_the_trust_loses_what_the_commissioners_gain_under_a_tariff(bhr: Bhr) -> None:
    """Money moves: commissioners keep the price of what is avoided, less what they pay for care at home."""
    for place in ("barking_and_dagenham", "havering", "redbridge"):
        assert rises(of_surplus(bhr, ALTERNATIVE, "activity", f"{place}_ccg"))


def test_general_practice_gains_nothing_from_the_same_lever(bhr: Bhr) -> None:
    """Paid by the head, practices keep their income to the penny, and pay for the team."""
    where = bhr.number("activity", "havering_practices")
    for before, after in pairs(bhr, ALTERNATIVE, owner="havering_practices"):
        assert (after.income[where] == before.income[where]).all()
        assert after.surplus("short_run")[where].sum() < before.surplus("short_run")[where].sum()


def test_more_operations_lose_money_under_a_block_and_gain_it_under_a_tariff(bhr: Bhr) -> None:
    assert falls(of_surplus(bhr, {"elective_volume": 0.1}, "block"))
    assert rises(of_surplus(bhr, {"elective_volume": 0.1}, "activity"))


def test_deeper_coding_pays_only_under_a_tariff(bhr: Bhr) -> None:
    deeper = {"coding_depth": 0.1}
    assert rises(of_surplus(bhr, deeper, "activity"))
    for arrangement in ("block", "capitation", "capitation_unweighted"):
        assert (of_surplus(bhr, deeper, arrangement) == 0.0).all()


def test_deeper_coding_changes_no_care(bhr: Bhr) -> None:
    for before, after in pairs(bhr, {"coding_depth": 0.1}):
        assert (after.steps == before.steps).all()
        assert (after.short_run_cost == before.short_run_cost).all()
        assert (after.qalys == before.qalys).all()


def test_a_trust_codes_its_own_stays_alone(bhr: Bhr) -> None:
    assert (of_surplus(bhr, {"coding_depth": 0.1}, "activity", "barts") == 0.0).all()


def of_emergency_income(bhr: Bhr, arrangement: str) -> Floats:
    """Return what the trust loses of its income by admission avoided with a higher threshold, by replication."""
    where = bhr.number(arrangement, "bhrut")
    lost = [(before.income - after.income)[where].sum() for before, after in pairs(bhr, THRESHOLD)]
    return np.array(lost) / admissions_avoided(bhr, THRESHOLD)


def of_cost(bhr: Bhr, horizon: str, dearer: float = 0.0) -> Floats:
    """Return what the trust saves by admission avoided with a higher threshold, by replication."""
    trust, base = list(bhr.system.organisations).index("bhrut"), with_dearer(dearer)
    pair = pairs(bhr, {**base, **THRESHOLD}, base=base)
    saved = [(before.cost(horizon) - after.cost(horizon))[trust].sum() for before, after in pair]
    return np.array(saved) / admissions_avoided(bhr, THRESHOLD)


def with_dearer(pounds: float) -> dict[str, float]:
    return {"dearer_admissions": pounds} if pounds else {}


def test_a_marginal_rate_shrinks_the_incentive_to_admit(bhr: Bhr) -> None:
    """A higher threshold loses the trust money under both, and less where emergencies are paid at 70%."""
    full, reduced = (of_surplus(bhr, THRESHOLD, each) for each in ("activity", "marginal_rate"))
    assert falls(full)
    assert falls(reduced)
    assert rises(reduced - full)


def test_a_marginal_rate_leaves_its_share_of_the_price(bhr: Bhr) -> None:
    """Nearly: follow-up visits of those who are admitted are paid in full."""
    kept = of_emergency_income(bhr, "marginal_rate").mean() / of_emergency_income(bhr, "activity").mean()
    assert 0.70 < kept < 0.72


def test_at_the_costs_of_bhr_a_marginal_rate_of_70_percent_does_not_reverse_the_incentive(bhr: Bhr) -> None:
    """An admission's cost at the margin is about a sixth of its price in the short run, and half of it in the long run.

    It would have to be more than 70% of it. The rate of 30% that held until 2014 lies between the two.
    """
    price = of_emergency_income(bhr, "activity").mean()
    short, long = (of_cost(bhr, horizon).mean() / price for horizon in ("short_run", "long_run"))
    assert 0.10 < short < 0.25
    assert 0.30 < long < 0.65


@pytest.mark.parametrize(("share", "pays_to_admit"), [(0.6, True), (0.8, False)])
def test_it_reverses_where_variable_cost_is_above_the_rate(bhr: Bhr, share: float, pays_to_admit: bool) -> None:
    """Break-even: the share of an admission's price that is variable cost equals the share that is paid, 70%."""
    price, saved = of_emergency_income(bhr, "activity").mean(), of_cost(bhr, "short_run").mean()
    by_pound = (of_cost(bhr, "short_run", dearer=1_000.0).mean() - saved) / 1_000.0
    dearer = float(round((share * price - saved) / by_pound))
    assert of_cost(bhr, "short_run", dearer).mean() == pytest.approx(share * price, rel=0.01)
    assert falls(of_surplus(bhr, THRESHOLD, "activity", dearer=dearer))
    reduced = of_surplus(bhr, THRESHOLD, "marginal_rate", dearer=dearer)
    assert falls(reduced) if pays_to_admit else rises(reduced)


SELECTION = {"selection": 0.1}


def test_selection_pays_without_risk_adjustment_and_less_the_better_the_weights(bhr: Bhr) -> None:
    gains = [
        of_surplus(bhr, SELECTION, each) for each in ("capitation_unweighted", "capitation_half_weighted", "capitation")
    ]
    assert rises(gains[0])
    assert rises(gains[0] - gains[1])
    assert rises(gains[1] - gains[2])


def test_selection_does_not_pay_where_heads_are_weighted_by_need(bhr: Bhr) -> None:
    """It even costs: the weights, of all NHS spending, rise more steeply with age than the care that is simulated."""
    assert falls(of_surplus(bhr, SELECTION, "capitation"))


@pytest.mark.parametrize("arrangement", ["activity", "block", "marginal_rate"])
def test_selection_does_nothing_where_nobody_is_paid_by_the_head_of_residents(bhr: Bhr, arrangement: str) -> None:
    assert (of_surplus(bhr, SELECTION, arrangement) == 0.0).all()
