"""Settings: the config's defaults unless told otherwise, and nothing that cannot be used."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import paysim
from paysim.model.errors import InputError
from paysim.model.limits import LARGEST_SEED, MOST_YEARS
from paysim.model.system import System
from paysim.study.compare import compare
from paysim.study.executor import workers_map
from paysim.study.settings import settings_for

CONFIG = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"
LEVERED = CONFIG.with_stem("one_hospital_with_levers")


@pytest.fixture(scope="module")
def town() -> System:
    return paysim.load(CONFIG)


def test_defaults_are_the_configs(town):
    settings = settings_for(town)
    assert settings.arrangements == ("block", "activity", "capitation")
    assert (settings.years, settings.replications, settings.seed, settings.sample) == (1, 4, 1, 1.0)
    assert settings.calibration_replications == 4


def test_what_is_given_wins(town):
    given = {"arrangements": ("activity",), "years": 2, "replications": 7, "seed": 0, "sample": 0.25, "engine": "simpy"}
    settings = settings_for(town, **given)
    assert {name: getattr(settings, name) for name in given} == given


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sample", 0.0),
        ("sample", -0.5),
        ("sample", 1.5),
        ("sample", float("nan")),
        ("sample", float("inf")),
        ("sample", "a"),
        ("sample", [0.5]),
        ("sample", True),
        ("sample", 0.0001),
        ("replications", 0),
        ("replications", -1),
        ("replications", 2.5),
        ("replications", True),
        ("years", 0),
        ("years", MOST_YEARS + 1),
        ("years", 1.0),
        ("seed", -1),
        ("seed", LARGEST_SEED + 1),
        ("seed", 1.5),
        ("engine", "quantum"),
        ("arrangements", ["pay_me_twice"]),
        ("arrangements", ["block", "block"]),
        ("arrangements", "block"),
    ],
)
def test_what_cannot_be_used_is_refused(town, name, value):
    with pytest.raises(InputError) as refusal:
        settings_for(town, **{name: value})
    assert refusal.value.key_path == name
    assert refusal.value.found.startswith("found ")
    assert refusal.value.expected.startswith("expected ")


def test_an_unknown_arrangement_is_answered_with_the_known_ones(town):
    with pytest.raises(InputError, match="found 'blok'; expected one of activity, block, capitation"):
        settings_for(town, arrangements=["blok"])


def test_a_name_in_place_of_a_list_is_told_what_to_write(town):
    told = r"found 'block'; expected a list of names, such as \['block'\]"
    with pytest.raises(InputError, match=f"arrangements: {told}"):
        paysim.compare(town, arrangements="block")
    with pytest.raises(InputError, match=f"levers: {told}"):
        paysim.incentives(LEVERED, levers="block")
    with pytest.raises(InputError, match=f"levers: {told}"):
        paysim.design(LEVERED, "block", {}, levers="block")


def test_everything_that_a_config_may_say_can_be_used(town):
    study = replace(town.study, years=MOST_YEARS, seed=LARGEST_SEED, sample=1.0, replications=1_000_000)
    settings = settings_for(replace(town, study=study))
    assert (settings.years, settings.seed) == (MOST_YEARS, LARGEST_SEED)


def test_numpys_whole_numbers_are_whole_numbers(town):
    settings = settings_for(town, years=np.int64(2), seed=np.uint32(5), sample=np.float64(0.5))
    assert (settings.years, settings.seed, settings.sample) == (2, 5, 0.5)


def test_a_system_without_arrangements_can_be_simulated_but_not_compared(town):
    unpaid = replace(town, arrangements={}, study=replace(town.study, arrangements=(), sample=0.1))
    assert len(paysim.simulate(unpaid)) > 1_000
    with pytest.raises(InputError, match="arrangements: found none; expected at least one"):
        compare(unpaid, settings_for(unpaid))


@pytest.mark.parametrize("replication", [-1, 1.5])
def test_a_replication_that_does_not_exist_is_refused(town, replication):
    with pytest.raises(InputError, match="replication: found"):
        paysim.simulate(town, replication=replication, sample=0.01)


@pytest.mark.parametrize("workers", [0, -2, 1.5])
def test_no_workers_are_refused(workers):
    with pytest.raises(InputError, match=f"workers: found {workers}"), workers_map(workers):
        pass
