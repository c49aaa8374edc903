"""`paysim.respond` and `paysim.design` find what the closed forms say, from the configs as they are."""

import sys
from math import inf

import pytest
from theory_models import FOLDER, chosen, model, with_objective

import paysim
from paysim.cli import main

CASES = [
    (name, arrangement)
    for name in ("ellis_mcguire", "cost_effort", "hidden_quality", "dumping", "induced_demand", "readmission_effort")
    for arrangement in model(name).arrangements
]


def responded(name, arrangement):
    return paysim.respond(FOLDER / f"{name}.toml", arrangement, years=2, replications=1, engine="expected")


def intensities(table, kind):
    return table[table["kind"] == kind].set_index("lever")["intensity"].to_dict()


@pytest.mark.parametrize(("name", "arrangement"), CASES)
def test_a_response_comes_to_rest_in_the_only_equilibrium(name, arrangement):
    found = responded(name, arrangement)
    at_rest = chosen(model(name), arrangement)
    assert intensities(found.equilibria(), "equilibrium") == pytest.approx(dict(at_rest), rel=1e-9, abs=1e-12)
    path = found.path()
    reached = path[(path["quantity"] == "intensity") & (path["year"] == "2018-19")].set_index("lever")["mean"].to_dict()
    assert reached == pytest.approx(dict(at_rest), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("arrangement", "treated"), [("prospective", 5.0), ("mixed", 6.0), ("cost_reimbursement", 10.0)]
)
def test_the_price_of_going_it_alone_is_what_the_welfare_function_loses(arrangement, treated):
    """In thousand pounds for each of 100,000 patients: d (q - q*)^2 / 2, as welfare is b q - d q^2 / 2 - c q."""
    gap = responded("ellis_mcguire", arrangement).gap()
    (pounds,) = gap[(gap["quantity"] == "net_benefit") & (gap["measured_by"] == "simulation")]["gap"]
    assert pounds == pytest.approx(1e8 * (treated - 6.0) ** 2 / 2, rel=1e-6, abs=1.0)


def designed(system, arrangement, parameter, low, high):
    found = paysim.design(
        system, arrangement, {parameter: (low, high)}, tolerance=inf, replications=1, engine="expected"
    )
    return found.winner()[parameter], found


@pytest.mark.parametrize("alpha", [0.5, 0.65, 0.8])
def test_a_design_makes_good_the_share_of_cost_that_the_hospital_cares_too_little(alpha):
    """r* = 1 - alpha, and nothing is lost against the joint optimum."""
    system = with_objective(model("ellis_mcguire"), "hospital", health_weight=alpha)
    found, result = designed(system, "mixed", "care.cost_share.payer_over", 0.0, 1.0)
    assert found == pytest.approx(1 - alpha, abs=1e-5)
    assert result.gap == pytest.approx(0.0, abs=1.0)


def test_the_command_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    config = FOLDER / "ellis_mcguire.toml"
    monkeypatch.setattr(
        sys,
        "argv",
        [
            "paysim",
            "respond",
            str(config),
            "--arrangement",
            "mixed",
            "--engine",
            "expected",
            "--out",
            str(tmp_path / "o"),
        ],
    )
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code in (None, 0)
    assert "Treatments" in capsys.readouterr().out
