"""What is asked of a contract design, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from paysim.incentives.design.candidate import Candidate
from paysim.incentives.design.judge import Reference, Rules
from paysim.incentives.design.ranges import Free
from paysim.incentives.design.ranking import Confidence
from paysim.incentives.outcome import Outcome
from paysim.model.system import System
from paysim.study.settings import Settings

TOLERANCE = 1e-4
"""Of what a partner receives: a loss as small as this on average is none."""

ZONE = 0.05
"""Of the gap under the contract that others are held against: contracts that are nearer in gap are as good."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a design is asked for: the arrangement to change, the ranges of its free parameters, and the limits.

    No partner may be worse off than under arrangement `than` (None: the study's first) by more than the share
    `tolerance` of what it receives (infinite: by anything). With `floor` it keeps no less in a year as bad as one in
    twenty than so many pounds beside its average under `than`. `candidates` is the most contracts to try, `zone` the
    pounds a year of gap that make no difference, `levers` those that organisations set; None: what is usual.
    """

    arrangement: str
    free: Mapping[str, tuple[float, float]]
    than: str | None = None
    floor: float | None = None
    tolerance: float = TOLERANCE
    candidates: int | None = None
    zone: float | None = None
    levers: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class Designed:
    """What a design came to. `written` is the arrangement as it is, `candidates` all that were tried, in order.

    `contenders` are the winner and those ranked against it. `checked` are outcomes that were simulated, not fitted, by
    replication: at the equilibrium under `than`, at the winner's and at the joint optimum, under both contracts, that
    of `than` first.
    """

    system: System
    settings: Settings
    asked: Asked
    than: str
    free: tuple[Free, ...] = field(repr=False)
    rules: Rules = field(repr=False)
    reference: Reference = field(repr=False)
    written: Candidate = field(repr=False)
    candidates: tuple[Candidate, ...] = field(repr=False)
    winner: Candidate = field(repr=False)
    frontier: tuple[Candidate, ...] = field(repr=False)
    contenders: tuple[Candidate, ...] = field(repr=False)
    confidence: Confidence = field(repr=False)
    checked: tuple[tuple[Outcome, ...], ...] = field(repr=False)
    provenance: dict[str, object] = field(repr=False)
