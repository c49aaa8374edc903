"""Block: pays an annual sum whatever the activity.

Source: NHS England, NHS Standard Contract 2017/18 and 2018/19, service condition 36: an agreed annual contract value is
paid in monthly instalments of one twelfth.
"""

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Block
from paysim.model.money import in_twelfths
from paysim.payment.terms.amounts import set_amount
from paysim.payment.terms.situation import Situation


def block(term: Block, situation: Situation) -> NDArray[np.int64]:
    """Return what a block pays by period: its annual sum in twelfths."""
    return in_twelfths(set_amount(term.annual, situation.contract, term), situation.periods)
