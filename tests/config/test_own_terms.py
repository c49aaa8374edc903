"""A config's own kinds of term: run once, known by that config alone, and known to worker processes."""

import pickle
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

import pytest

import paysim
from paysim.config import load
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.model.terms import KINDS, Term
from paysim.payment.terms import pay
from paysim.payment.terms.example import in_pounds, seen_of
from paysim.study.executor import workers_map
from paysim.study.workers import pool_of, started

Variant = Callable[[str], System]

LUMP = '''
from dataclasses import dataclass
from typing import ClassVar

import paysim
from paysim.model.terms import Term
from paysim.model.terms.form import pounds


@dataclass(frozen=True)
class Lump(Term):
    """Pays a sum at the end of each year."""

    KIND: ClassVar[str] = "lump"
    annual: int = pounds("Pounds a year.")


def lump(term, seen):
    return [seen.to_payee(seen.at_year_ends(term.annual * year.share for year in seen.years))]


paysim.register_term(Lump, lump)
'''
USED = """
own_terms = ["lump.py"]
[arrangement.block.contract.all]
terms = [{ kind = "lump", annual = 12 }]
"""


@pytest.fixture
def lump(folder: Path) -> Path:
    file = folder / "lump.py"
    file.write_text(LUMP)
    return file


def term_of(system: System) -> Term:
    return system.arrangements["block"].contracts[0].terms[0]


def test_it_pays(lump: Path, variant: Variant) -> None:
    term = term_of(variant(USED))
    assert (term.KIND, term.id) == ("lump", "lump")
    (flow,) = pay(term, seen_of())
    assert in_pounds(flow) == 12


def test_loading_twice_gives_the_same_kind(lump: Path, variant: Variant) -> None:
    first, second = variant(USED), variant(USED)
    assert type(term_of(first)) is type(term_of(second))
    assert term_of(first) == term_of(second)
    assert first.fingerprint == second.fingerprint


def test_a_file_that_changes_is_run_again(lump: Path, variant: Variant) -> None:
    before = variant(USED)
    lump.write_text(LUMP.replace("term.annual *", "2 * term.annual *"))
    after = variant(USED)
    assert before.fingerprint != after.fingerprint
    assert [in_pounds(pay(term_of(system), seen_of())[0]) for system in (before, after)] == [12, 24]


def test_other_configs_do_not_know_them_and_systems_keep_theirs(lump: Path, folder: Path, variant: Variant) -> None:
    system = variant(USED)
    load(folder / "base.toml")
    assert "lump" not in KINDS
    assert in_pounds(pay(term_of(system), seen_of())[0]) == 12
    with pytest.raises(InputError, match="unknown kind of term 'lump'"):
        variant(USED.replace('own_terms = ["lump.py"]', ""))


def test_two_files_may_call_their_kinds_alike_in_different_configs(lump: Path, folder: Path, variant: Variant) -> None:
    (folder / "other.py").write_text(LUMP)
    one, other = variant(USED), variant(USED.replace("lump.py", "other.py"))
    assert type(term_of(one)) is not type(term_of(other))
    with pytest.raises(InputError, match=r"own_terms\[1\]: other\.py: found ValueError: there is a kind of term"):
        variant(USED.replace('"lump.py"', '"lump.py", "other.py"'))
    assert pickle.loads(pickle.dumps(term_of(variant(USED)))) == term_of(one)


def test_a_base_names_files_beside_itself(folder: Path) -> None:
    (folder / "shared").mkdir()
    (folder / "shared" / "lump.py").write_text(LUMP)
    (folder / "shared" / "own.toml").write_text('own_terms = ["lump.py"]\n')
    (folder / "variant.toml").write_text(
        'extends = ["base.toml", "shared/own.toml"]\n' + USED.replace('own_terms = ["lump.py"]', "")
    )
    system = load(folder / "variant.toml")
    assert system.own_terms == (str(folder / "shared" / "lump.py"),)


