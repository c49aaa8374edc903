from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paysim.report.figures.flow_layout import Flow, chain_positions, lay_out, most_in_a_column
from paysim.report.figures.flow_order import crossing, ordered

CHAIN = [
    Flow("funder", "ccg", 100.0),
    Flow("ccg", "lead", 80.0),
    Flow("lead", "practice", 30.0),
    Flow("ccg", "council", 20.0),
]
ORDER = ["funder", "ccg", "lead", "practice", "council"]

ids = st.sampled_from("abcdefgh")
flows = st.dictionaries(
    st.tuples(ids, ids).filter(lambda ends: ends[0] != ends[1]), st.floats(1, 1e9), max_size=14
).map(lambda table: [Flow(*ends, amount) for ends, amount in table.items()])


def test_payers_stand_before_payees_and_the_last_paid_in_the_last_column():
    assert chain_positions(CHAIN, ORDER) == {"funder": 0, "ccg": 1, "lead": 2, "practice": 3, "council": 3}


def test_money_that_goes_round_has_a_beginning():
    round_trip = [Flow("a", "b", 1.0), Flow("b", "c", 1.0), Flow("c", "a", 1.0)]
    assert chain_positions(round_trip, ["a", "b", "c"]) == {"a": 0, "b": 1, "c": 2}


def test_boxes_are_as_tall_as_the_money_and_bands_as_wide():
    layout = lay_out(CHAIN, ORDER, 0.01, 0.3)
    nodes = {node.organisation: node for node in layout.nodes}
    assert nodes["ccg"].height == pytest.approx(1.0)
    assert (nodes["lead"].received, nodes["lead"].paid) == (80.0, 30.0)
    assert {band.flow.payee: band.thickness for band in layout.bands}["practice"] == pytest.approx(0.3)


def test_a_band_that_passes_a_column_has_its_own_place_there():
    layout = lay_out(CHAIN, ORDER, 0.01, 0.3)
    passing = next(band for band in layout.bands if band.flow.payee == "council")
    lead = next(node for node in layout.nodes if node.organisation == "lead")
    assert [column for column, _ in passing.tops] == [1, 2, 3]
    top = passing.tops[1][1]
    assert top + passing.thickness <= lead.top or top >= lead.top + lead.height


def test_neighbours_are_swapped_until_nothing_crosses():
    columns = [[("a",), ("b",)], [("x",), ("y",)]]
    links = [(("a",), ("y",), 5.0), (("b",), ("x",), 3.0)]
    assert crossing(columns, links) == 3.0
    assert crossing(ordered(columns, links), links) == 0.0


@given(flows)
def test_any_flows_can_be_laid_out_without_overlaps(table):
    order = list("abcdefgh")
    layout = lay_out(table, order, 1e-8, 0.4)
    assert len(layout.bands) == len(table)
    by_column: dict[int, list[tuple[float, float]]] = {}
    for node in layout.nodes:
        assert node.top >= -1e-9
        assert node.top + node.height <= layout.height + 1e-9
        by_column.setdefault(node.column, []).append((node.top, node.top + node.height))
    for boxes in by_column.values():
        stacked = sorted(boxes)
        assert all(upper[1] <= lower[0] for upper, lower in pairwise(stacked))
    assert most_in_a_column(table, order) * 1e-8 <= layout.height + 1e-9


@given(flows)
def test_bands_leave_and_arrive_within_their_boxes(table):
    layout = lay_out(table, list("abcdefgh"), 1e-8, 0.4)
    nodes = {node.organisation: node for node in layout.nodes}
    for band in layout.bands:
        for end, organisation in ((0, band.flow.payer), (-1, band.flow.payee)):
            top, node = band.tops[end][1], nodes[organisation]
            assert node.top - 1e-9 <= top
            assert top + band.thickness <= node.top + node.height + 1e-9
