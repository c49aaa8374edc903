"""A design whose surface no threshold can follow says so: the winner's equilibrium may be none."""

from dataclasses import replace
from pathlib import Path

import pytest

import paysim

SHARED = Path(__file__).parents[2] / "configs" / "practice" / "shared_savings.toml"
FREE = {"savings.gain_loss_share.shares.practices": (0.3, 0.5)}
DOUBT = "may not be where they would stay"


def sharing_from(rate):
    """Half of what is saved, all of it once a share of the target is saved, and nothing before."""
    system = paysim.load(SHARED)
    arrangement = system.arrangements["shared_savings"]
    *care, savings = arrangement.contracts
    (term,) = savings.terms
    late = replace(savings, terms=(replace(term, minimum_savings_rate=rate),))
    return replace(
        system, arrangements=system.arrangements | {arrangement.id: replace(arrangement, contracts=(*care, late))}
    )


@pytest.mark.parametrize("rate", [0.0, 0.02])
def test_owners_who_would_not_stay_are_named(rate):
    asked = {"than": "fee_for_service", "tolerance": float("inf"), "candidates": 5, "engine": "expected"}
    design = paysim.design(sharing_from(rate), "shared_savings", free=FREE, **asked)
    doubts = [sentence for sentence in design.answer() if DOUBT in sentence]
    kept = design.check().set_index(["place", "quantity", "organisation"]).loc[("winner", "surplus", "practices")]
    off = kept["fitted"] - kept["simulated"]
    if rate == 0.0:
        assert off == pytest.approx(0.0, abs=1.0)
        assert not doubts
    else:
        assert off > 100_000
        assert len(doubts) == 1
        assert "Payer, Practices." in doubts[0]
