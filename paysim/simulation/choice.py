"""Choice of provider by share and current wait: arithmetic that both engines share."""

import math

from paysim.jit import inlined_kernel


@inlined_kernel
def attraction(share, sensitivity, wait_days, shortest_days):  # type: ignore[no-untyped-def]
    """Return an option's weight in a multinomial logit; see `paysim.model.pathway.ServiceChoice`.

    Waits count from the shortest of those options that have a share, which has its share for a weight: so the weights
    of long waits may vanish, but never all of them.
    """
    return share * math.exp(-sensitivity * (wait_days - shortest_days)) if share > 0.0 else 0.0
