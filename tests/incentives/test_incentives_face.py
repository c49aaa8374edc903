"""`paysim.incentives` and `paysim incentives` as users meet them: a town with levers, paid for in three ways."""

import json
import shutil
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from matplotlib.text import Text
from scipy.stats import f as variance_ratio

import paysim
from paysim.cli import main
from paysim.model.curve import Polynomial
from paysim.report.incentives.quality import health_text, moved_measures
from paysim.report.incentives.records import Party, Readable, parties
from paysim.report.incentives.wording import short

SYSTEMS = Path(__file__).parents[2] / "configs" / "how-to"
CONFIG = SYSTEMS / "one_hospital_with_levers.toml"
REPLICATIONS, SAMPLE = 8, 0.5
WHERE = ["lever", "arrangement", "horizon"]


@pytest.fixture(scope="module")
def result() -> paysim.Incentives:
    return paysim.incentives(CONFIG, replications=REPLICATIONS, sample=SAMPLE)


@pytest.fixture(scope="module")
def table(result: paysim.Incentives) -> pd.DataFrame:
    return result.table().set_index(["lever", "arrangement", "horizon", "organisation", "quantity"]).sort_index()


def verdicts_of(result: paysim.Incentives) -> dict[tuple[str, str, str], str]:
    return {tuple(row[WHERE]): row["verdict"] for _, row in result.verdicts().iterrows()}


def test_the_floor_of_that_name_is_the_call() -> None:
    assert paysim.incentives is import_module("paysim.incentives")
    assert "incentives" in dir(paysim)
    assert callable(paysim.incentives)


def test_columns_are_fixed(result: paysim.Incentives) -> None:
    columns = ["lever", "arrangement", "horizon", "organisation", "quantity", "unit", "mean", "low", "high"]
    assert list(result.table().columns) == [
        *columns, "per_event_mean", "per_event_low", "per_event_high", "step", "replications"
    ]  # fmt: skip
    assert list(result.verdicts().columns) == [
        "lever", "arrangement", "horizon", "owner", "verdict", "owner_change", "owner_low", "owner_high",
        "system_change", "system_low", "system_high", "gainers", "losers", "replications_needed", "replications",
    ]  # fmt: skip
    keys = ["lever", "arrangement", "horizon", "organisation", "quantity"]
    assert not result.table().duplicated(keys).any()
    assert len(result.verdicts()) == 3 * 3 * 2


def test_what_organisations_keep_is_what_the_system_saves(table: pd.DataFrame) -> None:
    surplus = table.xs("surplus", level="quantity")["mean"].groupby(WHERE).sum()
    cost = table.xs(("system", "real_cost"), level=("organisation", "quantity"))["mean"]
    assert len(surplus) == 3 * 3 * 2
    for (lever, _, horizon), kept in surplus.items():
        # Pence that are rounded alone, over the step of the lever that is no less than a tenth.
        assert kept == pytest.approx(-cost[lever, "all", horizon], abs=0.5)


def test_payments_add_up_to_nothing(table: pd.DataFrame) -> None:
    income = table.xs("income", level="quantity")["mean"]
    assert income.abs().max() > 1e5
    assert income.groupby(WHERE).sum().abs().max() < 0.5


def test_real_cost_is_that_of_all_organisations_and_of_the_lever(table: pd.DataFrame) -> None:
    for lever in ("avoided_admissions", "shorter_stays", "deeper_coding"):
        for horizon in ("short_run", "long_run"):
            used = table.xs("cost", level="quantity")["mean"][lever, "all", horizon].sum()
            own = table.xs("lever_cost", level="quantity")["mean"][lever, "all", "both"].sum()
            total = table.loc[(lever, "all", horizon, "system", "real_cost"), "mean"]
            assert total == pytest.approx(used + own, abs=0.5)


def test_lever_cost_is_that_of_its_curve(table: pd.DataFrame) -> None:
    cost = table.loc[("avoided_admissions", "all", "both", "practice", "lever_cost"), ["mean", "low", "high"]]
    assert cost.tolist() == pytest.approx([110_000] * 3)
    assert table.loc[("shorter_stays", "all", "both", "hospital", "lever_cost"), "mean"] == pytest.approx(50_000)


