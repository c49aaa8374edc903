"""Shares that do not reach 1 are refused: an engine looks no further than the last of them."""

from dataclasses import replace
from pathlib import Path

import pytest

import paysim
from paysim.model.errors import InputError
from paysim.model.pathway import CaseMix

CONFIG = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_case_mix_that_falls_short_of_1_is_refused(engine: str) -> None:
    system = paysim.load(CONFIG)
    entries = tuple(replace(entry, share=entry.share * 0.999) for entry in system.case_mixes["medical"].entries)
    short = replace(system, case_mixes={"medical": CaseMix("medical", entries)})
    with pytest.raises(InputError, match=r"case_mix\.medical\.share: found shares that add up to 0\.999; expected 1"):
        paysim.simulate(short, engine=engine)
