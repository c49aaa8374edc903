"""Whatever stands in a config, loading it gives a system or a refusal: never another exception."""

import copy
import json
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paysim.config import load
from paysim.config.document import nodes, value_at
from paysim.model.errors import InputError
from paysim.model.system import System

BASE = Path(__file__).parents[1] / "bad_configs" / "base.toml"
FEATURES = """
[need]
death = 0.01
transitions = { file = "tables/transitions.csv", column = "probability" }

[service.clinic]
name = "Clinic"
organisation = "hospital"
sector = "acute"
unit = "clinicians"
capacity = 2
waiting_room = 5
follows_activity = { servers_per_step = 1, lag_months = 2, planned_utilisation = 0.8 }

[choice.clinic]
options = ["here", "there"]
wait_sensitivity = 0.1
[choice.clinic.travel]
minutes = { hill = { here = 5 }, vale = { here = 20, there = 9 } }
sensitivity = 0.1
attraction = { here = 1 }

[pathway.outpatients]
name = "Outpatients"
entry = "visit"
demand = { rate = 0.1, timing = "flat" }
[pathway.outpatients.step.visit]
name = "Visit"
service = { choice = "clinic", options = { here = "clinic", there = "clinic" } }
duration = { hours = 1 }
patience = { hours = 4, distribution = "exponential" }
unserved = "call"
not_attending = { probability = 0.08, instead = "call" }
[[pathway.outpatients.step.visit.next]]
to = "emergency.ward"
probability = 0.1
holds = true
delay = { days = 1, cv = 0.5 }
after_wait = [{ over = { hours = 4 }, probability = 0.2 }]
[pathway.outpatients.step.call]
name = "Call"
service = "clinic"
duration = { minutes = 5 }

[arrangement.narrow]
name = "Narrow scopes"
[arrangement.narrow.contract.younger]
payer = "ccg"
payee = ["practice", "hospital"]
scope = { ages = ["0-64"], pathways = ["general_practice", "emergency", "outpatients"], periods = { to = "2018-03" } }
terms = [
  { kind = "tariff", prices = "national", price_growth = [0.01, 0.02], currencies = ["consultation", "non_elective"] },
  { kind = "block", annual = { by_place = { hill = 1, vale = 2 } }, growth = 0.02 },
]
[arrangement.narrow.contract.older]
payer = "ccg"
payee = ["practice", "hospital"]
scope = { ages = ["65+"], segments = ["well", "ill"], periods = { from = "2017-04", to = "2018-03" } }
terms = [{ kind = "capitation", annual_per_head = 9, weights = { file = "tables/rates.csv", column = "admitted" } }]
[arrangement.narrow.contract.settlement]
payer = "ccg"
payee = "hospital"
terms = [
  { kind = "shared", of = ["younger", "older"], shares = { hospital = 1 }, bands = [{ upto = 5, share = 1 }] }
]

[health]
pounds_per_qaly = 20_000
discount_rate = 0.035
[health.effect.wait]
name = "Waiting"
steps = ["outpatients.visit"]
per_day_waited = -0.001
on = true

[lever.care]
name = "Other care"
owner = "hospital"
unit = "share"
range = [0.0, 0.5]
now = 0
step = 0.1
per = { name = "visit avoided", steps = ["outpatients.visit"] }
effects = [
  { kind = "demand", pathway = "outpatients", per_unit = -1.0, residents = { ages = ["65+"], segments = ["ill"] } },
  { kind = "divert", step = "emergency.ward", away = "emergency.convalescence", to = "outpatients.call", per_unit = 1 },
  { kind = "divert", step = "emergency.ward", away = "emergency.convalescence", per_unit_squared = 2 },
  { kind = "stay", steps = ["emergency.ward"], per_unit = -1.0, per_unit_squared = 0.5 },
  { kind = "delay", step = "outpatients.visit", to = "emergency.ward", per_unit = 1 },
  { kind = "capacity", service = "clinic", per_unit = 10 },
  { kind = "unit_cost", service = "clinic", per_unit = 5 },
  { kind = "choice", choice = "clinic", option = "here", per_unit = 0.1 },
]
cost = { per_unit = 1_000, per_unit_squared = 10 }
effort = { per_unit = 5 }
health = { per_unit = 1 }

[lever.lists]
name = "Other lists"
owner = "practice"
unit = "severity"
range = [1.0, 1.25]
effects = [
  { kind = "recode", steps = ["emergency.ward"], code = "LA04S", recorded_as = "AA22C", curve = "below_threshold" },
  { kind = "refer_away", residents = { places = ["vale"] }, instead = "block", curve = "severity_below_threshold" },
]
cost = {}

[objective.hospital]
health_weight = 0.5
rule = "best_response"
"""
TEXT = (
    'own_terms = ["terms/shared.py"]\n'
    + BASE.read_text().replace("tables/population.csv", "tables/segments.csv")
    + FEATURES
)
DATA = tomllib.loads(TEXT)
PATHS = [path for path, _ in nodes(DATA) if path]
TABLES = sorted(file.name for file in (BASE.parent / "tables").glob("*.csv"))

