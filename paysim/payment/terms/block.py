"""Block: pays an annual sum whatever the activity.

Source: NHS England, NHS Standard Contract 2017/18 and 2018/19, service condition 36 (payment terms): an annual contract
value, paid in twelve monthly instalments.
"""

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Block
from paysim.payment.terms.amounts import instalments, set_amount
from paysim.payment.terms.situation import Situation


def block(term: Block, situation: Situation) -> NDArray[np.int64]:
    """Return what a block pays by period: its annual sum in twelfths."""
    return instalments(set_amount(term.annual, term, situation), term, situation)
