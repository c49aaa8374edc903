from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from generated import activities, price_lists
from hypothesis import given
from hypothesis import strategies as st
from reference import half_up, tariff_payments
from town import (
    NATIONAL,
    PRICES,
    Row,
    activity,
    arrangement,
    by_commissioner,
    contract,
    scope,
    tariff,
    town,
)

from paysim.model.errors import InputError
from paysim.model.price import Price, PriceTable
from paysim.model.terms import Block, Capitation
from paysim.payment.settlement import settle, settle_many

SYSTEM = town()
ACTIVITY = by_commissioner(tariff())


def payments(ledger):
    """Return the ledger's amounts that are not zero, by (payer, payee, period)."""
    table = defaultdict(int)
    for row in zip(ledger.payer, ledger.payee, ledger.period, ledger.amount_pence, strict=True):
        table[row[0], row[1], row[2]] += int(row[3])
    return {flow: pence for flow, pence in table.items() if pence}


@given(activities(), price_lists(), st.booleans())
def test_tariff_is_that_of_exact_fractions(rows, prices, top_ups):
    expected = tariff_payments(rows, Fraction("1.0976"), prices.prices, top_ups)
    paid = payments(settle(activity(SYSTEM, rows), by_commissioner(replace(tariff(prices), top_ups=top_ups))))
    assert paid == {flow: pence for flow, pence in expected.items() if pence}


@given(activities(), st.sampled_from([1.0, 10.0, 3.3333, 768_535 / 76_853]))
def test_amounts_are_scaled_and_rounded_once_a_flow_and_period(rows, weight):
    sample = settle(activity(SYSTEM, rows), ACTIVITY).amount_pence
    scaled = settle(activity(SYSTEM, rows, weight=weight), ACTIVITY).amount_pence
    exact = [half_up(int(pence) * Fraction(weight)) for pence in sample]
    assert np.abs(scaled - np.array(exact, dtype=np.int64)).max(initial=0) <= (0 if weight in (1.0, 10.0) else 1)


@given(activities())
def test_many_arrangements_at_once_are_each_one_alone(rows):
    whole = activity(SYSTEM, rows)
    arrangements = [
        by_commissioner(tariff()),
        by_commissioner(Block("block", 1_234_567), id="block"),
        by_commissioner(tariff(market_forces_factor=False), id="activity"),
    ]
    together = settle_many(whole, arrangements)
    assert [ledger.amount_pence.tolist() for ledger in together] == [
        settle(whole, one).amount_pence.tolist() for one in arrangements
    ]


def test_an_activity_without_rows_pays_nothing_by_tariff():
    ledger = settle(activity(SYSTEM, []), ACTIVITY)
    assert len(ledger) == 2 * 3 * 12
    assert ledger.total() == 0


def test_a_day_currency_pays_each_step_by_its_own_midnights():
    rows = [
        Row("rehabilitation", "medicine", 29.5, 2.0, code="LA04S"),
        Row("rehabilitation", "medicine", 32.0, 3.25, wait=0.5, code="LA04S"),
    ]
    ledger = settle(activity(SYSTEM, rows), ACTIVITY)
    # 213.45 x 1.0976 is 234.28272, so a night is paid 234.28.
    assert payments(ledger) == {("hill_ccg", "hospital", 1): 5 * 234_28}


def test_a_step_counts_in_the_month_of_its_end_and_a_spell_in_that_of_its_discharge():
    rows = [
        Row("consultation", "surgery", 29.5, 0.25, episode=0),
        Row("consultation", "surgery", 29.5, 0.5, episode=1, resident=999),
        Row("ward", "infirmary", 25.0, 4.0, episode=2, code="LA04S"),
        Row("awaiting_care", "infirmary", 29.0, 1.0, episode=2),
    ]
    assert payments(settle(activity(SYSTEM, rows), ACTIVITY)) == {
        ("hill_ccg", "practice", 0): 37_00,
        ("vale_ccg", "practice", 1): 37_00,
        ("hill_ccg", "infirmary", 1): 861_00,
    }


def test_two_years_have_24_periods():
    ledger = settle(activity(SYSTEM, [Row("consultation", "surgery", 729.0, 0.5)], years=2), ACTIVITY)
    assert ledger.periods[-1] == "2019-03"
    assert payments(ledger) == {("hill_ccg", "practice", 23): 37_00}


def test_a_chain_of_contracts_pays_at_every_level():
    chain = arrangement(
        "lead",
        contract("hill_ccg", "hospital", Capitation("heads", 500_00, None), scope=scope("hospital", "infirmary")),
        contract("hospital", "infirmary", tariff(), scope=scope("infirmary")),
    )
    ledger = settle(activity(SYSTEM, [Row("ward", "infirmary", 3.0, 2.0, code="LA04S")]), chain)
    assert ledger.received().sum(axis=1).tolist() == [0, 0, 0, 500_000_00, 861_00]
    assert ledger.balance().sum(axis=1).tolist() == [-500_000_00, 0, 0, 500_000_00 - 861_00, 861_00]


def test_two_tariffs_of_a_contract_may_share_the_currencies():
    spells_only = PriceTable("spells", "Spells", {unit: p for unit, p in PRICES.items() if unit[1]})
    rest = PriceTable("rest", "The rest", {unit: p for unit, p in PRICES.items() if not unit[1]})
    shared = by_commissioner(replace(tariff(spells_only), id="spells"), replace(tariff(rest), id="rest"))
    rows = [Row("ward", "medicine", 3.0, 12.0, code="LA04S"), Row("consultation", "surgery", 3.0, 0.5, episode=1)]
    assert payments(settle(activity(SYSTEM, rows), shared)) == payments(settle(activity(SYSTEM, rows), ACTIVITY))


