"""Risk that organisations mind and that nobody has seen, in words."""

from collections.abc import Mapping

from paysim.incentives.expected import EXPECTED
from paysim.model.objective import Objective
from paysim.model.system import System
from paysim.study.settings import Settings


def unseen_risk(system: System, objectives: Mapping[str, Objective], settings: Settings) -> tuple[str, ...]:
    """Return a sentence on those who are averse to risk where what was simulated has none."""
    averse = [system.organisations[id].name for id, each in objectives.items() if each.risk_aversion]
    if not averse or (settings.engine != EXPECTED and settings.replications > 1):
        return ()
    known = "Expected values know" if settings.engine == EXPECTED else "A single replication knows"
    return (f"{known} no risk, so the risk aversion of these counts for nothing: {', '.join(averse)}.",)
