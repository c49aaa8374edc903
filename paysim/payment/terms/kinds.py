"""What a kind of term brings: what it pays and, where it has prices, how it values activity."""

from collections.abc import Callable, Iterable
from typing import Any

from paysim.model.contract import Contract
from paysim.payment.terms.seen import Flow, Seen
from paysim.payment.valuation import Valuation

Pay = Callable[[Any, Seen], Iterable[Flow]]
Values = Callable[[Any, Contract], Valuation]
