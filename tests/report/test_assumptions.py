from dataclasses import replace

from paysim.model.evidence import Parameter, Source
from paysim.report.assumptions import assumed_or_by_default, sources, status_counts, status_totals


def test_counts_add_up(comparison):
    system = comparison.system
    totals = status_totals(system)
    assert sum(totals.values()) == len(system.parameters)
    assert totals["assumed"] == sum(counts["assumed"] for counts in status_counts(system).values())
    assert list(status_counts(system)) == ["service", "pathway"]


def test_what_names_no_source_is_assumed(comparison):
    unsourced = [group for group in assumed_or_by_default(comparison.system) if group.citation == "no source given"]
    paths = {listed.path for group in unsourced for listed in group.parameters}
    assert paths == {p.path for p in comparison.system.parameters if p.source is None}


def test_rows_of_one_citation_stand_together_with_their_own_notes(comparison):
    rows = tuple(
        Parameter(
            "prices.national", f"prices.csv (row {n})", Source("s", "Short stays", "2017", "assumed", f"{n} x 0.7")
        )
        for n in range(3)
    )
    system = replace(comparison.system, parameters=rows)
    (group,) = assumed_or_by_default(system)
    assert (group.block, group.citation, group.note) == ("prices", "Short stays", "")
    assert [listed.note for listed in group.parameters] == ["0 x 0.7", "1 x 0.7", "2 x 0.7"]
    merged = next(source for source in sources(system) if source.citation == "Short stays")
    assert merged.note == "3 notes, row by row in the tables"


def test_a_note_that_all_share_is_said_once(comparison):
    source = Source("s", "Panel", "2017", "assumed", "by vote")
    system = replace(comparison.system, parameters=tuple(Parameter(f"timing.{n}", "1", source) for n in "ab"))
    (group,) = assumed_or_by_default(system)
    assert group.note == "by vote"
    assert [listed.note for listed in group.parameters] == ["", ""]
    assert source in sources(system)


def test_a_default_is_listed_with_its_status_and_how_often_it_is_in_force(comparison):
    source = Source("", "A tariff", "2019/20", "cited")
    rate = Parameter("arrangement.*.contract.*.terms[blended].variable_rate", "0.2", source, by_default=1)
    days = Parameter("study.warm_up_days", "30", Source("", "They settle", "", "assumed"), by_default=1200)
    written = Parameter("arrangement.activity.contract.all.terms[0].rate", "0.3", source)
    groups = assumed_or_by_default(replace(comparison.system, parameters=(written, rate, days)))
    assert [(group.citation, group.status) for group in groups] == [("A tariff", "cited"), ("They settle", "assumed")]
    assert [listed.value for group in groups for listed in group.parameters] == [
        "0.2 by default",
        "30 by default, 1,200 times",
    ]
