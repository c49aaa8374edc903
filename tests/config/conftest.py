"""Small configs written into a temporary folder."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from paysim.config import load
from paysim.model.system import System

GOOD = Path(__file__).parents[1] / "bad_configs"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the good base system, its tables and some terms."""
    shutil.copy(GOOD / "base.toml", tmp_path)
    for name in ("tables", "terms"):
        shutil.copytree(GOOD / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def variant(folder: Path) -> Callable[[str], System]:
    """Return a function that loads the base system with these differences."""

    def load_variant(differences: str) -> System:
        file = folder / "variant.toml"
        file.write_text(f'extends = "base.toml"\n{differences}\n', encoding="utf-8")
        return load(file)

    return load_variant
