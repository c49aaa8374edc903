"""The report of a response: one HTML file that needs nothing else, with the answer first."""

from collections.abc import Sequence
from pathlib import Path

from paysim.report.figures.picture import Picture
from paysim.report.html import environment, resting_on
from paysim.report.response.records import Readable
from paysim.report.response.wording import intensity, passages, response_basis
from paysim.report.wording import number, typeset
from paysim.study.response.study import Responded
from paysim.study.whole import write_text


def write_response_report(response: Responded, drawn: Sequence[Picture], path: Path) -> None:
    """Write the report of a response with its pictures; the same response always gives the same bytes."""
    write_text(response_html(response, drawn), path)


def response_html(response: Responded, drawn: Sequence[Picture]) -> str:
    """Return the report as one HTML document."""
    readable = Readable(response)
    content = {
        **resting_on(response.system, response.provenance),
        "pictures": {picture.name: picture for picture in drawn},
        "arrangement": response.system.arrangements[response.settings.arrangements[0]],
        "basis": response_basis(readable),
        "answer": [each for each in passages(readable) if each.sentences],
        "readable": readable,
        "places": [*(f"equilibrium {n}" for n in readable.numbers), "optimum"],
        "ends": [*response.found.rests, response.best],
        "intensity": lambda value: typeset(intensity(value)),
        "money": lambda pounds: typeset(readable.unit.number(pounds, signed=True)),
        "qalys": lambda value: typeset(number(value, 1, signed=True)),
    }
    return environment().get_template("response.html.j2").render(content)
