"""Episodes of bundles, counted from activity."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from generated import activities
from hypothesis import given
from hypothesis import strategies as st
from reference import month
from reference_shared import bundle
from town import SERVICES, STEPS, Row, activity, rows_of, town

from paysim.model.contract import Contract, Scope
from paysim.model.errors import InputError
from paysim.model.pathway import Pathway
from paysim.model.terms.shared import EpisodeBundle
from paysim.payment.terms import pay
from paysim.payment.terms.seen import Flow, Paid, Seen
from paysim.payment.terms.shared.episodes import episodes_by_year

WHOLE = town()
OF_CARE = WHOLE.pathways["care"].steps
TOWN = replace(
    WHOLE,
    pathways={
        "visits": Pathway("visits", "Visits", OF_CARE[0].id, None, OF_CARE[:1]),
        "stays": Pathway("stays", "Stays", OF_CARE[1].id, None, OF_CARE[1:]),
    },
)
PLACES = {"hill": range(600), "vale": range(600, 1000)}
BUNDLE = EpisodeBundle("bundle", spending_terms=("care",), target_price=(1000_00,), pathways=("stays",))


def seen(found, services=("medicine",), places=("hill",)):
    contract = Contract("bundles", "hill_ccg", "hospital", Scope(services, places), ())
    return Seen(TOWN, contract, found.periods, activity=found)


def test_an_episode_counts_once_in_the_year_of_its_last_step():
    rows = [
        Row("ward", "medicine", 10.0, 5.0, episode=1, code="AA22C"),
        Row("rehabilitation", "medicine", 15.0, 20.0, episode=1, code="AA22C"),
        Row("ward", "medicine", 350.0, 10.0, episode=2, code="AA22C"),
        Row("rehabilitation", "medicine", 360.0, 20.0, episode=2, code="AA22C"),
        Row("consultation", "medicine", 5.0, 0.0, episode=3),
        Row("ward", "infirmary", 5.0, 1.0, episode=4, code="AA22C"),
        Row("ward", "medicine", 5.0, 1.0, episode=5, resident=700, code="AA22C"),
    ]
    found = activity(TOWN, rows, years=2)
    assert episodes_by_year(BUNDLE, seen(found)) == [1, 1]
    assert episodes_by_year(BUNDLE, seen(found, services=())) == [2, 1]
    assert episodes_by_year(BUNDLE, seen(found, places=("hill", "vale"))) == [2, 1]
    assert episodes_by_year(replace(BUNDLE, pathways=("visits", "stays")), seen(found)) == [2, 1]
    assert episodes_by_year(BUNDLE, seen(activity(TOWN, rows, years=2, weight=12.5))) == [12.5, 12.5]


@given(
    activities(),
    st.sampled_from([("visits",), ("stays",), ("visits", "stays")]),
    st.lists(st.sampled_from(list(SERVICES)), unique=True),
    st.sampled_from([("hill",), ("vale",), ("hill", "vale")]),
    st.randoms(use_true_random=False),
)
def test_episodes_by_definition_whatever_the_order_of_the_rows(rows, pathways, services, places, random):
    of_pathways = {"visits": {"consultation"}, "stays": {step.id for step in OF_CARE[1:]}}
    steps = set().union(*(of_pathways[pathway] for pathway in pathways))
    counted = {
        row.episode
        for row in rows
        if row.step in steps
        and (not services or row.service in services)
        and any(row.resident in PLACES[place] for place in places)
    }
    found = activity(TOWN, rows)
    order = list(range(len(found)))
    random.shuffle(order)
    shuffled = rows_of(found, np.array(order, dtype=np.int64))
    term = replace(BUNDLE, pathways=pathways)
    for each in (found, shuffled):
        assert episodes_by_year(term, seen(each, tuple(services), places)) == [len(counted)]


def test_ten_thousand_bundles_of_counted_episodes():
    random, paid = Random(1), 0
    rows = [
        Row(step, random.choice(list(SERVICES)), start, stay, episode, random.randrange(1_000))
        for episode in range(300)
        for step in random.choices(list(STEPS), k=random.randint(1, 3))
        for start, stay in [(random.randrange(2_800) / 4, random.randrange(120) / 4)]
    ]
    whole = activity(TOWN, rows, years=2)
    rows.sort(key=lambda row: (row.start + row.stay, row.start, row.episode))
    for _ in range(10_000):
        chosen = random.sample(range(len(rows)), random.randint(0, 12))
        places = random.choice([("hill",), ("vale",), ("hill", "vale")])
        services = tuple(random.sample(list(SERVICES), random.randint(0, 4)))
        first, stop = sorted(random.sample(range(25), 2))
        weight = random.choice([1.0, 12.5, 3.7])
        last = {}
        for row in (rows[each] for each in chosen):
            here = any(row.resident in PLACES[place] for place in places) and (not services or row.service in services)
            if here and row.step != "consultation":
                last[row.episode] = max(last.get(row.episode, 0), month(row.start + row.stay))
        own = [[each for each in range(first, stop) if each // 12 == year] for year in range(2)]
        own = [year for year in own if year]
        spent = [random.randint(0, 5_000_00) for _ in own]
        price, discount, stop_loss = (random.randint(0, most) for most in (1_000_00, 100, 300))
        term = replace(BUNDLE, target_price=(price,), discount=(discount / 1000,), stop_loss=(stop_loss / 1000,))
        pence, expected = np.full(24, 1_00, dtype=np.int64), [0] * 24
        for year, spending in zip(own, spent, strict=True):
            pence[year] = 0
            pence[year[0]] = spending
            episodes = sum(each in year for each in last.values()) * Fraction(weight)
            shares = Fraction(discount, 1000), None, Fraction(stop_loss, 1000)
            expected[year[-1]] = bundle(episodes, price, *shares, spending)
        found = replace(rows_of(whole, np.array(chosen, dtype=np.int64)), weight=weight)
        bundles = Contract("bundles", "hill_ccg", "hospital", Scope(services, places, periods=(first, stop)), ())
        care = (Paid("care", "tariff", Flow("hill_ccg", "hospital", pence)),)
        [flow] = pay(term, Seen(TOWN, bundles, 24, paid=care, activity=found))
        assert flow.pence.tolist() == expected
        paid += any(expected)
    assert paid > 2_000


def test_a_bundle_pays_target_price_times_episodes_less_what_they_were_paid_for():
    rows = [Row("ward", "medicine", 10.0 * number, 5.0, episode=number, code="AA22C") for number in range(12)]
    found = activity(TOWN, rows)
    pence = np.zeros(12, dtype=np.int64)
    for row in rows:
        pence[month(row.start + row.stay)] += 900_00
    paid = (Paid("care", "tariff", Flow("hill_ccg", "hospital", pence)),)
    [flow] = pay(replace(BUNDLE, discount=(0.03,)), replace(seen(found), paid=paid))
    assert (flow.payer, flow.payee, flow.due) == ("hill_ccg", "hospital", 6)
    assert flow.pence.tolist() == [0] * 11 + [12 * 70_00]


def test_without_activity_episodes_must_be_stated():
    bare = Seen(TOWN, Contract("bundles", "hill_ccg", "hospital", Scope((), ("hill",)), ()), 12)
    with pytest.raises(InputError) as refused:
        pay(BUNDLE, bare)
    assert "contract bundles, term bundle" in str(refused.value)
    assert pay(replace(BUNDLE, pathways=(), episodes=(3.0,)), bare)[0].pence.sum() == 3000_00
