"""The tariff over again in plain Python and exact fractions, to check the kernels against."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from math import floor

from town import COUNTED, PRICES, RESIDENTS, SERVICES, STEPS, Row

from paysim.model.price import Price

FIRST_DAYS = [0, 30, 61, 91, 122, 153, 183, 214, 244, 275, 306, 334]
"""Days after 1 April 2017 on which the months begin."""

assert RESIDENTS == 1_000


def month(day: float) -> int:
    return max(number for number, first in enumerate(FIRST_DAYS) if first <= day)


def half_up(pence: Fraction) -> int:
    return floor(pence + Fraction(1, 2))


def stays(rows: list[Row]) -> list[list[Row]]:
    """Return the rows of each spell, by the definition in words."""
    found: list[list[Row]] = []
    for number in sorted({row.episode for row in rows}):
        before = None
        for row in sorted((r for r in rows if r.episode == number), key=lambda r: (r.start + r.stay, r.start)):
            if not STEPS[row.step][1]:
                continue
            joined = (
                before is not None
                and SERVICES[before.service] == SERVICES[row.service]
                and row.start - row.wait == before.start + before.stay
            )
            if joined:
                found[-1].append(row)
            else:
                found.append([row])
            before = row
    return found


def tariff_payments(
    rows: list[Row], factor: Fraction, prices: Mapping[tuple[str, str], Price] = PRICES, top_ups: bool = False
) -> dict[tuple[str, str, int], int]:
    """Return pence by (commissioner, provider, month); `factor` is the hospital's market forces factor."""
    payments: dict[tuple[str, str, int], int] = defaultdict(int)

    def pay(row: Row, end: float, price: Fraction, units: int = 1) -> None:
        provider = SERVICES[row.service]
        commissioner = "hill_ccg" if row.resident < 600 else "vale_ccg"
        times = factor if provider == "hospital" else Fraction(1)
        payments[commissioner, provider, month(end)] += half_up(price * times) * units

    for row in rows:
        end = row.start + row.stay
        currency = STEPS[row.step][0]
        if currency and COUNTED[currency] == "step":
            pay(row, end, Fraction(prices[currency, ""].pence))
        if currency and COUNTED[currency] == "day":
            pay(row, end, Fraction(prices[currency, ""].pence), floor(end) - floor(row.start))
    for stay in stays(rows):
        priced = [row for row in stay if COUNTED.get(STEPS[row.step][0] or "") == "spell"]
        if priced:
            end = stay[-1].start + stay[-1].stay
            nights = floor(end) - floor(stay[0].start)
            price = prices[STEPS[priced[0].step][0], priced[0].code]
            short = nights <= 1 and price.short_stay_pence is not None
            base = price.short_stay_pence if short else price.pence
            beyond = 0 if price.trim_point_days is None else max(0, nights - price.trim_point_days)
            additions = price.addition_pence + (price.top_up_pence if top_ups else 0)
            pay(priced[0], end, Fraction(base + beyond * price.long_stay_pence_per_day + additions))
    return payments
