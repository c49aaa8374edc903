"""NUMBA_DISABLE_JIT=1 runs everything as plain Python, to the same bytes; run as a script, this prints their digest."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numba

import paysim
from paysim.model.activity import COLUMNS

CONFIG = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"
SAMPLE = 0.01


def digest() -> str:
    """Return whether it was compiled, how many steps there were, and the digest of all activity, ledgers, accounts."""
    system = paysim.load(CONFIG)
    # Some pathways begin in the financial year before the one in which others do.
    system = replace(system, study=replace(system.study, calibration_replications=2, warm_up_days=335))
    whole = paysim.simulate(system, seed=3, sample=SAMPLE)
    changed = paysim.begin(system, seed=3, sample=SAMPLE)
    changed.advance(6)
    changed.change(with_more_demand(system))
    changed.advance(6)
    found = sha256()
    for activity in (whole, changed.activity()):
        for column in COLUMNS:
            found.update(getattr(activity, column).tobytes())
    for arrangement in system.arrangements.values():
        ledger = paysim.settle(whole, arrangement)
        for tables in (ledger, paysim.accounts(ledger, whole)):
            found.update(tables.to_frame().to_csv().encode())
    compiled = "plain" if numba.config.DISABLE_JIT else "compiled"
    return f"{compiled} {len(whole)} {len(changed.activity())} {found.hexdigest()}"


def with_more_demand(system: paysim.System) -> paysim.System:
    """Return the system with half as much more demand of one pathway and half of another one."""
    pathways = dict(system.pathways)
    for pathway, factor in zip(
        [pathway for pathway in system.pathways.values() if pathway.demand is not None], (1.5, 0.5), strict=False
    ):
        assert pathway.demand is not None
        pathways[pathway.id] = replace(pathway, demand=replace(pathway.demand, rate=pathway.demand.rate * factor))
    return replace(system, pathways=pathways)


def test_the_same_bytes_without_jit() -> None:
    command = [sys.executable, "-W", "error", __file__]
    plain = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{digest()}\n".replace("compiled", "plain")


if __name__ == "__main__":
    print(digest())
