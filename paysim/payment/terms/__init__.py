"""The terms that a contract can hold, each one function: a further term is one file here and one line below."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Block, Capitation, Tariff, Term
from paysim.payment.terms.block import block
from paysim.payment.terms.capitation import capitation
from paysim.payment.terms.situation import Situation
from paysim.payment.terms.tariff import tariff

PAYMENT: Mapping[type[Term], Callable[[Any, Situation], NDArray[np.int64]]] = {
    Tariff: tariff,
    Block: block,
    Capitation: capitation,
}
"""What each kind of term pays: the function takes the term and its situation, and returns pence by period."""

PRICED = (Tariff,)
"""The kinds of term that have a price table: what the activity comes to at its prices is in their situation."""
