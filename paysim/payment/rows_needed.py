"""Which terms look at an activity's rows, and cannot be settled from its survey and costs alone."""

from collections.abc import Iterable

from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.model.terms import Term
from paysim.model.terms.heads import StopLossForOutliers
from paysim.model.terms.shared import EpisodeBundle
from paysim.payment.measures import FROM_SURVEY
from paysim.payment.terms import BUILT_IN


def rows_needed(system: System, arrangements: Iterable[Arrangement]) -> bool:
    """Return whether settling under some of these arrangements looks at the activity's rows."""
    return any(
        looks_at_rows(term, system)
        for arrangement in arrangements
        for contract in arrangement.contracts
        for term in contract.terms
    )


def looks_at_rows(term: Term, system: System) -> bool:
    """Return whether a term does: for single residents, for episodes, or for measures that a survey cannot tell.

    What terms of a config's own look at is not known, so they count as doing it.
    """
    if type(term) not in BUILT_IN or isinstance(term, StopLossForOutliers):
        return True
    if isinstance(term, EpisodeBundle) and term.episodes is None:
        return True
    return any(system.measures[measure].kind not in FROM_SURVEY for measure in term.measures())
