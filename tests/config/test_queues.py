"""Waiting, leaving, not coming and holding a server: what a config says becomes these values."""

from collections.abc import Callable

import numpy as np
import pytest

from paysim.model.errors import InputError
from paysim.model.pathway import IMMEDIATELY, Duration
from paysim.model.service import FollowsActivity
from paysim.model.system import System

Variant = Callable[[str], System]


def test_nothing_of_it_unless_given(variant: Variant) -> None:
    system = variant("")
    ward = system.steps["emergency.ward"]
    assert (ward.patience, ward.unserved, ward.not_attending) == (None, None, None)
    assert (ward.branches[0].holds, ward.branches[0].after_wait) == (False, ())
    assert (system.services["wards"].waiting_room, system.services["wards"].follows_activity) == (None, None)
    assert system.need is None


def test_patience_and_where_those_go_who_are_not_served(variant: Variant) -> None:
    step = variant(
        """
        [pathway.emergency.step.ward]
        patience = { hours = 6, distribution = "exponential" }
        unserved = "general_practice.advice"
        [pathway.general_practice.step.advice]
        name = "Advice"
        service = "surgery"
        duration = { minutes = 5 }
        """
    ).steps["emergency.ward"]
    assert step.patience == Duration("exponential", 0.25, 1.0)
    assert step.unserved == "general_practice.advice"


def test_a_waiting_room_is_reason_enough_to_be_unserved(variant: Variant) -> None:
    system = variant('[service.wards]\nwaiting_room = 0\n[pathway.emergency.step.ward]\nunserved = "convalescence"')
    assert system.services["wards"].waiting_room == 0
    assert system.steps["emergency.ward"].unserved == "emergency.convalescence"


def test_not_attending_by_kind_of_resident(variant: Variant) -> None:
    missing = (
        variant(
            """
        [pathway.general_practice.step.consultation]
        not_attending = { probability = { file = "tables/rates.csv", column = "admitted" }, instead = "missed" }
        [pathway.general_practice.step.missed]
        name = "Missed consultation"
        service = "surgery"
        duration = { minutes = 10 }
        """
        )
        .steps["general_practice.consultation"]
        .not_attending
    )
    assert missing is not None
    assert missing.instead == "general_practice.missed"
    assert missing.probability[0, [0, 20]].tolist() == [0.01, 0.04]


def test_a_branch_that_holds_and_depends_on_the_wait(variant: Variant) -> None:
    (branch,) = (
        variant(
            """
        [[pathway.emergency.step.ward.next]]
        to = "convalescence"
        probability = 0.1
        holds = true
        after_wait = [
          { over = { hours = 12 }, probability = 0.2 },
          { over = { days = 2 }, probability = { file = "tables/rates.csv", column = "admitted" } },
        ]
        """
        )
        .steps["emergency.ward"]
        .branches
    )
    assert branch.holds
    assert branch.delay == IMMEDIATELY
    assert [band.over for band in branch.after_wait] == [0.5, 2.0]
    assert (branch.probability[0, 0], branch.after_wait[0].probability[0, 0]) == (0.1, 0.2)
    np.testing.assert_array_equal(branch.after_wait[1].probability[0, [0, 20]], [0.01, 0.04])


def test_capacity_that_follows_activity(variant: Variant) -> None:
    follows = "[service.wards]\nfollows_activity = { servers_per_step = 7, lag_months = 6"
    assert variant(follows + " }").services["wards"].follows_activity == FollowsActivity(7, 6, 1.0)
    planned = variant(follows + ", planned_utilisation = 0.85 }").services["wards"].follows_activity
    assert planned == FollowsActivity(7, 6, 0.85)


def test_a_bed_may_be_held_for_another_at_the_same_service(variant: Variant) -> None:
    variant(
        """
        [pathway.emergency.step.ward]
        next = [{ to = "convalescence", probability = 0.1, holds = true }]
        [pathway.emergency.step.convalescence]
        next = [{ to = "ward", probability = 0.1, holds = true }]
        """
    )


def test_options_of_one_choice_hold_only_for_their_own_kind(variant: Variant) -> None:
    """Beds near are held for home care near, and far for far: two chains, though together they would be a circle."""
    variant(
        """
        [service.far_wards]
        name = "Far wards"
        organisation = "hospital"
        sector = "acute"
        unit = "beds"
        capacity = 9
        [pathway.emergency.step.ward]
        service = { choice = "acute", options = { near = "wards", far = "far_wards" } }
        next = [{ to = "convalescence", probability = 0.1, holds = true }]
        [pathway.emergency.step.convalescence]
        service = { choice = "acute", options = { near = "wards", far = "far_wards" } }
        """
    )


def test_whoever_comes_back_unserved_is_served_one_day(variant: Variant) -> None:
    system = variant(
        """
        [pathway.general_practice.step.consultation]
        patience = { hours = 1 }
        unserved = "call"
        [pathway.general_practice.step.call]
        name = "Call"
        service = "surgery"
        duration = { minutes = 1 }
        next = [{ to = "consultation", delay = { days = 1 } }]
        """
    )
    assert system.steps["general_practice.consultation"].unserved == "general_practice.call"


def test_steps_instead_and_unserved_are_paid_for_like_others(variant: Variant) -> None:
    """A step that only stands in for another is reached, so its organisation must be paid; here nobody pays it."""
    stand_in = """
        [organisation.charity]
        name = "Charity"
        kind = "provider"
        [service.helpline]
        name = "Helpline"
        organisation = "charity"
        sector = "community"
        unit = "lines"
        capacity = 1
        [pathway.emergency.step.call]
        name = "Call"
        service = "helpline"
        duration = { minutes = 9 }
        [pathway.emergency.step.ward]
    """
    unpaid = "no contract pays 'charity' for service 'helpline' and residents of 'hill'"
    for way in (
        'not_attending = { probability = 0.1, instead = "call" }',
        'patience = { days = 1 }\nunserved = "call"',
        'next = [{ to = "call", probability = 0, after_wait = [{ over = { days = 1 }, probability = 0.1 }] }, '
        '{ to = "convalescence", probability = 0.1 }]',
    ):
        with pytest.raises(InputError, match=unpaid):
            variant(stand_in + way)
    variant(stand_in + 'not_attending = { probability = 0, instead = "call" }')