def test_the_single_price_of_a_currency_holds_for_every_code():
    rows = [
        Row("rehabilitation", "infirmary", 3.0, 1.0, code=code, episode=n) for n, code in enumerate(["AA22C", None])
    ]
    assert settle(activity(SYSTEM, rows), ACTIVITY).total() == 2 * 213_45


class TestRefused:
    def test_activity_outside_every_contract(self):
        only_hill = arrangement(
            "partial", contract("hill_ccg", "practice", tariff(), scope=scope("practice", places=("hill",)))
        )
        rows = [Row("consultation", "surgery", 3.0, 0.5, resident=n) for n in (1, 700, 999)]
        with pytest.raises(InputError, match=r"arrangement partial: found 2 of 3 rows .* 2 at service surgery .* vale"):
            settle(activity(SYSTEM, rows), only_hill)

    @pytest.mark.parametrize(
        ("row", "unit"),
        [
            (Row("ward", "medicine", 3.0, 0.5, code=None), "non_elective with no code"),
            (Row("theatre", "medicine", 3.0, 0.5, code="LA04S"), "elective with code LA04S"),
            (Row("consultation", "medicine", 3.0, 0.5), "consultation with no code"),
        ],
    )
    def test_activity_without_a_price(self, row, unit):
        prices = PriceTable("gaps", "Gaps", {("non_elective", "AA22C"): Price(1), ("elective", "AA22C"): Price(1)})
        with pytest.raises(InputError, match=f"contract hill_ccg:hospital: found activity in currency {unit}"):
            settle(activity(SYSTEM, [row]), by_commissioner(tariff(prices)))

    def test_a_gap_in_prices_beside_a_block_is_not_one(self):
        prices = PriceTable("gaps", "Gaps", {("non_elective", "AA22C"): Price(1)})
        row = Row("theatre", "medicine", 3.0, 0.5, code="LA04S")
        assert settle(activity(SYSTEM, [row]), by_commissioner(tariff(prices), Block("block", 0))).total() == 0

    @pytest.mark.parametrize(
        "change",
        [
            {"resident": 1_000},
            {"resident": -1},
            {"stay": -1.0},
            {"start": float("nan")},
            {"start": -9.0},
            {"start": 365.0},
            {"start": 364.0, "stay": 1.0},
        ],
    )
    def test_a_row_that_cannot_be(self, change):
        rows = [
            Row("consultation", "surgery", 3.0, 0.5),
            replace(Row("ward", "medicine", 5.0, 0.5, code="LA04S"), **change),
        ]
        with pytest.raises(InputError, match=r"activity row [01]: found resident"):
            settle(activity(SYSTEM, rows), ACTIVITY)

    @pytest.mark.parametrize("column", ["step", "service", "code"])
    def test_a_row_that_names_what_the_system_lacks(self, column):
        one = activity(SYSTEM, [Row("consultation", "surgery", 3.0, 0.5)])
        with pytest.raises(InputError, match="activity row 0"):
            settle(replace(one, **{column: np.array([99], dtype=np.int16)}), ACTIVITY)

    @pytest.mark.parametrize("price", [Price(10**19), Price(2**62), Price(1, 0, 2**61), Price(2**53)])
    def test_money_beyond_64_bits(self, price):
        prices = PriceTable("dear", "Dear", dict(NATIONAL.prices) | {("non_elective", "LA04S"): price})
        rows = [Row("ward", "medicine", 3.0, 20.0, code="LA04S", episode=n) for n in range(2_000)]
        with pytest.raises(InputError, match="at most 9223372036854775807 pence"):
            settle(activity(SYSTEM, rows), by_commissioner(tariff(prices)))

    @pytest.mark.parametrize(
        ("price", "found"), [(Price(99.5), r"pence 99\.5"), (Price(99, 5, np.nan), "long_stay_pence_per_day nan")]
    )
    def test_prices_with_fractions_of_a_penny(self, price, found):
        prices = PriceTable("fine", "Fine", dict(NATIONAL.prices) | {("non_elective", "LA04S"): price})
        with pytest.raises(
            InputError, match=rf"prices fine\.non_elective\.LA04S: found {found}; expected a whole number"
        ):
            settle(activity(SYSTEM, []), by_commissioner(tariff(prices)))

    @pytest.mark.parametrize(
        "term", [Block("sum", 2 * 10**18), Block("sum", 10**25), Capitation("heads", 10**16, None)]
    )
    def test_annual_sums_beyond_64_bits(self, term):
        with pytest.raises(InputError, match=r"(term|arrangement) .*at most 9223372036854775807 pence"):
            settle(activity(SYSTEM, []), by_commissioner(term))

    def test_a_sample_scaled_beyond_64_bits(self):
        prices = PriceTable("dear", "Dear", dict(NATIONAL.prices) | {("consultation", ""): Price(10**11)})
        one = activity(SYSTEM, [Row("consultation", "surgery", 3.0, 0.5)], weight=1e9)
        with pytest.raises(InputError, match="activity weight"):
            settle(one, by_commissioner(tariff(prices)))
