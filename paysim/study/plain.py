"""Values as JSON: every answer for machines and every JSON file is made here."""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np


def json_text(content: object) -> str:
    """Return a value as indented JSON that every reader takes, in characters that every output has."""
    return json.dumps(plain(content), indent=2, allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    """Return the value in JSON's own types; what is not a finite number is None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
