"""Spells, outpatients and readmissions against the rules in plain Python and exact fractions."""

from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from town import PRICES, Row, activity, arrangement, contract, scope, town

from paysim.model.errors import InputError
from paysim.model.price import Price, PriceTable
from paysim.model.terms import OutpatientTariff, ReadmissionRule, Tariff
from paysim.payment.arithmetic import in_millionths, spell_pence
from paysim.payment.settlement import settle
from paysim.payment.terms.outpatient import front_loaded

CASES = 10_000


def half_up(pence):
    return floor(pence + Fraction(1, 2))


def spell_by_the_rule(price, short, trim, per_day, top_up, best_practice, nights, factor):
    """(base or short-stay price + days beyond the trim point + top-up + best practice) x market forces factor."""
    paid = Fraction(short if nights < 2 else price)
    for _ in range(trim, nights):
        paid += per_day
    return half_up((paid + top_up + best_practice) * factor)


def test_spells_are_those_of_exact_fractions():
    rng = np.random.default_rng(1)
    for _ in range(CASES):
        price, short, per_day, top_up, best_practice = (int(n) for n in rng.integers(0, 2_000_000, 5))
        trim, nights = (int(n) for n in rng.integers(0, 130, 2))
        factor = Fraction(int(rng.integers(900_000, 1_300_000)), 1_000_000)
        paid = spell_pence(price, short, trim, per_day, top_up + best_practice, nights, in_millionths(factor))
        assert paid == spell_by_the_rule(price, short, trim, per_day, top_up, best_practice, nights, factor)


def test_outpatient_prices_are_those_of_exact_fractions():
    rng = np.random.default_rng(2)
    for _ in range(CASES):
        first, follow_up = (int(n) for n in rng.integers(0, 50_000, 2))
        moved, ratio = (Fraction(int(n), 1000) for n in rng.integers(0, [1001, 4000]))
        listed = PriceTable("p", "P", {("first", "301"): Price(first), ("follow_up", ""): Price(follow_up)})
        term = OutpatientTariff("outpatients", listed, "first", "follow_up", float(moved), float(ratio))
        prices = front_loaded(term).prices
        assert prices["first", "301"].pence == half_up(first + follow_up * moved * ratio)
        assert prices["follow_up", ""].pence == half_up(follow_up * (1 - moved))


def test_at_the_planned_ratio_front_loading_moves_no_money():
    listed = PriceTable("p", "P", {("first", ""): Price(200_00), ("follow_up", ""): Price(100_00)})
    prices = front_loaded(OutpatientTariff("outpatients", listed, "first", "follow_up", 0.3, 2.5)).prices
    assert (prices["first", ""].pence, prices["follow_up", ""].pence) == (275_00, 70_00)
    assert 2 * 275_00 + 5 * 70_00 == 2 * 200_00 + 5 * 100_00


def priced(*terms, rows, prices=None, system=None):
    """Return what the hospital is paid for rows under a contract of these terms, by term."""
    system = system or town()
    paid = contract("hill_ccg", "hospital", *terms, scope=scope("hospital"))
    frame = settle(activity(system, rows), arrangement("activity", paid)).to_frame()
    return frame.groupby("term").amount_pence.sum().to_dict()


def test_a_short_stay_has_its_own_price():
    listed = PRICES | {("non_elective", "LA04S"): Price(861_00, 8, 216_00, short_stay_pence=559_65)}
    tariff = Tariff("tariff", PriceTable("national", "National", listed))
    for stay, pence in {0.5: 559_65, 1.2: 559_65, 2.0: 861_00, 10.0: 861_00 + 2 * 216_00}.items():
        assert priced(tariff, rows=[Row("ward", "medicine", 10.5, stay, code="LA04S")]) == {"tariff": pence}


def test_top_ups_are_for_the_eligible_and_best_practice_for_all():
    listed = PRICES | {("elective", "LA04S"): Price(464_00, top_up_pence=50_00, addition_pence=13_35)}
    table = PriceTable("national", "National", listed)
    rows = [Row("theatre", "surgical", 10.5, 3.0, code="LA04S")]
    assert priced(Tariff("tariff", table), rows=rows) == {"tariff": 464_00 + 13_35}
    assert priced(Tariff("tariff", table, top_ups=True), rows=rows) == {"tariff": 464_00 + 13_35 + 50_00}


