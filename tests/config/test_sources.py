"""Every number is a parameter, with the source of the nearest table that names one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from paysim.config import load
from paysim.model.errors import InputError
from paysim.model.evidence import Parameter
from paysim.model.system import System

SOURCES = """
[source.accounts]
citation = "Annual accounts"
year = "2017-18"
status = "cited"
[source.survey]
citation = "A survey"
year = "2016"
status = "derived"
"""


def found(system: System, path: str) -> list[Parameter]:
    return [parameter for parameter in system.parameters if parameter.path == path]


def source_of(system: System, path: str) -> str | None:
    (parameter,) = found(system, path)
    return parameter.source.id if parameter.source else None


def test_a_source_holds_for_the_tables_inside_until_they_name_their_own(variant: Callable[[str], System]) -> None:
    system = variant(
        SOURCES
        + """
        [service.wards]
        source = "accounts"
        [service.wards.cost]
        per_day = 60
        semi_fixed = { capacity_per_step = 7, per_step = 350_000, lag_months = 6, source = "survey" }
        """
    )
    assert source_of(system, "service.wards.capacity") == "accounts"
    assert source_of(system, "service.wards.cost.per_day") == "accounts"
    assert source_of(system, "service.wards.cost.semi_fixed.lag_months") == "survey"
    assert source_of(system, "service.surgery.capacity") is None
    assert found(system, "service.surgery.capacity")[0].status == "assumed"
    assert found(system, "service.wards.cost.semi_fixed.per_step")[0].value == "350000"


def test_a_source_may_stand_beside_blocks(variant: Callable[[str], System]) -> None:
    system = variant(SOURCES + '[service]\nsource = "accounts"\n[service.wards]\nsource = "survey"')
    assert source_of(system, "service.surgery.capacity") == "accounts"
    assert source_of(system, "service.wards.capacity") == "survey"
    assert list(system.services) == ["surgery", "wards"]


def test_a_source_in_a_list_of_tables(variant: Callable[[str], System]) -> None:
    system = variant(
        SOURCES
        + """
        [pathway.emergency.step.ward]
        source = "accounts"
        next = [
          { to = "convalescence", probability = 0.1, source = "survey" },
          { to = "ward", probability = 0.2, delay = { days = 9 } },
        ]
        """
    )
    step = "pathway.emergency.step.ward"
    assert source_of(system, f"{step}.next[0].probability") == "survey"
    assert source_of(system, f"{step}.next[1].delay.days") == "accounts"


def test_all_numbers_lists_and_tables_written_are_parameters_and_nothing_else(folder: Path) -> None:
    system = load(folder / "base.toml")
    assert {parameter.path: parameter.value for parameter in system.parameters if not parameter.by_default} == {
        "population": "tables/population.csv",
        "service.surgery.capacity": "3",
        "service.wards.capacity": "14",
        "service.wards.cost.fixed": "400000",
        "service.wards.cost.by_code": "tables/code_costs.csv: cost",
        "prices.national": "tables/prices.csv",
        "case_mixes": "tables/case_mixes.csv",
        "choice.acute.shares.hill.near": "1.0",
        "choice.acute.shares.vale.near": "0.6",
        "choice.acute.shares.vale.far": "0.4",
        "pathway.general_practice.demand.rate": "tables/rates.csv: consultations",
        "pathway.general_practice.step.consultation.duration.minutes": "10",
        "pathway.general_practice.step.consultation.duration.cv": "0.5",
        "pathway.general_practice.step.consultation.next[0].probability": "tables/rates.csv: admitted",
        "pathway.emergency.step.ward.next[0].probability": "0.1",
        "pathway.emergency.step.convalescence.duration.days": "4",
        "measure.consultations.target": "4.5",
    }


def test_rows_with_a_status_of_their_own_are_parameters_of_their_own(
    variant: Callable[[str], System], folder: Path
) -> None:
    (folder / "tables" / "own.csv").write_text(
        "currency,code,price,source,status,year\n"
        "consultation,,37,survey,assumed,\n"
        "non_elective,AA22C,9766,accounts,cited,\n"
        "non_elective,LA04S,861,accounts,cited,\n"
        "non_elective,XX99Z,1,A guess,assumed,2018\n"
    )
    system = variant(SOURCES + '[prices.national]\nfile = "tables/own.csv"\nsource = "accounts"')
    rows = found(system, "prices.national")
    assert [(row.value, row.status) for row in rows] == [
        ("tables/own.csv (1 of 4 rows)", "assumed"),
        ("tables/own.csv (2 of 4 rows)", "cited"),
        ("tables/own.csv (1 of 4 rows)", "assumed"),
    ]
    assert [row.source and row.source.citation for row in rows] == ["A survey", "Annual accounts", "A guess"]
    assert rows[2].source is not None
    assert rows[2].source.year == "2018"


def test_study_settings_as_written_and_flags_are_no_parameters(variant: Callable[[str], System]) -> None:
    system = variant("[study]\nyears = 3\nreplications = 20")
    of_study = {parameter.path for parameter in system.parameters if parameter.path.startswith("study.")}
    assert not of_study & {"study.years", "study.replications"}
    assert not found(system, "pathway.emergency.step.ward.admitted")


WITH_SOURCES = (
    SOURCES
    + """
    [service]
    source = "survey"
    [service.wards]
    source = "accounts"
    [service.wards.cost]
    per_day = 60
    [pathway.emergency.step.ward]
    source = "accounts"
    [prices.national]
    source = "accounts"
    """
)


@pytest.fixture
def scenario(variant: Callable[[str], System], folder: Path) -> Callable[[str], System]:
    """Return a function that loads a scenario of a base whose wards and tariff have a source."""
    variant(WITH_SOURCES)

    def load_scenario(differences: str) -> System:
        file = folder / "scenario.toml"
        file.write_text(f'extends = "variant.toml"\n{differences}\n', encoding="utf-8")
        return load(file)

    return load_scenario


def test_a_number_of_a_scenario_does_not_take_the_source_of_the_one_in_its_place(
    scenario: Callable[[str], System], folder: Path
) -> None:
    shutil.copy(folder / "tables" / "prices.csv", folder / "tables" / "other_prices.csv")
    system = scenario(
        """
        [service.wards]
        capacity = 40
        cost = { per_day = 70 }
        [pathway.emergency.step.ward]
        next = [{ to = "convalescence", probability = 0.3 }]
        [prices.national]
        file = "tables/other_prices.csv"
        """
    )
    for path in (
        "service.wards.capacity",
        "service.wards.cost.per_day",
        "pathway.emergency.step.ward.next[0].probability",
        "prices.national",
    ):
        assert source_of(system, path) is None
        assert found(system, path)[0].status == "assumed"
    assert source_of(system, "service.wards.cost.fixed") == "accounts"
    assert source_of(system, "service.surgery.capacity") == "survey"


@pytest.mark.parametrize("at", ["service.wards", "service"])
def test_a_scenario_that_names_a_source_has_its_numbers_rest_on_it(scenario: Callable[[str], System], at: str) -> None:
    new = '[source.new]\ncitation = "New"\nyear = "2018"\nstatus = "cited"'
    system = scenario(f'{new}\n[{at}]\nsource = "new"\n[service.wards.cost]\nper_day = 70')
    assert source_of(system, "service.wards.cost.per_day") == "new"


def test_rows_that_a_scenario_names_do_not_take_the_source_of_the_base(
    scenario: Callable[[str], System], folder: Path
) -> None:
    (folder / "tables" / "beds.csv").write_text("service,capacity\nwards,40\n", encoding="utf-8")
    rows = '[service]\nfile = "tables/beds.csv"\nby = "service"\n'
    assert source_of(scenario(rows), "service") is None
    assert source_of(scenario(rows + 'source = "survey"'), "service") == "survey"


def test_a_source_that_a_scenario_names_leaves_the_numbers_of_the_base_with_their_own(
    scenario: Callable[[str], System],
) -> None:
    new = '[source.new]\ncitation = "New"\nyear = "2018"\nstatus = "cited"'
    system = scenario(f'{new}\n[service.wards]\nsource = "new"\ncapacity = 40')
    assert source_of(system, "service.wards.capacity") == "new"
    assert source_of(system, "service.wards.cost.fixed") == "accounts"
    assert source_of(system, "service.wards.cost.per_day") == "accounts"
    assert source_of(system, "service.wards.cost.by_code") == "accounts"


def test_a_source_that_a_scenario_names_holds_for_numbers_of_the_base_that_have_none(
    scenario: Callable[[str], System],
) -> None:
    system = scenario('[pathway.emergency]\nsource = "survey"')
    assert source_of(system, "pathway.emergency.step.convalescence.duration.days") == "survey"
    assert source_of(system, "pathway.emergency.step.ward.next[0].probability") == "accounts"


def test_a_base_s_unknown_source_is_refused_where_a_scenario_names_another(
    scenario: Callable[[str], System], folder: Path
) -> None:
    base = folder / "variant.toml"
    base.write_text(base.read_text().replace('source = "accounts"', 'source = "acounts"', 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"variant\.toml: service\.wards\.source: unknown source 'acounts'"):
        scenario('[service.wards]\nsource = "survey"')


TABLE_IN_A_ROW = (
    SOURCES
    + """
    [service]
    file = "tables/hospices.csv"
    by = "id"
    source = "accounts"
    """
)


@pytest.mark.parametrize("differences", ["", '[service]\nfile = "tables/beds.csv"\nby = "service"'])
def test_a_table_that_a_row_names_keeps_its_source_in_a_scenario(
    variant: Callable[[str], System], folder: Path, differences: str
) -> None:
    (folder / "tables" / "beds.csv").write_text("service,capacity,source\nhospice,40,survey\n", encoding="utf-8")
    (folder / "tables" / "hospices.csv").write_text(
        "id,name,organisation,sector,unit,capacity,cost.by_code.file,cost.by_code.column\n"
        "hospice,Hospice,hospital,acute,beds,8,code_costs.csv,cost\n",
        encoding="utf-8",
    )
    assert source_of(variant(TABLE_IN_A_ROW), "service.hospice.cost.by_code") == "accounts"
    file = folder / "scenario.toml"
    file.write_text(f'extends = "variant.toml"\n{differences}\n', encoding="utf-8")
    assert source_of(load(file), "service.hospice.cost.by_code") == "accounts"


def test_another_column_that_a_scenario_names_does_not_take_the_source_of_the_base(
    scenario: Callable[[str], System], folder: Path
) -> None:
    file = folder / "variant.toml"
    cited = '[pathway.general_practice.demand]\nsource = "survey"\n'
    file.write_text(file.read_text(encoding="utf-8") + cited, encoding="utf-8")
    rate = "pathway.general_practice.demand.rate"
    assert source_of(load(file), rate) == "survey"
    other = scenario('[pathway.general_practice.demand]\nrate = { column = "admitted" }')
    assert found(other, rate)[0].value == "tables/rates.csv: admitted"
    assert source_of(other, rate) is None
