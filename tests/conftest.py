"""What tests of several folders share."""

from pathlib import Path

import pytest

import paysim
from paysim.model.system import System
from paysim.report.figures import picture
from paysim.report.figures.picture import Drawing, Picture

LONDON = Path(__file__).parents[1] / "configs" / "london.toml"


@pytest.fixture(scope="session")
def london() -> System:
    """The system of all London, which takes seconds to load."""
    return paysim.load(LONDON)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave all pictures blank that one worker, which is this process, draws: they take nine tenths of a comparison."""

    def blank(drawing: Drawing) -> Picture:
        return Picture(drawing.name, drawing.description, b"", b"<svg/>")

    monkeypatch.setattr(picture, "_picture", blank)
