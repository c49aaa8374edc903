"""The quality terms read from the guidance, in plain Python on exact fractions; nothing of the package is used.

Money by month in whole pence goes in as lists; what comes back is, for each delay, the payee's pence by month.
`covered` says of each month of the run whether it is the contract's.
"""

from decimal import Decimal
from fractions import Fraction
from functools import cache


def nearest_penny(amount):
    """Halves go up."""
    below, over = divmod(amount.numerator, amount.denominator)
    return below + 1 if 2 * over >= amount.denominator else below


@cache
def decimal(number):
    return Fraction(Decimal(str(number)))


def financial_years(covered):
    """Return (number, the contract's months) of each April to March that has any."""
    years = [range(start, min(start + 12, len(covered))) for start in range(0, len(covered), 12)]
    own = [(number, [month for month in year if covered[month]]) for number, year in enumerate(years)]
    return [(number, months) for number, months in own if months]


def met(better, value, threshold):
    return value >= threshold if better == "higher" else value <= threshold


def cquin(covered, paid, values, earns, on_account, indicators, delay):
    """CQUIN guidance: performance at or below the minimum earns nothing, at or above the maximum everything, and in
    between in proportion to the distance covered. `indicators` are (measure, better, minimum, maximum, weight)."""
    advance, settled = [0] * len(paid), [0] * len(paid)
    for number, months in financial_years(covered):
        applicable = [each for each in indicators if values[each[0]][number] is not None]
        total_weight = sum(decimal(each[4]) for each in applicable)
        earned_share = Fraction(1)
        if total_weight:
            earned_share = Fraction(0)
            for measure, better, minimum, maximum, weight in applicable:
                value, low, high = values[measure][number], decimal(minimum), decimal(maximum)
                if met(better, value, high):
                    progress = Fraction(1)
                elif not met(better, value, low):
                    progress = Fraction(0)
                else:
                    progress = abs(value - low) / abs(high - low)
                earned_share += decimal(weight) / total_weight * progress
        full = decimal(earns)
        part = full * decimal(on_account)
        since_april = advanced = 0
        for month in range(12 * number, months[-1] + 1):
            since_april += paid[month]
            instalment = nearest_penny(part * since_april) - advanced
            advanced += instalment
            advance[month] = instalment if covered[month] else 0
        contract_value = sum(paid[month] for month in months)
        settled[months[-1]] = nearest_penny(full * contract_value * earned_share) - sum(advance[m] for m in months)
    return {(0, "on account"): advance, (delay, "settled"): settled}


def improvement(covered, values, better, baseline, pays, for_each, most, delay):
    settled = [0] * len(covered)
    for number, year in financial_years(covered):
        value = values[number]
        if value is None:
            continue
        base = decimal(baseline[number] if number < len(baseline) else baseline[-1])
        change = value - base if better == "higher" else base - value
        earned = change / decimal(for_each) * pays if change > 0 else Fraction(0)
        earned = most if earned > most else earned
        settled[year[-1]] = nearest_penny(Fraction(earned * len(year), 12))
    return {(delay, "settled"): settled}


def gate(covered, paid, values, better, threshold, withholds, delay):
    settled = [0] * len(paid)
    for number, year in financial_years(covered):
        total = sum(paid[m] for m in year)
        value = values[number]
        if value is not None and total > 0 and not met(better, value, decimal(threshold)):
            settled[year[-1]] = -nearest_penny(decimal(withholds) * total)
    return {(delay, "settled"): settled}


def performance(covered, values, better, steps, delay):
    """`steps` are (threshold, pence)."""
    settled = [0] * len(covered)
    for number, year in financial_years(covered):
        pence = 0
        for threshold, pays in steps:
            if values[number] is not None and met(better, values[number], decimal(threshold)):
                pence = pays
        settled[year[-1]] = nearest_penny(Fraction(pence * len(year), 12))
    return {(delay, "settled"): settled}


def sanctions(covered, paid, values, residents, standards, most_share, delay):
    """NHS Standard Contract, Schedule 4A: a sum for each excess breach above the threshold.

    Counted in patients: those treated, those who breached, those tolerated, and those beyond whom nothing more is
    counted. `standards` are (measure, better, threshold, patients, pence, counted_up_to); `most_share` is None without
    a limit.
    """
    settled = [0] * len(paid)
    for number, year in financial_years(covered):
        owed = Fraction(0)
        for measure, better, threshold, patients, pence, counted_up_to in standards:
            value, rate = values[measure][number], values[patients][number]
            if value is None or rate is None:
                continue
            treated = rate * residents * len(year) / 12
            breached = treated - treated * value if better == "higher" else treated * value
            tolerated = treated - treated * decimal(threshold) if better == "higher" else treated * decimal(threshold)
            counted = min(breached, treated * decimal(counted_up_to))
            if counted > tolerated:
                owed += (counted - tolerated) * pence
        if most_share is not None:
            owed = min(owed, decimal(most_share) * max(0, sum(paid[m] for m in year)))
        settled[year[-1]] = -nearest_penny(owed)
    return {(delay, "settled"): settled}
