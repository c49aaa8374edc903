"""The page on how data flow names the floors that the import contract keeps apart."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \| `(paysim\.\w+)` \|", re.M)


def test_the_table_of_floors_is_that_of_the_import_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (each for each in project["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    layers = [re.findall(r"paysim\.\w+", layer) for layer in reversed(contract["layers"])]
    packages = [[name for name in layer if (ROOT / name.replace(".", "/")).is_dir()] for layer in layers]
    kept_apart = [(floor, name) for floor, names in enumerate(filter(None, packages)) for name in names]
    page = (ROOT / "docs" / "explanation" / "data-flow.md").read_text(encoding="utf-8")
    assert [(int(floor), name) for floor, name in ROW.findall(page)] == kept_apart
    for _, name in kept_apart:
        assert page.count(name) > 1, f"{name} has no place in the diagram"
