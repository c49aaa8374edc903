"""From merged TOML to a Config: every problem of form in one refusal, in the user's terms."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from paysim.config.document import Document, KeyPath, value_at
from paysim.config.schema.config import Config
from paysim.config.wording import nearest, shown
from paysim.model.errors import InputError

_MOST_REPORTED = 10

_Form = TypeVar("_Form", bound=BaseModel)

_EXPECTED = {
    "int_type": "expected a whole number",
    "float_type": "expected a number",
    "finite_number": "expected a finite number",
    "string_type": "expected text in quotes",
    "bool_type": "expected true or false",
    "dict_type": "expected a table",
    "model_type": "expected a table",
    "list_type": "expected a list",
    "date_type": "expected a date without time or quotes, such as 2017-04-01",
    "string_too_short": "expected text that is not empty",
    "greater_than": "expected a number above {gt}",
    "greater_than_equal": "expected a number of at least {ge}",
    "less_than_equal": "expected a number of at most {le}",
    "literal_error": "expected {expected}",
}


def validate(document: Document) -> Config:
    """Return the config that a document holds; raise InputError with up to ten problems of form."""
    return validated(document, Config)


def validated(document: Document, form: type[_Form]) -> _Form:
    """Return what a document of some form holds; raise InputError with up to ten problems of form."""
    try:
        return form.model_validate(document.data)
    except ValidationError as error:
        problems = {str(problem): problem for problem in (_problem(document, details) for details in error.errors())}
        first, *others = list(problems.values())[:_MOST_REPORTED]
        raise InputError(first.file, first.key_path, first.found, first.expected, others) from None


def _problem(document: Document, error: ErrorDetails) -> InputError:
    path, form = _key_path(document.data, error["loc"])
    context: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "unknown_key":
            key = context["key"]
            if (origin := document.origin((*path, key))).row is not None:
                found, expected = f"unknown column {origin.column!r}", nearest(key, context["allowed"], "allowed")
                return InputError(str(origin.file), "row 1", found, expected)
            return document.refuse((*path, key), f"unknown key {key!r}", nearest(key, context["allowed"], "allowed"))
        case "missing_key":
            key, meaning = context["key"], context["meaning"].rstrip(".")
            return document.refuse((*path, key), "missing", f"expected `{key}`: {meaning}")
        case "refused":
            where = (*path, context["key"]) if context["key"] else path
            return document.refuse(where, context["found"], context["expected"])
        case "too_short" | "too_long":
            bound = "at least" if error["type"] == "too_short" else "at most"
            limit = context.get("min_length", context.get("max_length"))
            found = f"found {shown(value_at(document.data, path))} of {context['actual_length']}"
            return document.refuse(path, found, f"expected {bound} {limit}")
        case kind:
            value = value_at(document.data, path)
            plain = {key: f"{bound:g}" if isinstance(bound, float) else bound for key, bound in context.items()}
            expected = _EXPECTED[kind].format(**plain) if kind in _EXPECTED else error["msg"]
            if document.origin(path).row is not None:
                expected = expected.removesuffix(" in quotes")
            if form and kind.endswith(("_type", "literal_error")):
                expected = f"expected {form}"
            return document.refuse(path, f"found {shown(value)}", expected)


def _key_path(data: Any, location: tuple[str | int, ...]) -> tuple[KeyPath, str]:
    """Return an error's location as a path of the config, and the form it expected there.

    Pydantic puts the tag of the alternative that it tried into the location; our tags are phrases that say the form.
    """
    path: list[str | int] = []
    form = ""
    for part in location:
        inside = part in data if isinstance(data, dict) else isinstance(data, list) and isinstance(part, int)
        if inside:
            data = data[part]
            path.append(part)
            form = ""
        elif isinstance(part, str) and " " in part:
            form = part
    return tuple(path), form
