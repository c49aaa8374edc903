"""What terms pay: shared."""

from paysim.payment.terms.kinds import Pay, Values

PAYMENT: dict[type, Pay] = {}
VALUATION: dict[type, Values] = {}
