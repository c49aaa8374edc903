"""Contract parameters: named by address, set free within ranges, set to values that contracts may have."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import paysim
from paysim.incentives.design.change import arrangement_with, problem
from paysim.incentives.design.parameters import parameters_named, parameters_of
from paysim.incentives.design.ranges import free_parameters, read_free
from paysim.model.contract import Arrangement, Contract, Scope
from paysim.model.terms import Block, BudgetNeutral, Term
from paysim.model.terms.limits import Band, CapAndCollar, Corridor
from paysim.model.terms.problems import total_of
from paysim.model.terms.purses import DividedAmong
from paysim.model.terms.quality import Cquin, Indicator
from paysim.model.terms.shared import GainLossShare

BHR = paysim.load(Path(__file__).parents[2] / "configs" / "bhr.toml").arrangements
NELFT = "savings_*.gain_loss_share.shares.nelft"


def of(*terms: Term, ids: tuple[str, ...] = ("contract",)) -> Arrangement:
    """Return an arrangement of contracts with the same terms."""
    contracts = tuple(Contract(id, "payer", "payee", Scope((), ("town",)), terms) for id in ids)
    return Arrangement("tried", "Tried", contracts)


def shares(**by_organisation: float) -> GainLossShare:
    return GainLossShare(id="share", spending_terms=("x",), target=(1_000_000,), shares=by_organisation)


def terms_of(arrangement: Arrangement, contract: str = "contract") -> tuple[Term, ...]:
    return next(each.terms for each in arrangement.contracts if each.id == contract)


def test_every_number_of_a_term_has_an_address_and_pounds_are_pounds():
    block = Block(id="block", annual=123_45, growth=(0.01, 0.02))
    found = {each.address: each.present for each in parameters_of(of(block))}
    assert found == {"contract.block.annual": (123.45,), "contract.block.growth": (0.01, 0.02)}


def test_rows_and_organisations_are_part_of_the_address():
    bands = (Band(over=0.0, payer=0.5, up_to=0.1), Band(over=0.1, payer=0.8))
    corridor = Corridor(id="c", of=("x",), expected=(100,), above=bands, below=bands)
    addresses = [each.address for each in parameters_of(of(corridor, shares(payer=0.6, payee=0.4)))]
    assert "contract.c.above.1.payer" in addresses
    assert "contract.share.shares.payee" in addresses


def test_a_wildcard_means_all_contracts_that_it_matches():
    places = {each.contract for each in parameters_named(BHR["gain_share"], NELFT)}
    assert places == {f"savings_{place}" for place in ("barking_and_dagenham", "havering", "redbridge")}


def test_a_contract_that_is_written_once_for_several_goes_by_its_written_name():
    found = parameters_named(of(Block("b", 100), ids=("trusts.hill", "trusts.vale", "others")), "trusts.b.annual")
    assert [each.contract for each in found] == ["trusts.hill", "trusts.vale"]


def test_all_contracts_that_match_get_the_value_and_the_others_are_the_same_objects():
    written = BHR["gain_share"]
    changed = arrangement_with(written, {"savings_*.gain_loss_share.gain_cap": 0.125})
    for before, after in zip(written.contracts, changed.contracts, strict=True):
        if before.id.startswith("savings"):
            assert [term.gain_cap for term in after.terms] == [0.125]
        else:
            assert after is before


def test_a_value_by_year_holds_for_all_years():
    changed = arrangement_with(of(CapAndCollar("c", ("x",), (100, 200, 300), 0.1, 0.1)), {"contract.c.expected": 5.0})
    assert set(terms_of(changed)[0].expected) == {500}


def test_rows_are_changed_in_their_place():
    bands = (Band(over=0.0, payer=0.5, up_to=0.1), Band(over=0.1, payer=0.8))
    term = Corridor(id="c", of=("x",), expected=(100,), above=bands, below=bands)
    (changed,) = terms_of(arrangement_with(of(term), {"contract.c.above.1.payer": 0.9}))
    assert [band.payer for band in changed.above] == [0.5, 0.9]
    assert changed.below == bands


@given(
    st.lists(st.floats(0.001, 1.0), min_size=2, max_size=6),
    st.floats(0.0, 1.0),
)
def test_shares_go_on_adding_up_to_one_exactly_and_others_keep_their_proportions(weights, value):
    rounded = [round(weight / sum(weights), 4) for weight in weights]
    rounded[-1] = float(1 - total_of(rounded[:-1]))
    names = [f"o{number}" for number in range(len(weights))]
    before = dict(zip(names, rounded, strict=True))
    if min(rounded) < 0 or sum(rounded[1:]) == 0:
        return
    (after,) = terms_of(arrangement_with(of(shares(**before)), {"contract.share.shares.o0": value}))
    assert total_of(after.shares.values()) == 1
    assert after.problem() is None
    assert after.shares["o0"] == pytest.approx(value, abs=1e-12)
    left = 1 - after.shares["o0"]
    others = sum(rounded[1:])
    assert [after.shares[name] for name in names[1:]] == pytest.approx(
        [before[name] / others * left for name in names[1:]], abs=1e-11
    )


def test_weights_of_rows_that_must_add_up_give_way_too():
    rows = tuple(Indicator("m", "higher", 0.1, 0.9, weight) for weight in (0.5, 0.3, 0.2))
    term = Cquin(id="cquin", of=("x",), earns=0.02, indicators=rows)
    (changed,) = terms_of(arrangement_with(of(term), {"contract.cquin.indicators.0.weight": 0.75}))
    assert [each.weight for each in changed.indicators] == [0.75, 0.15, 0.1]


def test_shares_that_may_fall_short_of_one_leave_the_others_alone():
    term = DividedAmong(id="d", received=("x",), shares={"a": 0.5, "b": 0.5})
    (changed,) = terms_of(arrangement_with(of(term), {"contract.d.shares.a": 0.2}))
    assert changed.shares == {"a": 0.2, "b": 0.5}


def refused(arrangement: Arrangement, ranges: dict[str, tuple[float, float]], *words: str) -> None:
    with pytest.raises(paysim.InputError) as caught:
        free_parameters(arrangement, ranges)
    for word in words:
        assert word in str(caught.value)


def test_a_parameter_that_the_arrangement_lacks_is_refused_with_the_nearest_first():
    known = "savings_havering.gain_loss_share.shares.nelft"
    refused(BHR["gain_share"], {"savings_havering.gain_loss_share.share.nelft": (0, 1)}, f"expected one of {known}")
    refused(BHR["gain_share"], {"savings_*.gain_loss_share.shares.nelfts": (0, 1)}, "lacks", "--free help")


@pytest.mark.parametrize("ends", [(0.6, 0.6), (0.6, 0.2)])
def test_an_empty_or_reversed_range_is_refused(ends):
    refused(BHR["gain_share"], {NELFT: ends}, NELFT, "expected a lower end below the upper end")


@pytest.mark.parametrize("ends", [(0.0, 1.2), (-0.1, 0.5), (0.0, float("inf")), (float("nan"), 1.0)])
def test_a_range_beyond_what_the_form_allows_is_refused(ends):
    refused(BHR["gain_share"], {NELFT: ends}, NELFT, "found the range")


def test_a_range_with_values_that_the_term_objects_to_is_refused():
    both = {NELFT: (0.0, 0.6), "savings_*.gain_loss_share.shares.bhrut": (0.0, 0.6)}
    upper_ends = "expected free shares whose upper ends add up to 1"
    refused(BHR["gain_share"], both, "beyond 1 together", "shares.nelft to 0.6", "shares.bhrut to 0.6", upper_ends)
    bands = (Band(over=0.0, payer=0.5, up_to=0.1), Band(over=0.1, payer=0.8))
    corridor = of(Corridor(id="c", of=("x",), expected=(100,), above=bands, below=bands))
    refused(corridor, {"contract.c.above.0.up_to": (0.05, 0.2)}, "illegal values", "contract.c")


def test_a_budget_neutral_amount_is_refused():
    refused(of(Block("b", BudgetNeutral("activity"))), {"contract.b.annual": (0, 10)}, "budget-neutral to", "activity")


def test_the_same_parameter_twice_is_refused_also_by_two_names():
    twice = {NELFT: (0.0, 0.5), "savings_havering.gain_loss_share.shares.nelft": (0.0, 0.5)}
    refused(BHR["gain_share"], twice, "savings_havering.gain_loss_share.shares.nelft twice")
    with pytest.raises(paysim.InputError, match=r"a\.b\.c twice"):
        read_free(["a.b.c=0:1", "a.b.c=0:2"])


def test_an_address_that_means_different_parameters_is_refused():
    refused(BHR["gain_share"], {"savings_*.gain_loss_share.shares.*": (0, 0.1)}, "means both")


def test_no_parameter_and_too_many_are_refused():
    refused(BHR["gain_share"], {}, "found no free parameter")
    many = {f"contract.t.past.{year}.value": (0.0, 1.0) for year in range(6)}
    refused(BHR["gain_share"], many, "found 6 free parameters")


def test_a_share_without_anybody_else_to_give_or_take_is_refused():
    refused(of(shares(payer=1.0, payee=0.0)), {"contract.share.shares.payer": (0.2, 0.9)}, "no other share")


@pytest.mark.parametrize("text", ["a.b.c", "a.b.c=1", "a.b.c=1:x", "=0:1", "a.b.c=0:1:2", ""])
def test_a_range_that_cannot_be_read_is_refused(text):
    with pytest.raises(paysim.InputError, match="expected PARAM=LO:HI"):
        read_free([text])


def test_ranges_are_read():
    assert read_free(["a_*.b.c=0:0.6", "a.b.annual=1e6:2_000_000"]) == {
        "a_*.b.c": (0.0, 0.6),
        "a.b.annual": (1e6, 2e6),
    }


@given(st.floats(0.0, 1.0))
def test_everything_within_a_range_that_is_accepted_is_legal(share):
    free = free_parameters(BHR["gain_share"], {NELFT: (0.05, 0.6)})
    value = free[0].at(share)
    assert 0.05 <= value <= 0.6
    assert problem(arrangement_with(BHR["gain_share"], {NELFT: value})) is None


def test_money_is_set_in_whole_pence():
    (free,) = free_parameters(of(Block("b", 100_00)), {"contract.b.annual": (0.0, 100.0)})
    assert free.at(0.123456) == 12.35
    (changed,) = terms_of(arrangement_with(of(Block("b", 100_00)), {"contract.b.annual": free.at(0.123456)}))
    assert changed.annual == 12_35
