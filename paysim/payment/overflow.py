"""The refusal of amounts that 64 bits might not hold."""

from paysim.model.errors import InputError

LARGEST_PENCE = 2**63 - 1


def refuse_overflow(largest_pence: int, terms: int, where: str) -> None:
    """Raise InputError where adding up so many terms, none beyond the largest, might not fit into 64 bits."""
    if largest_pence * terms > LARGEST_PENCE:
        found = f"found amounts of up to {largest_pence} pence, {terms} of them"
        raise InputError("", where, found, f"expected amounts whose sum is at most {LARGEST_PENCE} pence")
