"""What tests of several folders share."""

import pytest

from paysim.report.figures import picture
from paysim.report.figures.picture import Drawing, Picture


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave all pictures blank that this process makes: to draw those of a comparison takes nine tenths of its time."""

    def blank(drawing: Drawing) -> Picture:
        return Picture(drawing.name, drawing.description, b"", b"<svg/>")

    monkeypatch.setattr(picture, "_picture", blank)