strange = st.one_of(
    st.sampled_from([0, -1, 1, 2, 10**30, 1e-17, 0.5, -0.5, 1e308, float("nan"), float("inf"), True, False]),
    st.sampled_from(["", "x", "wards", "ccg", "emergency.ward", "activity", "block", "..", "/", "0-64", "\u2603"]),
    st.sampled_from([[], {}, [1], ["x"], [{}], [[]], {"x": 1}, {"file": "tables/rates.csv"}, {"source": "made_up"}]),
    st.sampled_from(
        [{"file": "tables/organisations.csv", "by": "id"}, {"file": "tables/organisations.csv", "list": "id"}]
    ),
    st.sampled_from([f"tables/{name}" for name in TABLES]),
    st.just(date(2018, 4, 1)),
)


def as_toml(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(as_toml, value)) + "]"
        case str() | bool():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return value.isoformat()
        case _:
            return repr(value)


def test_the_system_that_is_mutated_is_good(folder: Path) -> None:
    (folder / "base.toml").write_text(TEXT)
    assert load(folder / "base.toml").population.segments == ("well", "ill")


def assert_it_loads_or_is_refused(file: Path) -> None:
    result: System | InputError
    try:
        result = load(file)
    except InputError as refusal:
        result = refusal
    if isinstance(result, InputError):
        assert result.file.startswith(str(file.parent))
        assert result.found
        assert result.expected


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_loading_refuses_in_its_own_words(data: st.DataObject, folder: Path) -> None:
    mutated = copy.deepcopy(DATA)
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(PATHS))
        try:
            table = value_at(mutated, path[:-1])
            if data.draw(st.booleans()):
                table[path[-1]] = copy.deepcopy(data.draw(strange))
            else:
                del table[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
    file = folder / "mutated.toml"
    text = "\n".join(f"{json.dumps(key)} = {as_toml(value)}" for key, value in mutated.items())
    file.write_text(text, encoding="utf-8")
    assert_it_loads_or_is_refused(file)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_loading_refuses_strange_tables_in_its_own_words(data: st.DataObject, folder: Path) -> None:
    name = data.draw(st.sampled_from(["segments", "transitions", "rates", "case_mixes", "prices", "code_costs"]))
    rows = [line.split(",") for line in (BASE.parent / "tables" / f"{name}.csv").read_text().splitlines()]
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    cell = st.sampled_from(["", "-1", "nan", "inf", "1e400", "1_0", "all", "65+", '"', '"a,b"', "1,2", "\x00", "²"])
    rows[row][column] = data.draw(cell)
    table = folder / "tables" / f"{name}.csv"
    table.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    (folder / "base.toml").write_text(TEXT)
    assert_it_loads_or_is_refused(folder / "base.toml")
    shutil.copy(BASE.parent / "tables" / f"{name}.csv", table)


@pytest.mark.parametrize(
    "text", ["", "\x00", "a = ", "= 1", "[a", "a = 1\na = 2", "a = 1979-13-45", "{}", "a.b = 1\na = 2"]
)
def test_text_that_is_no_config(text: str, folder: Path) -> None:
    (folder / "broken.toml").write_text(text)
    with pytest.raises(InputError):
        load(folder / "broken.toml")
