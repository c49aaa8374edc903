"""`paysim.respond` and `paysim respond` as users meet them: a town in which nobody waits, so that fits are exact."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from quiet import EXPECTED, SYSTEMS, TRIAL, arranged, owner, quiet_town

import paysim
from paysim.cli import main
from paysim.incentives.evaluate import evaluate
from paysim.incentives.response.decisions import climbed
from paysim.incentives.response.years import course
from paysim.model.curve import Polynomial
from paysim.model.objective import Objective
from paysim.model.system import System

CONFIG = SYSTEMS / "quiet_town.toml"


@pytest.fixture(scope="module")
def system() -> System:
    return quiet_town()


@pytest.fixture(scope="module")
def result() -> paysim.Response:
    return paysim.respond(CONFIG, "activity", years=2, replications=3)


def with_objectives(system: System, *objectives: Objective) -> System:
    """Return the system with these objectives and all other owners passive."""
    passive = {lever.owner: Objective(lever.owner, rule="passive") for lever in system.levers.values()}
    return replace(system, objectives=passive | {each.organisation: each for each in objectives})


def leaves_with() -> int | str | None:
    """Run the command line and return its exit code."""
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


def of_path(result: paysim.Response, quantity: str, column: str = "difference") -> pd.Series:
    path = result.path()
    return path[path["quantity"] == quantity].set_index(["year", "organisation", "lever"])[column]


def intensities(result: paysim.Response, kind: str) -> dict[str, float]:
    table = result.equilibria()
    return table[table["kind"] == kind].set_index("lever")["intensity"].to_dict()


def test_owners_do_what_pays_them_and_the_best_is_another_thing(result: paysim.Response) -> None:
    """The team gains nothing from a stay avoided that its days pay for; the hospital is paid by the spell."""
    assert intensities(result, "equilibrium") == {
        "avoid": 0.0, "shorter": 0.5, "thrift": 50.0, "coding": 1.0, "selection": 0.0
    }  # fmt: skip
    assert intensities(result, "optimum") == {
        "avoid": 0.5, "shorter": 0.5, "thrift": 50.0, "coding": 0.0, "selection": 0.0
    }  # fmt: skip
    ends = result.equilibria().set_index(["kind", "lever"])["boundary"]
    assert ends["equilibrium", "coding"] == "high"
    assert ends["optimum", "coding"] == "low"
    assert result.equilibria()["starts"].iloc[0].split(", ")[:3] == ["low", "now", "high"]
    for year in ("2017-18", "2018-19"):
        path = of_path(result, "intensity", "mean")[year]
        assert path.droplevel(0).to_dict() == intensities(result, "equilibrium")


def test_columns_are_fixed(result: paysim.Response) -> None:
    assert list(result.path()) == [
        "year", "organisation", "lever", "quantity", "unit", "mean", "low", "high",
        "difference", "difference_low", "difference_high", "replications",
    ]  # fmt: skip
    assert list(result.runs()) == [
        "replication", "year", "organisation", "lever", "quantity", "unit", "value", "at_now"
    ]  # fmt: skip
    assert list(result.equilibria()) == [
        "kind", "number", "lever", "owner", "unit", "now", "intensity", "lowest", "highest", "boundary", "starts"
    ]  # fmt: skip
    assert list(result.gap()) == [
        "equilibrium", "organisation", "quantity", "unit", "measured_by",
        "at_equilibrium", "at_optimum", "gap", "gap_low", "gap_high", "replications",
    ]  # fmt: skip
    assert not result.path().duplicated(["year", "organisation", "lever", "quantity"]).any()
    assert (result.path()["replications"] == 3).all()


def test_where_nobody_waits_the_surface_is_what_simulation_gives(result: paysim.Response) -> None:
    fit = result.lack_of_fit().set_index(["place", "organisation", "quantity"])
    money = fit[fit["unit"] == "pounds a year"]
    # Days that are crossed, and pence that are rounded, are whole numbers; stays are halved to the tick.
    assert money["lack_of_fit"].abs().max() < 2e-3 * money["simulated"].abs().max()
    health = fit["lack_of_fit"].xs("qalys", level="quantity")
    assert health.abs().max() < 1e-6
    gaps = result.gap().set_index(["equilibrium", "organisation", "quantity", "measured_by"])["gap"].sort_index()
    price = gaps[1, "system", "net_benefit"]
    assert price["simulation"] > 0
    assert price["surface"] == pytest.approx(price["simulation"], rel=5e-3)


def test_what_organisations_keep_is_what_the_system_saves(result: paysim.Response) -> None:
    """Payments cancel out, in every year and at every end."""
    for horizon in ("short_run", "long_run"):
        kept = of_path(result, f"surplus_{horizon}").groupby("year").sum()
        cost = of_path(result, f"real_cost_{horizon}").groupby("year").sum()
        assert kept.to_numpy() == pytest.approx(-cost.to_numpy(), abs=0.5)
        gaps = result.gap()
        gaps = gaps[gaps["measured_by"] == "simulation"].groupby("quantity")["gap"].sum()
        assert gaps[f"surplus_{horizon}"] == pytest.approx(-gaps[f"real_cost_{horizon}"], abs=0.5)
    income = of_path(result, "income")
    assert income.abs().max() > 1e5
    assert income.groupby("year").sum().abs().max() < 0.5


def test_net_benefit_is_the_worth_of_health_less_real_cost(result: paysim.Response) -> None:
    gaps = result.gap()
    gaps = gaps[gaps["measured_by"] == "simulation"].set_index(["organisation", "quantity"])["gap"]
    worth = 20_000 * gaps["residents", "qalys"] - gaps["system", "real_cost_long_run"]
    assert gaps["system", "net_benefit"] == pytest.approx(worth, rel=1e-9)
    by_quintile = [gaps["residents", f"qalys_quintile_{quintile}"] for quintile in range(1, 6)]
    assert sum(by_quintile) == pytest.approx(gaps["residents", "qalys"], rel=1e-9)


def test_a_passive_town_is_the_plain_simulation_to_the_penny(system: System) -> None:
    passive = with_objectives(system, *(Objective(each, rule="passive") for each in ("team", "hospital", "practice")))
    result = paysim.respond(passive, "activity", years=3, replications=2)
    runs = result.runs()
    assert (runs["value"] == runs["at_now"]).all()
    accounts = paysim.compare(system, arrangements=["activity"], years=3, replications=2).accounts()
    accounts["year"] = accounts["period"].map(
        lambda period: f"{(first := int(period[:4]) - (period[5:] < '04'))}-{(first + 1) % 100:02d}"
    )
    plain = accounts.groupby(["replication", "year", "organisation"])[["income_pence", "cost_pence"]].sum()
    for quantity, column in (("income", "income_pence"), ("cost_short_run", "cost_pence")):
        found = runs[runs["quantity"] == quantity].set_index(["replication", "year", "organisation"])["value"]
        assert len(found) == len(plain) == 2 * 3 * len(system.organisations)
        assert (np.rint(found * 100).astype(int) == plain[column].reindex(found.index)).all()
    assert len(result.equilibria()) == 0
    assert any("stay as they are" in sentence for sentence in result.warnings())


def test_workers_change_nothing(system: System, tmp_path: Path) -> None:
    chosen = with_objectives(system, Objective("hospital", rule="rule_of_thumb"), Objective("team"))
    one, two = (
        paysim.respond(chosen, "capitation", years=2, replications=2, sample=0.5, workers=workers) for workers in (1, 2)
    )
    for name in ("path", "runs", "equilibria", "gap", "lack_of_fit"):
        pd.testing.assert_frame_equal(getattr(one, name)(), getattr(two, name)(), check_exact=True)
    one.to_directory(tmp_path / "one")
    two.to_directory(tmp_path / "two", workers=2)
    for file in ("response-levers.png", "response-surplus.svg"):
        drawn = [(tmp_path / workers / "figures" / file).read_bytes() for workers in ("one", "two")]
        assert drawn[0] == drawn[1]


def test_payment_and_unit_cost_hold_for_the_year_that_they_are_set_for(system: System) -> None:
    """What leaves care as it is can be read off whole runs at either setting."""
    trial, moved = replace(TRIAL, years=3), {"thrift": 50.0, "coding": 0.5, "selection": 1.0}
    points = [{}, moved, {}]
    (capitation,) = arranged(system, "capitation")
    found = course(system, capitation, lambda past, _: points[len(past)], trial, 0, watched=False)
    plain, all_along = evaluate(system, [capitation], [{}, moved], trial, 0)
    for name in ("income", "spend", "short_run_cost", "long_run_cost", "lever_cost", "qalys", "steps"):
        by_year, before, after = (getattr(each, name) for each in (found.outcome, plain, all_along))
        expected = np.stack([before[..., 0], after[..., 1], before[..., 2]], axis=-1)
        assert by_year.tolist() == expected.tolist()
    hospital = owner(system, "hospital")
    assert found.outcome.income[0, hospital, 1] > plain.income[0, hospital, 1]


def test_the_engine_runs_on_with_everyone_where_they_were(system: System) -> None:
    """Shorter stays from the second year: the first year's steps are the same, and so are those who come."""
    trial = replace(TRIAL, years=2)
    (activity,) = arranged(system, "activity")
    points = [{}, {"shorter": 0.5}]
    found = course(system, activity, lambda past, _: points[len(past)], trial, 0, watched=False).outcome
    (plain,) = evaluate(system, [activity], [{}], trial, 0)
    assert found.steps[:, 0].tolist() == plain.steps[:, 0].tolist()
    assert found.income[..., 0].tolist() == plain.income[..., 0].tolist()
    hospital = owner(system, "hospital")
    saved = plain.short_run_cost[hospital] - found.short_run_cost[hospital]
    assert saved[0] == 0.0
    assert saved[1] > 0.0
    consultations = list(system.step_ids).index("care.consultation")
    assert found.steps[consultations, 1] == pytest.approx(plain.steps[consultations, 1], rel=0.02)


