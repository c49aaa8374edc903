"""What is paid by the head, worked out again from the words of the guidance: plain Python, exact rational numbers.

Everything is in pence. Growth and shares are given as text ('0.021') and turned into fractions. `months` says of each
month of the run whether it is the contract's.
"""

from fractions import Fraction
from math import lcm


def half_up(amount):
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def value_in(values, year):
    """The value of a financial year; the last one that is given holds on."""
    return values[year] if year < len(values) else values[-1]


def rounded_up_to_now(monthly, share=Fraction(1)):
    """A share, month by month, so that the year to date is always the exact year to date, rounded."""
    parts_of_a_penny = lcm(*(amount.denominator for amount in monthly)) * share.denominator
    booked = []
    for month, amount in enumerate(monthly):
        if month % 12 == 0:
            exactly = booked_to_date = 0
        exactly += amount.numerator * share.numerator * (parts_of_a_penny // (amount.denominator * share.denominator))
        booked.append((2 * exactly + parts_of_a_penny) // (2 * parts_of_a_penny) - booked_to_date)
        booked_to_date += booked[-1]
    return booked


def years_of(months):
    """The contract's months of each financial year of the run, by number."""
    years = [range(first, min(first + 12, len(months))) for first in range(0, len(months), 12)]
    return [[month for month in year if months[month]] for year in years]


def only(months, monthly):
    return [pence if covered else 0 for covered, pence in zip(months, monthly, strict=True)]


def in_twelve_parts(annual_sums, months):
    """Annual sums, rounded to the penny, in twelve parts each, of which the contract's months get theirs."""
    twelfths = [Fraction(half_up(annual), 12) for annual in annual_sums]
    return only(months, rounded_up_to_now([value_in(twelfths, month // 12) for month in range(len(months))]))


def at_year_end(amounts, months):
    booked = [0] * len(months)
    for year, amount in zip(years_of(months), amounts, strict=True):
        if year:
            booked[year[-1]] = half_up(amount)
    return booked


def lists(first_list, growth, months):
    """The list on the first day of each month; each month of a year brings a twelfth of the year's growth."""
    patients, by_month = Fraction(first_list), []
    for month in range(months):
        if month % 12 == 0:
            a_month = patients * Fraction(value_in(growth, month // 12)) / 12
        by_month.append(patients)
        patients += a_month
    return by_month


def global_sum(first_list, growth, pounds, deduction, months):
    by_month, kept, monthly = lists(first_list, growth, len(months)), 1 - Fraction(deduction), []
    for month in range(len(months)):
        if month % 3 == 0:
            a_pound = by_month[month] * kept / 12
        monthly.append(a_pound * value_in(pounds, month // 12))
    return only(months, rounded_up_to_now(monthly))


def registered_list(counts, pence, between, months):
    monthly = []
    for month in range(len(months)):
        if month % between == 0:
            for counted_in, patients in counts:
                if counted_in <= month:
                    current = patients
            a_penny = Fraction(current) / 12
        monthly.append(a_penny * value_in(pence, month // 12))
    return only(months, rounded_up_to_now(monthly))


def qof_points(achievement, points, lower, upper):
    lower, upper, points = Fraction(lower), Fraction(upper), Fraction(points)
    if achievement is None or achievement <= lower:
        return Fraction(0)
    if achievement >= upper:
        return points
    return points * (achievement - lower) / (upper - lower)


def qof(patients, growth, per_point, average, indicators, expected, months):
    """`indicators` are (points, lower, upper, disease factor, achievement by year), `expected` (share, points)."""
    of_years, values = [], []
    years = years_of(months)
    by_month = lists(patients, growth, 12 * len(years))
    for year, covered in enumerate(years):
        january = by_month[year * 12 + 9]
        a_point = value_in(per_point, year) * (january / Fraction(value_in(average, year)))
        earned = sum(
            qof_points(by_year[year], points, lower, upper) * Fraction(factor) * a_point
            for points, lower, upper, factor, by_year in indicators
        )
        of_years.append(earned * Fraction(len(covered), 12))
        values.append(a_point * Fraction(expected[0]) * Fraction(expected[1]))
    advance = in_twelve_parts(values, months)
    earned = at_year_end(of_years, months)
    settled = list(earned)
    for covered in years:
        if covered:
            settled[covered[-1]] -= sum(advance[month] for month in covered)
    return advance, settled


def whole_population(heads, per_head, growths, efficiency, carve_outs, months):
    """`growths` are (population growth, growth per head), `carve_outs` (pence, whether they grow)."""
    annual_sums, level = [], Fraction(1)
    for year in range(len(years_of(months))):
        for growth in growths:
            level += level * Fraction(value_in(growth, year))
        level -= level * Fraction(value_in(efficiency, year))
        total = heads * per_head * level
        for pence, grows in carve_outs:
            total -= pence * level if grows else pence
        annual_sums.append(total)
    return in_twelve_parts(annual_sums, months)


def stop_loss(values, bands, weight, months):
    """`values` by resident and year; `bands` are (attachment point, payer's share)."""
    of_years = []
    for year, covered in enumerate(years_of(months)):
        points = [half_up(Fraction(point * len(covered), 12)) for point, _ in bands]
        total = Fraction(0)
        for of_resident in values:
            for number, (_, share) in enumerate(bands):
                top = min(of_resident[year], points[number + 1]) if number + 1 < len(bands) else of_resident[year]
                if top > points[number]:
                    total += Fraction(share) * (top - points[number])
        of_years.append(total * weight)
    return at_year_end(of_years, months)


def sub_capitation(heads, per_head, growth, months):
    annual_sums, level = [], Fraction(1)
    for year in range(len(years_of(months))):
        level += level * Fraction(value_in(growth, year))
        annual_sums.append(heads * per_head * level)
    return in_twelve_parts(annual_sums, months)


def part_of(received, share, months):
    return only(months, rounded_up_to_now(received, Fraction(share)))