def test_prices_grow_year_by_year():
    tariff = Tariff("tariff", PriceTable("national", "National", PRICES), price_growth=(0.0, 0.1, 0.021))
    rows = [Row("ward", "medicine", day, 2.0, episode=n, code="LA04S") for n, day in enumerate((10.0, 400.0, 800.0))]
    paid = contract("hill_ccg", "hospital", tariff, scope=scope("hospital"))
    frame = settle(activity(town(), rows, years=3), arrangement("activity", paid)).to_frame()
    by_year = frame.groupby(frame.index // 12).amount_pence.sum().tolist()
    assert by_year == [861_00, half_up(Fraction(861_00) * Fraction("1.1")), half_up(861_00 * Fraction("1.1231"))]


NATIONAL = PriceTable("national", "National", PRICES)
TARIFF = Tariff("tariff", NATIONAL)
RULE = ReadmissionRule("readmissions", "tariff", ("non_elective",), ("elective",), youngest=0)


def spell(step, start, episode, resident=0, stay=2.0):
    return Row(step, "medicine", start, stay, episode=episode, resident=resident, code="LA04S")


@pytest.mark.parametrize(("gap", "unpaid"), [(0.0, True), (30.0, True), (30.25, False), (200.0, False)])
def test_readmissions_within_thirty_days_are_taken_back(gap, unpaid):
    rows = [spell("theatre", 10.0, 0), spell("ward", 12.0 + gap, 1), spell("ward", 12.0 + gap, 2, resident=1)]
    paid = priced(TARIFF, RULE, rows=rows)
    assert paid == {"tariff": 464_00 + 2 * 861_00, "readmissions": -861_00 if unpaid else 0}


def test_a_transfer_from_another_provider_is_paid():
    rows = [replace(spell("theatre", 10.0, 0), service="infirmary"), spell("ward", 12.0, 1)]
    other = contract("hill_ccg", "infirmary", TARIFF, scope=scope("infirmary"))
    paid = contract("hill_ccg", "hospital", TARIFF, RULE, scope=scope("hospital"))

    def taken_back(later):
        ledger = settle(activity(town(), [rows[0], later]), arrangement("activity", other, paid))
        frame = ledger.to_frame()
        return -int(frame[frame.term == "readmissions"].amount_pence.sum())

    assert taken_back(rows[1]) == 0
    assert taken_back(replace(rows[1], start=12.25)) == 861_00


def test_a_share_by_local_review_and_exempt_codes_and_children():
    rows = [spell("theatre", 10.0, 0), spell("ward", 20.0, 1)]
    assert priced(TARIFF, replace(RULE, unpaid=0.25), rows=rows)["readmissions"] == -half_up(Fraction(861_00, 4))
    assert priced(TARIFF, replace(RULE, exempt=("LA04S",)), rows=rows)["readmissions"] == 0
    # Residents 500 to 599 of hill are 65 and older, those before them of the band 0-64: half of its ages are below 33.
    old = [replace(row, resident=500) for row in rows]
    assert priced(TARIFF, replace(RULE, youngest=4), rows=rows)["readmissions"] == -861_00
    assert priced(TARIFF, replace(RULE, youngest=32), rows=rows)["readmissions"] == -861_00
    assert priced(TARIFF, replace(RULE, youngest=33), rows=rows)["readmissions"] == 0
    assert priced(TARIFF, replace(RULE, youngest=66), rows=old)["readmissions"] == -861_00


@pytest.mark.parametrize(("price", "taken"), [(1, 0), (2, 1), (3, 1), (6, 2), (10, 3)])
def test_half_a_penny_taken_back_is_rounded_as_if_it_were_paid(price, taken):
    tariff = Tariff("tariff", PriceTable("small", "Small", PRICES | {("non_elective", "LA04S"): Price(price)}))
    rows = [spell("theatre", 10.0, 0), spell("ward", 20.0, 1)]
    assert priced(tariff, replace(RULE, unpaid=0.25), rows=rows)["readmissions"] == -taken


def test_a_rule_needs_its_tariff():
    with pytest.raises(InputError, match=r"term readmissions: found 'tariff'; expected a tariff of the same contract"):
        priced(RULE, rows=[])


MONTHS = np.cumsum([0, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28])
"""The days on which the months of 2017-18 begin."""


def unpaid_in_words(rows, days, unpaid, by_month):
    """Add up what the rule takes back of one resident's spells at one provider, by month of discharge."""
    discharges = [row.start + row.stay for row in rows if row.step == "theatre"]
    for row in rows:
        if row.step == "ward" and any(0 <= row.start - discharge <= days for discharge in discharges):
            nights = floor(row.start + row.stay) - floor(row.start)
            month = np.searchsorted(MONTHS, row.start + row.stay, side="right") - 1
            by_month[month] += (861_00 + max(0, nights - 8) * 216_00) * Fraction(str(unpaid))


def test_readmissions_are_those_of_the_rule_in_words():
    rng = np.random.default_rng(3)
    in_hill = 600
    for _ in range(CASES // in_hill + 1):
        days, unpaid = int(rng.integers(1, 61)), float(rng.choice([0.25, 0.5, 1.0]))
        rows, taken = [], [Fraction(0)] * 12
        for resident in range(in_hill):
            history = [
                spell(
                    str(rng.choice(["theatre", "ward"])),
                    float(rng.integers(0, 1200)) / 4,
                    episode=10 * resident + number,
                    resident=resident,
                    stay=float(rng.integers(0, 60)) / 4,
                )
                for number in range(rng.integers(1, 6))
            ]
            unpaid_in_words(history, days, unpaid, taken)
            rows += history
        paid = contract(
            "hill_ccg", "hospital", TARIFF, replace(RULE, within_days=days, unpaid=unpaid), scope=scope("hospital")
        )
        frame = settle(activity(town(), rows), arrangement("activity", paid)).to_frame()
        by_month = frame[frame.term == "readmissions"].amount_pence.tolist()
        assert by_month == [-half_up(pence) for pence in taken]
        assert sum(taken) > 0


@pytest.mark.parametrize(
    ("first", "follow_up", "alone"),
    [
        ({"": 200_00}, {"": 100_00}, None),
        ({"A": 200_00, "B": 150_00}, {"A": 100_00}, None),
        ({"A": 200_00, "": 150_00}, {"": 100_00}, None),
        ({"": 200_00}, {"A": 100_00, "B": 80_00}, "A"),
        ({"A": 200_00, "": 150_00}, {"A": 100_00, "B": 80_00, "": 90_00}, "B"),
    ],
)
def test_what_is_moved_from_follow_ups_goes_to_first_attendances_of_the_same_code(first, follow_up, alone):
    listed = {("first", code): Price(pence) for code, pence in first.items()}
    listed |= {("follow_up", code): Price(pence) for code, pence in follow_up.items()}
    term = OutpatientTariff(
        "outpatients", PriceTable("list", "List", listed), "first", "follow_up", moved=0.3, follow_ups_per_first=2.0
    )
    assert replace(term, moved=0.0).problem() is None
    if alone is None:
        assert term.problem() is None
    else:
        assert term.problem()[0] == f"found a price of follow_up with code {alone!r}, and none of first with that code"
