import re
from dataclasses import replace
from itertools import pairwise

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import PathPatch, Rectangle

from paysim.model.service import FollowsActivity
from paysim.report.figures import (
    difference_figure,
    flow_figure,
    months_figure,
    pictures,
    reconciliation_figure,
    surplus_figure,
    utilisation_figure,
    write_figures,
)
from paysim.report.figures.style import png_and_svg, style

NAMES = [
    "surplus",
    "surplus-difference",
    "money-flow-block",
    "money-flow-activity",
    "money-flow-capitation",
    "surplus-by-month",
    "utilisation",
    "reconciliation",
]


def words(figure):
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text) if text.get_text()]


def with_a_long_name(study):
    arrangements = dict(study.system.arrangements)
    long = replace(arrangements["capitation"], name="Capitation held by the community trust as lead provider")
    return replace(study, system=replace(study.system, arrangements=arrangements | {"capitation": long}))


def with_arrangements(other, names, years=1):
    """A comparison of arrangements of these names."""
    study = other(arrangements=tuple(f"a{n}" for n in range(len(names))), replications=2, years=years)
    first = study.system.arrangements["block"]
    arrangements = {
        id: replace(first, id=id, name=name) for id, name in zip(study.settings.arrangements, names, strict=True)
    }
    return replace(study, system=replace(study.system, arrangements=arrangements))


def of_widest(study):
    """The comparison of two organisations that leave all columns of a figure as little room as all nine do."""
    widest = study.surplus["organisation"].isin(["bhrut", "council_havering"])
    return replace(study, surplus=study.surplus[widest])


FIVE = ["Block", "Activity-based tariff", "Capitation held by a lead provider",
        "Blended: planned value, and a fifth of what differs", "Tariff with shared gains"]  # fmt: skip
"""Names that together are wider than a figure."""


def standing(figure):
    """All texts that are drawn; matplotlib also keeps labels of ticks beyond an axis's limits."""
    for axes in figure.axes:
        yield from (child for child in axes.get_children() if isinstance(child, matplotlib.text.Text))
        yield from [axes.yaxis.label, axes.xaxis.label]
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            shown = [tick for tick in axis.get_major_ticks() if min(limits) <= tick.get_loc() <= max(limits)]
            yield from (tick.label1 for tick in shown if axes.axison and tick.label1.get_visible())
    yield from figure.texts
    for legend in figure.legends:
        yield from legend.get_texts()


def lay_out(figure):
    with style():
        FigureCanvasAgg(figure).draw()
    return figure


def test_surplus_has_a_dot_and_a_whisker_for_every_provider_and_arrangement(comparison):
    figure = surplus_figure(comparison)
    pounds, shares = figure.axes
    assert len([line for line in pounds.lines if line.get_marker() in "osD"]) == 9 * 3
    assert len([line for line in pounds.lines if line.get_linewidth() == 2 and len(line.get_xdata()) == 2]) == 9 * 3
    assert len([line for line in pounds.lines if line.get_marker() == "|"]) == 9 * 3
    assert pounds.get_xlabel() == "Surplus, £m a year"
    assert shares.get_xlabel() == "Surplus as a share of own cost, %"
    assert len(pounds.get_yticklabels()) == 9


def test_dots_stand_at_the_surplus(comparison):
    pounds = surplus_figure(comparison).axes[0]
    dots = sorted(line.get_xdata()[0] for line in pounds.lines if line.get_marker() in "osD")
    care = comparison.surplus[comparison.surplus["cost"] > 0]
    assert dots == pytest.approx(sorted(care["surplus"] / 1e6))


def test_a_single_replication_has_no_whiskers(other):
    pounds = surplus_figure(other(replications=1)).axes[0]
    assert not [line for line in pounds.lines if line.get_linewidth() == 2 and len(line.get_xdata()) == 2]
    assert len([line for line in pounds.lines if line.get_marker() in "osD"]) == 9 * 3


