"""What single rows were paid adds up to the ledger, whatever the activity, the prices and the contracts."""

from collections import Counter, defaultdict
from fractions import Fraction

import numpy as np
from generated import EVERYTHING, activities, activities_in_order, price_lists, scopes_cut_in_two
from hypothesis import given
from hypothesis import strategies as st
from reference import half_up
from town import COMMISSIONERS, PRICES, Row, activity, arrangement, by_commissioner, contract, scope, tariff, town

from paysim.model.activity import Activity
from paysim.model.contract import Arrangement, Contract
from paysim.model.price import Price, PriceTable
from paysim.model.terms import Block, OutpatientTariff, ReadmissionRule, Tariff
from paysim.model.terms.activity import MarginalRate
from paysim.model.terms.blended import Blended
from paysim.payment.ledger import Ledger
from paysim.payment.paid_rows import PaidRows, paid_rows
from paysim.payment.settlement import settle_many
from paysim.payment.survey import survey_of

SYSTEM = town()


def settled(whole: Activity, paying: Arrangement) -> tuple[Ledger, PaidRows]:
    survey = survey_of(whole, [paying])
    (ledger,) = settle_many(whole, [paying], survey=survey)
    return ledger, paid_rows(whole, survey, paying, ledger)


def of_ledger(ledger: Ledger, *terms: str) -> dict[tuple[str, str, int], int]:
    """Return the pence that some terms pay by contract, term and month, where there are any."""
    columns = (ledger.contract, ledger.term, ledger.period, ledger.amount_pence)
    cells = zip(*(column.tolist() for column in columns), strict=True)
    return {(of, term, month): pence for of, term, month, pence in cells if term in terms and pence}


def of_rows(paid: PaidRows) -> dict[tuple[str, str, int], int]:
    totals: dict[tuple[str, str, int], int] = defaultdict(int)
    for flow, month, pence in zip(paid.flow.tolist(), paid.period.tolist(), paid.pence.tolist(), strict=True):
        totals[paid.flows[flow].contract, paid.flows[flow].term, month] += pence
    return {place: pence for place, pence in totals.items() if pence}


def with_every_kind(prices: PriceTable, unpaid: float) -> Arrangement:
    """Return an arrangement of terms that pay by the row, of terms on totals, and of rows that are paid for twice."""
    inpatient = Tariff("inpatient", prices, True, currencies=("non_elective", "elective"), top_ups=True)
    first = OutpatientTariff("outpatient", prices, "consultation", "bed_day", 0.3, 2.5, True)
    rule = ReadmissionRule("readmissions", "inpatient", ("non_elective",), youngest=0, unpaid=unpaid)
    emergency = MarginalRate("marginal", of=("inpatient",), baseline=(0,), rate=(0.3,))
    return arrangement(
        "all",
        contract("hill_ccg", "hospital", inpatient, first, rule, emergency, scope=scope("hospital")),
        contract("hill_ccg", "practice", tariff(prices), Block("block", 1_000_01), scope=scope("practice")),
        contract("hill_ccg", "infirmary", Blended("blended", 100_00, prices, False), scope=scope("infirmary")),
        Contract("again", "hospital", "infirmary", EVERYTHING, (tariff(prices),)),
    )


BY_ROW = ("inpatient", "outpatient", "readmissions", "tariff")
WEIGHTS = st.just(1.0) | st.floats(1.0, 100.0)


@given(activities(), price_lists(), st.sampled_from([0.0, 0.25, 1 / 3, 1.0]), WEIGHTS)
def test_rows_add_up_to_the_ledger_by_contract_term_and_month(rows, prices, unpaid, weight):
    ledger, paid = settled(activity(SYSTEM, rows, weight=weight), with_every_kind(prices, unpaid))
    assert of_rows(paid) == of_ledger(ledger, *BY_ROW)


@given(activities_in_order(), price_lists(), scopes_cut_in_two())
def test_rows_add_up_to_the_ledger_whatever_the_scopes(rows, prices, scopes):
    contracts = [
        Contract(f"of_{ccg}", ccg, "hospital", scope, (tariff(prices),))
        for ccg, scope in zip(COMMISSIONERS.values(), scopes, strict=True)
    ]
    ledger, paid = settled(activity(SYSTEM, rows), arrangement("two", *contracts))
    assert of_rows(paid) == of_ledger(ledger, "tariff")


