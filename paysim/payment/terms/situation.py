"""What a term's payment may depend on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Contract
from paysim.model.system import System


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """The contract that a term stands in, and what happened under it.

    `value_pence` is what the contract's activity comes to at the term's prices, by period, for the whole
    population; None for terms without prices.
    """

    system: System
    contract: Contract
    periods: int
    value_pence: NDArray[np.int64] | None
