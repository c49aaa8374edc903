from dataclasses import replace

from paysim.model.evidence import Parameter, Source
from paysim.report.assumptions import assumed, sources, status_counts, status_totals


def test_counts_add_up(comparison):
    system = comparison.system
    totals = status_totals(system)
    assert sum(totals.values()) == len(system.parameters)
    assert totals["assumed"] == sum(counts["assumed"] for counts in status_counts(system).values())
    assert list(status_counts(system)) == ["service", "pathway"]


def test_what_names_no_source_is_assumed(comparison):
    unsourced = [group for group in assumed(comparison.system) if group.citation == "no source given"]
    paths = {assumption.path for group in unsourced for assumption in group.assumptions}
    assert paths == {p.path for p in comparison.system.parameters if p.source is None}


def test_rows_of_one_citation_stand_together_with_their_own_notes(comparison):
    rows = tuple(
        Parameter(
            "prices.national", f"prices.csv (row {n})", Source("s", "Short stays", "2017", "assumed", f"{n} x 0.7")
        )
        for n in range(3)
    )
    system = replace(comparison.system, parameters=rows)
    (group,) = assumed(system)
    assert (group.block, group.citation, group.note) == ("prices", "Short stays", "")
    assert [assumption.note for assumption in group.assumptions] == ["0 x 0.7", "1 x 0.7", "2 x 0.7"]
    merged = next(source for source in sources(system) if source.citation == "Short stays")
    assert merged.note == "3 notes, row by row in the tables"


def test_a_note_that_all_share_is_said_once(comparison):
    source = Source("s", "Panel", "2017", "assumed", "by vote")
    system = replace(comparison.system, parameters=tuple(Parameter(f"timing.{n}", "1", source) for n in "ab"))
    (group,) = assumed(system)
    assert group.note == "by vote"
    assert [assumption.note for assumption in group.assumptions] == ["", ""]
    assert source in sources(system)