def test_differences_stand_in_a_panel_for_providers_and_one_for_payers(comparison):
    care, pay = difference_figure(comparison).axes
    assert (len(care.get_yticklabels()), len(pay.get_yticklabels())) == (9, 5)
    assert len([line for line in care.lines if line.get_marker() in "osD"]) == 9 * 2
    assert "“Block”" in pay.get_xlabel()


def test_an_arrangement_keeps_its_colour_and_marker(comparison):
    def look(figure, label):
        handle = next(h for h in figure.legends[0].legend_handles if h.get_label() == label)
        return handle.get_color(), handle.get_marker()

    assert look(surplus_figure(comparison), "Capitation") == look(difference_figure(comparison), "Capitation")


def test_flows_have_a_band_for_each_payment_and_a_box_for_each_organisation(comparison):
    axes = flow_figure(comparison, "capitation").axes[0]
    flows = comparison.flows[comparison.flows["arrangement"] == "capitation"]
    bands = [patch for patch in axes.patches if isinstance(patch, PathPatch)]
    boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert len(bands) == len(flows.groupby(["payer", "payee"]))
    assert len(boxes) == 14
    assert any("pays on" in text.get_text() for text in axes.texts)


def test_flow_pictures_share_their_scale(comparison):
    def box_of_local_taxation(arrangement):
        axes = flow_figure(comparison, arrangement).axes[0]
        text = next(t for t in axes.texts if t.get_text().startswith("Local taxation"))
        boxes = [p for p in axes.patches if isinstance(p, Rectangle) and p.get_x() > text.get_position()[0]]
        return min(boxes, key=lambda p: abs(p.get_y() + p.get_height() / 2 - text.get_position()[1])).get_height()

    assert box_of_local_taxation("block") == pytest.approx(box_of_local_taxation("capitation"))


def test_a_negative_flow_is_drawn_from_who_ends_up_paying(other):
    study = other(replications=2)
    reversed_ = (study.flows["payer"] == "taxation") & (study.flows["payee"] == "council_bd")
    study.flows.loc[reversed_, "amount_pence"] *= -1
    axes = flow_figure(study, "block").axes[0]
    council = next(t.get_text() for t in axes.texts if t.get_text().startswith("London Borough of Barking"))
    assert "pays £62.0m" in council


def test_months_have_a_panel_for_every_provider_and_arrangement(comparison):
    figure = months_figure(comparison)
    assert len(figure.axes) == 9 * 3
    assert all(len(axes.collections) == 1 for axes in figure.axes)
    titles = [axes.get_title(loc="left") for axes in figure.axes[:3]]
    assert titles == ["Block", "Activity-based tariff", "Capitation"]
    assert figure.axes[0].get_ylim() == figure.axes[2].get_ylim()


@pytest.mark.parametrize(("count", "years"), [(2, 1), (3, 3), (5, 1), (5, 3), (6, 2), (8, 3)])
def test_months_are_named_as_often_as_there_is_room(other, count, years):
    study = with_arrangements(other, [f"Way {n}" for n in range(count)], years)
    figure = lay_out(months_figure(of_widest(study)))
    lowest = figure.axes[-count:]
    labels = [label for axes in lowest for label in axes.get_xticklabels()]
    boxes = [label.get_window_extent() for label in labels]
    assert labels[0].get_text() == "2017-04"
    assert all(left.x1 + 4 < right.x0 for left, right in pairwise(boxes)), "dates meet"
    if count <= 5:
        assert all(len(axes.get_xticks()) > 1 for axes in lowest)


def test_utilisation_has_a_bar_for_every_service(comparison):
    figure = utilisation_figure(comparison)
    axes = figure.axes[0]
    assert len(axes.containers[0]) == len(comparison.system.services)
    names = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    shown = dict(zip(names, (bar.get_width() for bar in axes.containers[0]), strict=True))
    summary = comparison.activity_summary.set_index("service")["utilisation"].groupby("service").first()
    for service in comparison.system.services.values():
        assert shown[service.name] == pytest.approx(summary[service.id] * 100)


