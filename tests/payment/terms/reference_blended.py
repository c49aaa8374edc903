"""What blended terms should pay, written from the rules' words with plain integers and fractions.

Money is pence by month in lists, None in a month that is not the contract's; rates and growths are in percent; each
function returns all that is paid by month.
"""

from fractions import Fraction

from reference_limits import booked, covered, half_up, said, years_of


def at_price_levels(annual, growth, months):
    """Return what an annual sum before the run has become by each year, growths in percent by year."""
    levels = [Fraction(1)]
    for number in range(4):
        levels.append(levels[-1] * (1 + (growth[number] if number < len(growth) else growth[-1]) / 100))
    return [annual * levels[number + 1] for number in covered(months)]


def twelfths(months, annual):
    """Return annual sums by month: m months after April began, m twelfths were due, to the nearest penny."""
    ledger = [0] * len(months)
    for of_year, amount in zip(covered(months).values(), annual, strict=True):
        pounds_and_pence = half_up(amount)
        due = [(pounds_and_pence * twelfths + 6) // 12 for twelfths in range(13)]
        for month in of_year:
            ledger[month] = due[month % 12 + 1] - due[month % 12]
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
    for year, (number, length, value) in enumerate(years_of(months)):
        annual[year] += said(expected, number, 12)
        normal = said(baseline, number, length)
        percent = above if value >= normal else below
        variable = (value - normal) * percent / 100
        left.append(variable - said(expected, number, length))
    return [twelfths(months, annual), booked(months, left)]


def low_volume_block(months, past, growth, month):
    """Return one payment a year: the mean of three years' values, each uplifted year after year since it.

    Where the contract has some months of a year, these are paid for, and the year's value is as if all were like them.
    """
    known = list(past)
    ledger = [0] * len(months)
    years = {number: (length, value) for number, length, value in years_of(months)}
    for number in range(max(years) + 1):
        this_growth = growth[number] if number < len(growth) else growth[-1]
        known = [each * (100 + this_growth) / Fraction(100) for each in known]
        if number in years:
            length, value = years[number]
            of_year = covered(months)[number]
            mean = Fraction(known[-1] + known[-2] + known[-3], 3)
            when = sorted([of_year[0], 12 * number + month - 1, of_year[-1]])[1]
            ledger[when] = half_up(mean * length / 12)
            known.append(Fraction(value * 12, length))
    return [ledger]
