"""What a config's own term pays: taken as it is where it can stand in a ledger, else refused by its name."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import paysim
from paysim.model.activity import Activity
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.payment.ledger import Ledger

Settled = Callable[..., Ledger]

TERM = """
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

import paysim
from paysim.model.terms import Term
from paysim.payment.terms.seen import ByRow, Flow


@dataclass(frozen=True)
class Lump(Term):
    KIND: ClassVar[str] = "lump"


def lump(term, seen):
    month = np.full(seen.periods, 100)
    {body}


paysim.register_term(Lump, lump)
"""
USED = """
own_terms = ["lump.py"]
[arrangement.block.contract.all]
terms = [{ kind = "lump" }]
"""
BESIDE_OTHERS = """
own_terms = ["lump.py"]
[arrangement.block.contract.all]
terms = [
  { kind = "tariff", prices = "national" },
  { kind = "quality_gate", of = "tariff", withholds = 0.1, measure = "consultations", better = "lower", threshold = 4 },
  { kind = "lump" },
]
"""
YEAR = 12
WHOLE_PENCE = "expected whole pence: an array of integers, one for each of 12 months"


@pytest.fixture(scope="module")
def activity() -> Activity:
    return paysim.simulate(paysim.load("tests/bad_configs/base.toml"), years=1, sample=0.01)


@pytest.fixture
def loaded(folder: Path, variant: Callable[[str], System]) -> Callable[..., System]:
    """Return a function that loads a system with a term of this body."""

    def load_with(body: str, used: str = USED) -> System:
        (folder / "lump.py").write_text(TERM.format(body=body))
        return variant(used)

    return load_with


@pytest.fixture
def settled(activity: Activity, loaded: Callable[..., System]) -> Settled:
    """Return a function that settles under a term of this body."""
    return lambda body, used=USED: paysim.settle(activity, loaded(body, used).arrangements["block"])


@pytest.mark.parametrize(
    "body",
    [
        "return [seen.to_payee(month, due=np.int64(2))]",
        "return (seen.to_payee(month.astype(np.int16), due=2),)",
        "yield seen.to_payee(month, due=2)",
        "return (seen.to_payee(pence, due=2) for pence in [month])",
    ],
)
def test_flows_of_whole_pence_are_paid(body: str, settled: Settled) -> None:
    ledger = settled(body)
    assert ledger.amount_pence.tolist() == [100] * 2 * YEAR
    assert ledger.due.tolist() == [*range(2, YEAR + 2)] * 2


def test_flows_that_are_yielded_one_by_one_may_share_their_array(settled: Settled) -> None:
    ledger = settled("yield seen.to_payee(month); month += 1; yield seen.to_payee(month)")
    assert ledger.amount_pence.reshape(-1, YEAR)[:, 0].tolist() == [100, 101] * 2


@pytest.mark.parametrize(
    ("body", "found", "expected"),
    [
        ("pass", "found NoneType in place of flows", "expected a list of Flow"),
        ("return 100", "found int in place of flows", "expected a list of Flow"),
        ("return seen.to_payee(month)", "found Flow in place of flows", "expected a list of Flow"),
        ("return [month]", "found ndarray among its flows", "expected Flow alone"),
        ("return [seen.to_payee(month), None]", "found NoneType among its flows", "expected Flow alone"),
        ("return [seen.to_payee(month * 0.5)]", "found pence as an array of 12 float64", WHOLE_PENCE),
        ("return [seen.to_payee(month * np.nan)]", "found pence as an array of 12 float64", WHOLE_PENCE),
        ("return [seen.to_payee(month * Fraction(5, 3))]", "found pence as an array of 12 object", WHOLE_PENCE),
        ("return [seen.to_payee(month > 0)]", "found pence as an array of 12 bool", WHOLE_PENCE),
        ("return [seen.to_payee(month.astype(np.uint64))]", "found pence as an array of 12 uint64", WHOLE_PENCE),
        ("return [seen.to_payee(month[:3])]", "found pence as an array of 3 int64", WHOLE_PENCE),
        ("return [seen.to_payee(month[None])]", "found pence as an array of 1 x 12 int64", WHOLE_PENCE),
        ("return [seen.to_payee([100] * 12)]", "found pence as list", WHOLE_PENCE),
        ("return [seen.to_payee(100)]", "found pence as int", WHOLE_PENCE),
        ("return [seen.to_payee(month, due=2.5)]", "found a flow due 2.5 months", "expected a whole number of months"),
        ("return [seen.to_payee(month, due=-2)]", "found a flow due -2 months", "from 0 to 32755"),
        ("return [seen.to_payee(month, due=40_000)]", "found a flow due 40000 months", "from 0 to 32755"),
        ("return [seen.to_payee(month, due=True)]", "found a flow due True months", "from 0 to 32755"),
        ("return [Flow('ccg', 'hopsital', month)]", "found a flow to 'hopsital'", "expected one of ccg, practice"),
        ("return [Flow(None, 'hospital', month)]", "found a flow from None", "expected one of ccg, practice"),
        (
            "return [Flow('ccg', 'hospital', month, 0, ByRow('lump', Fraction(1)))]",
            "found a flow by row whose pence are not those of its rows",
            "expected the flow that seen.by_row returns",
        ),
        ("return [seen.by_row(term)]", "found no value of its activity", "paysim.register_term"),
        ("return [seen.to_payee(seen.value(term))]", "found no value of its activity", "paysim.register_term"),
        ("yield seen.to_payee(seen.value(term))", "found no value of its activity", "paysim.register_term"),
    ],
)
def test_anything_else_is_refused_by_file_arrangement_contract_and_term(
    body: str, found: str, expected: str, folder: Path, settled: Settled
) -> None:
    with pytest.raises(InputError) as refusal:
        settled(body)
    where = f"{folder / 'lump.py'}: arrangement block, contract all.practice, term lump: "
    assert str(refusal.value).startswith(where + found)
    assert expected in str(refusal.value)


@pytest.mark.parametrize(
    ("used", "call", "expected"),
    [
        (USED, "seen.measured('x')", "expected a measure that a term of the contract names: there is none"),
        (BESIDE_OTHERS, "seen.measured('x')", "expected a measure that a term of the contract names: consultations"),
        (USED, "seen.values_by_resident('x')", "expected the id of a term of the contract with prices: there is none"),
        (
            BESIDE_OTHERS,
            "seen.values_by_resident('x')",
            "expected the id of a term of the contract with prices: tariff",
        ),
    ],
    ids=["no measure", "another measure", "no prices", "another term"],
)
def test_a_name_that_a_term_asks_for_in_vain_is_told_with_those_there_are(
    used: str, call: str, expected: str, folder: Path, settled: Settled
) -> None:
    with pytest.raises(InputError) as refusal:
        settled(f"{call}; return []", used)
    where = f"{folder / 'lump.py'}: arrangement block, contract all.practice, term lump"
    assert str(refusal.value) == f"{where}: found {call}; {expected}"


def test_an_organisation_that_there_is_not_has_no_cost(settled: Settled) -> None:
    with pytest.raises(InputError, match=r"term lump: found seen.cost of 'x'; expected organisations .*: .*practice"):
        settled("seen.cost(['practice', 'x']); return []")


def test_names_that_the_terms_of_its_contract_have_are_there_for_a_term(settled: Settled) -> None:
    ledger = settled(
        "months = len(seen.measured('consultations')) * len(seen.values_by_resident('tariff').T);"
        " return [seen.to_payee(month * months)]",
        BESIDE_OTHERS,
    )
    assert set(ledger.amount_pence[ledger.term == "lump"].tolist()) == {100}


def test_an_amount_beyond_64_bits_is_refused_by_arrangement_contract_and_term(settled: Settled) -> None:
    with pytest.raises(InputError, match=r"arrangement block, contract all\.practice, term lump: found an amount bey"):
        settled("return [seen.to_payee(month * 2**80 // np.int64(2**80))]")


def test_what_the_commissioner_pays_of_a_term_is_what_it_returned(settled: Settled) -> None:
    ledger = settled("return [seen.to_payee(np.arange(seen.periods))]")
    assert np.array_equal(ledger.paid()[0], 2 * np.arange(YEAR))
