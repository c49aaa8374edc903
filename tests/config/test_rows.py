"""Rows of a CSV table stand for keys as if they were written out."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from paysim.config import json_schema, load
from paysim.model.contract import Contract
from paysim.model.errors import InputError
from paysim.model.service import OpenHours
from paysim.model.system import System
from paysim.model.terms import Block, Capitation

Variant = Callable[[str], System]

ORGANISATIONS = """
[organisation]
file = "tables/organisations.csv"
by = "id"
"""


def table(folder: Path, name: str, text: str) -> str:
    (folder / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    return f'file = "tables/{name}.csv"'


def test_rows_are_blocks_with_the_columns_as_keys(variant: Variant) -> None:
    system = variant(ORGANISATIONS)
    hospital = system.organisations["hospital"]
    assert list(system.organisations) == ["ccg", "practice", "hospital"]
    assert (hospital.name, hospital.kind, hospital.market_forces_factor) == ("The hospital", "provider", 1.1)
    assert hospital.published == {"beds": 14}
    assert system.organisations["practice"].market_forces_factor == 1.0


def test_keys_beside_the_rows_win_and_so_does_a_config_that_extends(variant: Variant, folder: Path) -> None:
    system = variant(ORGANISATIONS + "[organisation.hospital]\nmarket_forces_factor = 1.2")
    assert system.organisations["hospital"].market_forces_factor == 1.2
    assert system.organisations["hospital"].published == {"beds": 14}
    (folder / "again.toml").write_text('extends = "variant.toml"\n[organisation.hospital.published]\nbeds = 15\n')
    hospital = load(folder / "again.toml").organisations["hospital"]
    assert (hospital.market_forces_factor, hospital.published) == (1.2, {"beds": 15})


def test_a_list_may_hold_steps(variant: Variant, folder: Path) -> None:
    file = table(folder, "stays", "step\nemergency.ward\nemergency.convalescence\n")
    measure = '[measure.stay]\nname = "Stay"\nkind = "stay"\n'
    system = variant(f'{measure}steps = {{ {file}, list = "step" }}')
    assert system.measures["stay"].steps == ("emergency.ward", "emergency.convalescence")
    table(folder, "stays", "step\nemergency.ward\nemergency.wrad\n")
    with pytest.raises(InputError, match=r"stays\.csv: row 3, column 'step': unknown step 'emergency\.wrad'; did you"):
        variant(f'{measure}steps = {{ {file}, list = "step" }}')


def test_cells_are_numbers_truths_and_texts(variant: Variant, folder: Path) -> None:
    file = table(folder, "services", "id,capacity,cost.fixed,cost.per_day,name\nwards,1e1,1200.50,,Wards\n")
    with pytest.raises(
        InputError, match=r"services.csv: row 2, column 'capacity': found 10.0; expected a whole number"
    ):
        variant(f'[service]\n{file}\nby = "id"')
    table(folder, "services", "id,capacity,cost.fixed,cost.per_day,name\nwards,12,1200.50,.5,7\n")
    with pytest.raises(InputError, match=r"row 2, column 'name': found 7; expected text$"):
        variant(f'[service]\n{file}\nby = "id"')
    table(folder, "services", "id,capacity,cost.fixed,cost.per_day,name\nwards,12,1200.50,.5,Ward 7\n")
    wards = variant(f'[service]\n{file}\nby = "id"').services["wards"]
    assert (wards.capacity, wards.name) == (12, "Ward 7")
    assert (wards.cost.annual_fixed_pence, wards.cost.per_day_pence) == (120_050, 50)


def test_a_table_that_a_row_names_lies_beside_the_table_of_the_row(variant: Variant, folder: Path) -> None:
    file = table(folder, "services", "id,cost.by_code.file,cost.by_code.column\nwards,own_costs.csv,own\n")
    table(folder, "own_costs", "code,own\nAA22C,12\n")
    assert variant(f'[service]\n{file}\nby = "id"').services["wards"].cost.by_code_pence == {"AA22C": 1200}


def test_shares_and_services_come_from_rows(variant: Variant, folder: Path) -> None:
    table(folder, "flows", "place,near,far,note\nhill,0.25,0.75,assumed\nvale,1,0,\n")
    table(folder, "sites", "site,beds\nnear,wards\nfar,surgery\n")
    table(folder, "homes", "place,home\nhill,wards\nvale,surgery\n")
    system = variant(
        """
        [choice.acute]
        options = { file = "tables/sites.csv", list = "site" }
        shares = { file = "tables/flows.csv", by = "place" }
        [provision.beds]
        choice = "acute"
        options = { file = "tables/sites.csv", by = "site", column = "beds" }
        [pathway.emergency.step.ward]
        service = "beds"
        [pathway.emergency.step.convalescence]
        service = { by_place = { file = "tables/homes.csv", by = "place", column = "home" } }
        [measure.occupancy]
        name = "Occupancy"
        kind = "occupancy"
        services = ["beds"]
        """
    )
    ward = system.steps["emergency.ward"].service
    assert (ward.group, ward.services) == ("acute", ("wards", "surgery"))
    np.testing.assert_array_equal(ward.shares, [[0.25, 0.75], [1.0, 0.0]])
    home = system.steps["emergency.convalescence"].service
    np.testing.assert_array_equal(home.shares, [[1.0, 0.0], [0.0, 1.0]])
    assert system.measures["occupancy"].services == ("wards", "surgery")


def amounts(contract: Contract) -> tuple[object, object]:
    block, capitation = contract.terms
    assert isinstance(block, Block)
    assert isinstance(capitation, Capitation)
    return block.annual, capitation.annual_per_head


def test_amounts_and_payers_come_from_rows(variant: Variant, folder: Path) -> None:
    table(folder, "money", "place,payer,sum,head\nhill,ccg,100,1.5\nvale,ccg,200.01,2\n")
    table(folder, "payees", "id\npractice\nhospital\n")
    by_place = '{ by_place = { file = "tables/money.csv", by = "place", column = "%s" } }'
    system = variant(
        f"""
        [arrangement.block.contract.all]
        payer = {by_place % "payer"}
        payee = {{ file = "tables/payees.csv", list = "id" }}
        terms = [
          {{ kind = "block", annual = {by_place % "sum"} }},
          {{ kind = "capitation", annual_per_head = {by_place % "head"} }},
        ]
        """
    )
    contracts = system.arrangements["block"].contracts
    assert [contract.id for contract in contracts] == [
        "all.hill.practice",
        "all.hill.hospital",
        "all.vale.practice",
        "all.vale.hospital",
    ]
    assert [amounts(contract) for contract in contracts] == 2 * [(10_000, 150)] + 2 * [(20_001, 200)]


def test_an_amount_by_place_alone_makes_a_contract_for_each_place(variant: Variant) -> None:
    terms = 'terms = [{ kind = "block", annual = { by_place = { hill = 5, vale = 6 } } }]'
    contracts = variant(f"[arrangement.block.contract.all]\n{terms}").arrangements["block"].contracts
    assert [(contract.scope.places, contract.terms) for contract in contracts if contract.payee == "hospital"] == [
        (("hill",), (Block("block", 500),)),
        (("vale",), (Block("block", 600),)),
    ]


def test_rows_are_replaced_with_the_list_that_holds_them(variant: Variant, folder: Path) -> None:
    table(folder, "money", "place,sum\nhill,100\nvale,200\n")
    by_place = '{ by_place = { file = "tables/money.csv", by = "place", column = "sum" } }'
    variant(f'[arrangement.block.contract.all]\nterms = [{{ kind = "block", annual = {by_place} }}]')
    (folder / "again.toml").write_text(
        'extends = "variant.toml"\n[arrangement.block.contract.all]\n'
        'terms = [{ kind = "block", annual = { by_place = { hill = 1, vale = -2 } } }]\n'
    )
    with pytest.raises(InputError) as refusal:
        load(folder / "again.toml")
    assert refusal.value.file == str(folder / "again.toml")


def test_a_table_of_rows_is_one_parameter_for_each_source(variant: Variant, folder: Path) -> None:
    system = variant(ORGANISATIONS + "[organisation.practice]\nmarket_forces_factor = 1.05")
    found = [p for p in system.parameters if p.path.startswith("organisation") and not p.by_default]
    assert [(p.path, p.value, p.status) for p in found] == [
        ("organisation", "tables/organisations.csv", "derived"),
        ("organisation.practice.market_forces_factor", "1.05", "assumed"),
    ]


def test_rows_belong_to_the_fingerprint(variant: Variant, folder: Path) -> None:
    before = variant(ORGANISATIONS).fingerprint
    file = folder / "tables" / "organisations.csv"
    file.write_text(file.read_text().replace("derived", "cited"))
    assert variant(ORGANISATIONS).fingerprint != before


def test_several_bases_merge_in_their_order_and_each_once(folder: Path) -> None:
    (folder / "left.toml").write_text('extends = "base.toml"\ntitle = "Left"\n[service.wards]\ncapacity = 21\n')
    (folder / "right.toml").write_text('extends = "base.toml"\n[service.wards]\nname = "Right"\n')
    (folder / "both.toml").write_text('extends = ["left.toml", "right.toml"]\n[service.surgery]\ncapacity = 4\n')
    system = load(folder / "both.toml")
    wards = system.services["wards"]
    assert (system.title, wards.capacity, wards.name, system.services["surgery"].capacity) == ("Left", 21, "Right", 4)


@pytest.mark.parametrize(
    ("short", "spans"),
    [
        ("always", ()),
        ("tue 09:00-12:30", ((33.0, 36.5),)),
        ("sat 09:00-12:00; mon-tue 08:00-24:00", ((8.0, 24.0), (32.0, 48.0), (129.0, 132.0))),
        ("mon-sun 00:00-24:00", ((0.0, 168.0),)),
    ],
)
def test_hours_in_short(short: str, spans: tuple[tuple[float, float], ...], variant: Variant) -> None:
    opening = variant(f'[service.surgery]\nopening = "{short}"').services["surgery"].opening
    assert opening == tuple(OpenHours(*span) for span in spans)


def test_the_schema_accepts_rows_as_written(folder: Path) -> None:
    config = tomllib.loads((folder / "base.toml").read_text())
    config["organisation"] = {"file": "tables/organisations.csv", "by": "id", "ccg": config["organisation"]["ccg"]}
    config["choice"]["acute"] = {"options": {"file": "a.csv", "list": "b"}, "shares": {"file": "a.csv", "by": "place"}}
    schema = json_schema()
    jsonschema.validate(json.loads(json.dumps(config, default=str)), schema)
    del config["organisation"]["by"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(json.dumps(config, default=str)), schema)