def test_rule_of_thumb_climbs_by_its_own_surplus(system: System) -> None:
    lever = system.levers["avoid"]
    points = [{"avoid": 0.0}]
    assert climbed([lever], [], []) == {"avoid": 0.0}
    for surplus, expected in [([5], 0.05), ([5, 6], 0.10), ([5, 6, 4], 0.075), ([5, 6, 4, 3], 0.0875)]:
        points = [*points, climbed([lever], points, surplus)]
        assert points[-1]["avoid"] == pytest.approx(expected)
    assert climbed([lever], [{"avoid": 0.49}], [1]) == {"avoid": 0.5}


def test_rule_of_thumb_sees_what_was_settled(system: System) -> None:
    """The hospital cannot tell which of its levers did it; the runs show that it followed its realised surplus."""
    result = paysim.respond(with_objectives(system, Objective("hospital", rule="rule_of_thumb")), "block", years=4)
    runs = result.runs()
    levers = [lever for lever in system.levers.values() if lever.owner == "hospital"]
    for _, run in runs.groupby("replication"):
        kept = run[(run["organisation"] == "hospital") & (run["quantity"] == "surplus_short_run")]["value"].tolist()
        of_years = [
            dict(zip(year["lever"], year["value"], strict=True))
            for _, year in run[run["quantity"] == "intensity"].groupby("year")
        ]
        for year, at in enumerate(of_years):
            # Under a block nothing is settled later, so each year's surplus is what was known at its end.
            expected = climbed(levers, of_years[:year], kept[:year])
            assert {lever.id: at[lever.id] for lever in levers} == pytest.approx(expected)
            assert at["avoid"] == at["selection"] == 0.0


