import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import paysim
from paysim.report.assumptions import assumed_or_by_default
from paysim.report.html import report_html, write_report

CONFIGS = Path(__file__).parents[2] / "configs"


class Document(HTMLParser):
    """What a browser would make of the page: text, tags with attributes, and whether every tag is closed."""

    VOID = ("meta", "img", "br", "link")

    def __init__(self, page):
        super().__init__()
        self.tags, self.text, self.open = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page(comparison, drawn):
    return report_html(comparison, drawn)


@pytest.fixture(scope="module")
def document(page):
    return Document(page)


@pytest.fixture(scope="module")
def text(document):
    return re.sub(r"\s+", " ", " ".join(document.text))


def test_every_tag_is_closed(document):
    assert document.open == []


def test_nothing_is_fetched_from_anywhere(document, page):
    for _, attributes in document.tags:
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            assert attributes.get(name, "#").startswith(("#", "data:image/svg+xml;base64,"))
    assert not document.all("script")
    assert not document.all("link")
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_every_figure_is_in_it_with_a_description(document, comparison):
    images = document.all("img")
    assert len(images) == 8
    assert all(len(image["alt"]) > 40 for image in images)


def test_organisations_arrangements_services_and_measures_are_named(text, comparison):
    system = comparison.system
    for group in (system.organisations, system.arrangements, system.services, system.measures, system.places):
        for item in group.values():
            assert item.name in text


def test_the_top_names_what_was_compared(page, other):
    compared = page[: page.index("<nav")]
    assert "<p>Compared: Block; Activity-based tariff; Capitation.</p>" in compared
    single = report_html(other(arrangements=("block",), replications=2), ())
    assert "<p>Arrangement: Block.</p>" in single


def test_the_question_of_a_shipped_config_holds_whatever_is_compared(london):
    for system in (paysim.load(CONFIGS / "bhr.toml"), london):
        words = set(re.findall("[a-z]+", system.question.lower()))
        assert not words & {word for id in system.arrangements for word in id.split("_")}


def test_every_assumption_stands_with_its_source(text, comparison):
    listed = [each for group in assumed_or_by_default(comparison.system) for each in group.parameters]
    assert len(listed) == sum(p.status == "assumed" for p in comparison.system.parameters) > 10
    for assumption in listed:
        assert f"{assumption.path} = {assumption.value}" in text
    assert "Assumed: split by bed numbers & hours" in text
    assert "no source given" in text
    for source in comparison.system.sources.values():
        assert source.citation in text


def test_numbers_of_the_table_are_those_of_the_comparison(text, comparison):
    bhrut = comparison.surplus.set_index(["organisation", "arrangement"]).loc[("bhrut", "capitation")]
    ends = (bhrut["surplus"], bhrut["surplus_low"], bhrut["surplus_high"])
    mean, low, high = (f"{value / 1e6:.1f}".replace("-", "\N{MINUS SIGN}") for value in ends)
    assert f"{mean} ({low} to {high})" in text
    assert "211,345,679" in text
    assert "1,101.25" in text


def test_budget_neutral_amounts_are_told_per_weighted_head(text):
    assert "Term £ a year Standard error, £ £ per weighted head Replications Block" in text
    assert "Capitation care_bd sum 233,345,679 345,000 1,101.25 4" in text


def test_a_config_without_measures_has_no_reconciliation(page, comparison):
    assert "Reconciliation" in page
    without = report_html(replace(comparison, reconciliation=comparison.reconciliation.iloc[:0]), ())
    assert "econciliation" not in without
    assert Document(without).open == []


def test_explanations_stand_under_the_reconciliation(text):
    assert "Four-hour standard Queues for beds" in text


def test_the_unit_of_differences_to_published_figures_is_told(text):
    assert "in percentage points where the figures are in %, else in % of the published figure" in text
    assert "80.0% +13.0 points – no tolerance set" in text


def test_how_it_was_simulated(text):
    for told in ("10 replications of 1 year", "60 days", "1 April 2017", "compiled", "every resident", "768,540"):
        assert told in text


def test_headers_have_scopes_and_ids_are_unique(document):
    assert all(attributes.get("scope") in ("col", "row", "rowgroup") for attributes in document.all("th"))
    ids = [attributes["id"] for _, attributes in document.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    linked = [attributes["href"][1:] for attributes in document.all("a")]
    assert set(linked) <= set(ids)
    assert document.all("html")[0]["lang"] == "en-GB"


def test_no_missing_value_shows_as_nan(text):
    assert not re.search(r"\b(nan|NaN|None|inf)\b", text)


def test_markup_in_a_name_is_text(page):
    assert "Provider accounts &lt;2017/18&gt;" in page


@pytest.mark.parametrize("sample", [0.05, 0.004])
def test_a_sample_is_stated_at_the_top(other, sample):
    study = other(sample=sample, replications=2)
    told = report_html(study, ())
    assert f"A sample of {sample:.3g}".replace("0.05", "5%").replace("0.004", "0.4%") in told[: told.index("<main>")]
    assert "every resident</dd>" not in told


def test_the_whole_population_has_no_notice(page):
    assert 'class="notice"' not in page


def test_a_single_replication_reads_well(other):
    told = " ".join(Document(report_html(other(replications=1), ())).text)
    assert "A single replication gives no interval" in told
    assert not re.search(r"\bnan\b", told)


def test_same_comparison_same_bytes(page, drawn, other, tmp_path):
    write_report(other(), drawn, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page


def test_the_risk_carried_stands_with_its_replications(text, comparison):
    assert "Risk carried" in text
    assert "Over 10 replications of 1 year. So few outcomes say little of risk" in text
    unit = 1e6
    barts = comparison.risk.query("organisation == 'barts' and arrangement == 'activity'").iloc[0]
    shown = [barts.surplus, barts.standard_deviation, barts.fifth_percentile]
    cells = " ".join(f"{pounds / unit:.1f}" for pounds in shown).replace("-", "\N{MINUS SIGN}")
    assert f"{cells} 10 " in text


def test_a_single_replication_says_nothing_of_risk(other):
    single = other(replications=1)
    assert "A single replication says nothing of risk." in report_html(single, ())


def test_many_replications_carry_no_warning(other):
    assert "few outcomes say little" not in report_html(other(replications=20), ())
