"""Choice of provider by share and current wait: arithmetic that both engines share."""

import math

from paysim.jit import inlined_kernel


@inlined_kernel
def attraction(share, sensitivity, wait_days):  # type: ignore[no-untyped-def]
    """Return an option's weight in a multinomial logit; see `paysim.model.pathway.ServiceChoice`."""
    return share * math.exp(-sensitivity * wait_days)
