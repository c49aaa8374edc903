"""Names stand in figures as they were written, whatever characters are in them."""

from dataclasses import replace

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from paysim.report.figures import difference_figure

NAME = "Plan with $20 copay, $\\nocommand{500} deductible, _once_"


@pytest.fixture
def figure(other):
    study = other(replications=2)
    plan = replace(study.system.arrangements["capitation"], name=NAME)
    arrangements = dict(study.system.arrangements) | {"capitation": plan}
    return difference_figure(replace(study, system=replace(study.system, arrangements=arrangements)))


def test_dollars_and_backslashes_are_no_formula(figure):
    FigureCanvasAgg(figure).draw()
    texts = [text for text in figure.findobj(matplotlib.text.Text) if text.get_text() == NAME]
    assert texts
    assert not any(text.get_parse_math() for text in texts)
