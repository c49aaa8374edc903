"""From a figure to the files that hold it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from paysim.report.figures.style import png_and_svg
from paysim.study.executor import workers_map


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to become a picture: its name and description, and the call that makes the figure."""

    name: str
    figure: Callable[[], Figure]
    description: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn figure: the stem of its file's name, what it shows in words for those who cannot see it, its bytes."""

    name: str
    description: str
    png: bytes
    svg: bytes


def drawn(drawings: Sequence[Drawing], own_terms: Sequence[str], workers: int = 1) -> tuple[Picture, ...]:
    """Return the pictures in the same order; the same drawings give the same bytes, whatever the `workers`.

    What is drawn may hold contracts with terms of the files `own_terms`, which other processes have to know.
    """
    with workers_map(workers, own_terms=own_terms) as run:
        return tuple(run(_picture, drawings))


def _picture(drawing: Drawing) -> Picture:
    return Picture(drawing.name, drawing.description, *png_and_svg(drawing.figure()))


def write_figures(pictures: Sequence[Picture], folder: Path) -> tuple[Path, ...]:
    """Return the files written into `folder` (made if missing): every figure as PNG and as SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        folder / f"{picture.name}.{kind}": content
        for picture in pictures
        for kind, content in (("png", picture.png), ("svg", picture.svg))
    }
    for path, content in contents.items():
        path.write_bytes(content)
    return tuple(contents)
