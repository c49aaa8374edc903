"""Prices beyond what 64 bits hold are refused in a message, also where nothing is paid at them."""

from dataclasses import replace

import pytest
from town import NATIONAL, Row, activity, by_commissioner, tariff, town

from paysim.model.errors import InputError
from paysim.model.limits import LARGEST_PRICE
from paysim.model.price import Price, PriceTable
from paysim.payment.settlement import settle

SYSTEM = town()
CONSULTATION = Row("consultation", "surgery", 1.0, 0.01)


def priced(price, key=("non_elective", "AA22C")):
    """Return an arrangement with another price on the national list."""
    return by_commissioner(tariff(PriceTable("national", NATIONAL.name, {**NATIONAL.prices, key: price})))


@pytest.mark.parametrize(
    "price",
    [
        Price(9 * 10**18),
        Price(10**13),
        Price(1, short_stay_pence=2**63 - 1),
        Price(1, trim_point_days=5, addition_pence=9 * 10**18),
    ],
)
@pytest.mark.parametrize("key", [("non_elective", "AA22C"), ("consultation", "")])
def test_a_price_of_what_nobody_had_is_refused_by_its_list(price, key):
    care = activity(SYSTEM, [CONSULTATION])
    told = "contract hill_ccg:practice, prices national: found payments of up to [0-9]+ pence for one unit of activity;"
    with pytest.raises(InputError, match=told + " expected at most 4611686018426 pence"):
        settle(care, priced(price, key))


def test_additions_that_do_not_fit_together_are_refused_by_their_price():
    care = activity(SYSTEM, [CONSULTATION])
    price = Price(1, trim_point_days=5, top_up_pence=9 * 10**18, addition_pence=9 * 10**18)
    topped_up = by_commissioner(replace(priced(price).contracts[0].terms[0], top_ups=True))
    with pytest.raises(InputError, match=r"prices national\.non_elective\.AA22C: found amounts of up to 18000000000"):
        settle(care, topped_up)


def test_growth_beyond_64_bits_is_refused_even_of_nothing():
    free = PriceTable("national", NATIONAL.name, {key: Price(0) for key in NATIONAL.prices})
    growing = by_commissioner(replace(tariff(free), price_growth=(1e12,)))
    with pytest.raises(InputError, match="prices national: found payments of up to"):
        settle(activity(SYSTEM, [CONSULTATION], years=2), growing)


def test_the_highest_price_of_a_config_is_paid_to_the_penny_for_a_long_stay():
    pence = round(LARGEST_PRICE * 100)
    stay = activity(SYSTEM, [Row("ward", "medicine", 1.0, 200.0, code="AA22C")])
    ledger = settle(stay, priced(Price(pence, addition_pence=pence)))
    assert ledger.total() == 2 * pence * 10_976 // 10_000
