"""A report on a sample says that its services had the servers of the sample."""

import pytest

from paysim.report.figures import utilisation_figure
from paysim.report.wording import sample_statement


@pytest.fixture
def sampled(other):
    return other(sample=0.015, replications=2)


def test_utilisation_is_of_the_servers_of_the_sample(sampled):
    figure = utilisation_figure(sampled)
    ends = [text.get_text().split(" of ")[1] for text in figure.axes[0].texts]
    assert {"14 beds", "2 cubicles", "4 beds", "1 clinicians"} <= set(ends)
    assert "Capacity is that of the sample, rounded up to whole servers." in figure.texts[1].get_text().replace(
        "\n", " "
    )


def test_waits_and_utilisation_are_said_to_be_those_of_the_sample():
    assert "waits and utilisation are those of the sample" in sample_statement(0.015)
