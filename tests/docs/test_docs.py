"""The documentation does what it says: every page's files, commands and Python run, in the order of the page."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from command_line import run

import paysim

ROOT = Path(__file__).parents[2]
EXECUTED = "file_format: mystnb"
"""Of a page that runs as the documentation is built, which stops if it fails."""

PAGES = sorted(
    page
    for page in (*ROOT.glob("docs/tutorials/*.md"), *ROOT.glob("docs/how-to/*.md"))
    if EXECUTED not in page.read_text(encoding="utf-8")
)

BLOCK = re.compile(
    r"^```(?P<kind>\S+)(?: (?P<language>\S+))?\n(?::caption: (?P<file>\S+)\n\n)?(?P<text>.*?)^```$", re.M | re.S
)
SAMPLE, SMALLER_SAMPLE = "0.01", "0.001"
SMALLER_TOWN = 20
"""The calls of the pages, for fewer residents: a tenth of the tutorial's, a twentieth of the small example's."""


class Block(NamedTuple):
    """One fenced block of a page: a file to save, commands to run, or Python."""

    kind: str
    file: str | None
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        kind, file, text = match["kind"], match["file"], match["text"]
        if kind == "{code-block}" and file:
            yield Block("file", file, text)
        elif kind in ("console", "python"):
            yield Block(kind, None, text)


def quick(text: str) -> str:
    return re.sub(rf"(sample[ =]){re.escape(SAMPLE)}\b", rf"\g<1>{SMALLER_SAMPLE}", text)


def make_smaller(population: Path) -> None:
    table = pd.read_csv(population)
    table["residents"] //= SMALLER_TOWN
    table.to_csv(population, index=False)


def run_command(line: str) -> None:
    command, _, file = line.partition(" > ")
    name, *arguments = shlex.split(command)
    if name != "paysim":
        return
    done = run(*arguments, *(["--workers", "1"] if arguments[0] == "compare" else []))
    assert done.returncode == 0, done.stderr
    if file:
        Path(file).write_text(done.stdout, encoding="utf-8")


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undrawn: None) -> Path:
    """A folder with what the pages start from; figures, slow to draw and tested elsewhere, are left blank."""
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    for name in ("one_hospital.toml", "one_hospital"):
        source = ROOT / "configs" / "how-to" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    make_smaller(tmp_path / "one_hospital" / "population.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_runs(page: Path, reader: Path) -> None:
    names: dict[str, object] = {}
    for block in blocks(page):
        match block.kind:
            case "file":
                assert block.file is not None
                (reader / block.file).write_text(block.text, encoding="utf-8")
            case "console":
                for line in quick(block.text).splitlines():
                    run_command(line)
            case "python":
                exec(compile(quick(block.text), str(page), "exec"), names)


def test_the_system_that_the_guides_start_from_can_be_downloaded_whole() -> None:
    page = ROOT / "docs" / "how-to" / "index.md"
    offered = re.findall(r"{download}`\S+ <(\S+)>`", page.read_text(encoding="utf-8"))
    town = ROOT / "configs" / "how-to" / "one_hospital"
    files = {town.with_suffix(".toml"), *town.iterdir()}
    assert {(page.parent / each).resolve() for each in offered} == files


def test_the_system_that_the_guides_start_from_can_be_copied_into_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (commands,) = [block.text for block in blocks(ROOT / "docs" / "how-to" / "index.md") if block.kind == "console"]
    subprocess.run(["bash", "-ec", commands], cwd=ROOT, env={**os.environ, "HOME": str(tmp_path)}, check=True)
    copied = {each.name for each in (tmp_path / "my-system").iterdir()}
    assert copied == {"one_hospital.toml", "one_hospital"}


def test_every_public_name_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"auto\w+:: paysim\.(\w+)", page))
    assert documented == set(paysim.__all__)
