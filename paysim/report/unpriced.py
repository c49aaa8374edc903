"""Care without a currency that only prices would pay for, and currencies and prices that no care has."""

from paysim.model.system import System
from paysim.payment.without_currency import steps_not_priced
from paysim.report.wording import counted

_NAMED = 3


def unpriced(system: System) -> tuple[str, ...]:
    """Return a sentence for the steps that no tariff pays for as they have no currency, and one for each idle currency.

    Such steps may well be meant: what is done at them is then paid for with other steps.
    """
    return (*_steps(steps_not_priced(system)), *_currencies(system))


def named(steps: tuple[str, ...]) -> str:
    """Return the first few steps of some, and how many more there are."""
    more = f" and {len(steps) - _NAMED:,} more" if len(steps) > _NAMED else ""
    return ", ".join(steps[:_NAMED]) + more


def _steps(steps: tuple[str, ...]) -> tuple[str, ...]:
    if not steps:
        return ()
    have = "has" if len(steps) == 1 else "have"
    return (f"No tariff pays for {counted(len(steps), 'step')} that {have} no currency: {named(steps)}.",)


def _currencies(system: System) -> tuple[str, ...]:
    used = {step.currency for step in system.steps.values()}
    return tuple(
        f"No step has currency {currency!r}{_prices(system, currency)}."
        for currency in system.currencies
        if currency not in used
    )


def _prices(system: System, currency: str) -> str:
    listed = {table.id: sum(of == currency for of, _ in table.prices) for table in system.prices.values()}
    prices = [f"{number:,} in {id!r}" for id, number in listed.items() if number]
    return f", so nothing is paid by its prices ({', '.join(prices)})" if prices else ""