def test_adjustment_takes_time(system: System) -> None:
    """Each year the way to the best is cut by what changing costs: never past it, nearer every year."""
    shorter = replace(system.levers["shorter"], cost=Polynomial(0.0, 600_000.0))
    quick, slow = Objective("hospital"), Objective("hospital", adjustment_cost=3e5)
    levers = {"shorter": shorter}
    results = [
        paysim.respond(with_objectives(replace(system, levers=levers), each), "activity", years=4, engine="expected")
        for each in (quick, slow)
    ]
    rest = intensities(results[0], "equilibrium")["shorter"]
    assert 0.0 < rest < 0.5
    assert intensities(results[1], "equilibrium")["shorter"] == pytest.approx(rest)
    at_once, by_and_by = (of_path(each, "intensity", "mean").to_numpy() for each in results)
    assert at_once == pytest.approx(np.full(4, rest))
    left = rest - np.concatenate(([0.0], by_and_by))
    # Quadratic gain and quadratic adjustment: the same share of the way is left every year.
    assert (left > 0.0).all()
    assert left[1:] / left[:-1] == pytest.approx(np.full(4, left[1] / left[0]), rel=1e-6)


def test_expected_values_need_no_simulation(system: System) -> None:
    result = paysim.respond(system, "activity", years=2, engine="expected")
    assert intensities(result, "equilibrium")["coding"] == 1.0
    rest = intensities(result, "equilibrium")
    at_rest, plain = evaluate(system, arranged(system, "activity"), [rest, {}], replace(EXPECTED, years=2), 0)
    hospital = owner(system, "hospital")
    change = (at_rest.surplus("short_run") - plain.surplus("short_run"))[0, hospital]
    assert of_path(result, "surplus_short_run").xs("hospital", level="organisation").to_numpy() == pytest.approx(change)
    assert np.isnan(result.gap()["gap_low"]).all()
    assert not any("replication" in sentence for sentence in result.warnings())


