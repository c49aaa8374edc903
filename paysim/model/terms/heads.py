"""Terms: heads."""

from paysim.model.terms.term import Term

KINDS: tuple[type[Term], ...] = ()
