"""What shared purses pay, worked out again from the words of the rules: plain Python, exact rational numbers.

Everything is in pence by month; growth and shares are given as text ('0.35'). `months` says of each month of the run
whether it is the contract's.
"""

from fractions import Fraction

from reference_heads import at_year_end, half_up, in_twelve_parts, only, rounded_up_to_now, value_in, years_of


def by_year(monthly, months):
    return [sum(monthly[month] for month in year) for year in years_of(months)]


def dealt_out(amounts, shares, months):
    """Monthly amounts dealt out: the partners up to each one together hold their joint share, rounded."""
    held = []
    for number in range(len(shares)):
        joint = sum((Fraction(share) for share in shares[: number + 1]), Fraction(0))
        together = only(months, rounded_up_to_now(amounts, joint))
        before = [sum(each[month] for each in held) for month in range(len(amounts))]
        held.append([all_ - others for all_, others in zip(together, before, strict=True)])
    return held


def pooled_budget(contributions, growth, spent, under, over, months):
    """Return what each partner pays in, and what each gets back of what is left and (below zero) owes of what lacks."""
    paid_in = []
    for annual in contributions:
        level, sums = Fraction(1), []
        for year in range(len(years_of(months))):
            level += level * Fraction(value_in(growth, year))
            sums.append(annual * level)
        paid_in.append(in_twelve_parts(sums, months))
    left = [sum(month) for month in zip(*paid_in, strict=True)]
    balances = [have - paid for have, paid in zip(by_year(left, months), by_year(spent, months), strict=True)]
    surplus = at_year_end([balance if balance > 0 else 0 for balance in balances], months)
    deficit = at_year_end([balance if balance < 0 else 0 for balance in balances], months)
    return paid_in, dealt_out(surplus, under, months), dealt_out(deficit, over, months)


def passed_on(received, share, months):
    return only(months, rounded_up_to_now(received, Fraction(share)))


def ring_fence(annual, costs, baseline, share, months):
    """Return what is paid on account and what goes back."""
    on_account = in_twelve_parts(annual, months)
    back = []
    sums = zip(years_of(months), by_year(on_account, months), by_year(costs, months), strict=True)
    for year, paid, cost in sums:
        spent = cost - Fraction(baseline * len(year), 12)
        used = half_up(spent * Fraction(share)) if spent > 0 else 0
        back.append(paid - used if used < paid else 0)
    return on_account, at_year_end(back, months)


def capital_charge(rate, opening, closing, months):
    sums = []
    for year in range(len(years_of(months))):
        end = value_in(closing, year)
        mean = Fraction(opening + end) / 2
        sums.append(mean * Fraction(rate) if mean > 0 else 0)
        opening = end
    accrued = in_twelve_parts(sums, months)
    last = [month for month, covered in enumerate(months) if covered][-1]
    owed, paid = 0, []
    for month, pence in enumerate(accrued):
        owed += pence
        pays_now = month % 12 in (5, 11) or month == last
        paid.append(owed if pays_now else 0)
        owed = 0 if pays_now else owed
    return paid
