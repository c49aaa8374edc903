"""Multilateral gain and loss share: several organisations share the difference between a target and spending.

Source: Monitor and NHS England, "Local payment examples: Multilateral gain/loss sharing: a financial mechanism to
support collaborative service reform" (July 2015): what commissioners were expected to spend is compared with what they
spent, and the difference is distributed among commissioners and providers.
"""

from fractions import Fraction

from paysim.model.exact import exact
from paysim.model.terms.shared import Band, GainLossShare
from paysim.payment.terms.seen import Flow, Seen
from paysim.payment.terms.shared.bands import Slice, shared_in_bands
from paysim.payment.terms.shared.target import spending, targets


def gain_loss_share(term: GainLossShare, seen: Seen) -> list[Flow]:
    """Return what each organisation gets of a gain, or pays of a loss: its share x what of it is shared.

    Gain = target - spending, loss = spending - target, by financial year. Nothing is shared of a gain under
    minimum_savings_rate x target, nor of a loss under minimum_loss_rate x target; of others the sum over bands of
    shared x slice, at most gain_cap (loss_cap) x target. The holder, the payer unless named, pays each other
    organisation its share, rounded once, and is left with the rest. Booked at the year's end.
    """
    holder = term.held_by or seen.contract.payer
    differences = zip(targets(term, seen), spending(term, seen), strict=True)
    shared = [shared_difference(term, target, target - spent) for target, spent in differences]
    loss_shares = term.shares if term.loss_shares is None else term.loss_shares
    flows = []
    for organisation in dict.fromkeys((*term.shares, *loss_shares)):
        if organisation == holder:
            continue
        of_gain, of_loss = (exact(shares.get(organisation, 0.0)) for shares in (term.shares, loss_shares))
        pence = seen.at_year_ends(amount * (of_gain if amount > 0 else of_loss) for amount in shared)
        flows.append(Flow(holder, organisation, pence, term.settled_after_months))
    return flows


def shared_difference(term: GainLossShare, target: Fraction, difference: Fraction) -> Fraction:
    """Return what of a difference all organisations share, the holder's part with it: below zero where it is a loss."""
    if difference >= 0:
        bands, minimum, cap = term.bands, term.minimum_savings_rate, term.gain_cap
    else:
        bands = term.bands if term.loss_bands is None else term.loss_bands
        minimum, cap = term.minimum_loss_rate, term.loss_cap
    size = abs(difference)
    if size < exact(minimum) * target:
        return Fraction(0)
    shared = shared_in_bands(size, target, slices(bands)) if bands else size
    if cap is not None:
        shared = min(shared, exact(cap) * max(target, Fraction(0)))
    return shared if difference >= 0 else -shared


def slices(bands: tuple[Band, ...]) -> list[Slice]:
    """Return where each band ends and the part that is shared within it."""
    return [(None if band.up_to is None else exact(band.up_to), exact(band.shared)) for band in bands]
