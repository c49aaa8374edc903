"""Text that no reader of TOML can take, or that nothing after it could: refused in the user's terms."""

from pathlib import Path

import pytest

from paysim.config import load
from paysim.model.errors import InputError

TOO_LONG = "expected numbers of fewer digits"
TOO_DEEP = "odd.toml: found a table or list within more than 64 others; expected none as deep"


def refusal(folder: Path, text: str) -> str:
    (folder / "odd.toml").write_text(f'extends = "base.toml"\n{text}\n')
    with pytest.raises(InputError) as refused:
        load(folder / "odd.toml")
    return str(refused.value).replace(f"{folder}/", "")


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000])
def test_a_number_of_thousands_of_digits(folder: Path, number: str) -> None:
    assert refusal(folder, f"[service.wards]\ncapacity = {number}") == (
        f"odd.toml: found a whole number of more than 4,300 digits; {TOO_LONG}"
    )


@pytest.mark.parametrize("number", ["9" * 4300, "0x" + "f" * 5000])
def test_a_long_number_that_can_be_read_is_refused_where_it_stands(folder: Path, number: str) -> None:
    told = refusal(folder, f"[service.wards]\ncapacity = {number}")
    assert told.startswith("odd.toml: service.wards.capacity: found a whole number of more than 1,024 bits; expected")


@pytest.mark.parametrize("deep", [65, 400, 3000])
@pytest.mark.parametrize(
    "form", [lambda n: "title = " + "[" * n + "]" * n, lambda n: f"title{'.x' * n} = 1"], ids=["lists", "tables"]
)
def test_lists_and_tables_within_each_other(folder: Path, form, deep: int) -> None:
    assert refusal(folder, form(deep)) == TOO_DEEP


def test_as_deep_as_may_be_is_refused_for_what_it_is(folder: Path) -> None:
    assert refusal(folder, "title = " + "[" * 64 + "]" * 64) == "odd.toml: title: found a list; expected text in quotes"
