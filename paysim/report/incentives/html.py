"""The report of an incentive map: one HTML file that needs nothing else, with the answer first."""

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from paysim.incentives.expected import EXPECTED
from paysim.incentives.marginal import Verdict
from paysim.intervals import Interval
from paysim.model.lever import Lever
from paysim.report.answer import Passage
from paysim.report.figures.picture import Picture
from paysim.report.html import environment, resting_on
from paysim.report.incentives.quality import health_text, moved_measures, quintiles
from paysim.report.incentives.records import Readable
from paysim.report.incentives.wording import (
    HORIZON_NAMES,
    MARKS,
    MEANINGS,
    events,
    incentive_basis,
    needed_text,
    partners,
    short,
    step_text,
    verdict_word,
    warnings,
)
from paysim.report.wording import typeset
from paysim.study.incentives.study import IncentiveMap
from paysim.study.whole import write_text

_LIMITS = (
    "A verdict is about direction at the margin, with everything else as it is. Whether the lever would be pulled, and"
    " how far, it does not say.",
    "Intervals cover chance between replications. They do not cover doubt about the parameters, which the assumptions"
    " below list. Of many verdicts a few will be wrong by chance.",
    "Health is what the config lists as health; what is not listed does not count. Measures of quality have no price:"
    " a verdict does not hold them.",
)


def write_incentives_report(incentives: IncentiveMap, drawn: Sequence[Picture], path: Path) -> None:
    """Write the report of a map with its pictures; the same map always gives the same bytes."""
    content = _content(incentives) | {"pictures": {picture.name: picture for picture in drawn}}
    write_text(environment().get_template("incentives.html.j2").render(content), path)


def _content(incentives: IncentiveMap) -> dict[str, Any]:
    readable = {horizon: Readable(incentives, horizon) for horizon in HORIZON_NAMES}
    lost = Passage(
        "Partners of the owner who lose though the system gains, short run, £k a year for one step",
        partners(readable["short_run"]),
    )
    return {
        **resting_on(incentives.system, incentives.provenance),
        "arrangements": [incentives.system.arrangements[id] for id in incentives.settings.arrangements],
        "levers": incentives.levers,
        "basis": incentive_basis(incentives),
        "warnings": warnings(incentives),
        "interval_note": _interval_note(incentives),
        "events": (*events(readable["short_run"]), lost),
        "limits": _LIMITS,
        "horizons": HORIZON_NAMES,
        "meanings": MEANINGS,
        "marks": MARKS,
        "readable": readable,
        "step_text": step_text,
        "thousands": _thousands,
        "moved": {lever.id: moved_measures(readable["short_run"], lever) for lever in incentives.levers},
        "quintiles": quintiles(incentives.system),
        "health": partial(health_text, readable["short_run"]),
        "any_health": readable["short_run"].most_health > 0,
        "needed": _needed,
        "word": verdict_word,
    }


def _interval_note(incentives: IncentiveMap) -> str:
    if incentives.settings.engine == EXPECTED:
        return "Expected values, with no chance in them."
    if incentives.settings.replications == 1:
        return "A single replication gives no interval."
    return "In brackets the 95% interval of the mean paired difference over replications."


def _thousands(change: Interval, lever: Lever) -> str:
    mean, low, high = (typeset(short(value * lever.step)) for value in change)
    no_interval = change.low == change.high or math.isnan(change.low)
    return mean if no_interval else f"{mean} ({low} to {high})"


def _needed(verdict: Verdict) -> str:
    return needed_text(verdict).removesuffix(" needed")
