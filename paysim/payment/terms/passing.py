"""Money that is passed on: shares and parts of what was received, exact to the penny."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from paysim.model.exact import exact
from paysim.payment.terms.seen import Flow, Pence, Seen


def share_of(seen: Seen, received: Mapping[int, Pence], share: float) -> list[Flow]:
    """Return flows of a share of what was received, from the contract's payer to its payee.

    What is due later is passed on later. Rounded by the running total of each financial year.
    """
    part = exact(share)
    return [seen.to_payee(seen.by_running_total(pence.tolist(), part), due) for due, pence in received.items()]


def parts_of(seen: Seen, pence: Pence, shares: Mapping[str, float]) -> dict[str, Pence]:
    """Return each organisation's part of an amount by period.

    Rounded by the running total over the financial year and over the organisations, in their order, so that shares
    that sum to 1 divide every penny and none twice.
    """
    parts, share_so_far, pence_so_far = {}, Fraction(0), np.zeros(seen.periods, dtype=np.int64)
    for organisation, share in shares.items():
        share_so_far += exact(share)
        up_to = seen.by_running_total(pence.tolist(), share_so_far)
        parts[organisation], pence_so_far = up_to - pence_so_far, up_to
    return parts
