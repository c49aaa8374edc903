"""Shared results over again in plain Python and exact fractions, from the words of the rules."""

from fractions import Fraction
from math import floor

F = Fraction


def half_up(pence: Fraction) -> int:
    return floor(pence + F(1, 2))


def gain_loss(target, spent, rules):
    """Return pence by organisation, but the holder: `rules` are those of the side that the difference is on."""
    side = rules["gain"] if spent <= target else rules["loss"]
    size = abs(target - spent)
    if size < side["minimum"] * target:
        return dict.fromkeys(side["shares"], 0)
    if side["bands"]:
        pot = F(0)
        for above, up_to, part in side["bands"]:
            bottom = min(size, above * target)
            top = size if up_to is None else min(size, up_to * target)
            pot += (top - bottom) * part
    else:
        pot = F(size)
    if side["cap"] is not None and pot > side["cap"] * target:
        pot = side["cap"] * target
    sign = 1 if spent <= target else -1
    return {organisation: half_up(sign * share * pot) for organisation, share in side["shares"].items()}


SHARING = {"1": 50, "1+": 50, "2": 60, "3": 75, "A": 40, "B": 40, "C": 50, "D": 50, "E": 50, "ENHANCED": 75}
CAP = {"1": 10, "1+": 10, "2": 15, "3": 20, "A": 10, "B": 10, "C": 10, "D": 10, "E": 10, "ENHANCED": 20}
TABLE = [
    (0, 499, "12.2", "12.2"),
    (500, 999, "12.2", "8.7"),
    (1000, 2999, "8.7", "5.0"),
    (3000, 4999, "5.0", "3.9"),
    (5000, 5999, "3.9", "3.6"),
    (6000, 6999, "3.6", "3.4"),
    (7000, 7999, "3.4", "3.2"),
    (8000, 8999, "3.2", "3.1"),
    (9000, 9999, "3.1", "3.0"),
    (10000, 14999, "3.0", "2.7"),
    (15000, 19999, "2.7", "2.5"),
    (20000, 49999, "2.5", "2.2"),
    (50000, 59999, "2.2", "2.0"),
]


def rate_by_size(beneficiaries: int) -> Fraction:
    for begin, end, at_begin, at_end in TABLE:
        if begin <= beneficiaries <= end:
            along = F(beneficiaries - begin, end - begin)
            return ((1 - along) * F(at_begin) + along * F(at_end)) / 100
    return F(2, 100)


def medicare(case, benchmark, spent, year, agreement_year, part_of_year):
    """Return pence paid to the ACO, below zero if it owes. `case` holds the contract in words."""
    level = case["track"].removeprefix("BASIC ")
    highest = F(SHARING[level], 100)
    score, failed = case["score"], case["score"] == 0 or case["score"] < case["standard"]
    rate = case["minimum"] if case["minimum"] is not None else rate_by_size(case["beneficiaries"])
    gross = benchmark - spent
    if gross > 0:
        if failed:
            return 0
        s = highest if year >= 2021 else highest * score
        if gross < rate * benchmark:
            if not (case["low_revenue"] and year >= 2024 and case["beneficiaries"] >= 5000):
                return 0
            s /= 2
        if year not in (2019, 2020):
            s *= F("0.98")
        return half_up(min(s * gross, F(CAP[level], 100) * benchmark))
    if level in ("1", "A", "B") or gross == 0 or -gross < rate * benchmark:
        return 0
    if level in ("1+", "C", "D", "E"):
        loss_rate = F("0.3")
        of_benchmark, of_revenue = {"1+": (4, 8), "C": (1, 2), "D": (2, 4), "E": (4, 8)}[level]
        limit = F(of_benchmark, 100) * benchmark
        if case["revenue"] is not None:
            limit = min(limit, F(of_revenue, 100) * case["revenue"] * part_of_year)
    else:
        worst = F("0.6") if level == "2" else F("0.75")
        loss_rate = worst if failed else min(worst, max(F("0.4"), 1 - highest * score))
        limit = benchmark * (F("0.15") if level != "2" else {1: F("0.05"), 2: F("0.075")}.get(agreement_year, F("0.1")))
    owed = min(loss_rate * -gross, limit) - case["disaster"] * part_of_year
    return half_up(-max(owed, F(0)))


def reach(option, benchmark, discount, withhold, score, spent):
    edges = {
        "professional": [(F("0.05"), F("0.5")), (F("0.1"), F("0.35")), (F("0.15"), F("0.15")), (None, F("0.05"))],
        "global": [(F("0.25"), F(1)), (F("0.35"), F("0.5")), (F("0.5"), F("0.25")), (None, F("0.1"))],
    }[option]
    benchmark = benchmark - discount * benchmark - withhold * benchmark + score * withhold * benchmark
    left, kept, below = abs(benchmark - spent), F(0), F(0)
    for edge, part in edges:
        room = left if edge is None else min(left, (edge - below) * benchmark)
        kept, left, below = kept + part * room, left - room, edge or F(0)
    return half_up(kept if spent < benchmark else -kept)


def quality_contract(gates, score, budget, spent):
    surplus_share, deficit_share, bonus = gates[0][1:]
    for least, *what in gates:
        if score is not None and score >= least:
            surplus_share, deficit_share, bonus = what
    if spent <= budget:
        return half_up((budget - spent) * surplus_share + bonus * budget)
    return half_up(-(spent - budget) * deficit_share + bonus * budget)


def bundle(episodes, price, discount, stop_gain, stop_loss, spent):
    target = episodes * (price - discount * price)
    reconciled = target - spent
    if reconciled > 0 and stop_gain is not None:
        reconciled = min(reconciled, stop_gain * target)
    if reconciled < 0 and stop_loss is not None:
        reconciled = max(reconciled, -stop_loss * target)
    return half_up(reconciled)
