"""How incentives are put into words: the same in figure, report and terminal tables."""

import math
from collections.abc import Sequence

from paysim.incentives.marginal import Change, Verdict, stride
from paysim.incentives.marginal.change import estimate, resolved_sign
from paysim.intervals import Interval
from paysim.model.calendar import DAYS_PER_YEAR
from paysim.model.lever import Lever
from paysim.report.answer import Passage
from paysim.report.incentive_records import Party, Readable, parties
from paysim.report.wording import counted, number, percent
from paysim.study.incentives import IncentiveMap

MARKS = {
    "aligned": "✓",
    "misaligned": "✗",
    "transfer": "⇄",
    "indifferent": "○",
    "not distinguishable": "?",
}
"""A sign beside the word, so that a verdict can be told at a glance and without colour."""

HORIZONS = {"short_run": "short run", "long_run": "long run"}

_NAMED = 5
"""Parties that a sentence names."""
