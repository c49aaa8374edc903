"""Terms that depend on what was paid before, and whose parameters can contradict each other."""

from dataclasses import dataclass
from typing import ClassVar

import paysim
from paysim.model.terms import Term
from paysim.model.terms.form import by_organisation, earlier, named, pounds, rows, share
from paysim.payment.terms.seen import Flow, Seen


@dataclass(frozen=True)
class Band:
    upto: int = pounds("Upper end of the band, pounds a year.")
    share: float = share("Share within the band.")


@dataclass(frozen=True)
class Shared(Term):
    """Shares what was paid before."""

    KIND: ClassVar[str] = "shared"
    of: tuple[str, ...] = earlier("What is shared.")
    shares: dict[str, float] = by_organisation(share("Each one's share."))
    bands: tuple[Band, ...] = rows("Bands, in ascending order.", Band, default=())
    gate: str | None = named("The measure that opens it.", "measure", default=None)

    def problem(self) -> tuple[str, str] | None:
        total = sum(self.shares.values())
        return None if abs(total - 1) < 1e-9 else (f"found shares that add up to {total:g}", "expected 1")


def shared(term: Shared, seen: Seen) -> list[Flow]:
    return [Flow(seen.contract.payer, payee, seen.paid_under(term.of)) for payee in term.shares]


paysim.register_term(Shared, shared)
