"""Measures that a contract pays by can be taken within its scope."""

from collections.abc import Callable

import pytest

from paysim.model.errors import InputError
from paysim.model.system import System

Variant = Callable[[str], System]

BONUS = """
[arrangement.block.contract.bonus]
payer = "ccg"
payee = PAYEE
SCOPE
terms = [TERMS]
"""
EARNED = (
    '{ kind = "performance_payment", measure = "consultations", better = "higher", steps = [{ at = 1, pays = 10 }] }'
)
GATE = (
    '{ kind = "quality_gate", of = "OF", withholds = 1, measure = "consultations", better = "higher", threshold = 1 }'
)
GATED = '{ kind = "block", annual = 1 }, ' + GATE.replace("OF", "block")


def bonus(terms: str, payee: str = "practice", scope: str | None = None) -> str:
    written = "" if scope is None else f"scope = {{ {scope} }}"
    return BONUS.replace("PAYEE", f'"{payee}"').replace("SCOPE", written).replace("TERMS", terms)


@pytest.mark.parametrize(
    "contract",
    [
        bonus(GATED, scope="services = []"),
        bonus(EARNED, scope="services = []"),
        bonus(EARNED, payee="hospital"),
        bonus(EARNED, payee="ccg").replace('payer = "ccg"', 'payer = "hospital"'),
        bonus(EARNED, scope='organisations = ["hospital"]'),
    ],
    ids=["gate", "performance", "other services", "no services", "other organisation"],
)
def test_a_measure_of_which_nothing_is_seen_is_refused(variant: Variant, contract: str) -> None:
    refusal = (
        r"arrangement\.block\.contract\.bonus\.terms\[\d\]: found measure 'consultations', of which nothing is seen"
        r" within the scope of contract 'bonus'; expected .*general_practice\.consultation"
    )
    with pytest.raises(InputError, match=refusal):
        variant(contract)


@pytest.mark.parametrize(
    "contract",
    [
        bonus(EARNED),
        bonus(GATE.replace("OF", "all")),
        bonus('{ kind = "block", annual = 1 }', scope="services = []")
        + bonus(GATE.replace("OF", "bonus")).replace("contract.bonus", "contract.gate"),
        bonus(EARNED, payee="hospital", scope='organisations = ["practice"]'),
        bonus(EARNED, payee="both").replace('"both"', '["practice", "hospital"]'),
        bonus(
            '{ kind = "gain_loss_share", id = "gain", target = 9, spending_organisations = ["practice"],'
            " shares = { ccg = 0.5, practice = 0.5 } }, " + GATE.replace("OF", "gain")
        ),
    ],
    ids=["alone", "gate", "bonus and its gate", "of others", "one of several", "gain share"],
)
def test_what_pays_for_quality_may_stand_beside_what_pays_for_the_activity(variant: Variant, contract: str) -> None:
    variant(contract)