def test_under_a_tariff_the_hospital_loses_a_price_and_saves_a_cost(table: pd.DataFrame) -> None:
    def one(arrangement: str, horizon: str, organisation: str, quantity: str) -> pd.Series:
        return table.loc[("avoided_admissions", arrangement, horizon, organisation, quantity)]

    steps = one("all", "both", "residents", "counted_steps")
    assert steps["high"] < 0
    assert steps["per_event_mean"] == pytest.approx(-1.0)
    price = -one("activity", "both", "hospital", "income")["per_event_mean"]
    saved = -one("all", "short_run", "hospital", "cost")["per_event_mean"]
    # Prices of £861 and £9,766 times a market forces factor of 1.0976, some of them for the hospital over the river.
    assert 500 < price < 3_000
    assert 0 < saved < price
    assert one("activity", "short_run", "hospital", "surplus")["per_event_mean"] == pytest.approx(saved - price)
    assert one("block", "both", "hospital", "income")["mean"] == 0
    assert one("block", "short_run", "hospital", "surplus")["per_event_mean"] == pytest.approx(saved)
    assert one("activity", "both", "commissioners", "spend")["high"] < 0


def test_coding_pays_under_a_tariff_alone_and_helps_nobody(result: paysim.Incentives) -> None:
    found = verdicts_of(result)
    for horizon in ("short_run", "long_run"):
        assert found["deeper_coding", "block", horizon] == "indifferent"
        assert found["deeper_coding", "activity", horizon] == "transfer"
    rows = result.verdicts().set_index(WHERE)
    coding = rows.loc[("deeper_coding", "activity", "short_run")]
    assert coding["owner_low"] > 0
    assert coding["system_change"] == coding["system_low"] == 0
    assert coding["losers"] == "hill_ccg,vale_ccg"


def test_whoever_pays_for_care_at_home_is_not_who_gains(result: paysim.Incentives) -> None:
    rows = result.verdicts().set_index(WHERE)
    home = rows.loc[("avoided_admissions", "activity", "short_run")]
    assert home["owner"] == "practice"
    assert home["owner_high"] < 0
    assert home["verdict"] == ("misaligned" if home["system_low"] > 0 else home["verdict"])
    assert "hospital" in home["losers"].split(",")
    assert "hill_ccg" in home["gainers"].split(",")


def test_measures_stand_beside_money_and_health(result: paysim.Incentives, table: pd.DataFrame) -> None:
    measures = result.table()[result.table()["quantity"].str.startswith("measure:")]
    assert set(measures["quantity"]) == {f"measure:{id}" for id in result.incentives.system.measures}
    assert set(measures["organisation"]) == {"system"}
    assert set(measures["unit"]) == {"a resident and year", "days", "percentage points"}
    assert measures["per_event_mean"].isna().all()
    # Coding changes what is paid and not what is done.
    assert (measures[measures["lever"] == "deeper_coding"][["mean", "low", "high"]] == 0).all(axis=None)
    rate = table.loc[("avoided_admissions", "all", "both", "system", "measure:admissions"), "mean"]
    steps = table.loc[("avoided_admissions", "all", "both", "residents", "counted_steps"), "mean"]
    assert rate < 0
    assert rate * result.incentives.system.population.counts().sum() == pytest.approx(steps)


def test_the_report_says_which_measures_move_and_for_the_better(result: paysim.Incentives) -> None:
    avoided, shorter, coding = result.incentives.levers
    readable = Readable(result.incentives, "short_run")
    assert moved_measures(readable, coding) == ()
    found = {each.name: each for each in moved_measures(readable, avoided)}
    assert found["Emergency admissions"].word == "lower"
    assert found["Emergency admissions"].unit == "per 1,000 residents and year"
    assert found["Emergency admissions"].change.startswith("\N{MINUS SIGN}")
    assert "GP consultations" not in found
    # The step of shorter stays is simulated downwards, and told as one up.
    found = {each.name: each for each in moved_measures(readable, shorter)}
    assert (found["Mean stay"].word, found["Mean stay"].unit) == ("lower", "days")
    assert found["Mean stay"].change.startswith("\N{MINUS SIGN}")
    week = found["Home within a week of admission"]
    assert (week.word, week.unit, week.change[0]) == ("better", "percentage points", "+")
    assert [health_text(readable, lever, 1)[0] for lever in (avoided, shorter)] == ["+", "+"]
    assert health_text(readable, coding) == "0"


def test_events_are_told_in_words_and_pounds(result: paysim.Incentives, table: pd.DataFrame) -> None:
    told = result.events()
    assert len(told) == 1 + 3
    assert all(sentence.startswith("One emergency admission avoided") for sentence in told)
    tariff = next(sentence for sentence in told if "Activity-based tariff" in sentence)
    lost = -table.loc[("avoided_admissions", "activity", "short_run", "hospital", "surplus"), "per_event_mean"]
    assert f"lose The hospital £{lost:,.0f}" in tariff
    assert "gain Hill CCG £" in tariff or "gain Vale CCG £" in tariff


