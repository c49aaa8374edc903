"""What terms that limit or share should pay, written from the rules' words with plain integers and fractions.

Money is pence by month in lists, None in a month that is not the contract's; each function returns the adjustment by
month.
"""

from fractions import Fraction


def half_up(amount):
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def years_of(months):
    """Yield (number, how many months of it are the contract's, sum of their pence) for each year that has any."""
    for number, of_year in covered(months).items():
        yield number, len(of_year), sum(months[month] for month in of_year)


def covered(months):
    """Return the months of the contract by financial year."""
    by_year = {}
    for month, pence in enumerate(months):
        if pence is not None:
            by_year.setdefault(month // 12, []).append(month)
    return by_year


def said(by_year, number, length):
    """Return what a list by year says for a year of so many months."""
    annual = by_year[number] if number < len(by_year) else by_year[-1]
    return Fraction(annual * length, 12)


def booked(months, adjustments):
    """Return the adjustments by month: each in the contract's last month of its year."""
    ledger = [0] * len(months)
    for of_year, adjustment in zip(covered(months).values(), adjustments, strict=True):
        ledger[of_year[-1]] = half_up(adjustment)
    return ledger


def floor_and_ceiling(months, floor, ceiling):
    adjustments = []
    for number, length, paid in years_of(months):
        target = Fraction(paid)
        if floor and target < said(floor, number, length):
            target = said(floor, number, length)
        if ceiling and target > said(ceiling, number, length):
            target = said(ceiling, number, length)
        adjustments.append(target - paid)
    return booked(months, adjustments)


def cap_and_collar(months, expected, cap_percent, collar_percent):
    adjustments = []
    for number, length, paid in years_of(months):
        middle = said(expected, number, length)
        highest = middle + middle * cap_percent / 100
        lowest = middle - middle * collar_percent / 100
        if paid > highest:
            adjustments.append(highest - paid)
        elif paid < lowest:
            adjustments.append(lowest - paid)
        else:
            adjustments.append(Fraction(0))
    return booked(months, adjustments)


def corridor(months, expected, above, below):
    """Bands are (end as percent of expected or None, payer's percent), in order from 0."""
    adjustments = []
    for number, length, paid in years_of(months):
        middle = said(expected, number, length)
        bands, sign = (above, 1) if paid > middle else (below, -1)
        payees_part, left, begin = Fraction(0), abs(paid - middle), Fraction(0)
        for end, payer_percent in bands:
            width = left if end is None else (Fraction(end) - begin) * middle / 100
            taken = left if left < width else width
            payees_part += taken * (100 - payer_percent) / 100
            left -= taken
            begin = begin if end is None else Fraction(end)
        adjustments.append(-sign * payees_part)
    return booked(months, adjustments)


def risk_share(months, expected, payer_over, payer_under, limit):
    """Shares in percent: the payee gives back its part of an overspend, and gets its part of an underspend."""
    adjustments = []
    for number, length, paid in years_of(months):
        middle = said(expected, number, length)
        if paid > middle:
            adjustment = -(paid - middle) * (100 - payer_over) / 100
        else:
            adjustment = (middle - paid) * (100 - payer_under) / 100
        adjustments.append(no_more_than(adjustment, limit, number, length))
    return booked(months, adjustments)


def cost_share(costs, expected, payer_over, payer_under, limit):
    """Shares in percent: the payer pays its part of an overspend, and gets its part of an underspend."""
    adjustments = []
    for number, length, cost in years_of(costs):
        middle = said(expected, number, length)
        over, under = max(cost - middle, 0), max(middle - cost, 0)
        adjustment = Fraction(over * payer_over - under * payer_under) / 100
        adjustments.append(no_more_than(adjustment, limit, number, length))
    return booked(costs, adjustments)


def marginal_rate(months, baseline, rate_percent):
    adjustments = []
    for number, length, paid in years_of(months):
        allowed = said(baseline, number, length)
        percent = rate_percent[number] if number < len(rate_percent) else rate_percent[-1]
        due = paid if paid <= allowed else allowed + (paid - allowed) * percent / 100
        adjustments.append(due - paid)
    return booked(months, adjustments)


def no_more_than(adjustment, limit, number, length):
    if limit is None:
        return adjustment
    most = said(limit, number, length)
    if adjustment > most:
        return most
    return -most if adjustment < -most else adjustment
