"""A digest knows what a value says, and nothing else."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import paysim
from paysim.model.digest import digest_of
from paysim.model.pathway import Duration


def test_values_that_say_the_same_have_the_same_digest():
    one = {"a": (1, 2.5, None), "b": np.arange(3.0), "c": Duration("constant", 1.0, 0.0), "d": date(2019, 4, 1)}
    assert digest_of(one) == digest_of({**one, "b": np.arange(3.0), "c": replace(one["c"])})
    assert digest_of(frozenset("xyz")) == digest_of(frozenset("zyx"))
    shared = (1.5, "a")
    assert digest_of((shared, shared)) == digest_of(((1.5, "a"), (float("1.5"), "a")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        ("1", 1),
        (("a", "b"), ("ab",)),
        (("a", ("b",)), ("a", "b")),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (np.arange(4.0), np.arange(4.0).reshape(2, 2)),
        (np.zeros(2, dtype=np.int32), np.zeros(1, dtype=np.int64)),
        (Duration("constant", 1.0, 0.0), Duration("exponential", 1.0, 0.0)),
    ],
)
def test_values_that_say_something_else_have_another(one: object, other: object):
    assert digest_of(one) != digest_of(other)


def test_what_is_no_data_has_none():
    with pytest.raises(TypeError, match="no data"):
        digest_of(print)


def test_the_digest_of_a_loaded_system_is_made_once(monkeypatch):
    made = []
    monkeypatch.setattr("paysim.model.system.digest_of", lambda value: made.append(value) or digest_of(value))
    system = paysim.load(Path(__file__).parents[2] / "configs" / "examples" / "base.toml")
    assert not system.altered
    assert len(made) == 1
