"""The JSON Schema accepts the configs we ship, refuses misspelt keys, and describes every key."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from paysim.config import json_schema
from paysim.config.merge import read_document

ROOT = Path(__file__).parents[2]
SYSTEMS = sorted(
    [
        *ROOT.glob("configs/*.toml"),
        *ROOT.glob("configs/examples/*.toml"),
        *(file for file in ROOT.glob("configs/theory/*.toml") if file.stem != "base"),
        *ROOT.glob("configs/how-to/*.toml"),
        ROOT / "tests/bad_configs/base.toml",
    ]
)


def as_json(file: Path) -> Any:
    return json.loads(json.dumps(read_document(file).data, default=str))


def described(node: Any) -> Iterator[tuple[str, bool]]:
    if isinstance(node, dict):
        for key, value in node.get("properties", {}).items():
            yield key, bool(value.get("description"))
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from described(child)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json_schema()


def test_it_is_a_json_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", SYSTEMS, ids=lambda file: file.stem)
def test_it_accepts_the_configs(file: Path, schema: dict[str, Any]) -> None:
    jsonschema.validate(as_json(file), schema)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("service", "wards", "capcity"), 14),
        (("service", "wards", "capacity"), "14"),
        (("service", "wards", "capacity"), True),
        (("arrangement", "block", "contract", "all", "terms"), [{"kind": "lump", "annual": 5}]),
        (("service", "st.thomas"), {}),
        (("study",), {"sample": 0}),
    ],
)
def test_it_refuses_what_loading_refuses(path: tuple[str, ...], value: object, schema: dict[str, Any]) -> None:
    data = as_json(ROOT / "tests/bad_configs/base.toml")
    table = data
    for key in path[:-1]:
        table = table[key]
    table[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)


def test_every_key_is_described(schema: dict[str, Any]) -> None:
    keys = list(described(schema))
    assert len(keys) > 100
    assert [key for key, has_description in keys if not has_description] == []


LEVER = {
    "name": "Less of it",
    "owner": "practice",
    "unit": "share",
    "range": [0, 1],
    "effects": [
        {"kind": "demand", "pathway": "general_practice", "per_unit": 1, "residents": {"ages": ["65+"]}},
        {"kind": "refer_away", "residents": {"places": ["vale"]}, "instead": "block", "curve": "below_threshold"},
    ],
    "cost": {"per_unit": 5},
}


@pytest.mark.parametrize(
    ("changes", "good"),
    [
        ({}, True),
        ({"now": 0.5, "step": 0.1, "effort": {}, "health": {"per_unit_squared": -1}}, True),
        ({"per": {"name": "admission avoided", "steps": ["emergency.ward"]}}, True),
        ({"rnge": [0, 1]}, False),
        ({"range": [0]}, False),
        ({"cost": 5}, False),
        ({"effects": [{"kind": "demnd", "pathway": "general_practice", "per_unit": 1}]}, False),
        ({"effects": [{"kind": "demand", "service": "wards", "per_unit": 1}]}, False),
        ({"effects": [{"kind": "stay", "steps": ["emergency.ward"], "per_unit": "1"}]}, False),
    ],
)
def test_levers_in_the_schema(changes: dict[str, object], good: bool, schema: dict[str, Any]) -> None:
    data = as_json(ROOT / "tests/bad_configs/base.toml")
    data["lever"] = {"some": {**LEVER, **changes}}
    assert jsonschema.Draft202012Validator(schema).is_valid(data) is good
