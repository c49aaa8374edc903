"""Reference pages that are made from paysim itself: a page says where with a line `<!-- generated -->`."""

from collections.abc import Callable
from typing import Any

from command_line import command_line
from config_format import config_format
from map_format import map_format

from paysim.config import json_schema
from paysim.model.activity import COLUMNS

MARK = "<!-- generated -->"


def activity_columns() -> str:
    """Return the columns of an activity as a table."""
    rows = [f"| `{name}` | {dtype} | {meaning} |" for name, (dtype, meaning) in COLUMNS.items()]
    return "\n".join(["| Column | Type in memory | Meaning |", "|---|---|---|", *rows])


PARTS: dict[str, Callable[[], str]] = {
    "reference/command-line": command_line,
    "reference/config-format": lambda: config_format(json_schema()),
    "reference/data-files": activity_columns,
    "reference/map-format": map_format,
}


def setup(app: Any) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("env-get-outdated", _always_outdated)
    app.connect("source-read", _fill)
    return {"parallel_read_safe": True}


def _always_outdated(*_: object) -> list[str]:
    """Return the pages that a change of paysim's source may change, though their own files stay as they are."""
    return list(PARTS)


def _fill(app: Any, page: str, source: list[str]) -> None:
    if page in PARTS:
        before, after = source[0].split(MARK)
        source[0] = before + PARTS[page]() + after
