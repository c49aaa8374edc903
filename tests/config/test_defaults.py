"""Every default number that is in force is a parameter, with the source that stands where the default does."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from paysim.config import json_schema, load
from paysim.model.evidence import Parameter
from paysim.model.system import System
from paysim.model.terms.own import forget_own_terms

ROOT = Path(__file__).parents[2]

OWN_TERM = """
from dataclasses import dataclass
from typing import ClassVar

import paysim
from paysim.model.terms import Term
from paysim.model.terms.form import pounds, share


@dataclass(frozen=True)
class Grant(Term):
    KIND: ClassVar[str] = "grant"
    annual: int = pounds("Pounds a year.")
    held_back: float = share("Share held back.", default=0.25)


paysim.register_term(Grant, lambda term, seen: [])
"""


def defaults(system: System) -> dict[str, Parameter]:
    return {parameter.path: parameter for parameter in system.parameters if parameter.by_default}


def test_defaults_of_terms_are_parameters_with_their_sources(variant: Callable[[str], System]) -> None:
    system = variant(
        """
        [arrangement.blended]
        name = "Blended"
        extends = "block"
        [arrangement.blended.contract.all]
        payer = "ccg"
        payee = ["practice", "hospital"]
        terms = [
          { kind = "blended", id = "a", planned = 100, prices = "national" },
          { kind = "blended", id = "b", planned = 100, prices = "national", variable_rate = 0.5 },
        ]
        """
    )
    found = defaults(system)
    rate = found["arrangement.*.contract.*.terms[blended].variable_rate"]
    assert (rate.value, rate.by_default, rate.status) == ("0.2", 1, "cited")
    settled = found["arrangement.*.contract.*.terms[blended].settled_after_months"]
    assert (settled.value, settled.by_default, settled.status) == ("2", 2, "assumed")
    assert [p.value for p in system.parameters if p.path.endswith("terms[1].variable_rate")] == ["0.5"]


def test_a_default_is_one_parameter_however_often_it_is_in_force(folder: Path) -> None:
    found = defaults(load(folder / "base.toml"))
    assert found["study.warm_up_days"].value == "30"
    assert found["study.warm_up_days"].by_default == 1
    assert found["service.*.cost.fixed"].by_default == 1
    assert found["service.*.cost.per_day"].by_default == 2
    assert found["timing.*.hours"].value == "24 times 1.0"


def test_what_a_config_writes_is_no_default(variant: Callable[[str], System]) -> None:
    found = defaults(variant("[study]\nwarm_up_days = 30\n[service.surgery.cost]\nper_day = 0\n"))
    assert "study.warm_up_days" not in found
    assert found["service.*.cost.per_day"].by_default == 1


def test_a_default_that_stands_for_a_number_is_listed_in_words(variant: Callable[[str], System]) -> None:
    system = variant(
        """
        [lever.less]
        name = "Less of it"
        owner = "practice"
        unit = "share"
        range = [0, 1]
        now = 0
        effects = [{ kind = "demand", pathway = "general_practice", per_unit = -0.1 }]
        cost = { per_unit = 5 }
        """
    )
    found = defaults(system)
    assert found["lever.*.step"].value == "a tenth of the range, or more for a whole server or penny"
    assert "lever.*.now" not in found
    assert found["lever.*.cost.per_unit_squared"].value == "0.0"


def test_a_default_of_an_own_term_counts_as_assumed_where_it_names_no_source(
    variant: Callable[[str], System], folder: Path
) -> None:
    (folder / "grant.py").write_text(OWN_TERM)
    system = variant(
        """
        own_terms = ["grant.py"]
        [arrangement.granted]
        name = "Granted"
        extends = "block"
        [arrangement.granted.contract.grant]
        payer = "ccg"
        payee = "hospital"
        scope = { services = [] }
        terms = [{ kind = "grant", annual = 5 }]
        """
    )
    held_back = defaults(system)["arrangement.*.contract.*.terms[grant].held_back"]
    assert (held_back.value, held_back.source, held_back.status) == ("0.25", None, "assumed")


def is_numbers(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(is_numbers(item) for item in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def keys_of(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        for key, value in node.get("properties", {}).items():
            yield f"{path}.{key}", value
        node = node.items()
    elif isinstance(node, list):
        node = enumerate(node)
    else:
        return
    for key, value in node:
        yield from keys_of(value, f"{path}.{key}")


def test_every_default_number_of_the_schema_has_a_source() -> None:
    forget_own_terms()
    numbers = {path: key for path, key in keys_of(json_schema()) if is_numbers(key.get("default"))}
    assert any(path.endswith("QofIndicator.disease_factor") for path in numbers), "rows of terms were not walked"
    assert len(numbers) > 70
    assert [path for path, key in numbers.items() if not key.get("default_source", {}).get("citation")] == []
    assert {key["default_source"]["status"] for key in numbers.values()} == {"cited", "assumed"}


def test_the_withhold_of_aco_reach_is_that_of_2023_to_2025() -> None:
    (withhold,) = (key for path, key in keys_of(json_schema()) if path.endswith("AcoReachTerm.quality_withhold"))
    assert withhold["default"] == 0.02
    assert withhold["default_source"]["year"] == "2023-2025"


@pytest.mark.parametrize("config", ["configs/bhr.toml", "configs/london.toml"])
def test_defaults_of_a_large_system_stay_readable(config: str) -> None:
    found = defaults(load(ROOT / config))
    assert 10 < len(found) < 40
    assert found["service.*.cost.per_day"].by_default > 20
