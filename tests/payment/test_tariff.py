"""Tariff arithmetic to the penny, against the 2017/18 national prices (Annex A)."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import pytest
from reference import tariff_payments
from town import CODES, PRICES, RESIDENTS, STEPS, Row, activity, arrangement, by_commissioner, contract, scope, town
from town import tariff as tariff_term

from paysim.model.errors import InputError
from paysim.model.exact import exact
from paysim.model.price import Price, PriceTable
from paysim.payment.arithmetic import in_millionths, spell_pence, unit_pence
from paysim.payment.settlement import settle

# National Tariff Payment System 2017/18, Annex A: price, trim point (days), long stay payment (pounds a day).
AA22C_NON_ELECTIVE = (9_766, 98, 240)
AA22C_ELECTIVE = (8_207, 117, 240)
HN12F_ELECTIVE = (5_431, 6, 227)
LA04S_NON_ELECTIVE = (861, 8, 216)
FZ92K_NON_ELECTIVE = (1_631, 13, 227)
DZ11V_NON_ELECTIVE = (1_482, 11, 208)
FZ18K_DAY_CASE = (1_363, 5, 227)
FZ18K_ORDINARY_ELECTIVE = (1_228, 5, 227)

# Market forces factors: a made-up one, Lewisham and Greenwich, Homerton (reference costs collection 2015-16).
MADE_UP, LEWISHAM, HOMERTON = 1.0976, 1.204301, 1.205155

PUBLISHED = [
    (AA22C_NON_ELECTIVE, 98, 1.0, "9766.00"),
    (AA22C_NON_ELECTIVE, 100, 1.0, "10246.00"),
    (HN12F_ELECTIVE, 9, 1.0, "6112.00"),
    (LA04S_NON_ELECTIVE, 12, 1.0, "1725.00"),
    (FZ92K_NON_ELECTIVE, 20, 1.0, "3220.00"),
    (AA22C_NON_ELECTIVE, 98, MADE_UP, "10719.16"),
    (AA22C_NON_ELECTIVE, 100, MADE_UP, "11246.01"),
    (HN12F_ELECTIVE, 9, MADE_UP, "6708.53"),
    (LA04S_NON_ELECTIVE, 12, MADE_UP, "1893.36"),
    (FZ92K_NON_ELECTIVE, 20, MADE_UP, "3534.27"),
    (DZ11V_NON_ELECTIVE, 15, LEWISHAM, "2786.75"),
    (DZ11V_NON_ELECTIVE, 9, LEWISHAM, "1784.77"),
    (AA22C_ELECTIVE, 100, HOMERTON, "9890.71"),
    (FZ18K_DAY_CASE, 0, 1.0, "1363.00"),
    (FZ18K_ORDINARY_ELECTIVE, 2, 1.0, "1228.00"),
]


@pytest.mark.parametrize(("price", "length_of_stay", "factor", "pounds"), PUBLISHED)
def test_spell_payment(price, length_of_stay, factor, pounds):
    base, trim_point, day_payment = price
    paid = spell_pence(
        base * 100, base * 100, trim_point, day_payment * 100, 0, length_of_stay, in_millionths(exact(factor))
    )
    assert paid == Decimal(pounds) * 100


@pytest.mark.parametrize(("price", "length_of_stay", "factor", "pounds"), PUBLISHED)
def test_spell_payment_through_settlement(price, length_of_stay, factor, pounds):
    base, trim_point, day_payment = price
    prices = PriceTable("annex_a", "Annex A", {("elective", "LA04S"): Price(base * 100, trim_point, day_payment * 100)})
    hospital = contract("hill_ccg", "hospital", tariff_term(prices), scope=scope("hospital"))
    spell = [
        Row("theatre", "surgical", 20.5, 0.0, code="LA04S"),
        Row("awaiting_care", "medicine", 20.5, float(length_of_stay)),
    ]
    ledger = settle(activity(town(factor), spell), arrangement("activity", hospital))
    assert ledger.total() == Decimal(pounds) * 100
    month = (4 + (20 + length_of_stay) // 31) if length_of_stay < 40 else 7
    paid = ledger.to_frame().query("amount_pence != 0")
    assert paid["period"].tolist() == [f"2017-{month:02}"]


MOST = 2_000_000
YEARS = 3
DAYS = 1_096
"""Of three financial years, the last with a 29 February."""


def random_steps(random, episodes):
    """Yield steps of episodes, of which some go on at the same provider without a gap: quarters of days are exact."""
    for episode in range(episodes):
        resident, at = random.randrange(RESIDENTS), random.randrange(4 * DAYS) / 4
        for _ in range(random.choice([1, 1, 2, 3])):
            wait, stay = random.choice([0.0, 0.0, 0.0, 1.5]), random.choice([0.25, 1.0, random.randrange(480) / 4])
            start, at = at + wait, at + wait + stay
            if at < DAYS:
                step, service = random.choice(list(STEPS)), random.choice(["surgery", "medicine", "surgical"])
                yield Row(step, service, start, stay, episode, resident, random.choice(CODES), wait)


def random_price(random):
    price, day, short, top_up, addition = (random.randint(0, MOST) for _ in range(5))
    trim_point, short_stay = random.choice([None, random.randrange(60)]), random.choice([None, short])
    return Price(price, trim_point, day, short_stay, top_up, addition)


def test_ten_thousand_steps_are_paid_as_by_exact_fractions():
    random, paid_for = Random(1), 0
    while paid_for < 10_000:
        rows = list(random_steps(random, 1_000))
        prices = {unit: random_price(random) for unit in PRICES}
        factor, top_ups = Fraction(random.randint(900_000, 1_300_000), 10**6), random.choice([False, True])
        growth = [Fraction(random.randint(-300, 800), 10_000) for _ in range(random.randint(1, 4))]
        listed = tariff_term(PriceTable("p", "P", prices))
        term = replace(listed, top_ups=top_ups, price_growth=tuple(map(float, growth)))
        ledger = settle(activity(town(float(factor)), rows, years=YEARS), by_commissioner(term))
        flows = zip(ledger.payer, ledger.payee, ledger.period, ledger.amount_pence.tolist(), strict=True)
        paid = {flow[:3]: flow[3] for flow in flows if flow[3]}
        expected = tariff_payments(rows, factor, prices, top_ups, growth)
        assert paid == {flow: pence for flow, pence in expected.items() if pence}
        paid_for += len(rows)


@pytest.mark.parametrize("pence", [0, 1, 7, 50, 99, 12_345, 9_766_00])
@pytest.mark.parametrize("factor", [1.0, 1.05, 1.5, 1.0976, 1.297603])
def test_payments_are_rounded_once_halves_up(pence, factor):
    product = Decimal(pence) * Decimal(str(factor))
    assert unit_pence(pence, in_millionths(exact(factor))) == product.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def test_a_half_penny_rounds_up():
    assert unit_pence(1, in_millionths(exact(1.5))) == 2
    assert unit_pence(3, in_millionths(exact(1.5))) == 5


def test_market_forces_factors_are_read_as_written():
    assert in_millionths(exact(1.204301)) == 1_204_301
    assert in_millionths(exact(1.1)) == 1_100_000


@pytest.mark.parametrize("factor", [-1.0, 0.0, float("nan"), 109.76])
def test_market_forces_factors_that_no_config_could_hold_are_refused(factor):
    system = town(market_forces_factor=factor)
    care = activity(system, [Row("rehabilitation", "medicine", 1.0, 2.0, code="LA04S")])
    with pytest.raises(InputError, match=r"organisation\.hospital\.market_forces_factor: found .*; expected above 0"):
        settle(care, by_commissioner(tariff_term()))
