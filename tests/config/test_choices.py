"""Choices by travel and wait become shares and a sensitivity."""

from collections.abc import Callable

import numpy as np

from paysim.model.pathway import ServiceChoice
from paysim.model.system import System

Variant = Callable[[str], System]

TRAVEL = """
[service.far_surgery]
name = "Far surgery"
organisation = "practice"
sector = "general practice"
unit = "clinicians"
capacity = 3
[pathway.general_practice.step.consultation]
service = { choice = "surgery", options = { near = "surgery", far = "far_surgery" } }
[choice.surgery]
options = ["near", "far"]
"""


def surgery(system: System) -> ServiceChoice:
    return system.steps["general_practice.consultation"].service


def test_shares_by_travel_are_a_logit(variant: Variant) -> None:
    choice = surgery(
        variant(
            TRAVEL
            + """
        travel = { minutes = { vale = { far = 10, near = 30 }, hill = { near = 5 } }, sensitivity = 0.05 }
        """
        )
    )
    near = np.exp(-0.05 * 30) / (np.exp(-0.05 * 30) + np.exp(-0.05 * 10))
    np.testing.assert_allclose(choice.shares, [[1, 0], [near, 1 - near]], rtol=1e-12)
    assert choice.shares[0, 1] == 0, "what is not listed for a place is not offered there"
    assert (choice.group, choice.wait_sensitivity) == ("surgery", 0.0)


def test_attraction_weighs_against_travel(variant: Variant) -> None:
    choice = surgery(
        variant(
            TRAVEL
            + """
        wait_sensitivity = 0.2
        [choice.surgery.travel]
        minutes = { hill = { near = 10, far = 30 }, vale = { near = 0, far = 0 } }
        sensitivity = 0.05
        attraction = { far = 1.0 }
        """
        )
    )
    np.testing.assert_allclose(choice.shares[0], [0.5, 0.5])
    np.testing.assert_allclose(choice.shares[1], [1 / (1 + np.e), np.e / (1 + np.e)])
    assert choice.wait_sensitivity == 0.2


def test_extreme_utilities_are_still_shares(variant: Variant) -> None:
    shares = surgery(
        variant(
            TRAVEL
            + """
        [choice.surgery.travel]
        minutes = { hill = { near = 1e12, far = 1e12 }, vale = { near = 1e12, far = 0 } }
        sensitivity = 1e12
        attraction = { near = -1e12, far = -1e12 }
        """
        )
    ).shares
    assert shares.tolist() == [[0.5, 0.5], [0, 1]]


def test_fixed_shares_may_depend_on_waits_too(variant: Variant) -> None:
    choice = surgery(
        variant(
            TRAVEL
            + """
        shares = { hill = { near = 1 }, vale = { near = 0.5, far = 0.5 } }
        wait_sensitivity = 0.1
        """
        )
    )
    assert choice.shares.tolist() == [[1, 0], [0.5, 0.5]]
    assert choice.wait_sensitivity == 0.1
