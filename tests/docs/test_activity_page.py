"""What the page on payment for activity works out by hand is what settlement pays, at the page's own prices."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from town import PLACES, SERVICES, Row, activity, by_commissioner, town

import paysim
from paysim.model.money import to_pence
from paysim.model.pathway import Pathway, ServiceChoice, Step
from paysim.model.price import Currency, Price, PriceTable
from paysim.model.terms import ReadmissionRule, Tariff

PAGE = (Path(__file__).parents[2] / "docs" / "payment" / "activity.md").read_text(encoding="utf-8")
SECTIONS = {title: text for title, _, text in (each.partition("\n") for each in PAGE.split("\n## ")[1:])}

COUNTED = {
    "non_elective": "spell",
    "elective": "spell",
    "day_case": "spell",
    "attendance": "step",
    "urgent_treatment": "step",
    "outpatient_procedure": "step",
    "community_contact": "step",
    "bed_day": "day",
    "antenatal": "step",
    "delivery": "spell",
    "postnatal": "step",
    "cluster_day": "day",
    "cluster_review": "step",
}
"""As the page says that each is to be counted. There is a step of each currency's name."""

IN_WORDS = {
    ("elective", "LA04S"): Price(464_00),
    ("non_elective", "LA04S"): Price(861_00, 8, 216_00),
    ("outpatient_procedure", "FZ60Z"): Price(341_00),
}
"""Prices that the page gives in its text: LA04S and FZ60Z of Annex A 2017/18."""


def listed():
    """Return the prices of the page's price lists."""
    found = {}
    for text in re.findall(r"^```text\n(currency,code,price,.*?)^```", PAGE, re.S | re.M):
        for row in csv.DictReader(text.splitlines()):
            trim_point, long_stay = row.get("trim_point_days"), row.get("long_stay_payment_per_day")
            found[row["currency"], row["code"]] = Price(
                to_pence(row["price"]), int(trim_point) if trim_point else None, to_pence(long_stay or 0)
            )
    return found


NATIONAL = PriceTable("national", "The page's prices", listed() | IN_WORDS)
TARIFF = Tariff("tariff", NATIONAL, market_forces_factor=True)


def system(market_forces_factor=1.0):
    """Return the town with a step for each of the page's currencies."""
    anywhere = ServiceChoice("any", tuple(SERVICES), np.full((len(PLACES), len(SERVICES)), 1 / len(SERVICES)))
    steps = tuple(
        Step(id, id, anywhere, None, id, None, None, counted == "spell" or id == "bed_day", 1, ())
        for id, counted in COUNTED.items()
    )
    return replace(
        town(market_forces_factor),
        currencies={id: Currency(id, id, counted) for id, counted in COUNTED.items()},
        prices={"national": NATIONAL},
        case_mixes={},
        pathways={"care": Pathway("care", "Care", "attendance", None, steps)},
    )


def units(number, currency, code=None, days=0.01, start=100.0):
    """Return so many steps of a currency at the hospital, each of a resident of its own."""
    return [Row(currency, "medicine", start, days, resident=resident, code=code) for resident in range(number)]


def paid(rows, *terms, factor=1.0, years=1, payee="hospital"):
    """Return what a provider is paid for these rows by the terms (the tariff, unless given), in pounds by month."""
    seen = activity(system(factor), rows, years)
    flows = paysim.settle(seen, by_commissioner(*(terms or [TARIFF]))).to_frame()
    by_month = flows[flows["payee"] == payee].groupby("period")["amount_pence"].sum()
    return [pence / 100 for pence in by_month if pence]


