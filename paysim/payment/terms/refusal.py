"""The refusal of a term: where it stands and, where a config brings it, its file."""

from paysim.model.contract import Contract
from paysim.model.errors import InputError
from paysim.model.terms import Term
from paysim.model.terms.own import file_of


def refusal(term: Term, contract: Contract, found: str, expected: str) -> InputError:
    """Return the exception for what was found at a term of a contract."""
    return InputError(file_of(type(term)), f"contract {contract.id}, term {term.id}", found, expected)
