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
