"""Names stand in figures as they were written, whatever characters are in them."""

import warnings
from dataclasses import replace

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from paysim.report.figures import difference_figure
from paysim.report.figures.style import png_and_svg

CHINESE = "病院"
NAME = "Plan with $20 copay, $\\nocommand{500} deductible, _once_"


@pytest.fixture
def named(other):
    """Draw a comparison of which one arrangement has this name."""
    study = other(replications=2)

    def draw(name):
        plan = replace(study.system.arrangements["capitation"], name=name)
        arrangements = dict(study.system.arrangements) | {"capitation": plan}
        return difference_figure(replace(study, system=replace(study.system, arrangements=arrangements)))

    return draw


def test_dollars_and_backslashes_are_no_formula(named):
    figure = named(NAME)
    FigureCanvasAgg(figure).draw()
    texts = [text for text in figure.findobj(matplotlib.text.Text) if text.get_text() == NAME]
    assert texts
    assert not any(text.get_parse_math() for text in texts)


def test_characters_that_the_font_lacks_make_no_warnings(named):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        png_and_svg(named(CHINESE))
