"""A kind of term with a field that has no form."""

from dataclasses import dataclass
from typing import ClassVar

import paysim
from paysim.model.terms import Term


@dataclass(frozen=True)
class Lump(Term):
    KIND: ClassVar[str] = "lump"
    annual: int


paysim.register_term(Lump, lambda term, seen: [])
