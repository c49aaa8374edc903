"""Frozen values in a line or two: arrays told by what they hold, not number by number."""

from dataclasses import fields
from typing import Any

import numpy as np


def brief(value: Any) -> str:
    """Return the class and fields of a frozen value as Python shows them, but for arrays.

    One that holds a single number is told as 'all 0.5', any other as '(3, 180) from 0 to 0.5'.
    """
    shown = (f"{field.name}={_shown(getattr(value, field.name))}" for field in fields(value) if field.repr)
    return f"{type(value).__name__}({', '.join(shown)})"


def _shown(value: object) -> str:
    if not isinstance(value, np.ndarray) or not value.size or not np.issubdtype(value.dtype, np.number):
        return repr(value)
    least, most = value.min(), value.max()
    return f"all {least:g}" if least == most else f"{value.shape} from {least:g} to {most:g}"
