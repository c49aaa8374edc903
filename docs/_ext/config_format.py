"""The format of a config as a page, from its JSON Schema: a section for each block, a row for each key."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_HEAD = ["| Key | Type | Unless given | Meaning and unit |", "|---|---|---|---|"]
_NAMES = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false"}
_TECHNICAL = 1e9
"""Limits beyond this only keep numbers within their arrays, and are not worth a reader's time."""


def config_format(schema: Schema) -> str:
    """Return every block and key, in Markdown: in the order of the file, then the forms that several blocks share."""
    definitions = schema["$defs"]
    uses = Counter(_references(schema["properties"]))
    for definition in definitions.values():
        uses.update(_references(definition))
    shared = {name: definition for name, definition in definitions.items() if uses[name] > 1}
    return "\n".join(
        [
            _section("", "The whole file", schema),
            *(_section(*block) for block in _blocks(schema, "", definitions, shared)),
            "## Forms that several blocks share\n",
            *(_section(name, _words(name).capitalize(), form) for name, form in shared.items()),
        ]
    )


def _blocks(
    owner: Schema, path: str, definitions: Schema, shared: Schema, within: str = ""
) -> Iterator[tuple[str, str, Schema]]:
    """Yield (name, title, schema) of every block inside another, depth first, as a config is written.

    Where a key may hold one of several blocks, the titles of that block and of those within it say which.
    """
    for key, value in owner["properties"].items():
        names = [name for name in _references(value) if name not in shared]
        for name in names:
            here = f"{path}{key}{'.*' if 'additionalProperties' in value else ''}"
            which = f": {_words(name)}" if len(names) > 1 else within
            yield name, f"`{here}`{which}", definitions[name]
            yield from _blocks(definitions[name], f"{here}.", definitions, shared, which)


def _references(node: Any) -> list[str]:
    """Return the names of the definitions that a schema refers to."""
    if isinstance(node, list):
        return [name for item in node for name in _references(item)]
    if not isinstance(node, dict):
        return []
    own = [_name(node)] if "$ref" in node else []
    return own + [name for key, value in node.items() if key != "discriminator" for name in _references(value)]


def _section(name: str, title: str, block: Schema) -> str:
    rows = [
        f"| `{key}` | {_type(value)} | {_default(key, value, block)} | {value['description']} |"
        for key, value in block["properties"].items()
        # Every block may name its source: the page says so once.
        if key != "source" or not name
    ]
    anchor = [f"({_anchor(name)})="] if name else []
    return "\n".join([*anchor, f"### {title}", "", block["description"], "", *_HEAD, *rows, ""])


def _type(value: Schema) -> str:
    """Return what a key may hold, in words, with links to the blocks it may hold."""
    if "$ref" in value:
        return f"[{_words(_name(value))}](#{_anchor(_name(value))})"
    if alternatives := [each for each in value.get("anyOf", value.get("oneOf", [])) if each != {"type": "null"}]:
        return " or ".join(_type(each) for each in alternatives)
    if "const" in value or "enum" in value:
        return ", ".join(f"`{json.dumps(each)}`" for each in value.get("enum", [value.get("const")]))
    if value["type"] == "array":
        length = f"{value['minItems']} x " if "maxItems" in value else ""
        return f"list of {length}{_type(value['items'])}"
    if value.get("additionalProperties") is False:
        return f"`{{ {', '.join(value['properties'])} }}`"
    if value["type"] == "object":
        return f"by id: {_type(value['additionalProperties'])}"
    return ("date" if value.get("format") == "date" else _NAMES[value["type"]]) + _limits(value)


def _limits(value: Schema) -> str:
    low, high = value.get("minimum"), value.get("maximum")
    bounds = [
        f"above {value['exclusiveMinimum']:g}" if "exclusiveMinimum" in value else "",
        f"at least {low:g}" if low is not None and abs(low) < _TECHNICAL else "",
        f"at most {high:g}" if high is not None and high < _TECHNICAL else "",
    ]
    text = ", ".join(filter(None, bounds))
    return f" ({text})" if text else ""


def _default(key: str, value: Schema, block: Schema) -> str:
    """Return what holds where a key is left out."""
    default = value.get("default")
    if key in block.get("required", []):
        return "**required**"
    if isinstance(default, dict) and default:
        return "its keys' own"
    if default in (None, "", [], {}):
        return "none"
    if isinstance(default, list) and len(set(map(str, default))) == 1 and not isinstance(default[0], dict):
        return f"{len(default)} x {default[0]:g}"
    return f"`{default:g}`" if isinstance(default, float) else f"`{json.dumps(default)}`"


def _name(reference: Schema) -> str:
    """Return the name of the definition that `$ref` points to."""
    return str(reference["$ref"].rpartition("/")[2])


def _words(name: str) -> str:
    """Return the name of a definition as words: 'ByPlaceOfResidence' is 'by place of residence'."""
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _anchor(name: str) -> str:
    return f"config-{_words(name).replace(' ', '-')}"
