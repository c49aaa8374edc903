"""A payment back up the chain does not look like one down it."""

from dataclasses import replace

import pandas as pd
from matplotlib.patches import PathPatch

from paysim.report.figures import flow_figure


def told(study):
    figure = flow_figure(study, "capitation")
    hatched = [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch) and patch.get_hatch()]
    amounts = [text.get_text() for text in figure.axes[0].texts if text.get_text().startswith("←")]
    return len(hatched), len(amounts), "Hatched: paid from right to left." in figure.texts[1].get_text()


def test_a_payment_back_is_hatched_and_points_to_the_left(other):
    study = other(replications=2)
    assert told(study) == (0, 0, False)
    rows = [("capitation", n, "2017-04", "bhrut", "nelft", "back", "sum", 50_000_000_00) for n in range(2)]
    flows = pd.concat([study.flows, pd.DataFrame(rows, columns=study.flows.columns)], ignore_index=True)
    assert told(replace(study, flows=flows)) == (1, 1, True)
