"""What must hold of settlement whatever the activity, the prices and the contracts."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from generated import EVERYTHING, activities, activities_in_order, kinds_of_residents, price_lists, scopes_cut_in_two
from hypothesis import assume, given
from hypothesis import strategies as st
from reference import half_up, tariff_payments
from town import (
    PLACES,
    PROFILES,
    Row,
    activity,
    arrangement,
    by_commissioner,
    contract,
    rows_of,
    scope,
    tariff,
    town,
)

from paysim.model.contract import Contract
from paysim.model.errors import InputError
from paysim.model.price import Price, PriceTable
from paysim.model.terms import Block, Capitation, ReadmissionRule, Tariff
from paysim.model.terms.heads import GlobalSum, SubCapitation
from paysim.payment import survey
from paysim.payment.settlement import settle, settle_many
from paysim.payment.terms import PAYMENT

SYSTEM = town()
RULE = ReadmissionRule("readmissions", "tariff", ("non_elective",), youngest=0)
BY_ACTIVITY = by_commissioner(tariff(), RULE)
BY_THE_YEAR = by_commissioner(Block("block", 10_000_000_01), Capitation("heads", 123_45, None), id="year")


def of_tiers(prices, annual, per_head):
    """Return an arrangement in which money passes through up to three hands, and back to the first provider."""
    return arrangement(
        "tiers",
        contract("hill_ccg", "hospital", Capitation("heads", per_head, None), scope=EVERYTHING),
        contract("vale_ccg", "hospital", Block("block", annual), tariff(prices), RULE, scope=scope("hospital")),
        contract("hospital", "practice", Block("block", annual), tariff(prices), scope=scope("practice")),
        contract("hospital", "infirmary", tariff(prices), RULE, scope=scope("infirmary")),
        contract("infirmary", "practice", Block("block", -annual // 7), scope=scope("practice")),
        contract("practice", "hospital", Capitation("heads", per_head // 3, None), scope=scope("hospital")),
    )


def between(payer, payee, *terms, scope, id="whole"):
    return Contract(id, payer, payee, scope, terms)


def columns(ledger):
    return [np.asarray(getattr(ledger, name)).tobytes() for name in vars(ledger) if name not in ("by_row", "origin")]


@given(activities(), price_lists(), st.integers(-(10**9), 10**9), st.integers(0, 10**5), st.floats(1.0, 100.0))
def test_all_organisations_together_neither_gain_nor_lose_at_any_tier(rows, prices, annual, per_head, weight):
    arrangements = [by_commissioner(tariff(prices), RULE), BY_THE_YEAR, of_tiers(prices, annual, per_head)]
    for ledger in settle_many(activity(SYSTEM, rows, weight=weight), arrangements):
        assert ledger.balance().sum(axis=0).tolist() == [0] * 12
        assert ledger.received().sum() == ledger.paid().sum() == ledger.total()
        for number, party in enumerate(ledger.organisations):
            net = ledger.amount_pence[ledger.payee == party].sum() - ledger.amount_pence[ledger.payer == party].sum()
            assert ledger.balance()[number].sum() == net


@given(activities(), st.floats(1.0, 100.0))
def test_block_and_capitation_do_not_depend_on_activity_nor_on_the_sample(rows, weight):
    busy = settle(activity(SYSTEM, rows, weight=weight), BY_THE_YEAR)
    assert busy.amount_pence.tolist() == settle(activity(SYSTEM, []), BY_THE_YEAR).amount_pence.tolist()


@given(st.integers(0, 10**6), st.integers(0, 300), st.integers(0, 300), st.integers(1, 9), st.integers(1, 9))
def test_capitation_is_linear_in_weighted_heads(per_head, young, old, of_young, of_old):
    population = replace(SYSTEM.population, residents=np.array([young, old, 7]))
    weights = np.zeros((2, PROFILES))
    weights[0, 0], weights[0, 10], weights[1, 4] = of_young, of_old, 1.0
    term = Capitation("heads", per_head, weights)
    of_hill = between("hill_ccg", "hospital", term, scope=scope("hospital", places=("hill",)))
    paid = settle(activity(replace(SYSTEM, population=population), []), arrangement("heads", of_hill))
    assert paid.total() == per_head * (of_young * young + of_old * old)


@given(st.sampled_from([Capitation, GlobalSum, SubCapitation]), st.integers(0, 10**6), kinds_of_residents())
def test_capitation_pays_the_same_if_its_residents_are_shared_out(kind, per_head, kinds):
    weights = np.arange(2.0 * PROFILES).reshape(2, PROFILES)
    term = kind("heads", (per_head,) if kind is GlobalSum else per_head, weights)
    contracts = [
        between("hill_ccg", "hospital", term, scope=replace(EVERYTHING, residents=residents), id=f"part {number}")
        for number, residents in enumerate((kinds, 1 - kinds))
    ]
    whole = arrangement("whole", between("hill_ccg", "hospital", term, scope=EVERYTHING))
    parts = settle(activity(SYSTEM, []), arrangement("parts", *contracts))
    assert parts.total() == settle(activity(SYSTEM, []), whole).total()


@given(activities(), price_lists(), st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_tariff_adds_up_over_chunks_of_whole_episodes(rows, prices, chunks):
    whole, chunk = activity(SYSTEM, rows), np.array(chunks)
    by_tariff = by_commissioner(tariff(prices))
    parts = [settle(rows_of(whole, chunk[whole.episode] == number), by_tariff).amount_pence for number in range(4)]
    assert sum(parts).tolist() == settle(whole, by_tariff).amount_pence.tolist()


@given(activities(), price_lists(), st.integers(-7, 7))
def test_tariff_is_homogeneous_in_price(rows, prices, times):
    def paid(scale):
        scaled = {unit: _times(price, scale) for unit, price in prices.prices.items()}
        term = replace(tariff(PriceTable("scaled", "Scaled", scaled), market_forces_factor=False), top_ups=True)
        return settle(activity(SYSTEM, rows), by_commissioner(term)).amount_pence

    assert paid(times).tolist() == (paid(1) * times).tolist()


def _times(price, scale):
    return Price(
        price.pence * scale,
        price.trim_point_days,
        price.long_stay_pence_per_day * scale,
        None if price.short_stay_pence is None else price.short_stay_pence * scale,
        price.top_up_pence * scale,
        price.addition_pence * scale,
    )


@given(activities(), price_lists(), scopes_cut_in_two())
def test_a_tariff_pays_the_same_if_its_scope_is_cut_in_two(rows, prices, parts):
    def by_period(*scopes):
        contracts = [
            between("hill_ccg", "hospital", tariff(prices), RULE, scope=part, id=f"part {number}")
            for number, part in enumerate(scopes)
        ]
        return settle(activity(SYSTEM, rows), arrangement("parts", *contracts)).received().tolist()

    # The town's steps bear no pathway's name before their own: each is a pathway of its own here.
    assert by_period(*parts) == by_period(EVERYTHING)


@given(activities_in_order(), price_lists(), st.integers(0, 2**32 - 1))
def test_settlement_does_not_depend_on_the_order_of_rows(rows, prices, seed):
    whole, arranged = activity(SYSTEM, rows), of_tiers(prices, 1_000_01, 7_77)
    shuffled = rows_of(whole, np.random.default_rng(seed).permutation(len(whole)))
    assert columns(settle(shuffled, arranged)) == columns(settle(whole, arranged))


@given(activities(), price_lists(), kinds_of_residents(), st.sampled_from([1, 2, 2**22]))
def test_threads_and_pieces_change_no_byte(rows, prices, kinds, rows_at_a_time):
    whole = activity(SYSTEM, rows)
    by_kind = [
        between(ccg, "hospital", tariff(prices), RULE, scope=replace(EVERYTHING, residents=residents), id=ccg)
        for ccg, residents in (("hill_ccg", kinds), ("vale_ccg", 1 - kinds))
    ]
    arrangements = [of_tiers(prices, 1_000_01, 7_77), arrangement("by kind", *by_kind)]
    expected = [columns(ledger) for ledger in settle_many(whole, arrangements)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survey, "_ROWS_AT_A_TIME", rows_at_a_time)
        for threads in (1, 2, 3, 7):
            assert [columns(ledger) for ledger in settle_many(whole, arrangements, threads=threads)] == expected


MANY = 25_000
A_QUADRILLION_POUNDS = 10**17
A_CONSULTATION = PriceTable("dear", "Dear", {("consultation", ""): Price(A_QUADRILLION_POUNDS // MANY + 1)})


@pytest.mark.parametrize(
    ("term", "paid"),
    [
        (Block("sum", A_QUADRILLION_POUNDS + 1), A_QUADRILLION_POUNDS + 1),
        (Capitation("sum", A_QUADRILLION_POUNDS // 600 + 1, None), (A_QUADRILLION_POUNDS // 600 + 1) * 600),
        (tariff(A_CONSULTATION, market_forces_factor=False), A_QUADRILLION_POUNDS + MANY),
    ],
)
def test_a_quadrillion_pounds_are_exact(term, paid):
    one = activity(SYSTEM, [Row("consultation", "surgery", 3.0, 0.5)])
    busy = rows_of(one, np.zeros(MANY, dtype=np.int64))
    hill = scope("practice", places=("hill",))
    chain = arrangement(
        "chain", contract("hill_ccg", "hospital", term, scope=hill), contract("hospital", "practice", term, scope=hill)
    )
    assert settle(busy, chain).balance().sum(axis=1).tolist() == [-paid, 0, paid, 0, 0]


def settled_or_refused(whole, arranged):
    """Return the ledger and '', or None and why the activity was refused."""
    try:
        return settle(whole, arranged), ""
    except InputError as error:
        return None, str(error)


def test_amounts_beyond_64_bits_are_refused_and_all_others_exact():
    ended = defaultdict(int)

    @given(
        activities(),
        st.sampled_from([4, 8, 11, 12, 13, 14, 19]).flatmap(lambda digits: price_lists(10**digits)),
        st.sampled_from([1.0, 3.7, 1e3, 1e9]),
        st.booleans(),
    )
    def settled(rows, prices, weight, top_ups):
        assume(rows)
        sample = tariff_payments(rows, Fraction("1.0976"), prices.prices, top_ups)
        expected = {flow: half_up(pence * Fraction(weight)) for flow, pence in sample.items()}
        by_tariff = by_commissioner(replace(tariff(prices), top_ups=top_ups))
        ledger, refusal = settled_or_refused(activity(SYSTEM, rows, weight=weight), by_tariff)
        ended["refused" if refusal else "paid"] += 1
        if refusal:
            # Of one unit of activity, or of a sum.
            assert refusal.endswith(("at most 4611686018426 pence", "at most 9223372036854775807 pence"))
            return
        flows = zip(ledger.payer, ledger.payee, ledger.period, ledger.amount_pence.tolist(), strict=True)
        assert {flow[:3]: flow[3] for flow in flows if flow[3]} == {flow: p for flow, p in expected.items() if p}
        assert ledger.total() == sum(expected.values())

    settled()
    assert ended["paid"]
    assert ended["refused"]


@given(st.integers(-(10**20), 10**20), st.integers(-(10**17), 10**17), st.integers(1, 3))
def test_annual_sums_are_exact_or_refused(annual, per_head, years):
    terms = Block("block", annual), Capitation("heads", per_head, None)
    both = arrangement("both", between("hill_ccg", "hospital", *terms, scope=scope("hospital", places=PLACES)))
    ledger, refusal = settled_or_refused(activity(SYSTEM, [], years=years), both)
    if years * (abs(annual) + 1_000 * abs(per_head)) < 2**63:
        assert ledger.total() == years * (annual + 1_000 * per_head)
    else:
        assert "at most 9223372036854775807 pence" in refusal


def test_a_year_of_amounts_that_fit_one_by_one_is_refused_where_their_sum_does_not(monkeypatch):
    def by_the_year(term, seen):
        return [seen.to_payee(seen.at_year_ends(seen.by_year(seen.value(term))))]

    monkeypatch.setitem(PAYMENT, Tariff, by_the_year)
    rows = [Row("consultation", "surgery", day, 0.5, episode=number) for number, day in enumerate((3.0, 40.0, 70.0))]
    dear = tariff(replace(A_CONSULTATION, prices={("consultation", ""): Price(4 * 10**12)}))
    with pytest.raises(InputError, match=r"activity weight.*at most 9223372036854775807 pence"):
        settle(activity(SYSTEM, rows, weight=1e6), by_commissioner(dear))
