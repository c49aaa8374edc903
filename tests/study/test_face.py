"""The calls of the public face that go from a config to accounts, and what a notebook shows of what they return."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import paysim
from paysim.model.errors import InputError
from paysim.model.service import CostStructure

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "configs" / "how-to" / "one_hospital.toml"


@pytest.fixture(scope="module")
def system():
    return paysim.load(CONFIG)


@pytest.mark.parametrize("config", [CONFIG, str(CONFIG)])
def test_a_run_takes_the_path_of_a_config(system, config):
    whole = paysim.simulate(system, sample=0.01)
    running = paysim.begin(config, sample=0.01)
    running.advance(running.months)
    for found in (paysim.simulate(config, sample=0.01), running.activity()):
        assert np.array_equal(found.start, whole.start)


def test_a_path_without_a_config_is_refused():
    with pytest.raises(InputError, match=r"missing\.toml: found no such file"):
        paysim.simulate("missing.toml")


@pytest.fixture(scope="module")
def activity(system):
    return paysim.simulate(system, sample=0.01)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda _: paysim.simulate(None), "system: found a value of type NoneType; expected a System or the path of"),
        (
            lambda given: paysim.settle(given.arrangement, given.activity),
            "activity: found a value of type Arrangement;",
        ),
        (lambda given: paysim.settle(given.activity, "activity"), "arrangement: found 'activity'; expected an arrang"),
        (lambda given: paysim.accounts(given.activity, given.ledger), "ledger: found a value of type Activity;"),
        (lambda given: paysim.accounts(given.ledger, given.ledger), "activity: found a value of type Ledger;"),
        (lambda given: paysim.write_activity("run.parquet", given.activity), "activity: found 'run.parquet'; expected"),
        (lambda given: paysim.settle_extract(given.activity, given.arrangement), "extract: found a value of type Act"),
        (lambda given: paysim.with_levers(given.system, ["teams"]), "intensities: found a value of type list;"),
        (lambda given: paysim.with_levers(given.activity, {}), "system: found a value of type Activity;"),
        (lambda given: paysim.with_prices(given.arrangement), "system: found a value of type Arrangement;"),
        (
            lambda given: paysim.with_prices(given.system, {}),
            "prices: found a value of type dict; expected a PriceTable",
        ),
    ],
)
def test_what_is_given_in_place_of_another_is_told(system, activity, call, told):
    arrangement = system.arrangements["activity"]
    ledger = paysim.settle(activity, arrangement)
    with pytest.raises(InputError) as refused:
        call(SimpleNamespace(system=system, activity=activity, arrangement=arrangement, ledger=ledger))
    assert str(refused.value).startswith(told)


def test_a_ledger_goes_only_with_activity_of_its_months(system, activity):
    ledger = paysim.settle(activity, system.arrangements["activity"])
    running = paysim.begin(system, sample=0.01)
    running.advance(5)
    with pytest.raises(InputError, match="activity: found 5 months; expected the 12 of the ledger"):
        paysim.accounts(ledger, running.activity())


def test_a_ledger_goes_only_with_activity_of_its_organisations(system, activity):
    ledger = paysim.settle(activity, system.arrangements["activity"])
    others = dict(reversed(system.organisations.items()))
    with pytest.raises(InputError, match="activity: found other organisations; expected those of the ledger"):
        paysim.accounts(ledger, replace(activity, system=replace(system, organisations=others)))


@pytest.mark.parametrize(
    ("of", "what"),
    [
        ({"seed": 2}, "seed 2; expected seed 1, as"),
        ({"replication": 1}, "replication 1; expected replication 0, as"),
        ({"sample": 0.02}, r"sample 0\.02; expected sample 0\.01, as"),
        ({"config": "one_hospital_with_levers.toml"}, "config [0-9a-f]{64}; expected config [0-9a-f]{64}, as"),
    ],
)
def test_a_ledger_goes_only_with_the_activity_that_it_paid_for(system, activity, of, what):
    ledger = paysim.settle(activity, system.arrangements["activity"])
    settings = {"config": CONFIG.name, "sample": 0.01, "seed": 1, **of}
    other = paysim.simulate(CONFIG.parent / settings.pop("config"), **settings)
    with pytest.raises(InputError, match=f"activity: found {what} in the activity that the ledger paid for"):
        paysim.accounts(ledger, other)


def test_a_ledger_goes_only_with_activity_of_the_settings_that_it_paid_for(system, activity):
    ledger = paysim.settle(activity, system.arrangements["activity"])
    emergency = system.pathways["emergency"]
    busier = replace(emergency, demand=replace(emergency.demand, rate=2 * emergency.demand.rate))
    other = replace(system, pathways={**system.pathways, "emergency": busier})
    with pytest.raises(InputError, match=r"activity: found rows \d+; expected rows \d+, as in the activity"):
        paysim.accounts(ledger, paysim.simulate(other, sample=0.01))


def test_a_ledger_goes_with_its_activity_read_again_and_with_other_costs(system, activity, tmp_path):
    ledger = paysim.settle(activity, system.arrangements["activity"])
    paysim.write_activity(activity, tmp_path / "a.parquet")
    again = paysim.accounts(ledger, paysim.read_activity(tmp_path / "a.parquet", system))
    assert again.to_frame().equals(paysim.accounts(ledger, activity).to_frame())
    free = {id: replace(service, cost=CostStructure()) for id, service in system.services.items()}
    costless = paysim.accounts(ledger, replace(activity, system=replace(system, services=free)))
    assert not costless.cost_pence.any()
    assert (costless.income_pence == again.income_pence).all()


@pytest.mark.parametrize("config", ["bhr.toml", "how-to/one_hospital.toml"])
def test_a_system_says_in_short_what_it_is(config):
    system = paysim.load(ROOT / "configs" / config)
    shown = repr(system)
    assert len(shown) < 300
    for told in (
        repr(system.title),
        f"residents={system.population.total}",
        *(f"{name}={len(getattr(system, name))}" for name in ("organisations", "services", "pathways", "arrangements")),
        f"fingerprint='{system.fingerprint[:12]}'",
    ):
        assert told in shown


def test_steps_and_what_they_hold_are_shown_without_every_number(system):
    attendance = repr(system.steps["emergency.attendance"])
    assert "Branch(to='emergency.ward', probability=(2, 20) from 0 to 0." in attendance
    assert "probability=all 0.1, delay" in repr(system.steps["emergency.ward"])
    need = paysim.load(ROOT / "configs" / "examples" / "segments.toml").need
    for shown in (*system.steps.values(), *system.measures.values(), system.population, need):
        assert len(repr(shown)) < 2_000, type(shown)


def test_what_holds_a_system_is_shown_in_short(system, activity):
    ledger = paysim.settle(activity, system.arrangements["activity"])
    levered = ROOT / "configs" / "how-to" / "one_hospital_with_levers.toml"
    for shown in (
        activity,
        ledger,
        paysim.accounts(ledger, activity),
        paysim.compare(system, replications=1, sample=0.01),
        paysim.incentives(levered, replications=1, sample=0.01),
        paysim.respond(levered, "activity", years=1, replications=2, sample=0.01),
    ):
        assert len(repr(shown)) < 2_000, type(shown)
