"""Budget-neutral amounts: what the reference pays on average over calibration replications, and no draw shared."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from by_hand import TOWN

import paysim
from paysim.model.terms import Block, Capitation
from paysim.payment.settlement import settle
from paysim.payment.terms.capitation import weighted_heads
from paysim.study.compare import compare
from paysim.study.neutral import FIRST_CALIBRATION_REPLICATION, resolve_neutral
from paysim.study.settings import settings_for

SETTINGS = settings_for(TOWN, sample=0.2, seed=5, replications=20)
PAYERS = ("hill_ccg", "vale_ccg")


@pytest.fixture(scope="module")
def tariff_payments():
    """Return the pence a year that each commissioner pays by tariff: shape (calibration replications, payers)."""
    paid = []
    for number in range(SETTINGS.calibration_replications):
        replication = FIRST_CALIBRATION_REPLICATION + number
        activity = paysim.simulate(TOWN, seed=5, sample=0.2, replication=replication)
        ledger = settle(activity, TOWN.arrangements["activity"])
        paid.append([int(ledger.amount_pence[ledger.payer == payer].sum()) for payer in PAYERS])
    return np.array(paid)


def resolved(arrangement):
    (found,), amounts = resolve_neutral(TOWN, SETTINGS, [TOWN.arrangements[arrangement]], map)
    return found, amounts


def test_blocks_pay_in_all_what_the_tariff_pays_on_average(tariff_payments):
    block, amounts = resolved("block")
    for payer, paid in zip(PAYERS, tariff_payments.T.tolist(), strict=True):
        terms = [contract.terms[0] for contract in block.contracts if contract.payer == payer]
        assert all(isinstance(term, Block) for term in terms)
        assert abs(sum(term.annual for term in terms) - Fraction(sum(paid), len(paid))) <= Fraction(len(terms), 2)
    assert {amount.replications for amount in amounts} == {SETTINGS.calibration_replications}


def test_capitation_pays_by_the_head_what_the_tariff_pays_on_average(tariff_payments):
    capitation, _ = resolved("capitation")
    for payer, paid in zip(PAYERS, tariff_payments.T, strict=True):
        (contract,) = [contract for contract in capitation.contracts if contract.payer == payer]
        (term,) = contract.terms
        assert isinstance(term, Capitation)
        heads = float(weighted_heads(TOWN.population, term.weights, contract.scope))
        assert term.annual_per_head * heads == pytest.approx(paid.mean(), abs=heads / 2 + 1)


def test_what_is_paid_is_what_is_expected():
    """Over replications that the amounts were not set on, tariff payments scatter around the block."""
    many = replace(SETTINGS, sample=1.0, replications=40, calibration_replications=40)
    found = compare(TOWN, many)
    income = found.accounts.groupby(["arrangement", "organisation", "replication"])["income_pence"].sum() / 100
    amounts = found.neutral[found.neutral["arrangement"] == "block"]
    error_of_block = np.sqrt((amounts["standard_error"] ** 2).sum())
    for payer in PAYERS:
        tariff, block = (-income[arrangement, payer].to_numpy() for arrangement in ("activity", "block"))
        assert len(set(block)) == 1
        error = np.hypot(tariff.std(ddof=1) / np.sqrt(len(tariff)), error_of_block)
        assert abs(tariff.mean() - block[0]) < 4 * error < 0.1 * block[0]


def test_calibration_replications_are_none_of_the_studys():
    settings = settings_for(TOWN, replications=1_000_000)
    assert settings.replications < FIRST_CALIBRATION_REPLICATION


def test_amounts_do_not_depend_on_the_replications_compared():
    few, many = (compare(TOWN, settings_for(TOWN, sample=0.1, replications=n)).neutral for n in (1, 3))
    assert few.equals(many)


def test_settling_alone_sets_the_same_amounts_as_comparing():
    activity = paysim.simulate(TOWN, sample=0.2, seed=5)
    ledger = paysim.settle(activity, TOWN.arrangements["block"])
    block, _ = resolved("block")
    assert ledger.total() == sum(contract.terms[0].annual for contract in block.contracts)


def test_nothing_is_simulated_where_nothing_is_neutral():
    def refuse(*_):
        raise AssertionError("simulated")

    assert resolve_neutral(TOWN, SETTINGS, [TOWN.arrangements["activity"]], refuse)[1] == ()
