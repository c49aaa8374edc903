"""What blended terms should pay, written from the rules' words with plain integers and fractions.

Money is pence by month in lists; rates and growths are in percent; each function returns all that is paid by month.
"""

from fractions import Fraction
from itertools import pairwise

from reference_limits import booked, half_up, said, years_of


def at_price_levels(annual, growth, months):
    """Return what an annual sum before the run has become by each year, growths in percent by year."""
    sums, level = [], Fraction(1)
    for number, _, _ in years_of(months):
        level *= 1 + (growth[number] if number < len(growth) else growth[-1]) / 100
        sums.append(annual * level)
    return sums


def twelfths(months, annual):
    """Return annual sums by month: after m months, m twelfths have been paid, to the nearest penny."""
    ledger = []
    for (_, length, _), amount in zip(years_of(months), annual, strict=True):
        pounds_and_pence = half_up(amount)
        so_far = [(pounds_and_pence * month + 6) // 12 for month in range(length + 1)]
        ledger += [after - before for before, after in pairwise(so_far)]
    return ledger


def blended(months, planned, growth, rate, break_glass):
    """Return fixed and variable part; beyond the break-glass deviation the plan moves with the value."""
    annual = at_price_levels(planned, growth, months)
    variable = []
    for (_, length, value), amount in zip(years_of(months), annual, strict=True):
        plan = Fraction(amount) * length / 12
        settled_plan = plan
        if break_glass is not None:
            if value > plan + plan * break_glass / 100:
                settled_plan = value - plan * break_glass / 100
            elif value < plan - plan * break_glass / 100:
                settled_plan = value + plan * break_glass / 100
        variable.append(settled_plan + (value - settled_plan) * rate / 100 - plan)
    return [twelfths(months, annual), booked(months, variable)]


def aligned_payment(months, fixed, growth, baseline, above, below, expected):
    """Return what is paid on account and what is left to settle."""
    annual, left = at_price_levels(fixed, growth, months), []
    for number, length, value in years_of(months):
        annual[number] += said(expected, number, 12)
        normal = said(baseline, number, length)
        percent = above if value >= normal else below
        variable = (value - normal) * percent / 100
        left.append(variable - said(expected, number, length))
    return [twelfths(months, annual), booked(months, left)]


def low_volume_block(months, past, growth, month):
    """Return one payment a year: the mean of three years' values, each uplifted year after year since it."""
    known = list(past)
    ledger = [0] * len(months)
    for number, length, value in years_of(months):
        this_growth = growth[number] if number < len(growth) else growth[-1]
        known = [each * (100 + this_growth) / Fraction(100) for each in known]
        mean = Fraction(known[-1] + known[-2] + known[-3], 3)
        when = month if month <= length else length
        ledger[12 * number + when - 1] = half_up(mean * length / 12)
        known.append(value)
    return [ledger]
