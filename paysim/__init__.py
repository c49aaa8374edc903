"""Care pathways, priced under every payment arrangement.

The names below are the public face; each is imported on first use, so that `import paysim` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paysim.config import load
    from paysim.incentives.changes import with_levers
    from paysim.model.activity import Activity
    from paysim.model.errors import InputError
    from paysim.model.repriced import with_prices
    from paysim.model.system import System
    from paysim.payment.accounts import Accounts
    from paysim.payment.ledger import Ledger
    from paysim.payment.terms import register_term
    from paysim.report.design.result import ContractDesign, design
    from paysim.report.incentives.result import Incentives, incentives
    from paysim.report.response.result import Response, respond
    from paysim.report.result import Result, compare
    from paysim.simulation.running import Running
    from paysim.simulation.simpy_engine.visit import Visit
    from paysim.study.extract import Extract, SettledExtract, read_extract, settle_extract
    from paysim.study.face import accounts, begin, settle, simulate
    from paysim.study.store import read_activity, write_activity

__version__ = "0.1.0"

_HOME = {
    "Accounts": "paysim.payment.accounts",
    "Activity": "paysim.model.activity",
    "Extract": "paysim.study.extract",
    "ContractDesign": "paysim.report.design.result",
    "Incentives": "paysim.report.incentives.result",
    "Response": "paysim.report.response.result",
    "Result": "paysim.report.result",
    "InputError": "paysim.model.errors",
    "Ledger": "paysim.payment.ledger",
    "Running": "paysim.simulation.running",
    "SettledExtract": "paysim.study.extract",
    "System": "paysim.model.system",
    "Visit": "paysim.simulation.simpy_engine.visit",
    "accounts": "paysim.study.face",
    "begin": "paysim.study.face",
    "compare": "paysim.report.result",
    "design": "paysim.report.design.result",
    "load": "paysim.config",
    "read_activity": "paysim.study.store",
    "register_term": "paysim.payment.terms",
    "read_extract": "paysim.study.extract",
    "respond": "paysim.report.response.result",
    "settle": "paysim.study.face",
    "settle_extract": "paysim.study.extract",
    "simulate": "paysim.study.face",
    "with_levers": "paysim.incentives.changes",
    "with_prices": "paysim.model.repriced",
    "write_activity": "paysim.study.store",
}

__all__ = [
    "Accounts",
    "Activity",
    "ContractDesign",
    "Extract",
    "Incentives",
    "InputError",
    "Ledger",
    "Response",
    "Result",
    "Running",
    "SettledExtract",
    "System",
    "Visit",
    "accounts",
    "begin",
    "compare",
    "design",
    "incentives",
    "load",
    "read_activity",
    "read_extract",
    "register_term",
    "respond",
    "settle",
    "settle_extract",
    "simulate",
    "with_levers",
    "with_prices",
    "write_activity",
]


def __getattr__(name: str) -> Any:
    if name == "incentives":
        # The floor of that name, which can be called.
        return import_module("paysim.incentives")
    if name not in _HOME:
        raise AttributeError(f"module 'paysim' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
