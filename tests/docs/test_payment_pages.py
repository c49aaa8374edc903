"""The worked examples of the pages on payment terms come out as written."""

import doctest
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "payment").glob("*.md"))

NO_RULES = {"Measures", "Target and spending"}
"""Sections on what several terms of a page have in common."""

RULES = [
    (f"{page.stem}: {title}", text)
    for page in PAGES
    for title, _, text in (section.partition("\n") for section in page.read_text(encoding="utf-8").split("\n## ")[1:])
    if title not in NO_RULES
]


def test_there_are_pages():
    assert PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples(page: Path) -> None:
    result = doctest.testfile(str(page), module_relative=False)
    assert result.attempted >= (0 if page.stem == "index" else 1)
    assert not result.failed


@pytest.mark.parametrize("text", [text for _, text in RULES], ids=[name for name, _ in RULES])
def test_each_rule_has_an_example_and_says_when_to_use_it(text: str) -> None:
    assert "\n```pycon\n" in text
    assert text.count("\n*When to use it.* ") == 1
