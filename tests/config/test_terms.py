"""Terms of any kind are read by the forms of their parameters."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from paysim.config import json_schema, load
from paysim.config.merge import read_document
from paysim.model.contract import Contract
from paysim.model.errors import InputError
from paysim.model.neutrality import neutral_to
from paysim.model.system import System
from paysim.model.terms import KINDS, BudgetNeutral

Variant = Callable[[str], System]

EVERY_FORM = '''
"""A kind of term with a parameter of every form."""

from dataclasses import dataclass
from typing import Any, ClassVar

import paysim
from paysim.model.terms import Term
from paysim.model.terms import form


@dataclass(frozen=True)
class Row:
    name: str = form.one_of("Which.", "low", "high")
    pounds: int = form.pounds("How much.")
    by_year: Any = form.by_year(form.share("Share."), default=(0.25, 0.5))


@dataclass(frozen=True, eq=False)
class Every(Term):
    """Pays nothing.

    And says a lot.
    """

    KIND: ClassVar[str] = "every"
    money: Any = form.pounds("Money.")
    neutral: Any = form.pounds("Money that may be neutral.", neutral=True, default=1234)
    number: Any = form.number("A number.", least=-5, most=5, default=None)
    whole: Any = form.whole("A whole number.", least=1, most=12, default=3)
    flag: bool = form.flag("Yes or no.")
    word: str = form.one_of("A word.", "hot", "cold", default="hot")
    weights: Any = form.by_kind("Weights.")
    place: Any = form.named("A place.", "place", default=None)
    services: Any = form.named("Services.", "service", several=True, default=None)
    currencies: Any = form.named("Currencies.", "currency", several=True, default=None)
    pathway: Any = form.named("A pathway.", "pathway", default=None)
    measured: Any = form.named("Measures.", "measure", several=True, default=())
    after: Any = form.earlier("Payments.", default=())
    base: Any = form.earlier("A payment.", several=False, default=None)
    money_by_year: Any = form.by_year(form.pounds("Money by year."), default=(500,))
    caps: Any = form.by_organisation(form.pounds("Caps."), default=None)
    rows: Any = form.rows("Rows.", Row, default=(Row("low", 100),))


paysim.register_term(Every, lambda term, seen: [])
'''

USED = """
own_terms = ["every.py"]
[arrangement.block.contract.all]
terms = [{ kind = "block", annual = 1_000 }]
[arrangement.block.contract.every]
payer = "ccg"
payee = "practice"
scope = { services = [] }
"""


@pytest.fixture
def terms(folder: Path, variant: Variant) -> Callable[[str], Any]:
    """Return a function that loads some terms of a contract which pays for no activity, and returns the last."""
    (folder / "every.py").write_text(EVERY_FORM)

    def load_terms(written: str) -> Any:
        return _contract(variant(f"{USED}terms = [{' '.join(written.split())}]"), "every").terms[-1]

    return load_terms


def _contract(system: System, name: str, arrangement: str = "block") -> Contract:
    return next(each for each in system.arrangements[arrangement].contracts if each.id == name)


def test_what_is_left_out_has_its_default(terms: Callable[[str], Any]) -> None:
    term = terms('{ kind = "every", money = 0.285 }')
    assert (term.id, term.money, term.neutral, term.number, term.whole) == ("every", 29, 1234, None, 3)
    assert (term.flag, term.word, term.weights, term.services) == (False, "hot", None, None)
    assert (term.money_by_year, term.caps, term.after, term.base) == ((500,), None, (), None)
    assert [(row.name, row.pounds, row.by_year) for row in term.rows] == [("low", 100, (0.25, 0.5))]


SETTLED = USED.replace("scope = { services = [] }\n", "")


def test_every_form_is_resolved(folder: Path, variant: Variant) -> None:
    (folder / "every.py").write_text(EVERY_FORM)
    written = """
        { kind = "every", id = "sum", money = 5, after = "all" },
        { kind = "every", id = "all_of_it", money = 10, number = -5, whole = 12, flag = true, word = "cold",
          weights = { file = "tables/rates.csv", column = "consultations" }, place = "vale", services = "wards",
          currencies = ["consultation", "non_elective"], pathway = "emergency", measured = ["consultations"],
          after = ["sum", "all", "all.block", "all.practice", "all.practice.block"], base = "sum",
          money_by_year = [1, 2.5], caps = { practice = 3, hospital = 4 },
          rows = [{ name = "low", pounds = 7 }, { name = "high", pounds = 8, by_year = 1 }] }
        """
    term = _contract(variant(f"{SETTLED}terms = [{' '.join(written.split())}]"), "every").terms[-1]
    assert (term.id, term.money, term.number, term.whole, term.flag, term.word) == (
        "all_of_it",
        1000,
        -5,
        12,
        True,
        "cold",
    )
    assert term.weights.shape == (2, 30)
    assert set(np.unique(term.weights)) == {0.0, 3.5, 7.0}
    assert (term.place, term.services, term.pathway) == ("vale", ("wards",), "emergency")
    assert (term.currencies, term.measured) == (("consultation", "non_elective"), ("consultations",))
    assert term.after == ("sum", "all", "all.block", "all.practice", "all.practice.block")
    assert (term.base, term.money_by_year, term.caps) == ("sum", (100, 250), {"practice": 300, "hospital": 400})
    assert [(row.name, row.pounds, row.by_year) for row in term.rows] == [
        ("low", 700, (0.25, 0.5)),
        ("high", 800, (1.0,)),
    ]
    assert term.needs() == (*term.after, "sum")
    assert set(term.parties()) == {"practice", "hospital"}


def test_amounts_by_place_anywhere_make_a_contract_for_each_place(
    terms: Callable[[str], Any], variant: Variant
) -> None:
    terms('{ kind = "every", money = 1 }')
    by_place = "{ by_place = { hill = 1, vale = 2 } }"
    for written, value in [
        (f"money = {by_place}", lambda term: term.money),
        (f"money = 1, money_by_year = [9, {by_place}]", lambda term: term.money_by_year[1]),
        (f"money = 1, caps = {{ hospital = {by_place} }}", lambda term: term.caps["hospital"]),
        (f'money = 1, rows = [{{ name = "low", pounds = {by_place} }}]', lambda term: term.rows[0].pounds),
    ]:
        system = variant(f'{USED}terms = [{{ kind = "every", {written} }}]')
        made = [_contract(system, name) for name in ("every.hill", "every.vale")]
        assert [contract.scope.places for contract in made] == [("hill",), ("vale",)]
        assert [value(contract.terms[0]) for contract in made] == [100, 200]


def test_a_place_left_out_is_named_with_its_path(terms: Callable[[str], Any]) -> None:
    with pytest.raises(InputError, match=r"terms\[0\]\.rows\[0\]\.pounds\.by_place: found no pounds for place 'vale'"):
        terms(
            '{ kind = "every", money = { by_place = { hill = 1, vale = 1 } }, rows = [{ name = "low", '
            "pounds = { by_place = { hill = 1 } } }] }"
        )


def test_any_amount_may_be_neutral_that_says_so(terms: Callable[[str], Any]) -> None:
    with pytest.raises(
        InputError, match=r"every\.terms\[0\]\.neutral\.neutral_to: 'ccg' pays nothing under 'activity'"
    ):
        terms('{ kind = "every", money = 1, neutral = { neutral_to = "activity" } }')
    with pytest.raises(InputError, match=r"every\.terms\[0\]\.money\.neutral_to: unknown|money.*by_place"):
        terms('{ kind = "every", money = { neutral_to = "activity" } }')
    term = KINDS["every"]("x", money=1, neutral=BudgetNeutral("activity"))
    assert neutral_to(term) == "activity"


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ("money = 1, number = 6", r"terms\[0\]\.number: found 6; expected a number of at most 5"),
        ("money = 1, whole = 1.5", r"\.whole: found 1\.5; expected a whole number"),
        ("money = 1, whole = 0", r"\.whole: found 0; expected a number of at least 1"),
        ("money = 1, flag = 1", r"\.flag: found 1; expected true or false"),
        ('money = 1, word = "warm"', r"\.word: found 'warm'; expected 'hot' or 'cold'"),
        ('money = 1, weights = "x"', r"\.weights: found 'x'; expected a number or a table \{ file, column \}"),
        ('money = 1, place = "dale"', r"\.place: unknown place 'dale'; did you mean 'vale'\?"),
        ('money = 1, services = ["wards", "ward"]', r"\.services\[1\]: unknown service 'ward'"),
        ('money = 1, services = "ward"', r"\.services: unknown service 'ward'"),
        ('money = 1, services = ["wards", "wards"]', r"\.services\[1\]: found 'wards' again"),
        ('money = 1, pathway = "x"', r"\.pathway: unknown pathway 'x'"),
        ('money = 1, money_by_year = [1, "x"]', r"\.money_by_year\[1\]: found 'x'; expected a number of pounds"),
        ("money = 1, money_by_year = []", r"\.money_by_year: found a list of 0; expected at least 1"),
        ("money = 1, caps = { ccgs = 1 }", r"\.caps\.ccgs: unknown organisation 'ccgs'"),
        (
            'money = 1, rows = [{ name = "mid", pounds = 1 }]',
            r"\.rows\[0\]\.name: found 'mid'; expected 'low' or 'high'",
        ),
        ('money = 1, rows = [{ name = "low", pounds = 1, by_year = [2] }]', r"\.by_year\[0\]: found 2; expected"),
        ('money = 1, rows = [{ name = "low", pounds = 1, up = 2 }]', r"\.rows\[0\]\.up: unknown key 'up'"),
        ('money = 1, base = ["sum"]', r"\.base: found a list; expected text in quotes"),
        ('money = 1, base = "every"', r"\.base: found 'every', which does not come before this term"),
    ],
)
def test_what_no_parameter_can_be_is_refused(written: str, refusal: str, terms: Callable[[str], Any]) -> None:
    with pytest.raises(InputError, match=refusal):
        terms(f'{{ kind = "every", {written} }}')


def test_the_schema_of_every_kind(terms: Callable[[str], Any], folder: Path) -> None:
    terms('{ kind = "every", money = 1 }')
    schema = json_schema()
    block = schema["$defs"]["EveryTerm"]
    assert block["description"] == "Pays nothing."
    assert block["required"] == ["kind", "money"]
    defaults = {key: value.get("default") for key, value in block["properties"].items()}
    assert (defaults["neutral"], defaults["money_by_year"], defaults["whole"]) == (12.34, 5.0, 3)
    assert defaults["rows"] == [{"name": "low", "pounds": 1.0, "by_year": [0.25, 0.5]}]
    assert schema["$defs"]["EveryRow"]["properties"]["pounds"]["description"] == "How much."
    data = read_document(folder / "variant.toml").data | {"start": "2017-04-01"}
    jsonschema.validate(data, schema)
    data["arrangement"]["block"]["contract"]["every"]["terms"][0]["money"] = "much"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)


def test_several_tariffs_price_everything_together(variant: Variant) -> None:
    tariffs = """
        [prices.local]
        name = "Local prices"
        file = "tables/local_prices.csv"
        [arrangement.activity.contract.all]
    """
    together = """terms = [
        { kind = "tariff", prices = "national", currencies = "consultation" },
        { kind = "tariff", id = "local", prices = "local" },
    ]"""
    assert len(variant(tariffs + together).arrangements["activity"].contracts[0].terms) == 2
    with pytest.raises(InputError, match=r"terms\[1\]\.prices: found no price of currency 'consultation'"):
        variant(tariffs + together.replace('currencies = "consultation"', 'currencies = "non_elective"'))


def test_currencies_of_no_tariff_are_paid_by_terms_without_prices(variant: Variant) -> None:
    system = variant(
        """
        [arrangement.activity.contract.all]
        terms = [
          { kind = "tariff", prices = "national", currencies = "consultation" },
          { kind = "block", annual = 5 },
        ]
        """
    )
    assert system.arrangements["activity"].contracts[0].terms[0].currencies == ("consultation",)


def test_a_kind_says_whether_it_pays_for_currencies_that_it_has_no_price_for(folder: Path, variant: Variant) -> None:
    """An amount among the parameters of a term with prices says nothing: it may be a limit."""
    (folder / "kinds.py").write_text("""