def test_folder_and_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    folder = tmp_path / "out"
    asked = ["paysim", "respond", str(CONFIG), "--arrangement", "activity", "--years", "2", "--replications", "2"]
    monkeypatch.setattr(sys, "argv", [*asked, "--workers", "1", "--out", str(folder), "--json"])
    assert leaves_with() == 0
    answer = json.loads(capsys.readouterr().out)
    assert {entry["lever"]: entry["intensity"] for entry in answer["equilibria"] if entry["kind"] == "optimum"} == {
        "avoid": 0.5, "shorter": 0.5, "thrift": 50.0, "coding": 0.0, "selection": 0.0
    }  # fmt: skip
    assert answer["objectives"]["team"]["rule"] == "best_response"
    assert sorted(path.name for path in folder.iterdir()) == [
        "equilibria.parquet", "figures", "gap.parquet", "lack_of_fit.parquet", "path.parquet",
        "provenance.json", "report.html", "runs.parquet",
    ]  # fmt: skip
    assert len(pq.read_table(folder / "path.parquet")) == len(answer["path"])
    report = (folder / "report.html").read_text()
    assert "Nursing in the place of a stay" in report
    assert "maximise its short-run surplus" in report
    monkeypatch.setattr(sys, "argv", [*asked, "--workers", "1", "--out", str(folder)])
    assert leaves_with() == 0
    printed = capsys.readouterr().out
    for words in ("Coding depth", "At rest", "short of the joint optimum", "[objective.*]", "2017-18"):
        assert words in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--arrangement", "barter"], "expected one of activity, block, capitation"),
        (["--arrangement", "activity", "--years", "0"], "expected a whole number from 1"),
        (["--arrangement", "activity", "--engine", "steam"], "expected one of compiled, simpy, expected"),
        (["--arrangement", "activity", "--static-years", "0"], "expected a whole number from 1"),
    ],
)
def test_bad_input_ends_with_2(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(sys, "argv", ["paysim", "respond", str(CONFIG), "--out", str(out), *arguments])
    assert leaves_with() == 2
    assert words in capsys.readouterr().err
    assert not out.exists()


def test_a_town_without_levers_is_refused(system: System) -> None:
    with pytest.raises(paysim.InputError, match="lever: found none"):
        paysim.respond(replace(system, levers={}), "activity", years=1)


def test_an_arrangement_that_pays_off_the_list_has_its_amounts_set(tmp_path: Path) -> None:
    """The map, a response and a design find the same."""
    shutil.copytree(SYSTEMS, tmp_path / "systems")
    config = tmp_path / "systems" / "neutral.toml"
    config.write_text(
        'extends = ["quiet_town.toml"]\n'
        'title = "A quiet town"\n'
        '[arrangement.by_the_head]\nname = "By the head"\n'
        "[arrangement.by_the_head.contract.all]\n"
        'payer = { by_place = { hill = "hill_ccg", vale = "vale_ccg" } }\n'
        'payee = ["practice", "hospital", "infirmary", "team"]\n'
        'terms = [{ kind = "capitation", annual_per_head = { neutral_to = "activity" } }]\n'
        "[lever.selection]\n"
        'effects = [{ kind = "refer_away", residents = { ages = ["65+"] }, instead = "by_the_head", per_unit = 1.0 }]\n'
    )
    system = with_objectives(paysim.load(config), Objective("practice"))
    chosen = {"replications": 2, "sample": 0.5}
    response = paysim.respond(system, "capitation", years=1, **chosen)
    marginal = paysim.incentives(system, ["capitation"], ["selection"], **chosen).table()
    per_unit = marginal.set_index(["organisation", "quantity", "horizon"])["mean"]
    step = paysim.load(config).levers["selection"].step
    surface, point = response.response.surface, {"selection": step}
    for organisation in ("practice", "hospital", "hill_ccg"):
        moved = [
            surface.surplus(at, "capitation", organisation, "short_run").mean()
            for at in (surface.design.points[0], point)
        ]
        assert (moved[1] - moved[0]) / step == pytest.approx(per_unit[organisation, "surplus", "short_run"], rel=1e-6)
    free = {"whole_population.*.annual_per_head": (800.0, 1000.0)}
    designed = paysim.design(system, "capitation", free, candidates=3, **chosen)
    assert len(designed.designed.candidates) >= 3


def test_contracts_that_cannot_be_parted_are_refused_before_anything_is_simulated(tmp_path: Path) -> None:
    shutil.copytree(SYSTEMS, tmp_path / "systems")
    config = tmp_path / "systems" / "joined.toml"
    config.write_text(
        'extends = ["quiet_town.toml"]\n'
        'title = "A quiet town"\n'
        "[lever.selection]\n"
        'effects = [{ kind = "refer_away", residents = { ages = ["65+"] }, instead = "block", per_unit = 1.0 }]\n'
    )
    system = with_objectives(paysim.load(config), Objective("practice"))
    told: list[str] = []
    for study in (
        lambda: paysim.incentives(system, ["capitation"], ["selection"], progress=lambda *of: told.append(of[0])),
        lambda: paysim.respond(system, "capitation", progress=lambda *of: told.append(of[0])),
        lambda: paysim.design(
            system,
            "capitation",
            {"whole_population.*.annual_per_head": (800.0, 1000.0)},
            progress=lambda *of: told.append(of[0]),
        ),
    ):
        with pytest.raises(paysim.InputError, match=r"lever\.selection: found term .* \(block\) in contract"):
            study()
    assert not {each for each in told if not each.startswith("compiling")}


def test_expecting_something_else_than_what_comes_is_warned_of(tmp_path: Path) -> None:
    """No square follows a ceiling on what is paid; without it the fit is exact and there is nothing to say."""
    shutil.copytree(SYSTEMS, tmp_path / "systems")
    config = tmp_path / "systems" / "ceiling.toml"
    config.write_text(
        'extends = ["quiet_town.toml"]\n'
        'title = "A quiet town"\n'
        '[arrangement.ceiling]\nname = "Ceiling"\nextends = "activity"\n'
        "[arrangement.ceiling.contract.others]\n"
        'payer = { by_place = { hill = "hill_ccg", vale = "vale_ccg" } }\n'
        'payee = ["hospital", "infirmary", "team"]\n'
        'terms = [{ kind = "tariff", prices = "local", market_forces_factor = true },'
        ' { kind = "floor_and_ceiling", of = ["tariff"], ceiling = 450_000 }]\n'
        "[lever.coding]\n"
        "cost = { per_unit = 100_000, per_unit_squared = 20_000 }\n"
    )
    system = paysim.load(config)
    coding = replace(system, levers={"coding": system.levers["coding"]})
    warned = {
        arrangement: " ".join(paysim.respond(coding, arrangement, years=1, engine="expected").warnings())
        for arrangement in ("activity", "ceiling")
    }
    assert "off by more" not in warned["activity"]
    assert "off by more than 10% of how it moves, so it may not be where they would stay: The hosp" in warned["ceiling"]
