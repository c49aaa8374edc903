"""The format of a map as a page: its keys, from its JSON Schema, and what extracts usually look like."""

from config_format import config_format

from paysim.config.schema.extract import map_json_schema
from paysim.config.usual_extract import COLUMNS, ONLY, RULES

_NO_SHARED_FORMS = "## Forms that several blocks share"


def map_format() -> str:
    """Return every key, the usual columns and the usual rules, in Markdown."""
    keys = (
        config_format(map_json_schema())
        .replace(_NO_SHARED_FORMS, "")
        .replace("(config-", "(map-")
        .replace("### ", "## ")
    )
    return "\n".join([keys.replace("#config-", "#map-"), "## Usual columns", "", *_columns(), "", *_rules()])


def _columns() -> list[str]:
    roles = dict.fromkeys(role for columns in COLUMNS.values() for role in columns)
    head = ["| Holds | " + " | ".join(f"`{kind}`" for kind in COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    rows = [
        f"| `{role}` | " + " | ".join(_names(columns.get(role, ())) for columns in COLUMNS.values()) + " |"
        for role in roles
    ]
    return head + rows


def _rules() -> list[str]:
    lines = ["## Usual points of delivery", "", "The first rule that holds counts.", ""]
    lines += ["| Kind | Point of delivery | Rows with |", "|---|---|---|"]
    for kind, rules in RULES.items():
        for rule in rules:
            tests = [f"`{column}` {_names(values)}" for column, values in rule.where.items()]
            short = [] if rule.shorter_than_days is None else [f"fewer than {rule.shorter_than_days} midnights"]
            lines.append(f"| `{kind}` | `{rule.point_of_delivery}` | {', '.join([*tests, *short])} |")
    for kind, only in ONLY.items():
        for column, values in only.items():
            lines += ["", f"Of `{kind}` only rows with `{column}` {_names(values)} count, where the file has it."]
    return lines


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