def test_worker_processes_know_them(lump: Path, variant: Variant) -> None:
    system = variant(USED)
    assert system.own_terms == (str(lump.resolve()),)
    with workers_map(2, own_terms=system.own_terms) as run:
        assert list(run(attrgetter("annual"), [term_of(system)] * 3)) == [1200] * 3


def test_processes_that_were_started_ahead_know_them(lump: Path, variant: Variant) -> None:
    system = variant(USED)
    with started(2, (), system.own_terms), pool_of(2, system.own_terms) as pool, pool_of(2) as another:
        assert pool is not another
        with pool_of(2, system.own_terms) as again:
            assert again is pool
        assert list(pool.map(attrgetter("annual"), [term_of(system)] * 3)) == [1200] * 3


def test_workers_do_not_run_another_file_than_was_loaded(lump: Path, variant: Variant) -> None:
    system = variant(USED)
    lump.write_text(LUMP + "\n# One more line.\n")
    with pytest.raises(InputError, match="found a file that changed"), workers_map(2, own_terms=system.own_terms):
        pytest.fail("workers were started")
    lump.unlink()
    with pytest.raises(InputError, match="found a file that changed"), workers_map(2, own_terms=system.own_terms):
        pytest.fail("workers were started")


def test_a_file_that_fails_leaves_nothing_behind(lump: Path, variant: Variant) -> None:
    known = dict(KINDS)
    lump.write_text(LUMP + "\nraise SystemExit(3)\n")
    with pytest.raises(InputError, match=r"lump\.py: line \d+: found SystemExit: 3"):
        variant(USED)
    assert {name for name in KINDS if name not in known} == set()
    lump.write_text(LUMP)
    assert term_of(variant(USED)).KIND == "lump"


@pytest.mark.parametrize(
    ("without", "refusal"),
    [
        ("@dataclass(frozen=True)\n", "Lump is not a dataclass derived from Term with a KIND"),
        ("(Term)", "Lump is not a dataclass derived from Term with a KIND"),
        ('    KIND: ClassVar[str] = "lump"\n', "Lump is not a dataclass derived from Term with a KIND"),
        (' = pounds("Pounds a year.")', "field 'annual' of Lump was not made by paysim.model.terms.form"),
    ],
)
def test_a_kind_that_is_none_is_refused(without: str, refusal: str, lump: Path, variant: Variant) -> None:
    lump.write_text(LUMP.replace(without, ""))
    with pytest.raises(InputError, match=refusal):
        variant(USED)


def test_a_parameter_with_the_name_of_a_method_of_terms_is_refused(lump: Path, variant: Variant) -> None:
    lump.write_text(LUMP.replace("    annual: ", "    measures: "))
    with pytest.raises(InputError, match="field 'measures' of Lump has the name of a method that all terms have"):
        variant(USED)


def test_an_error_in_a_term_names_contract_and_term(lump: Path, variant: Variant) -> None:
    lump.write_text(LUMP.replace("term.annual *", "term.anual *"))
    system = variant(USED)
    with pytest.raises(AttributeError) as failure:
        paysim.settle(paysim.simulate(system, years=1, sample=0.01), system.arrangements["block"])
    assert failure.value.__notes__ == ["While paying arrangement block, contract all.practice, term lump."]


@pytest.mark.parametrize("problem", ['"the sum is odd"', '("the sum is odd",)', "(1, 2)", "True"])
def test_a_problem_without_what_was_found_and_expected_is_refused_by_its_key(
    problem: str, lump: Path, variant: Variant
) -> None:
    lump.write_text(
        LUMP.replace("\n\ndef lump", f"\n    def problem(self):\n        return {problem}\n\n\ndef lump", 1)
    )
    with pytest.raises(InputError, match=r"variant\.toml: arrangement\.block\.contract\.all\.terms\[0\]: ") as refusal:
        variant(USED)
    assert "as the problem of a term of kind 'lump'; expected None, or what was found and what was" in str(
        refusal.value
    )
