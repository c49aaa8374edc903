"""Little's law, L = lambda W, at every service and over all, within 1% (Little, Operations Research 9, 1961)."""

from pathlib import Path

import numpy as np
import pytest
from observe import SYSTEMS, Presence, at, in_system, mean_number, observed_hours

import paysim

TOWN = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"
QUEUES = [path for path in sorted(SYSTEMS.glob("*.toml")) if path.stem not in ("base", "compound_poisson")]


@pytest.mark.parametrize("config", [TOWN, *QUEUES], ids=lambda path: path.stem)
def test_at_every_service_and_over_all(config):
    # Long enough that those present when the run begins and ends, in no equal number, are lost among the rest.
    activity = paysim.simulate(paysim.load(config), years=20)
    services = {service: in_system(activity, service) for service in activity.system.service_ids}
    everywhere = Presence(*(np.concatenate(times) for times in zip(*services.values(), strict=True)))
    for name, presence in {**services, "everywhere": everywhere}.items():
        hours = observed_hours(activity)
        # L from the area under the number present; lambda and W from those who came meanwhile.
        came = (presence.since >= 0) & (presence.since < hours)
        flow, sojourn = came.sum() / hours, (presence.until - presence.since)[came].mean()
        assert mean_number(presence, hours) == pytest.approx(flow * sojourn, rel=0.01), name


def test_every_service_was_visited():
    activity = paysim.simulate(paysim.load(TOWN), years=1)
    assert all(at(activity, service).sum() > 100 for service in activity.system.service_ids)
