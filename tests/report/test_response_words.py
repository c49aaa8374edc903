"""What a response says in words: several equilibria, none, ends of ranges, rough surfaces, chance."""

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import paysim
from paysim.incentives.response.equilibrium import Cycle, Equilibria, Rest
from paysim.model.objective import Objective
from paysim.report.response.records import Readable
from paysim.report.response.tables import response_text, shown_years
from paysim.report.response.wording import ends, price, warnings
from paysim.study.response.study import Responded

CONFIG = Path(__file__).parents[1] / "incentives" / "systems" / "quiet_town.toml"


@pytest.fixture(scope="module")
def responded() -> Responded:
    return paysim.respond(CONFIG, "activity", years=1, replications=2).response


def printed(response: Responded) -> str:
    console = Console(width=100, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(response_text(response))
    return " ".join(capture.get().split())


def test_one_equilibrium_is_held_against_the_optimum(responded: Responded) -> None:
    sentence, bound = price(Readable(responded))
    assert sentence.startswith("The equilibrium is £")
    assert "QALYs a year fewer" in sentence
    points = len(responded.surface.design.points)
    assert bound.startswith("Both ends are simulated.")
    assert f"a surface through {points} points: if there is a better one, the price is higher." in bound
    less, further = ends(Readable(responded))
    assert "Nursing in the place of a stay (0 and not 0.5)" in less
    assert "Coding depth (1 and not 0)" in further
    said = " ".join(warnings(Readable(responded)))
    assert "no [objective.*] of" in said
    assert "In equilibrium the range alone keeps these from going on: Shorter stays (high), Thrift (high)" in said
    assert "In equilibrium these are not pulled at all: Nursing in the place of a stay" in said
    assert "rough" not in said


def test_levers_of_the_same_name_are_told_apart_at_the_ends_of_their_ranges(responded: Responded) -> None:
    surface = responded.surface
    alike = tuple(replace(lever, name="Other practice") for lever in surface.design.levers)
    same = replace(responded, surface=replace(surface, design=replace(surface.design, levers=alike)))
    said = " ".join(warnings(Readable(same)))
    assert "keeps these from going on: Other practice (high), Other practice (high)" in said
    assert "In equilibrium these are not pulled at all: Other practice, Other practice." in said


def test_several_equilibria_are_all_told(responded: Responded) -> None:
    (rest,) = responded.found.rests
    other = Rest({**rest.intensities, "coding": 0.5}, ("high",), {}, rest.gains)
    again = responded.gap.assign(equilibrium=2)
    fit = responded.fit[responded.fit["place"] == "equilibrium 1"].assign(place="equilibrium 2")
    both = replace(
        responded,
        found=Equilibria((replace(rest, starts=("low", "now")), other), ()),
        gap=type(again)({column: [*responded.gap[column], *again[column]] for column in again}),
        fit=type(fit)({column: [*responded.fit[column], *fit[column]] for column in fit}),
    )
    said = printed(both)
    assert (
        "There are 2 equilibria; which one comes about depends on the start (1: from low, now; 2: from high)." in said
    )
    assert "Equilibrium 2 is" in said
    assert "Rest 1" in said
    assert "In equilibrium 2 these go further than is best for the system: Coding depth (0.5 and not 0)." in said


def test_what_does_not_come_to_rest_is_told_with_how_far_it_swings(responded: Responded) -> None:
    (rest,) = responded.found.rests
    swinging = Cycle({**rest.intensities, "coding": 0.25}, dict(rest.intensities), 2, ("low", "high"))
    cycling = replace(
        responded,
        found=Equilibria((), (swinging,)),
        gap=responded.gap.iloc[:0],
        fit=responded.fit[responded.fit["place"] == "optimum"],
    )
    said = printed(cycling)
    assert "Nobody comes to rest" in said
    assert "Best responses from low, high do not come to rest but go on every 2 rounds: Coding depth 0.25 to 1." in said
    lost = replace(cycling, found=Equilibria((), (replace(swinging, rounds=0),)))
    assert "go on without coming back" in printed(lost)


def test_a_surface_that_is_off_is_told(responded: Responded) -> None:
    off = responded.gap.copy()
    there = (off["quantity"] == "net_benefit") & (off["measured_by"] == "surface")
    off.loc[there, ["gap", "gap_low", "gap_high"]] *= 2
    said = warnings(Readable(replace(responded, gap=off)))
    assert any("What organisations expect is rough" in sentence for sentence in said)
    worse = responded.gap.copy()
    worse.loc[worse["quantity"] == "net_benefit", ["gap", "gap_low", "gap_high"]] = [-9e4, -1e5, -8e4]
    said = warnings(Readable(replace(responded, gap=worse)))
    assert any("Simulated, the joint optimum is worse than equilibrium 1" in sentence for sentence in said)


def test_a_single_replication_gives_no_interval() -> None:
    response = paysim.respond(CONFIG, "block", years=1, replications=1).response
    assert any("A single replication gives no interval" in sentence for sentence in warnings(Readable(response)))
    assert "nan" not in printed(response).lower().split()


def test_a_passive_town_has_words_too() -> None:
    system = paysim.load(CONFIG)
    owners = {lever.owner for lever in system.levers.values()}
    passive = replace(system, objectives={each: Objective(each, rule="passive") for each in owners})
    response = paysim.respond(passive, "activity", years=1, replications=2).response
    said = printed(response)
    assert "Levers that stay as they are, since their owners are passive" in said
    assert "Every owner of a lever is passive" in said


def test_of_many_years_the_first_and_the_last_are_shown() -> None:
    assert shown_years(("a", "b")) == [0, 1]
    assert shown_years(tuple("abcdefgh")) == [0, 1, 2, 3, 7]