from dataclasses import dataclass
from typing import Any, ClassVar

import paysim
from paysim.model.terms import Term
from paysim.model.terms import form


@dataclass(frozen=True)
class Priced(Term):
    KIND: ClassVar[str] = "priced"
    prices: Any = form.prices("Prices.")
    first: str = form.named("One.", "currency")
    other: Any = form.named("Two.", "currency", default=None)
    most: int = form.pounds("The most that it pays.", default=5)


@dataclass(frozen=True)
class WithFixedPart(Priced):
    KIND: ClassVar[str] = "with_fixed_part"

    def pays_without_prices(self) -> bool:
        return True


for kind in (Priced, WithFixedPart):
    paysim.register_term(kind, lambda term, seen: [])
""")
    used = 'own_terms = ["kinds.py"]\n[arrangement.activity.contract.all]\nterms = [{ '
    variant(used + 'kind = "with_fixed_part", prices = "national", first = "consultation" }]')
    variant(used + 'kind = "priced", prices = "national", first = "consultation", other = "non_elective" }]')
    with pytest.raises(InputError, match="found no term that pays for currency 'non_elective'"):
        variant(used + 'kind = "priced", prices = "national", first = "consultation" }]')


def test_settlements_pay_for_no_activity(terms: Callable[[str], Any], variant: Variant) -> None:
    terms('{ kind = "every", money = 1 }')
    system = variant(f'{SETTLED}terms = [{{ kind = "every", money = 1, after = "all" }}]')
    assert _contract(system, "every").only_settles
    assert _contract(system, "every").scope.services == ("surgery",)
    assert not _contract(system, "all.practice").only_settles
    with pytest.raises(
        InputError, match=r"contracts 'all\.practice', 'every' all pay 'practice' for service 'surgery'"
    ):
        variant(f'{SETTLED}terms = [{{ kind = "every", money = 1 }}, {{ kind = "every", money = 1, after = "all" }}]')
    with pytest.raises(InputError, match="no contract pays 'practice' for service 'surgery'"):
        variant(
            """
            own_terms = ["every.py"]
            [arrangement.block.contract.all]
            payee = "hospital"
            terms = [{ kind = "block", annual = 1 }]
            [arrangement.block.contract.practice]
            payer = "ccg"
            payee = "practice"
            terms = [{ kind = "every", money = 1, after = "all" }]
            """
        )


def test_loading_does_not_depend_on_what_was_loaded_before(folder: Path, terms: Callable[[str], Any]) -> None:
    terms('{ kind = "every", money = 1 }')
    load(folder / "base.toml")
    assert "every" not in KINDS
