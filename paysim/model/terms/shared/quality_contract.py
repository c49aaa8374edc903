"""Alternative Quality Contract: a global budget whose surplus and deficit are shared by the quality gate reached."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from paysim.model.evidence import NEUTRAL
from paysim.model.terms.form import SETTLEMENT, by_year, named, number, rows, share, whole
from paysim.model.terms.problems import Problem
from paysim.model.terms.shared.target import AgainstTarget


@dataclass(frozen=True, slots=True)
class Gate:
    """What holds from a gate score on, up to the next gate."""

    score: float = number("The gate score from which this holds.")
    surplus_share: float = share("The payee's share of a surplus.")
    deficit_share: float = share("The payee's share of a deficit.")
    bonus: float = share("Quality bonus, as a share of the budget.", default=0.0, default_source=NEUTRAL)


@dataclass(frozen=True, kw_only=True)
class AlternativeQualityContract(AgainstTarget):
    """Shares a global budget's surplus or deficit, by shares that depend on the quality gate, and pays a bonus."""

    KIND: ClassVar[str] = "alternative_quality_contract"
    gates: tuple[Gate, ...] = rows("Quality gates, scores ascending; the first is that of the lowest score.", Gate)
    gate_score: tuple[float, ...] | None = by_year(
        number("Gate score, by financial year of the run, such as 1 to 5."), default=None
    )
    gate_measure: str | None = named("The measure whose value is the gate score.", "measure", default=None)
    settled_after_months: int = whole(
        "Months from the year's end to the payment.", most=60, default=6, default_source=SETTLEMENT
    )

    def problem(self) -> Problem | None:
        """Return what was found and expected where gates contradict each other or no score is given."""
        if (self.gate_score is None) == (self.gate_measure is None):
            found = "neither gate_score nor gate_measure" if self.gate_score is None else "gate_score and gate_measure"
            return f"found {found}", "expected one of them"
        if not self.gates:
            return "found no gates", "expected at least one"
        if self.gates[0].score != 0:
            return (
                f"found no gate for scores under {self.gates[0].score:g}",
                "expected the first gate to begin at score 0",
            )
        for lower, higher in pairwise(self.gates):
            if higher.score <= lower.score:
                return f"found gate {higher.score:g} after {lower.score:g}", "expected scores ascending"
            if higher.surplus_share < lower.surplus_share:
                return (
                    f"found a lower share of surplus at gate {higher.score:g}",
                    "expected it not to fall with quality",
                )
            if higher.deficit_share > lower.deficit_share:
                return (
                    f"found a higher share of deficit at gate {higher.score:g}",
                    "expected it not to rise with quality",
                )
        return super().problem()
