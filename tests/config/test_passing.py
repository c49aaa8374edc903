"""Nobody passes on more than all of what a term paid them."""

from collections.abc import Callable

import pytest

from paysim.model.errors import InputError
from paysim.model.system import System

Variant = Callable[[str], System]

LEAD = """
[arrangement.chain]
name = "Chain"
extends = "activity"
[arrangement.chain.contract.grant]
payer = "ccg"
payee = "practice"
scope = { services = [] }
terms = [{ kind = "block", id = "first", annual = AMOUNT }, { kind = "block", id = "second", annual = 1 }]
"""
BY_PLACE = "{ by_place = { hill = 1, vale = 2 } }"


def on(name: str, places: str, term: str) -> str:
    return (
        f'[arrangement.chain.contract.{name}]\npayer = "practice"\npayee = "hospital"\n'
        f"scope = {{ services = [], places = {places} }}\nterms = [{term}]\n"
    )


def passed(share: float, of: str = "grant") -> str:
    return f'{{ kind = "passed_on", received = "{of}", share = {share} }}'


BOTH = '["hill", "vale"]'


@pytest.mark.parametrize(
    ("amount", "contracts"),
    [
        ("1", on("a", BOTH, passed(0.6)) + on("b", BOTH, passed(0.4))),
        ("1", on("a", BOTH, passed(0.7, "grant.first")) + on("b", BOTH, passed(0.7, "grant.second"))),
        (BY_PLACE, on("a", '["hill"]', passed(1)) + on("b", '["vale"]', passed(1))),
        (
            "1",
            on("a", BOTH, passed(0.7))
            + on("b", BOTH, '{ kind = "passed_on", received = "grant", after = "a", share = 1 }'),
        ),
    ],
    ids=["shares of all", "shares of parts", "place by place", "what is left"],
)
def test_shares_of_what_was_received(variant: Variant, amount: str, contracts: str) -> None:
    variant(LEAD.replace("AMOUNT", amount) + contracts)


@pytest.mark.parametrize(
    ("amount", "contracts", "found"),
    [
        ("1", on("a", BOTH, passed(0.6)) + on("b", BOTH, passed(0.5)), "1.1 of what 'practice' is paid"),
        ("1", on("a", BOTH, passed(0.7)) + on("b", BOTH, passed(0.4, "grant.second")), r"'grant\.second'"),
        ("1", on("a", '["hill"]', passed(1)) + on("b", '["vale"]', passed(1)), r"found that 2 of .* 'grant\.first'"),
        (BY_PLACE, on("a", '["hill"]', passed(1)) + on("b", BOTH, passed(0.1)), r"'grant\.hill\.first'"),
        (
            "1",
            on("a", BOTH, passed(0.6))
            + on(
                "b", BOTH, '{ kind = "divided_among", received = "grant", shares = { hospital = 0.5, practice = 0.5 } }'
            ),
            "1.1 of",
        ),
    ],
    ids=["all", "a part", "places of one contract", "one place twice", "an alliance"],
)
def test_more_than_all_is_refused(variant: Variant, amount: str, contracts: str, found: str) -> None:
    with pytest.raises(InputError, match=found):
        variant(LEAD.replace("AMOUNT", amount) + contracts)


def in_months(name: str, months: str, share: float) -> str:
    """Return a contract for some months: 'from = "2017-10"'."""
    places = BOTH + f", periods = {{ {months} }}"
    return on(name, places, passed(share))


def test_shares_that_change_from_month_to_month(variant: Variant) -> None:
    chain = LEAD.replace("AMOUNT", "1") + in_months("a", 'to = "2017-09"', 0.6)
    variant(chain + in_months("b", 'from = "2017-10"', 0.7))
    with pytest.raises(InputError, match=r"1\.3 of what 'practice' is paid"):
        variant(chain + in_months("b", 'from = "2017-09"', 0.7))
    with pytest.raises(InputError, match=r"1\.1 of what 'practice' is paid"):
        variant(chain + in_months("b", 'from = "2017-10"', 0.7) + in_months("c", 'from = "2018-01"', 0.4))


CHAIN = """
[arrangement.chain]
name = "Chain"
[arrangement.chain.contract.lead]
payer = "ccg"
payee = "practice"
scope = { organisations = ["practice", "hospital"] }
terms = [{ kind = "block", annual = 100 }]
[arrangement.chain.contract.sub]
payer = "practice"
payee = "hospital"
terms = [TERM]
"""


@pytest.mark.parametrize(
    "term",
    [
        passed(0.5, "lead"),
        '{ kind = "sub_capitation", premium = "lead", share_of_premium = 0.5 }',
        '{ kind = "divided_among", received = "lead", shares = { hospital = 0.5, practice = 0.5 } }',
        '{ kind = "whole_population_annual_payment", base_per_head = 5, paid_elsewhere = "lead" }',
    ],
)
def test_a_subcontractor_is_paid_out_of_what_its_payer_was_paid(variant: Variant, term: str) -> None:
    variant(CHAIN.replace("TERM", term))


def test_a_subcontractor_is_not_paid_by_what_only_settles(variant: Variant) -> None:
    cap = '{ kind = "floor_and_ceiling", of = "lead", ceiling = 50 }'
    with pytest.raises(InputError, match="no contract pays 'hospital'"):
        variant(CHAIN.replace("TERM", cap))


def test_an_alliance_pays_each_of_its_members(variant: Variant) -> None:
    held = CHAIN.replace('payee = "practice"', 'payee = "council"').replace('payer = "practice"', 'payer = "council"')
    council = '[organisation.council]\nname = "Council"\nkind = "council"\n'
    among = held.replace(
        'payee = "hospital"', 'payee = "hospital"\nscope = { organisations = ["hospital", "practice"] }'
    )
    members = '{ kind = "divided_among", received = "lead", shares = { hospital = 0.5, practice = 0.5 } }'
    variant(council + among.replace("TERM", members))
    with pytest.raises(InputError, match="no contract pays 'practice'"):
        variant(council + among.replace("TERM", members.replace(", practice = 0.5", "")))
