"""The tariff over again in plain Python and exact fractions, to check the kernels against."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from town import COUNTED, PRICES, RESIDENTS, SERVICES, STEPS, Row

from paysim.model.price import Price

FIRST_DAYS = [0, 30, 61, 91, 122, 153, 183, 214, 244, 275, 306, 334]
"""Days after 1 April 2017 on which the months begin."""

assert RESIDENTS == 1_000


def month(day: float) -> int:
    """Return the number of the month, from April 2017 on."""
    on = date(2017, 4, 1) + timedelta(floor(day))
    return (on.year - 2017) * 12 + on.month - 4


def half_up(pence: Fraction) -> int:
    return floor(pence + Fraction(1, 2))


def midnights(row: Row) -> int:
    return floor(row.start + row.stay) - floor(row.start)


def stays(rows: list[Row]) -> list[list[Row]]:
    """Return the rows of each spell, by the definition in words."""
    found: list[list[Row]] = []
    of_episodes: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        of_episodes[row.episode].append(row)
    for number in sorted(of_episodes):
        before = None
        for row in sorted(of_episodes[number], key=lambda r: (r.start + r.stay, r.start)):
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
    rows: list[Row],
    factor: Fraction,
    prices: Mapping[tuple[str, str], Price] = PRICES,
    top_ups: bool = False,
    growth: Sequence[Fraction] = (Fraction(0),),
) -> dict[tuple[str, str, int], int]:
    """Return pence by (commissioner, provider, month); `factor` is the hospital's market forces factor.

    Prices grow by year, the last growth holds on; what they are multiplied by in a year has six decimals.
    """
    payments: dict[tuple[str, str, int], int] = defaultdict(int)

    def pay(row: Row, end: float, price: Fraction, units: int = 1) -> None:
        provider = SERVICES[row.service]
        commissioner = "hill_ccg" if row.resident < 600 else "vale_ccg"
        times = factor if provider == "hospital" else Fraction(1)
        for year in range(month(end) // 12 + 1):
            times *= 1 + (growth[year] if year < len(growth) else growth[-1])
        in_six_decimals = Fraction(half_up(times * 10**6), 10**6)
        payments[commissioner, provider, month(end)] += half_up(price * in_six_decimals) * units

    for row in rows:
        end = row.start + row.stay
        currency = STEPS[row.step][0]
        if currency and COUNTED[currency] == "step":
            pay(row, end, Fraction(prices[currency, ""].pence))
        if currency and COUNTED[currency] == "day":
            pay(row, end, Fraction(prices[currency, ""].pence), midnights(row))
    for stay in stays(rows):
        priced = [row for row in stay if COUNTED.get(STEPS[row.step][0] or "") == "spell"]
        if priced:
            end = stay[-1].start + stay[-1].stay
            by_day = [row for row in stay if COUNTED.get(STEPS[row.step][0] or "") == "day"]
            nights = floor(end) - floor(stay[0].start) - sum(map(midnights, by_day))
            price = prices[STEPS[priced[0].step][0], priced[0].code]
            short = nights <= 1 and price.short_stay_pence is not None
            base = price.short_stay_pence if short else price.pence
            beyond = 0 if price.trim_point_days is None else max(0, nights - price.trim_point_days)
            additions = price.addition_pence + (price.top_up_pence if top_ups else 0)
            pay(priced[0], end, Fraction(base + beyond * price.long_stay_pence_per_day + additions))
    return payments
