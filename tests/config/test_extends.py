"""A scenario is a base plus differences."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from paysim.config import load
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.model.terms import Block

Variant = Callable[[str], System]


def test_tables_merge_and_everything_else_replaces(variant: Variant) -> None:
    system = variant(
        """
        title = "More beds"
        [service.wards]
        capacity = 20
        [service.surgery]
        opening = "always"
        [arrangement.block.contract.all]
        terms = [{ kind = "block", annual = 1_000_000.005 }]
        """
    )
    assert system.title == "More beds"
    assert system.question == "What is wrong with this one?"
    assert system.services["wards"].capacity == 20
    assert system.services["wards"].cost.annual_fixed_pence == 40_000_000
    assert system.services["surgery"].opening == ()
    assert system.arrangements["block"].contracts[0].terms == (Block("block", 100_000_001),)


def test_a_number_replaces_a_table_and_a_table_a_number(variant: Variant, folder: Path) -> None:
    system = variant("[pathway.general_practice.demand]\nrate = 4.5")
    demand = system.pathways["general_practice"].demand
    assert demand is not None
    assert (demand.rate == 4.5).all()
    (folder / "again.toml").write_text(
        'extends = "variant.toml"\n[pathway.general_practice.demand]\n'
        'rate = { file = "tables/rates.csv", column = "consultations" }\n'
    )
    demand = load(folder / "again.toml").pathways["general_practice"].demand
    assert demand is not None
    assert demand.rate.max() == 7.0


def test_tables_stay_beside_the_config_that_names_them(folder: Path) -> None:
    (folder / "inner").mkdir()
    for name in ("base.toml", "tables"):
        (folder / name).rename(folder / "inner" / name)
    (folder / "rates.csv").write_text("age_band,consultations\nall,1.5\n")
    (folder / "outer.toml").write_text(
        'extends = "inner/base.toml"\n[pathway.general_practice.demand.rate]\nfile = "rates.csv"\n'
    )
    demand = load(folder / "outer.toml").pathways["general_practice"].demand
    assert demand is not None
    assert demand.rate.max() == 1.5


def test_a_key_of_the_base_is_refused_in_the_base(folder: Path) -> None:
    base = (folder / "base.toml").read_text()
    (folder / "base.toml").write_text(base.replace("capacity = 14", "capacity = -14"))
    (folder / "variant.toml").write_text('extends = "base.toml"\n[service.wards]\nname = "The wards"\n')
    with pytest.raises(InputError) as refusal:
        load(folder / "variant.toml")
    assert (refusal.value.file, refusal.value.key_path) == (str(folder / "base.toml"), "service.wards.capacity")


def test_links_out_of_the_folder_are_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "population.csv"
    (folder / "tables" / "population.csv").rename(outside)
    (folder / "tables" / "population.csv").symlink_to(outside)
    with pytest.raises(InputError, match="is a link that leads out of the folder"):
        load(folder / "base.toml")


def test_links_within_the_folder_are_followed(folder: Path) -> None:
    (folder / "tables" / "population.csv").rename(folder / "tables" / "residents.csv")
    (folder / "tables" / "population.csv").symlink_to(folder / "tables" / "residents.csv")
    assert load(folder / "base.toml").population.total == 6900


@pytest.mark.parametrize(("missing", "found"), [("nowhere.toml", "no such file"), (".", "a folder")])
def test_a_config_that_is_not_there(missing: str, found: str, folder: Path) -> None:
    with pytest.raises(InputError, match=f"found {found}; expected a config"):
        load(folder / missing)


def test_each_base_is_read_once_however_many_ways_lead_to_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = "base"
    for level in range(4):
        for side in ("left", "right"):
            (folder / f"{side}{level}.toml").write_text(f'extends = "{below}.toml"\n')
        below = f"top{level}"
        (folder / f"{below}.toml").write_text(f'extends = ["left{level}.toml", "right{level}.toml"]\n')
    read: list[str] = []

    def parse(text: str) -> dict[str, object]:
        read.append(text)
        return tomllib_loads(text)

    tomllib_loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", parse)
    load(folder / "top3.toml")
    assert len(read) == 1 + 3 * 4
