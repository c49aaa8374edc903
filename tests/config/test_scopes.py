"""Scopes: pathways, kinds of residents and months; everything is paid for once whatever narrows the contracts."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from paysim.model.contract import Scope
from paysim.model.errors import InputError
from paysim.model.neutrality import contracts_touched, holds_whole
from paysim.model.system import System

Variant = Callable[[str], System]

OLDER = np.repeat([0.0, 0.0, 1.0], 10)
TERMS = 'terms = [{ kind = "tariff", prices = "national" }]'


def parts(*scopes: str) -> str:
    """Return contracts of the arrangement `activity` that differ in scope."""
    contracts = [
        f'[arrangement.activity.contract.part_{number}]\npayer = "ccg"\npayee = ["practice", "hospital"]\n'
        f"scope = {{ {scope} }}\n{TERMS}"
        for number, scope in enumerate(scopes)
    ]
    return (
        '[arrangement.activity.contract.all]\nscope = { services = [] }\nterms = [{ kind = "block", annual = 1 }]\n'
        + ("\n".join(contracts))
    )


def scopes_of(system: System) -> list[Scope]:
    contracts = system.arrangements["activity"].contracts
    return [contract.scope for contract in contracts if contract.id.startswith("part")]


def test_nothing_said_is_everything(variant: Variant) -> None:
    scope = variant("").arrangements["activity"].contracts[0].scope
    assert scope == Scope(("surgery",), ("hill", "vale"), None, None, None)
    assert not scope.narrowed


def test_by_pathway(variant: Variant, folder: Path) -> None:
    system = variant(parts('pathways = ["general_practice"]', 'pathways = ["emergency"]'))
    assert [scope.pathways for scope in scopes_of(system)] == [("general_practice",)] * 2 + [("emergency",)] * 2
    with pytest.raises(
        InputError, match=r"'part_0\.hospital', 'part_1\.hospital' all pay 'hospital' for service 'wards'"
    ):
        variant(parts('pathways = ["general_practice", "emergency"]', 'pathways = ["emergency"]'))


def test_by_age(variant: Variant) -> None:
    system = variant(parts('ages = ["65+"]', 'ages = ["0-17", "18-64"]'))
    older, *_, younger = scopes_of(system)
    assert older.residents is not None
    assert younger.residents is not None
    assert older.residents.tolist() == [OLDER.tolist()] * 2
    assert (older.residents + younger.residents == 1).all()
    with pytest.raises(InputError, match=r"no contract pays .* \(0-17, female, quintile 1; .*from 2017-04\)"):
        variant(parts('ages = ["65+"]', 'ages = ["18-64"]'))
    with pytest.raises(InputError, match=r"all pay 'practice' .* \(18-64, female, quintile 1;"):
        variant(parts('ages = ["18+"]', 'ages = ["0-64"]'))


def test_only_residents_of_its_places_are_in_a_scope(variant: Variant) -> None:
    system = variant(
        parts('places = ["vale"], ages = ["65+"]', 'places = ["vale"], ages = ["0-64"]', 'places = ["hill"]')
    )
    residents = scopes_of(system)[0].residents
    assert residents is not None
    assert residents.tolist() == [[0.0] * 30, OLDER.tolist()]


def test_by_segment(variant: Variant) -> None:
    people = '[population]\nfile = "tables/segments.csv"\n'
    system = variant(people + parts('segments = ["ill"]', 'segments = ["well"]'))
    ill = scopes_of(system)[0].residents
    assert ill is not None
    assert [label[3] for label, inside in zip(system.population.profile_labels(), ill[0], strict=True) if inside] == (
        ["ill"] * (system.population.profiles // 2)
    )
    with pytest.raises(InputError, match=r"no contract pays .* segment ill;"):
        variant(people + parts('segments = ["well"]'))


def test_by_a_table_of_residents(variant: Variant, folder: Path) -> None:
    (folder / "tables" / "members.csv").write_text(
        "place,age_band,member,others\nhill,65+,1,0\nhill,0-64,0,1\nvale,all,0,1\n"
    )
    labels = variant("").population.profile_labels()
    tables = [f'residents = {{ file = "tables/members.csv", column = "{column}" }}' for column in ("member", "others")]
    members = scopes_of(variant(parts(*tables)))[0].residents
    assert members is not None
    assert [(labels[profile][0], labels[profile][2]) for profile in np.flatnonzero(members[0])] == [("65+", 1)] * 2
    assert not members[1].any()
    with pytest.raises(InputError, match="no contract pays 'practice' for service 'surgery' and residents of 'vale'"):
        variant(parts(tables[0], 'places = ["hill"], ages = ["0-64"]'))
    narrower = scopes_of(variant(parts(f'{tables[0]}, ages = ["65+"]', tables[1])))[0].residents
    assert (narrower == members).all()


def test_by_month(variant: Variant) -> None:
    system = variant(parts('periods = { to = "2018-03" }', 'periods = { from = "2018-04", to = "2019-03" }'))
    assert [scope.periods for scope in scopes_of(system)] == [(0, 12), (0, 12), (12, 24), (12, 24)]
    assert scopes_of(variant(parts('periods = { from = "2017-04" }')))[0].periods == (0, 1200)
    with pytest.raises(InputError, match=r"all pay .* from 2018-03\)"):
        variant(parts('periods = { to = "2018-03" }', 'periods = { from = "2018-03" }'))
    with pytest.raises(InputError, match=r"no contract pays .* from 2017-06\)"):
        variant(parts('periods = { to = "2017-05" }', 'periods = { from = "2017-07" }'))


def test_months_after_the_study_may_be_left_unpaid(variant: Variant) -> None:
    one_year = parts('periods = { to = "2018-03" }')
    variant(one_year)
    with pytest.raises(InputError, match=r"no contract pays .* from 2018-04\)"):
        variant(f"[study]\nyears = 2\n{one_year}")


def test_prices_are_needed_only_for_what_is_in_scope(variant: Variant) -> None:
    local = '[prices.local]\nname = "Local"\nfile = "tables/local_prices.csv"\n'
    narrowed = parts('pathways = ["general_practice"]', 'pathways = ["emergency"]')
    practice, _, emergency = narrowed.rpartition(TERMS)
    variant(f'{local}{practice}terms = [{{ kind = "tariff", prices = "local" }}]{emergency}')
    with pytest.raises(InputError, match="found no price of currency 'consultation'"):
        variant(local + narrowed.replace('prices = "national"', 'prices = "local"'))


def test_scopes_that_touch_or_hold_each_other() -> None:
    whole = Scope(("a", "b"), ("hill", "vale"))
    old = Scope(("a",), ("hill",), residents=np.array([[0.0, 1.0], [0.0, 0.0]]))
    young = Scope(("a",), ("hill",), residents=np.array([[1.0, 0.0], [0.0, 0.0]]))
    first, later = Scope(("a",), ("hill",), periods=(0, 12)), Scope(("a",), ("hill",), periods=(12, 24))
    surgery = Scope(("a",), ("hill",), pathways=("surgery",))
    parts_of_it = [old, young, first, later, surgery]
    for part in parts_of_it:
        assert whole.holds(part)
        assert whole.touches(part)
        assert part.touches(whole)
        assert part.holds(part)
        assert not part.holds(whole)
        assert not part.holds(Scope(("a",), ("hill",)))
    assert not old.touches(young)
    assert not first.touches(later)
    assert old.touches(first)
    assert not surgery.touches(Scope(("a",), ("hill",), pathways=("wards",)))
    assert Scope(("a",), ("hill",), periods=(0, 24)).holds(later)
    assert not Scope((), ("hill",)).touches(whole)


def test_a_neutral_amount_must_hold_whole_what_it_stands_in_for(variant: Variant) -> None:
    with pytest.raises(InputError, match=r"lies only partly within the scope of 'older\.practice'"):
        variant(
            """
            [arrangement.block.contract.all]
            scope = { ages = ["0-64"] }
            terms = [{ kind = "block", annual = 5 }]
            [arrangement.block.contract.older]
            payer = "ccg"
            payee = ["practice", "hospital"]
            scope = { ages = ["65+"] }
            terms = [{ kind = "block", annual = { neutral_to = "activity" } }]
            """
        )
    system = variant(
        parts('ages = ["65+"]', 'ages = ["0-64"]')
        + """
        [arrangement.block.contract.all]
        scope = { ages = ["0-64"] }
        terms = [{ kind = "block", annual = { neutral_to = "activity" } }]
        [arrangement.block.contract.older]
        payer = "ccg"
        payee = ["practice", "hospital"]
        scope = { ages = ["65+"] }
        terms = [{ kind = "block", annual = { neutral_to = "activity" } }]
        """
    )
    for contract in system.arrangements["block"].contracts:
        (other,) = contracts_touched(contract, system.arrangements["activity"])
        assert holds_whole(contract, other)
        assert other.payee == contract.payee
