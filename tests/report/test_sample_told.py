"""What is settled of a sample of residents says so."""

import json
import sys
from pathlib import Path

import pytest

import paysim
from paysim.cli import main

SMALL = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"


@pytest.mark.parametrize(
    ("sample", "sentence"),
    [
        (0.02, "The rows are of a sample of 2% of residents: payments and costs are scaled up to all."),
        (1.0, None),
    ],
)
def test_what_is_settled_tells_that_it_is_a_sample(sample, sentence, tmp_path, monkeypatch, capsys):
    def said(*more):
        settle = "settle", SMALL, "--activity", activity, "--arrangement", "activity", "--out", tmp_path / "out"
        monkeypatch.setattr(sys, "argv", ["paysim", *map(str, settle), *more])
        with pytest.raises(SystemExit):
            main()
        return capsys.readouterr().out

    activity = tmp_path / "activity.parquet"
    paysim.write_activity(paysim.simulate(SMALL, years=1, sample=sample), activity)
    assert json.loads(said("--json"))["sample_statement"] == sentence
    assert (sentence or "") in " ".join(said().split())
    assert ("of residents" in said()) == (sentence is not None)
