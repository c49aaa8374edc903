"""Segments of need: in the population, in tables by kind of resident, and from year to year."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from paysim.model.errors import InputError
from paysim.model.population import Population
from paysim.model.system import System

Variant = Callable[[str], System]

SEGMENTS = """
population.file = "tables/segments.csv"
"""
TRANSITIONS = 'transitions = { file = "tables/own.csv", column = "p" }\n'


def test_segments_are_the_innermost_factor_of_a_profile(variant: Variant) -> None:
    population = variant(SEGMENTS).population
    assert population.segments == ("well", "ill")
    assert population.profiles == 2 * 2 * 5 * 2
    labels = population.profile_labels()
    kinds = [(population.places[place], *labels[profile]) for place, profile in zip(*cells(population), strict=True)]
    assert kinds == [
        ("hill", "0-64", "female", 1, "well"),
        ("hill", "65+", "female", 1, "well"),
        ("hill", "65+", "female", 1, "ill"),
        ("vale", "0-64", "male", 5, "well"),
        ("vale", "65+", "male", 5, "well"),
    ]
    assert population.residents.tolist() == [3000, 500, 500, 2000, 900]


def cells(population: Population) -> tuple[list[int], list[int]]:
    return population.place.tolist(), population.profile.tolist()


def test_a_population_without_segments_has_one(variant: Variant) -> None:
    assert variant("").population.segments == ("all",)


def test_tables_by_segment_hold_for_residents_who_may_come_to_it(variant: Variant, folder: Path) -> None:
    (folder / "tables" / "own.csv").write_text("segment,age_band,visits\nwell,0-64,1\nwell,65+,2\nill,all,9\n")
    demand = (
        variant(SEGMENTS + '[pathway.general_practice.demand]\nrate = { file = "tables/own.csv", column = "visits" }')
        .pathways["general_practice"]
        .demand
    )
    assert demand is not None
    by_segment = demand.rate.reshape(2, 2, 2, 5, 2)
    assert by_segment[0, :, 0, 0].tolist() == [[1, 9], [2, 9]]
    assert by_segment[1, :, 1, 4].tolist() == [[1, 9], [2, 9]], "nobody in vale is ill now"
    assert by_segment[0, :, 0, 1:].max() == 0


def test_need_changes_from_year_to_year(variant: Variant, folder: Path) -> None:
    (folder / "tables" / "own.csv").write_text(
        "from_segment,to_segment,p\nill,ill,1\nwell,ill,0.1\nwell,well,0.90005\n"
    )
    need = variant(
        SEGMENTS + "[need]\n" + TRANSITIONS + 'death = { file = "tables/rates.csv", column = "admitted" }'
    ).need
    assert need is not None
    np.testing.assert_allclose(need.transitions, [[0.90005 / 1.00005, 0.1 / 1.00005], [0, 1]], rtol=1e-15)
    assert need.death.reshape(2, 2, 2, 5, 2)[0, :, 0, 0].tolist() == [[0.01, 0.01], [0.04, 0.04]]


def test_segments_are_kept_and_nobody_dies_unless_given(variant: Variant) -> None:
    need = variant(SEGMENTS + "[need]\ndeath = 0.25").need
    assert need is not None
    np.testing.assert_array_equal(need.transitions, np.eye(2))
    assert (need.death.min(), need.death.max()) == (0.25, 0.25)
    kept = variant(SEGMENTS + "[need]").need
    assert kept is not None
    assert kept.death.max() == 0


def test_transitions_and_deaths_are_parameters_with_sources(variant: Variant, folder: Path) -> None:
    (folder / "tables" / "own.csv").write_text("from_segment,to_segment,p\nill,ill,1\nwell,well,1\n")
    system = variant(SEGMENTS + "[need]\ndeath = 0.01\nsource = 'made_up'\n" + TRANSITIONS)
    listed = {parameter.path: parameter for parameter in system.parameters if parameter.path.startswith("need")}
    assert {path: parameter.value for path, parameter in listed.items()} == {
        "need.death": "0.01",
        "need.transitions": "tables/own.csv: p",
    }
    assert all(parameter.source is not None and parameter.source.id == "made_up" for parameter in listed.values())


def test_who_falls_ill_in_time_is_checked_for(variant: Variant, folder: Path) -> None:
    """Only the ill ask for what the hospital does, and nobody in vale is ill yet; with [need] they may become so."""
    (folder / "tables" / "own.csv").write_text("place,segment,admitted\nhill,all,0\nvale,well,0.1\nvale,ill,0\n")
    system = SEGMENTS + (
        "[pathway.general_practice.step.consultation]\n"
        'next = [{ to = "emergency.ward", probability = { file = "tables/own.csv", column = "admitted" } }]\n'
        "[pathway.emergency.step.ward]\n"
        'next = [{ to = "convalescence", probability = { file = "tables/again.csv", column = "again" } }]\n'
        "[pathway.emergency.step.convalescence]\n"
        'next = [{ to = "ward", delay = { days = 9 } }]\n'
    )
    (folder / "tables" / "again.csv").write_text("segment,again\nwell,0.5\nill,1\n")
    variant(system)
    with pytest.raises(InputError, match="never ends for vale, 0-64, male, quintile 5, segment ill"):
        variant(system + "[need]\n")


def test_too_many_kinds_of_residents(variant: Variant, folder: Path) -> None:
    rows = "".join(f"hill,0+,female,1,s{number},1\n" for number in range(3277)) + "vale,0+,female,1,s0,1\n"
    (folder / "tables" / "own.csv").write_text("place,age_band,sex,quintile,segment,residents\n" + rows)
    with pytest.raises(InputError, match=r"found 32,770 kinds of residents .*expected at most 32,767"):
        variant('population.file = "tables/own.csv"')
