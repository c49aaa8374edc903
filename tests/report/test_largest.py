"""Figures that have no room for all organisations show those that move the most money."""

from dataclasses import replace

import pytest

from paysim.report import records
from paysim.report.figures import difference_figure


@pytest.fixture
def crowded(other, monkeypatch):
    """A comparison with room for one organisation of each kind, where only Redbridge's CCG pays out all it receives."""
    study = other(replications=2)
    flows, surplus = study.flows.copy(), study.surplus.copy()
    flows.loc[flows["payer"] == "ccg_redbridge", "amount_pence"] *= 100
    surplus.loc[surplus["organisation"] == "ccg_redbridge", "income"] = 1.0
    monkeypatch.setattr(records, "MOST_DRAWN", 1)
    return replace(study, flows=flows, surplus=surplus)


def test_a_commissioner_is_as_large_as_what_it_pays(crowded):
    assert [o.id for o in records.largest(crowded, records.payers(crowded))] == ["ccg_redbridge"]


def test_the_largest_are_counted_by_kind(crowded):
    note = [text.get_text() for text in difference_figure(crowded).texts][1].replace("\n", " ")
    assert "The 1 largest of 9 care providers and the 1 largest of 5 payers; the tables hold all." in note