@given(activities_in_order(), price_lists())
def test_a_row_is_paid_the_same_whatever_else_there_is(rows, prices):
    paying = by_commissioner(tariff(prices))
    alone = Counter()
    for episode in {row.episode for row in rows}:
        alone += told([row for row in rows if row.episode == episode], paying)
    assert told(rows, paying) == alone


def told(rows: list[Row], paying: Arrangement) -> Counter:
    """Return how often there is each payment for a row, told by the row and not by its number."""
    whole = activity(SYSTEM, rows)
    _, paid = settled(whole, paying)
    columns = (whole.episode, whole.step, whole.start, whole.stay)
    cells = (*(column[paid.row] for column in columns), paid.flow, paid.code, paid.period, paid.pence)
    return Counter(zip(*(cell.tolist() for cell in cells), strict=True))


def test_each_part_of_a_price_stands_with_its_row():
    """Short stay, long stay, top-up, best practice, market forces factor, days, several wards, readmission."""
    prices = PriceTable(
        "by_hand",
        "By hand",
        PRICES
        | {
            ("non_elective", "LA04S"): Price(861_00, 8, 216_00, 300_00, top_up_pence=100_00, addition_pence=50_00),
            ("non_elective", "AA22C"): Price(9_766_00, 98, 240_00),
        },
    )
    national = Tariff("tariff", prices, True, top_ups=True)
    rule = ReadmissionRule("readmissions", "tariff", ("non_elective",), unpaid=0.25)
    rows = [
        Row("ward", "medicine", 3.0, 1.0, 0, 510, "LA04S"),
        Row("ward", "medicine", 20.0, 10.0, 1, 510, "LA04S"),
        Row("ward", "medicine", 35.0, 2.0, 2, 520, "AA22C"),
        Row("rehabilitation", "surgical", 37.0, 3.0, 2, 520),
        Row("consultation", "surgery", 50.0, 0.0, 3, 520),
        Row("call", "surgery", 51.0, 0.0, 4, 520),
    ]
    paying = by_commissioner(national, rule)
    ledger, paid = settled(activity(SYSTEM, rows), paying)
    short, long, spell = ((300 + 100 + 50), (861 + 2 * 216 + 100 + 50), 9_766)
    in_turn = sorted(zip(paid.row.tolist(), paid.code.tolist(), paid.pence.tolist(), paid.period.tolist(), strict=True))
    assert in_turn == [
        (0, 1, after_factor(short), 0),
        (1, 1, -round(after_factor(long) / 4), 1),
        (1, 1, after_factor(long), 1),
        (3, -1, 3 * after_factor(Fraction("213.45")), 1),
        (3, 0, after_factor(spell), 1),
        (4, -1, 37_00, 1),
    ]
    assert of_rows(paid) == of_ledger(ledger, "tariff", "readmissions")


def after_factor(pounds: Fraction | int) -> int:
    return half_up(pounds * 100 * Fraction("1.0976"))


def test_shares_of_rows_are_rounded_in_turn_and_none_is_off_by_more_than_a_penny():
    rule = ReadmissionRule("readmissions", "tariff", ("non_elective",), unpaid=1 / 3)
    rows = [Row("ward", "medicine", 2.0 * number, 1.0, number, 510, "LA04S") for number in range(12)]
    ledger, paid = settled(activity(SYSTEM, rows, weight=3.7), by_commissioner(tariff(), rule))
    assert of_rows(paid) == of_ledger(ledger, "tariff", "readmissions")
    exactly = Fraction(after_factor(861)) * Fraction(3.7)
    taken_back = paid.pence < 0
    assert (np.count_nonzero(taken_back), np.count_nonzero(~taken_back)) == (11, 12)
    assert all(abs(pence - exactly) < 1 for pence in paid.pence[~taken_back].tolist())
    assert all(abs(pence + exactly / 3) <= 1 for pence in paid.pence[taken_back].tolist())
    assert len(set(paid.pence.tolist())) == 4


def test_terms_on_totals_pay_no_rows():
    rows = [Row("ward", "medicine", 3.0, 1.0, 0, 510, "LA04S")]
    _, paid = settled(activity(SYSTEM, rows), by_commissioner(Block("block", 1_000_00)))
    assert (paid.flows, len(paid.row)) == ((), 0)


def test_no_activity_has_no_rows():
    _, paid = settled(activity(SYSTEM, []), by_commissioner(tariff()))
    assert len(paid.row) == 0
