"""Payments by the head against a plain re-implementation, ten thousand cases a term."""

from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest
import reference_heads as reference
from monthly_cases import months_of, some_of

from paysim.model.terms.heads import (
    CarveOut,
    GlobalSum,
    ListCount,
    QofIndicator,
    QualityAndOutcomesFramework,
    RegisteredListCapitation,
    StopLossBand,
    StopLossForOutliers,
    SubCapitation,
    WholePopulationAnnualPayment,
)
from paysim.payment.terms import pay
from paysim.payment.terms.example import FUNDER, PAYEE, PAYER, SUBCONTRACTOR, seen_of
from paysim.payment.terms.seen import Flow, Paid

CASES = 10_000


@cache
def town(residents):
    """A town of so many residents in two kinds: seven in ten are of kind 0, the others of kind 3."""
    seen = seen_of(residents=residents, months=1)
    population = seen.system.population
    of_kind = np.array([residents * 7 // 10, residents - residents * 7 // 10], dtype=np.int64)
    profiles = np.array([0, 3], dtype=np.int16)
    split = replace(population, place=np.zeros(2, dtype=np.int16), profile=profiles, residents=of_kind)
    return replace(seen, system=replace(seen.system, population=split))


def seen_in(random, **what):
    """Return what a term sees in a run of some months, of which half of the contracts cover a part."""
    seen = town(random.choice([0, 1, 999, 8852, 61_003]))
    periods = random.randint(1, 26)
    scope = replace(seen.contract.scope, periods=some_of(random, periods))
    return replace(seen, periods=periods, contract=replace(seen.contract, scope=scope), **what)


def decimal(random, least, most, places=3):
    """A number as a config would write it."""
    return f"{random.uniform(least, most):.{places}f}"


def by_year(random, least, most):
    return tuple(decimal(random, least, most) for _ in range(random.randint(1, 3)))


def floats(texts):
    return tuple(map(float, texts))


def weights_in(random):
    """Weights of the two kinds, None now and then, and the weighted residents that they make of a town."""
    texts = None if random.random() < 0.2 else (decimal(random, 0, 5), decimal(random, 0, 5))
    if texts is None:
        return None, lambda seen: sum(int(each) for each in seen.system.population.residents)
    weights = np.zeros((1, 10))
    weights[0, 0], weights[0, 3] = floats(texts)
    return weights, lambda seen: sum(
        int(heads) * Fraction(text) for heads, text in zip(seen.system.population.residents, texts, strict=True)
    )


def paid(flows):
    return [(flow.payer, flow.payee, flow.pence.tolist(), flow.due) for flow in flows]


def to_payee(pence, due=0):
    return (PAYER, PAYEE, pence, due)


def test_global_sum():
    random = Random(1)
    for _ in range(CASES):
        seen, (weights, heads) = seen_in(random), weights_in(random)
        growth, deduction = by_year(random, -0.2, 0.2), decimal(random, 0, 0.1, 4)
        pence = tuple(random.randint(0, 20_000) for _ in range(random.randint(1, 3)))
        term = GlobalSum("sum", pence, weights, floats(growth), float(deduction))
        expected = reference.global_sum(heads(seen), growth, pence, deduction, months_of(seen))
        assert paid(pay(term, seen)) == [to_payee(expected)]


@pytest.mark.parametrize(("recalculated", "between"), [("monthly", 1), ("quarterly", 3), ("yearly", 12)])
def test_registered_list_capitation(recalculated, between):
    random = Random(between)
    for _ in range(CASES // 3 + 1):
        seen = seen_in(random)
        months = [0, *sorted(random.sample(range(1, 36), random.randint(0, 6)))]
        counts = [(month, decimal(random, 0, 400_000, 1)) for month in months]
        pence = tuple(random.randint(0, 20_000) for _ in range(random.randint(1, 3)))
        rows = tuple(ListCount(month, float(patients)) for month, patients in counts)
        flows = pay(RegisteredListCapitation("list", pence, rows, recalculated), seen)
        assert paid(flows) == [to_payee(reference.registered_list(counts, pence, between, months_of(seen)))]


def test_quality_and_outcomes_framework():
    random = Random(3)
    for _ in range(CASES):
        seen = seen_in(random)
        achieved = {
            name: tuple(None if random.random() < 0.1 else Fraction(random.randint(0, 60), 60) for _ in range(3))
            for name in ("bp", "bmi")
        }
        seen = replace(seen, measures=lambda achieved=achieved: achieved)
        rows, expected_rows = [], []
        for _ in range(random.randint(1, 3)):
            lower = random.randint(0, 98)
            words = (
                decimal(random, 0, 40, 1),
                f"{lower / 100}",
                f"{random.randint(lower + 1, 100) / 100}",
                decimal(random, 0, 2),
            )
            points, low, high, factor = floats(words)
            name = random.choice(["bp", "bmi", None])
            fixed = decimal(random, 0, 1, 2)
            rows.append(QofIndicator(points, name, float(fixed), low, high, factor))
            expected_rows.append((*words, achieved[name] if name else [Fraction(fixed)] * 3))
        per_point = tuple(random.randint(0, 30_000) for _ in range(random.randint(1, 3)))
        average, growth = by_year(random, 1000, 9000), by_year(random, -0.2, 0.2)
        aspired = (decimal(random, 0, 1, 2), decimal(random, 0, sum(row.points for row in rows), 2))
        months_after = random.randint(0, 6)
        term = QualityAndOutcomesFramework(
            "qof",
            per_point,
            floats(average),
            tuple(rows),
            floats(growth),
            aspiration_points=float(aspired[1]),
            aspiration_share=float(aspired[0]),
            settled_after_months=months_after,
        )
        patients = seen.system.population.total
        advance, settled = reference.qof(patients, growth, per_point, average, expected_rows, aspired, months_of(seen))
        assert paid(pay(term, seen)) == [to_payee(advance), to_payee(settled, months_after)]


def test_whole_population_annual_payment():
    random = Random(4)
    for _ in range(CASES):
        seen, (weights, heads) = seen_in(random), weights_in(random)
        growths = by_year(random, -0.05, 0.05), by_year(random, -0.05, 0.1)
        efficiency = by_year(random, 0, 0.05)
        carve_outs = [(random.randint(0, 10**9), random.random() < 0.5) for _ in range(random.randint(0, 3))]
        elsewhere = [random.randint(-1000, 10**6) for _ in range(seen.periods)]
        due = random.choice([0, 3])
        flow = Flow(PAYER, SUBCONTRACTOR, np.array(elsewhere, dtype=np.int64), due)
        other = Flow(PAYER, SUBCONTRACTOR, np.array(elsewhere, dtype=np.int64) + 1)
        seen = replace(seen, paid=(Paid("practices", "global_sum", flow), Paid("ambulance", "block", other)))
        named = random.random() < 0.5
        per_head = random.randint(0, 300_000)
        term = WholePopulationAnnualPayment(
            "wpap",
            per_head,
            weights,
            floats(growths[0]),
            floats(growths[1]),
            floats(efficiency),
            tuple(CarveOut(*each) for each in carve_outs),
            ("practices",) if named else (),
        )
        months = months_of(seen)
        annual = reference.whole_population(heads(seen), per_head, growths, efficiency, carve_outs, months)
        expected = [to_payee(annual)]
        if named:
            expected.append(to_payee(reference.only(months, [-pence for pence in elsewhere]), due))
        assert paid(pay(term, seen)) == expected


def test_stop_loss_for_outliers():
    random = Random(5)
    for _ in range(CASES):
        weight = random.choice([None, 1.0, 10.0, 3.7])
        years = 3
        values = [
            [random.choice([0, random.randint(0, 10**7)]) for _ in range(years)] for _ in range(random.randint(0, 9))
        ]
        table = np.array(values, dtype=np.int64).reshape(len(values), years)
        points = sorted(random.sample(range(10**7), random.randint(1, 3)))
        bands = [(point, decimal(random, 0, 1, 2)) for point in points]
        seen = seen_in(
            random,
            by_resident={"cover": partial(np.copy, table)},
            activity=None if weight is None else SimpleNamespace(weight=weight),
        )
        charge = random.choice([0, random.randint(1, 10_000)])
        term = StopLossForOutliers(
            "cover",
            None,
            tuple(StopLossBand(point, float(share)) for point, share in bands),
            charge_per_head=charge,
        )
        scale = Fraction(1) if weight is None else Fraction(weight)
        expected = [to_payee(reference.stop_loss(values, bands, scale, months_of(seen)), 3)]
        if charge:
            annual = seen.system.population.total * charge
            expected.insert(0, (PAYEE, PAYER, reference.in_twelve_parts([annual], months_of(seen)), 0))
        assert paid(pay(term, seen)) == expected


def test_sub_capitation():
    random = Random(6)
    for _ in range(CASES):
        seen, (weights, heads) = seen_in(random), weights_in(random)
        premium = [[random.randint(-(10**6), 10**9) for _ in range(seen.periods)] for _ in range(2)]
        dues = random.sample([0, 2, 5], 2)
        seen = replace(
            seen,
            paid=tuple(
                Paid("lead", term, Flow(FUNDER, PAYER, np.array(pence, dtype=np.int64), due))
                for term, pence, due in zip(("heads", "quality"), premium, dues, strict=True)
            ),
        )
        growth, share = by_year(random, -0.1, 0.1), decimal(random, 0, 1)
        per_head = random.choice([0, random.randint(1, 100_000)])
        names = random.choice([(), ("lead",), ("lead.quality",)])
        term = SubCapitation("sub", per_head, weights, floats(growth), names, float(share))
        expected, months = [], months_of(seen)
        if per_head:
            expected.append(to_payee(reference.sub_capitation(heads(seen), per_head, growth, months)))
        if names == ("lead",):
            expected.append(to_payee(reference.part_of(premium[0], share, months), dues[0]))
        if names:
            expected.append(to_payee(reference.part_of(premium[1], share, months), dues[1]))
        assert paid(pay(term, seen)) == expected
