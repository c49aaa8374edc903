"""Episode bundle: spending on episodes is reconciled with a target price, within stop-loss and stop-gain.

Sources: 42 CFR 510.300 (target prices) and 510.305 (net payment reconciliation amount, annual reconciliation) for
Comprehensive Care for Joint Replacement (CJR); Bundled Payments for Care Improvement (BPCI) model 2 is of this form.
Here at the level of a year's episodes: no cap on a single costly episode, no quality adjustment of the price.
"""

from fractions import Fraction

from paysim.model.exact import exact
from paysim.model.terms.shared import EpisodeBundle
from paysim.payment.terms.seen import Flow, Seen, of_year
from paysim.payment.terms.shared.episodes import episodes_by_year
from paysim.payment.terms.shared.target import between, spending


def episode_bundle(term: EpisodeBundle, seen: Seen) -> list[Flow]:
    """Return each year's reconciliation: target - spending, from - stop-loss x target to stop-gain x target.

    Target = episodes x target price x (1 - discount). Episodes are those of the pathways that ended in the year, or as
    stated, then months/12 of them in an incomplete year. Rounded once, booked at the year's end.
    """
    settled = []
    for year, episodes, spent in zip(seen.years, _episodes(term, seen), spending(term, seen), strict=True):
        price = of_year(term.target_price, year.number)
        target = episodes * price * (1 - exact(of_year(term.discount, year.number)))
        most = abs(target - spent) if term.stop_gain is None else exact(of_year(term.stop_gain, year.number)) * target
        least = abs(target - spent) if term.stop_loss is None else exact(of_year(term.stop_loss, year.number)) * target
        settled.append(between(-least, target - spent, most))
    return [seen.to_payee(seen.at_year_ends(settled), term.settled_after_months)]


def _episodes(term: EpisodeBundle, seen: Seen) -> list[Fraction]:
    if term.episodes is None:
        return episodes_by_year(term, seen)
    return [exact(of_year(term.episodes, year.number)) * year.share for year in seen.years]
