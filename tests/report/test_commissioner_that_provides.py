"""A commissioner may own services: it is then shown with those who provide care."""

from dataclasses import replace

from paysim.report.figures import surplus_figure
from paysim.report.records import payers, providers


def test_a_commissioner_with_services_is_among_those_who_provide_care(other):
    study = other(replications=2)
    barts = replace(study.system.organisations["barts"], kind="commissioner")
    organisations = {**study.system.organisations, "barts": barts}
    study = replace(study, system=replace(study.system, organisations=organisations))
    assert barts in providers(study)
    assert barts not in payers(study)
    names = [label.get_text().replace("\n", " ") for label in surplus_figure(study).axes[0].get_yticklabels()]
    assert barts.name in names
