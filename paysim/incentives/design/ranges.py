"""The parameters that are free and the ranges that they are free in: read, and refused where they are no use."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from numbers import Real

from paysim.incentives.design.change import arrangement_with, must_add_up, problem, settable
from paysim.incentives.design.parameters import Numeric, listed, parameters_named, parameters_of
from paysim.model.contract import Arrangement
from paysim.model.errors import InputError, refuse_other
from paysim.model.terms.form import Pounds
from paysim.model.terms.problems import total_of

MOST_FREE = 5
"""The number of candidates that a search needs grows with each parameter, too fast for more than a few."""


@dataclass(frozen=True, slots=True)
class Free:
    """A free parameter: its address as it was given, its form and meaning, and the range to search."""

    name: str
    low: float
    high: float
    form: Numeric
    meaning: str
    present: tuple[float, ...]

    @property
    def unit(self) -> str:
        """What its values count: pounds, or nothing."""
        return "pounds" if isinstance(self.form, Pounds) else ""

    def at(self, share: float) -> float:
        """Return the settable value at a share of the range, 0 the lower end and 1 the upper end."""
        value = self.low + (self.high - self.low) * share
        return min(max(settable(self.form, value), self.low), self.high)

    def share(self, value: float) -> float:
        """Return at which share of the range a value lies."""
        return (value - self.low) / (self.high - self.low)


def read_free(texts: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return the ranges by parameter that texts such as 'savings_*.gain_loss_share.shares.nelft=0:0.6' say.

    Raises InputError for a text that cannot be read, and for a parameter that is given twice.
    """
    ranges: dict[str, tuple[float, float]] = {}
    for text in texts:
        name, equals, ends = text.rpartition("=")
        low, colon, high = ends.partition(":")
        try:
            ends_read = float(low), float(high)
        except ValueError:
            ends_read = None
        if not name.strip() or not equals or not colon or ends_read is None:
            raise InputError("", "--free", f"found {text!r}", "expected PARAM=LO:HI, such as a.block.annual=1e6:2e6")
        if name.strip() in ranges:
            raise _twice(name.strip())
        ranges[name.strip()] = ends_read
    return ranges


def ranges_by_parameter(given: Mapping[str, object]) -> dict[str, tuple[float, float]]:
    """Return the ranges by parameter; raise InputError for anything but a pair of numbers for each."""
    example = "{'a.block.annual': (1e6, 2e6)}"
    refuse_other("free", given, Mapping, f"expected a range for each parameter, such as {example}")
    return {name: _two_numbers(name, ends) for name, ends in given.items()}


def _two_numbers(name: str, ends: object) -> tuple[float, float]:
    match ends:
        case (Real() as low, Real() as high):
            return float(low), float(high)
    raise InputError("", f"free {name}", f"found the range {ends!r}", "expected two numbers, such as (0.0, 0.5)")


def free_parameters(arrangement: Arrangement, ranges: Mapping[str, tuple[float, float]]) -> tuple[Free, ...]:
    """Return the free parameters of an arrangement.

    Raises InputError for none or too many, for a parameter that the arrangement lacks, for one that is given twice or
    budget-neutral, for a range that is empty or reversed, and for one that holds values that are not legal.
    """
    if not ranges:
        raise InputError("", "free", "found no free parameter", f"expected at least one of {listed(arrangement)}")
    if len(ranges) > MOST_FREE:
        raise InputError("", "free", f"found {len(ranges)} free parameters", f"expected at most {MOST_FREE}")
    free = tuple(_free(arrangement, name, *ends) for name, ends in ranges.items())
    _refuse_twice(arrangement, free)
    _refuse_illegal(arrangement, free)
    return free


def _free(arrangement: Arrangement, name: str, low: float, high: float) -> Free:
    meant = parameters_named(arrangement, name)
    form, where = meant[0].form, f"free {name}"
    if not (math.isfinite(low) and math.isfinite(high)):
        raise InputError("", where, f"found the range {low:g} to {high:g}", "expected two numbers")
    least, most = meant[0].limits
    if min(low, high) < least or max(low, high) > most:
        expected = f"expected values from {least:g} to {most:g}"
        raise InputError("", where, f"found the range {low:g} to {high:g}", expected)
    if settable(form, low) >= settable(form, high):
        found = f"found the {'reversed' if low > high else 'empty'} range {low:g} to {high:g}"
        raise InputError("", where, found, "expected a lower end below the upper end")
    present = meant[0].present if all(each.present == meant[0].present for each in meant) else ()
    return Free(name, settable(form, low), settable(form, high), form, meant[0].meaning, present)


def _refuse_twice(arrangement: Arrangement, free: Sequence[Free]) -> None:
    seen: set[str] = set()
    for each in free:
        for parameter in parameters_named(arrangement, each.name):
            if parameter.address in seen:
                raise _twice(parameter.address)
            seen.add(parameter.address)


def _twice(name: str) -> InputError:
    return InputError("", "free", f"found {name} twice", "expected each parameter once")


def _refuse_illegal(arrangement: Arrangement, free: Sequence[Free]) -> None:
    """Raise InputError for values that terms object to: at the ends and the middle of every range, in all ways."""
    _refuse_shares_beyond_reach(arrangement, free)
    for shares in product((0.0, 0.5, 1.0), repeat=len(free)):
        values = {each.name: each.at(share) for each, share in zip(free, shares, strict=True)}
        objection = problem(arrangement_with(arrangement, values))
        if objection is not None:
            where, (found, expected) = objection
            at = ", ".join(f"{name} at {value:g}" for name, value in values.items())
            raise InputError("", "free", f"found a range with illegal values: {where}: {_bare(found)} ({at})", expected)


def _refuse_shares_beyond_reach(arrangement: Arrangement, free: Sequence[Free]) -> None:
    """Raise InputError where shares must add up and none that is not free could give or take, or give so much."""
    known = parameters_of(arrangement)
    terms = {(contract.id, term.id): term for contract in arrangement.contracts for term in contract.terms}
    highest = {each: one.high for one in free for each in parameters_named(arrangement, one.name)}
    for each in highest:
        siblings = [other for other in known if each.is_sibling(other)]
        if not must_add_up(terms[each.contract, each.term], siblings):
            continue
        if not any(sum(other.present) for other in siblings if other not in highest):
            found = f"found no other share that could give or take when {each.address} changes"
            raise InputError("", "free", found, "expected another share above 0 that is not free: they add up to 1")
        together = [other for other in siblings if other in highest]
        if total_of(highest[other] for other in together) > 1:
            ends = ", ".join(f"{other.address} to {highest[other]:g}" for other in together)
            expected = "expected free shares whose upper ends add up to 1 at most: all shares add up to 1"
            raise InputError("", "free", f"found ranges of shares that reach beyond 1 together: {ends}", expected)


def _bare(found: str) -> str:
    return found.removeprefix("found ")
