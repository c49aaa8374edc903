"""Residents referred away: the same care, paid by the head for those on the list and otherwise for the others."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from levered import lever, per_unit

import paysim
from paysim.incentives.changes import pays_by_the_head, relisted
from paysim.model.activity import COLUMNS, Activity
from paysim.model.contract import Arrangement, Contract
from paysim.model.errors import InputError
from paysim.model.lever import Lever, ReferAwayEffect
from paysim.model.population import ByResident
from paysim.model.system import System
from paysim.model.terms import Block, Capitation, Tariff
from paysim.model.terms.heads import GlobalSum, ListCount, RegisteredListCapitation, SubCapitation
from paysim.payment.ledger import Ledger
from paysim.payment.settlement import settle
from paysim.simulation.simulate import simulate

CONFIG = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"
PER_HEAD = 500_00


@cache
def town() -> System:
    return paysim.load(CONFIG)


@cache
def activity() -> Activity:
    return simulate(town(), years=1, seed=7)


def the_old() -> ByResident:
    """Return 1 for those of 65 and over."""
    bands = np.array([band for band, *_ in town().population.profile_labels()])
    return np.where(bands == "65+", 1.0, 0.0) * np.ones((len(town().places), 1))


def the_most_deprived() -> ByResident:
    quintiles = np.array([quintile for _, _, quintile, _ in town().population.profile_labels()])
    return np.where(quintiles == 1, 1.0, 0.0) * np.ones((len(town().places), 1))


def refer(
    id: str = "refer", residents: ByResident | None = None, owner: str = "hospital", instead: str = "activity"
) -> Lever:
    who = the_old() if residents is None else residents
    return replace(lever(id, ReferAwayEffect(who, instead, per_unit(1.0))), owner=owner)


def with_levers(*levers: Lever) -> System:
    return replace(town(), levers={each.id: each for each in levers})


def by_tariff() -> Arrangement:
    return town().arrangements["activity"]


def made_of(arrangement: Arrangement, *contracts: Contract) -> Arrangement:
    return replace(arrangement, contracts=contracts)


def for_some(contract: Contract, who: ByResident) -> Contract:
    return replace(contract, scope=replace(contract.scope, residents=who))


def capitation(weights: ByResident | None = None, per_head: int = PER_HEAD) -> Arrangement:
    """Return the arrangement of this name, its neutral amount set, with other weights if given."""

    def set_amount(contract: Contract) -> Contract:
        if contract.payee != "hospital":
            return contract
        term = contract.terms[0]
        own = term.weights if weights is None else weights
        return replace(contract, terms=(replace(term, annual_per_head=per_head, weights=own),))

    arrangement = town().arrangements["capitation"]
    return made_of(arrangement, *map(set_amount, arrangement.contracts))


def pence(ledger: Ledger, organisation: str) -> float:
    """Return what an organisation receives less what it pays, in pence."""
    received = ledger.amount_pence[ledger.payee == organisation].sum()
    return float(received - ledger.amount_pence[ledger.payer == organisation].sum())


def net(arrangement: Arrangement, intensity: float, who: ByResident | None = None) -> dict[str, float]:
    """Return what each organisation is left with where the hospital refers some away, in pence."""
    parts = relisted(arrangement, with_levers(refer(residents=who)), {"refer": intensity})
    ledgers = [(part.share, settle(activity(), part.arrangement)) for part in parts]
    return {
        organisation: sum(share * pence(ledger, organisation) for share, ledger in ledgers)
        for organisation in town().organisations
    }


def heads(who: ByResident) -> int:
    return int((town().population.counts() * who).sum())


def test_an_arrangement_without_a_list_stays_as_it_is():
    system = with_levers(refer())
    for name in ("activity", "block"):
        arrangement = town().arrangements[name]
        (only,) = relisted(arrangement, system, {"refer": 0.7})
        assert (only.share, only.arrangement) == (1.0, arrangement)
        assert not pays_by_the_head(arrangement, "hospital")
    (only,) = relisted(capitation(), with_levers(refer(owner="other_hospital")), {"refer": 0.7})
    assert only.share == 1.0
    assert pays_by_the_head(capitation(), "practice")
    assert not pays_by_the_head(capitation(), "other_hospital")


def test_at_now_nobody_is_off_the_list():
    (only,) = relisted(capitation(), with_levers(refer()), {"refer": 0.0})
    assert only.share == 1.0
    assert [contract.id for contract in only.arrangement.contracts] == [c.id for c in capitation().contracts]


def test_all_who_are_off_the_list_are_paid_for_otherwise():
    (stay, away) = relisted(capitation(), with_levers(refer()), {"refer": 0.3})
    assert (stay.share, away.share) == (0.7, pytest.approx(0.3))
    ids = [contract.id for contract in away.arrangement.contracts]
    assert len(set(ids)) == len(ids)
    assert {id for id in ids if "off_the_list" in id} == {
        f"{contract.id}.off_the_list" for contract in town().arrangements["activity"].contracts
    }
    # The hospital gets the tariff for the old, and capitation for the young, for whom it pays the practice.
    young = 1.0 - the_old()
    ledger = settle(activity(), away.arrangement)

    def paid(contract: str, payee: str) -> int:
        under = np.char.startswith(ledger.contract, contract) & (ledger.payee == payee)
        return int(ledger.amount_pence[under].sum())

    weights = capitation().contracts[0].terms[0].weights
    weighted_heads = float((town().population.counts() * weights * young).sum())
    assert paid("whole_population", "hospital") == pytest.approx(PER_HEAD * weighted_heads, abs=10)
    tariff = settle(activity(), by_tariff())
    assert 0 < paid("acute", "hospital") < tariff.amount_pence[tariff.payee == "hospital"].sum()
    assert paid("practice", "practice") - paid("practice.", "practice") == 150_00 * heads(young)


def test_everybody_off_the_list_is_the_other_arrangement():
    other = settle(activity(), by_tariff())
    expected = {organisation: pence(other, organisation) for organisation in town().organisations}
    assert net(capitation(), 1.0, np.ones_like(the_old())) == expected


def test_nobody_gains_when_weights_are_what_each_is_expected_to_cost():
    # The hospital pays the practice by the tariff too, so that the list is all that differs.
    passed_on = [replace(each, payer="hospital") for each in by_tariff().contracts if each.payee == "practice"]
    cost_of_old, cost_of_young = (at_tariff(who) for who in (the_old(), 1.0 - the_old()))
    old, young = heads(the_old()), heads(1.0 - the_old())
    mean = (cost_of_old + cost_of_young) / (old + young)
    fair = np.where(the_old() > 0, cost_of_old / old, cost_of_young / young) / mean
    alike = np.ones_like(fair)

    def surplus(weights: ByResident, intensity: float) -> float:
        kept = [each for each in capitation(weights, round(mean)).contracts if each.payee != "practice"]
        return net(made_of(capitation(), *kept, *passed_on), intensity)["hospital"]

    def gain(weights: ByResident) -> float:
        return surplus(weights, 1.0) - surplus(weights, 0.0)

    assert abs(gain(fair)) < 0.001 * cost_of_old
    assert gain(alike) > 0.2 * cost_of_old
    assert gain(2.0 * fair) == pytest.approx(-cost_of_old, rel=0.001)
    assert surplus(alike, 0.25) == pytest.approx(0.75 * surplus(alike, 0.0) + 0.25 * surplus(alike, 1.0))


def at_tariff(who: ByResident) -> int:
    """Return what the activity of some residents comes to at the tariff, whoever provides it, in pence."""
    population = town().population
    theirs = who[population.place, population.profile][population.cell_of(activity().resident)] > 0
    rows = {column: getattr(activity(), column)[theirs] for column in COLUMNS}
    return int(settle(replace(activity(), **rows), by_tariff()).amount_pence.sum())


def test_what_both_arrangements_have_in_common_pays_for_everybody():
    scope = by_tariff().contracts[0].scope
    common, same_again, other_sum = (
        Contract("block", "treasury", "hill_ccg", scope, (Block("sum", annual),)) for annual in (7_00, 7_00, 8_00)
    )
    arrangement = made_of(capitation(), common, *capitation().contracts)
    instead = made_of(by_tariff(), *by_tariff().contracts, same_again)
    _, away = relisted(arrangement, with_levers(refer()), {"refer": 0.5}, {"activity": instead})
    assert [contract for contract in away.arrangement.contracts if contract.id.startswith("block")] == [common]
    instead = made_of(by_tariff(), *by_tariff().contracts, other_sum)
    with pytest.raises(InputError, match=r"lever\.refer: found term 'sum' \(block\) in contract 'block'"):
        relisted(arrangement, with_levers(refer()), {"refer": 0.5}, {"activity": instead})


def test_contracts_with_arrays_that_say_the_same_are_common():
    weights = np.where(the_old() > 0, 3.0, 1.0)
    one, other = capitation(weights), capitation(weights.copy())
    _, away = relisted(one, with_levers(refer(instead="other")), {"refer": 0.5}, {"other": other})
    assert [contract.id for contract in away.arrangement.contracts] == [contract.id for contract in one.contracts]
    _, away = relisted(one, with_levers(refer(instead="other")), {"refer": 0.5}, {"other": capitation(2 * weights)})
    assert len(away.arrangement.contracts) > len(one.contracts)


def test_a_list_that_is_counted_elsewhere_cannot_be_parted():
    counted = RegisteredListCapitation("list", (PER_HEAD,), (ListCount(0, 100.0),))
    contracts = tuple(replace(c, terms=(counted,)) if c.payee == "hospital" else c for c in capitation().contracts)
    with pytest.raises(InputError, match=r"'list' \(registered_list_capitation\)"):
        relisted(replace(capitation(), contracts=contracts), with_levers(refer()), {"refer": 0.5})
    with pytest.raises(InputError, match="found arrangement 'none'"):
        relisted(capitation(), with_levers(refer(instead="none")), {"refer": 0.5})


def test_two_levers_part_the_residents_in_four():
    system = with_levers(refer("old"), refer("poor", the_most_deprived()))
    parts = relisted(capitation(), system, {"old": 0.4, "poor": 0.1})
    assert [part.share for part in parts] == pytest.approx([0.6 * 0.9, 0.6 * 0.1, 0.4 * 0.9, 0.4 * 0.1])
    both = parts[-1].arrangement
    ids = [contract.id for contract in both.contracts]
    assert len(set(ids)) == len(ids)
    old_or_poor = np.maximum(the_old(), the_most_deprived())
    # With both groups off the list, it is as with one group of all of them.
    one_group = relisted(capitation(), with_levers(refer(residents=old_or_poor)), {"refer": 1.0})
    assert len(one_group) == 1
    ledgers = [settle(activity(), each) for each in (both, one_group[0].arrangement)]
    for organisation in town().organisations:
        one, other = (pence(ledger, organisation) for ledger in ledgers)
        assert one == pytest.approx(other, abs=100), organisation


@pytest.mark.parametrize(
    ("term", "by_the_head", "follows"),
    [
        (Tariff("t", town().prices["national"]), False, True),
        (Capitation("t", 1_00), True, True),
        (GlobalSum("t", (1_00,)), True, True),
        (SubCapitation("t", 1_00), True, True),
        (SubCapitation("t", 0, premium=("x",), share_of_premium=0.5), False, False),
        (Block("t", 1_00), False, False),
    ],
)
def test_which_terms_make_a_list_and_which_follow_residents(term, by_the_head, follows):
    assert (term.pays_by_the_head(), term.follows_residents()) == (by_the_head, follows)


def test_capitation_counts_the_heads_of_the_kinds_in_scope():
    contract = next(c for c in capitation().contracts if c.payee == "practice")
    nobody_came = replace(activity(), **{column: getattr(activity(), column)[:0] for column in COLUMNS})
    for who in (the_old(), 1.0 - the_old()):
        ledger = settle(nobody_came, made_of(capitation(), for_some(contract, who)))
        assert ledger.amount_pence.sum() == 150_00 * heads(who)
