"""What one more unit of a lever does to every organisation; how organisations respond; which contract lines them up.

The call `paysim.incentives(...)` of the public face and this floor bear one name, so the module can be called.
"""

import inspect
import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Face(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the marginal incentives of a system, see `paysim.report.incentives.result.incentives`."""
        return import_module("paysim.report.incentives.result").incentives(*args, **kwargs)

    @property
    def __signature__(self) -> inspect.Signature:
        """What the call takes."""
        return inspect.signature(import_module("paysim.report.incentives.result").incentives)


sys.modules[__name__].__class__ = _Face