EXAMPLES = [
    (
        "Spells: day case, elective, non-elective",
        units(1, "non_elective", "AA22C", days=100.0),
        1.0976,
        11_246.01,
    ),
    (
        "Accident and emergency",
        units(1_000, "attendance", "VB08Z") + units(300, "urgent_treatment"),
        1.0976,
        208_463.0,
    ),
    ("Outpatient procedures", units(200, "day_case", "JC43A"), 1.0, 101_800.0),
    ("Outpatient procedures", units(200, "day_case", "MA31Z"), 1.0, 61_400.0),
    ("Outpatient procedures", units(200, "outpatient_procedure", "JC43A"), 1.0, 22_600.0),
    ("Outpatient procedures", units(200, "outpatient_procedure", "MA31Z"), 1.0, 68_000.0),
    (
        "Contacts",
        units(30, "community_contact", "N02AF") + units(12, "community_contact", "N02AN"),
        1.0,
        1_380.18,
    ),
    ("Bed days", units(1, "bed_day", "VC04Z", days=21.0, start=100.4), 1.0, 7_740.18),
    (
        "Maternity pathway",
        units(1, "antenatal", "intermediate")
        + units(1, "delivery", "with", days=2)
        + units(1, "postnatal", "standard"),
        1.0,
        4_650.0,
    ),
    (
        "Maternity pathway",
        units(500, "antenatal", "standard")
        + units(387, "antenatal", "intermediate")
        + units(113, "antenatal", "intensive"),
        1.0,
        1_424_300.0,
    ),
    ("Mental health clusters", units(1, "cluster_day", "MHCC14", days=28.0), 1.0, 4_100.04),
    ("Mental health clusters", units(1, "cluster_day", "MHCC11", days=182.0), 1.0, 2_402.4),
    ("Mental health clusters", units(1, "cluster_day", "MHCC11", days=100.0), 1.0, 1_320.0),
    (
        "Mental health clusters",
        units(1, "cluster_day", "MHCC14", days=28.0, start=72.0) + units(1, "cluster_review", "MHCC11"),
        1.0,
        6_502.44,
    ),
]


@pytest.mark.parametrize(
    ("title", "rows", "factor", "pounds"), EXAMPLES, ids=[f"{title}, {pounds}" for title, *_, pounds in EXAMPLES]
)
def test_activity_is_paid_what_the_page_says(title, rows, factor, pounds):
    assert re.search(rf"(?<![\d.]){re.escape(str(pounds))}(?!\d)", SECTIONS[title])
    assert sum(paid(rows, factor=factor)) == pytest.approx(pounds, abs=1e-6)


STAYS = [
    Row("elective", "medicine", 2.4, 2.0, episode=0, resident=550, code="LA04S"),
    Row("non_elective", "medicine", 19.4, 3.0, episode=1, resident=550, code="LA04S"),
    Row("non_elective", "infirmary", 22.4, 7.0, episode=2, resident=550, code="LA04S"),
    Row("non_elective", "medicine", 49.4, 2.0, episode=3, resident=550, code="LA04S"),
]
"""Those of the page's table: day 0 is 1 April."""


@pytest.mark.parametrize(("after", "april", "may"), [(("elective",), 215.25, 0.0), (None, 215.25, 215.25)])
def test_readmissions_are_those_of_the_table(after, april, may):
    assert f"-{april}" in SECTIONS["Readmission rule"]
    rule = ReadmissionRule("rule", "tariff", currencies=("non_elective",), after=after, unpaid=0.25)
    assert paid(STAYS, TARIFF, rule) == [464 + 861 - april, 861 - may]
    assert paid(STAYS, TARIFF, rule, payee="infirmary") == [861]


def test_a_local_price_stands_beside_national_ones():
    rows = units(500, "outpatient_procedure", "FZ60Z")
    local = PriceTable("local", "Local prices", {("outpatient_procedure", "FZ60Z"): Price(320_00)})
    others = tuple(id for id in COUNTED if id != "outpatient_procedure")
    terms = replace(TARIFF, id="others", currencies=others), Tariff("local", local)
    assert "(187140.0, 160000.0)" in SECTIONS["Local prices"]
    assert paid(rows, factor=1.0976) == [187_140.0]
    assert paid(rows, *terms, factor=1.0976) == [160_000.0]


def test_prices_grow_from_year_to_year():
    rows = [row for year in range(3) for row in units(1, "non_elective", "AA22C", days=5.0, start=100.0 + 365 * year)]
    by_year = paid(rows, replace(TARIFF, price_growth=(0.0, 0.011)), years=3)
    assert by_year == [9_766.0, 9_873.43, 9_982.03]
    assert str(by_year) in SECTIONS["Price growth"]


def test_bed_days_that_go_on_from_a_ward_do_not_count_towards_its_trim_point():
    rows = [
        Row("non_elective", "medicine", 100.0, 5.0, code="LA04S"),
        Row("bed_day", "medicine", 105.0, 4.0, code="VC04Z"),
    ]
    assert "\n2335.32\n" in SECTIONS["Bed days"]
    assert paid(rows) == [(861_00 + 4 * 368_58) / 100] == [2335.32]
