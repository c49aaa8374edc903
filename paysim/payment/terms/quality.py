"""What terms pay: quality."""

from paysim.payment.terms.kinds import Pay, Values

PAYMENT: dict[type, Pay] = {}
VALUATION: dict[type, Values] = {}