def test_capacity_that_follows_activity_has_no_one_number_of_servers(comparison):
    system = comparison.system
    wards = replace(system.services["wards"], follows_activity=FollowsActivity(7, 6))
    follows = replace(comparison, system=replace(system, services={**system.services, "wards": wards}))
    words = [[text.get_text() for text in utilisation_figure(each).axes[0].texts] for each in (comparison, follows)]
    before, after = next(pair for pair in zip(*words, strict=True) if pair[0] != pair[1])
    assert before.endswith(f" of {wards.capacity} {wards.unit}")
    assert after.endswith(f" of open {wards.unit}")


def test_reconciliation_leaves_out_what_has_no_reference(comparison):
    axes = reconciliation_figure(comparison).axes[0]
    dots = [line for line in axes.lines if line.get_marker() in "oXD"]
    assert len(dots) == 5
    assert [line.get_marker() for line in dots] == ["o", "X", "o", "o", "D"]
    bands = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    widths = [band.get_width() for band in bands]
    assert widths == pytest.approx([0.06, 0.06, 0.10, 0.02 / 0.138])


def test_every_figure_lies_within_its_page_and_states_what_it_rests_on(other):
    study = with_a_long_name(other(sample=0.2, replications=4))
    figures = [
        surplus_figure(study),
        difference_figure(study),
        flow_figure(study, "capitation"),
        months_figure(study),
        utilisation_figure(study),
        reconciliation_figure(study),
    ]
    for figure in map(lay_out, figures):
        note = " ".join(words(figure))
        assert "4 replications of 1 year" in note
        assert "20% sample of residents, scaled up" in note.replace("\n", " ")
        for text in standing(figure):
            x0, y0, x1, y1 = text.get_window_extent().extents
            assert -1 <= x0 <= x1 <= figure.bbox.x1 + 1, text.get_text()
            assert -1 <= y0 <= y1 <= figure.bbox.y1 + 1, text.get_text()


def test_a_legend_that_is_wider_than_the_figure_has_further_rows(other):
    study = with_arrangements(other, FIVE)
    for figure in map(lay_out, (surplus_figure(study), difference_figure(study))):
        (legend,) = figure.legends
        assert legend.get_window_extent().x1 <= figure.bbox.x1
        bottom = legend.get_window_extent().y0
        assert all(axes.get_tightbbox().y1 <= bottom for axes in figure.axes)


def test_the_gallery_in_the_order_of_the_report(drawn):
    assert [picture.name for picture in drawn] == NAMES
    assert all(picture.description for picture in drawn)


@pytest.mark.usefixtures("undrawn")
def test_one_arrangement_has_no_difference_figure(other):
    names = [picture.name for picture in pictures(other(arrangements=("block",), replications=2))]
    assert names == ["surplus", "money-flow-block", "surplus-by-month", "utilisation", "reconciliation"]


def test_the_same_comparison_gives_the_same_bytes_whatever_the_users_settings(drawn, other):
    with matplotlib.rc_context({"font.size": 30, "svg.hashsalt": "mine", "lines.linewidth": 9}):
        assert pictures(other()) == drawn
    assert all(b"<dc:date>" not in picture.svg for picture in drawn)


def test_the_users_settings_are_left_alone(comparison):
    before = dict(matplotlib.rcParams)
    png_and_svg(utilisation_figure(comparison))
    assert dict(matplotlib.rcParams) == before


def test_files_hold_the_pictures(drawn, tmp_path):
    written = write_figures(drawn, tmp_path / "figures")
    assert sorted(path.name for path in written) == sorted(
        f"{name}.{kind}" for name in NAMES for kind in ("png", "svg")
    )
    assert (tmp_path / "figures" / "surplus.png").read_bytes().startswith(b"\x89PNG")
    assert re.search(rb"<svg [^>]*viewBox", (tmp_path / "figures" / "surplus.svg").read_bytes())