def test_of_events_that_there_are_none_of_nobody_gets_a_share(quiet_town: Path) -> None:
    system = paysim.load(quiet_town)
    coding = replace(system.levers["coding"], counted=("care.ward",), counted_name="stay avoided")
    result = paysim.incentives(replace(system, levers={"coding": coding}), ["activity"], replications=2, sample=0.2)
    (told,) = result.events()
    assert told.endswith("The lever changes none of the steps that are counted.")


def test_effort_is_told_where_there_is_any(quiet_town: Path) -> None:
    """The owner's surplus rises and the verdict is misaligned or not, by an effort that is in nobody's cell."""
    system = paysim.load(quiet_town)
    thrift = replace(system.levers["thrift"], cost=Polynomial(), effort=Polynomial(1e6))
    notes = [
        " ".join(text.get_text() for text in paysim.incentives(
            replace(system, levers={"thrift": lever}), ["activity"], replications=2, sample=0.2
        ).figure().findobj(Text)).replace("\n", " ")
        for lever in (thrift, replace(thrift, effort=Polynomial()))
    ]  # fmt: skip
    assert ["verdicts take the effort off" in note for note in notes] == [True, False]


def test_many_organisations_are_read_by_kind_but_for_owners(
    result: paysim.Incentives, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [party.name for party in parties(result.incentives)] == [
        "hill_ccg", "vale_ccg", "practice", "hospital", "other_hospital"
    ]  # fmt: skip
    monkeypatch.setattr("paysim.report.incentives.records.MANY", 2)
    by_kind = {party.name: party for party in parties(result.incentives)}
    assert [*by_kind] == ["commissioners", "practice", "hospital", "other_hospital"]
    lever = result.incentives.levers[0]
    readable = Readable(result.incentives, "short_run")
    both = readable.surplus(lever, "activity", by_kind["commissioners"]).per_unit
    alone = [readable.surplus(lever, "activity", Party(id, (id,))).per_unit for id in ("hill_ccg", "vale_ccg")]
    assert both.tolist() == pytest.approx((alone[0] + alone[1]).tolist())


def test_the_map_prints_pounds_and_verdicts(result: paysim.Incentives) -> None:
    figure = result.figure("long_run")
    assert len(figure.axes) == 3
    verdicts = result.verdicts().set_index(WHERE)
    for axes, arrangement in zip(figure.axes, ["block", "activity", "capitation"], strict=True):
        words = [text.get_text() for text in axes.texts]
        for lever in result.incentives.levers:
            row = verdicts.loc[(lever.id, arrangement, "long_run")]
            assert any(row["verdict"] in word for word in words)
            assert short(row["owner_change"] * lever.step).replace("-", "−") in words


def test_workers_change_nothing(result: paysim.Incentives, tmp_path: Path) -> None:
    again = paysim.incentives(CONFIG, replications=REPLICATIONS, sample=SAMPLE, workers=2)
    pd.testing.assert_frame_equal(again.table(), result.table(), check_exact=True)
    pd.testing.assert_frame_equal(again.verdicts(), result.verdicts(), check_exact=True)
    assert again.incentives.provenance == result.incentives.provenance
    result.to_directory(tmp_path / "one")
    again.to_directory(tmp_path / "two", workers=2)
    assert written(tmp_path / "one") == written(tmp_path / "two")


def written(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.*")}


def test_doubling_replications_halves_the_variance() -> None:
    ends = []
    for replications in (12, 24):
        found = paysim.incentives(
            CONFIG, ["activity"], ["avoided_admissions"], replications=replications, sample=0.2, seed=5
        )
        change = next(
            c for c in found.incentives.changes
            if (c.party, c.quantity, c.horizon) == ("hospital", "surplus", "short_run")
        )  # fmt: skip
        ends.append(change.per_unit.var(ddof=1) / replications)
    # Half, times a ratio of variances of 23 and 11 degrees of freedom: 99.9% of such ratios lie in between.
    low, high = variance_ratio.ppf([0.0005, 0.9995], 23, 11)
    assert 0.5 * low < ends[1] / ends[0] < 0.5 * high


def test_a_replication_of_a_batch_is_the_same_alone(result: paysim.Incentives) -> None:
    first = paysim.incentives(CONFIG, replications=2, sample=SAMPLE)
    for few, many in zip(first.incentives.changes, result.incentives.changes, strict=True):
        np.testing.assert_array_equal(few.per_unit, many.per_unit[:2])


def test_work_avoided_is_told(result: paysim.Incentives) -> None:
    work = result.incentives.provenance["work"]
    assert work["points_settled"] == 8 * 4 * 3
    assert work["simulations"] == 8 * 3
    assert work["simulations_without_reuse"] == 2 * 8 * 3 * 3
    assert work["simulations_avoided"] == 144 - 24
    assert work["times_as_many_replications_without_pairing"] > 1


@pytest.fixture
def quiet_town(tmp_path: Path) -> Path:
    """A town in which nobody waits, its block budget-neutral."""
    folder = tmp_path / "systems"
    shutil.copytree(Path(__file__).parent / "systems", folder)
    config = folder / "neutral.toml"
    config.write_text(
        'extends = ["quiet_town.toml"]\n'
        'title = "A quiet town"\n'
        "[arrangement.block.contract.all]\n"
        'terms = [{ kind = "block", annual = { neutral_to = "activity" } }]\n'
        "[arrangement.capitation.contract.whole_population]\n"
        'terms = [{ kind = "capitation", annual_per_head = { neutral_to = "activity" } }]\n'
    )
    return config


def test_expected_values_have_no_interval_and_are_what_simulation_comes_to(quiet_town: Path) -> None:
    keys = ["lever", "arrangement", "horizon", "organisation", "quantity"]
    exact, simulated = (
        paysim.incentives(quiet_town, ["activity", "block"], ["avoid", "coding"], engine=engine, replications=12)
        .table().set_index(keys)
        for engine in ("expected", "compiled")
    )  # fmt: skip
    # Readmission looks at single residents, whom expected values do not know.
    simulated = simulated.drop("measure:readmission", level="quantity")
    assert simulated.index.equals(exact.index)
    assert exact.xs("measure:admissions", level="quantity")["mean"]["avoid"].item() < 0
    assert (exact["low"] == exact["mean"]).all()
    assert (exact["high"] == exact["mean"]).all()
    assert (exact["replications"] == 1).all()
    assert (exact.xs(("block", "income"), level=("arrangement", "quantity"))["mean"] == 0).all()
    # Twice a 95% interval of 12 replications, for each of the 55 quantities that move: Student's t with 11 degrees of
    # freedom is beyond it once in a thousand.
    half = (simulated["high"] - simulated["low"]) / 2
    moved = simulated["mean"] != 0
    away = (exact["mean"] - simulated["mean"]).abs()[moved]
    assert moved.sum() > 50
    assert (away <= 2 * half[moved] + 1e-6 * simulated["mean"].abs()[moved]).all()


def test_the_error_of_budget_neutral_amounts_cancels_but_for_residents_taken_off_a_list(quiet_town: Path) -> None:
    system = paysim.load(quiet_town)
    keys = ["lever", "arrangement", "horizon", "organisation", "quantity"]

    def means(calibration: int) -> pd.Series:
        study = replace(system.study, calibration_replications=calibration)
        arrangements, levers = ["block", "capitation"], ["avoid", "coding", "selection"]
        found = paysim.incentives(replace(system, study=study), arrangements, levers, replications=2, sample=0.5)
        return found.table().set_index(keys)["mean"]

    few, many = means(1), means(6)
    changed = few[(few - many).abs() > 0.01].reset_index()
    assert set(changed["lever"]) == {"selection"}
    assert set(changed["arrangement"]) == {"capitation"}
    key = ("selection", "capitation", "both", "practice", "income")
    # The rate by the head is off by a few per cent of itself, and so is what it pays for those on the list.
    assert few[key] == pytest.approx(many[key], rel=0.2)


# The command line -----------------------------------------------------------------------------------------------------


QUICK = ["--replications", "2", "--sample", "0.2", "--workers", "1"]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["paysim", "incentives", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_the_folder_holds_the_tables_the_map_and_where_they_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(monkeypatch, str(CONFIG), *QUICK, "--out", str(out)) == 0
    assert {path.name for path in out.iterdir()} == {
        "incentives.parquet", "verdicts.parquet", "figures", "report.html", "provenance.json"
    }  # fmt: skip
    names = {f"incentives-{horizon}-run.{kind}" for horizon in ("short", "long") for kind in ("png", "svg")}
    assert {path.name for path in (out / "figures").iterdir()} == names
    assert pq.read_table(out / "verdicts.parquet").num_rows == 18
    work = json.loads((out / "provenance.json").read_text())["work"]
    assert work["simulations"] == 2 * 3
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "One emergency admission avoided" in page
    assert "Who gains health" in page
    assert page.count("None for sure") >= 1, "coding moves no measure"
    printed = capsys.readouterr().out
    assert max(len(line.rstrip()) for line in printed.splitlines() if str(out) not in line) <= 100
    assert "indifferent" in printed
    assert "○" in printed
    assert run(monkeypatch, str(CONFIG), *QUICK, "--out", str(out)) == 0


def test_json_gives_the_same_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ["--arrangements", "activity", "--levers", "deeper_coding,avoided_admissions", "--json"]
    assert run(monkeypatch, str(CONFIG), *QUICK, *arguments, "--out", str(out)) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [*answer["levers"]] == ["deeper_coding", "avoided_admissions"]
    assert len(answer["verdicts"]) == 4
    assert len(answer["incentives"]) == pq.read_table(out / "incentives.parquet").num_rows
    assert answer["settings"]["years"] == 1


def test_one_arrangement_is_shown_by_organisation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--arrangements", "activity", "--horizon", "long_run", "--out", str(tmp_path / "out")]
    assert run(monkeypatch, str(CONFIG), *QUICK, *arguments) == 0
    printed = capsys.readouterr().out
    assert "long run" in printed
    assert "other hospital" in printed


@pytest.mark.parametrize(
    ("config", "arguments", "message"),
    [
        (CONFIG, ["--levers", "deeper_codin"], "levers: found 'deeper_codin'; expected one of avoided_admissions"),
        (CONFIG, ["--arrangements", "blok"], "arrangements: found 'blok'; expected one of"),
        (CONFIG, ["--levers", "deeper_coding,deeper_coding"], "expected at least one, each once"),
        (CONFIG, ["--horizon", "medium"], "--horizon: found 'medium'; expected one of short_run, long_run"),
        (CONFIG, ["--engine", "fast"], "engine: found 'fast'; expected one of compiled, simpy, expected"),
        (CONFIG, ["--years", "0"], "years: found 0; expected a whole number"),
        (SYSTEMS / "one_hospital.toml", [], "lever: found none in the config; expected at least one, such as [lever."),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    config: Path,
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, str(config), *arguments, "--out", str(tmp_path / "out")) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
    assert not (tmp_path / "out").exists()


def counting_stays(tmp_path: Path) -> Path:
    """The town with a second lever of which one event is told: shorter stays, whatever they count."""
    folder = tmp_path / "systems"
    shutil.copytree(SYSTEMS, folder)
    config = folder / "two_told.toml"
    per = '[lever.shorter_stays]\nper = { name = "stay fewer", steps = ["emergency.ward"] }\n'
    config.write_text(f'extends = ["{CONFIG.name}"]\ntitle = "Two levers that count"\n{per}')
    return config


def test_the_terminal_tells_of_the_lever_whose_verdicts_differ_most_or_of_those_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config, out = str(counting_stays(tmp_path)), ["--out", str(tmp_path / "out")]

    def printed(*arguments: str) -> str:
        assert run(monkeypatch, config, *QUICK, *arguments, *out) == 0
        return capsys.readouterr().out

    alone = printed()
    told = [name for name in ("One emergency admission avoided", "One stay fewer") if name in alone]
    assert len(told) == 1
    assert "The report says the same of 1 more lever" in alone
    named = printed("--levers", "avoided_admissions,shorter_stays")
    assert "One emergency admission avoided" in named
    assert "One stay fewer" in named
    assert "more lever" not in named
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "One emergency admission avoided" in page
    assert "One stay fewer" in page


def test_who_loses_with_the_system_is_not_called_aligned_alone(result: paysim.Incentives) -> None:
    from paysim.intervals import Interval
    from paysim.report.incentives.records import Readable
    from paysim.report.incentives.wording import verdict_text

    verdict = Readable(result.incentives, "short_run").verdict(result.incentives.levers[0], "activity")
    gains, loses = (
        replace(verdict, verdict="aligned", owner_change=Interval(sign * 2.0, sign * 2.0 - 1.0, sign * 2.0 + 1.0))
        for sign in (1, -1)
    )
    assert (verdict_text(gains), verdict_text(loses)) == ("✓ aligned", "✓ both lose")
