"""What is said of payers where what they receive differs between the arrangements, too."""

from dataclasses import replace

import pandas as pd

from paysim.report.answer import answer
from paysim.report.figures import difference_figure


def with_allocations(study, **millions):
    """The comparison in which NHS England gives two commissioners as much a year under capitation, in £m."""
    rows = [
        ("capitation", replication, "2017-04", "nhs_england", f"ccg_{place}", "allocation", "sum", given * 100_000_000)
        for replication in range(study.settings.replications)
        for place, given in millions.items()
    ]
    flows = pd.concat([study.flows, pd.DataFrame(rows, columns=study.flows.columns)], ignore_index=True)
    surplus = study.surplus.copy()
    mine = surplus["arrangement"] == "capitation"
    for place, given in millions.items():
        one = mine & (surplus["organisation"] == f"ccg_{place}")
        surplus.loc[one, ["difference", "difference_low", "difference_high"]] += given * 1_000_000
    return replace(study, flows=flows, surplus=surplus)


def told(study):
    return " ".join(answer(study)[-1].sentences)


def test_a_commissioner_with_a_larger_allocation_keeps_more_and_pays_no_less(other):
    study = with_allocations(other(replications=2), bd=400, redbridge=-300)
    assert "NHS Barking & Dagenham CCG changes most: it keeps £400.0m a year more" in told(study)
    assert "it pays" not in told(study)


def test_an_allocation_that_is_paid_on_leaves_nobody_more_and_is_not_called_the_same_payment(other):
    study = other(replications=2)
    paid_on = replace(study, flows=with_allocations(study, bd=400).flows)
    assert "No commissioner or funder keeps £0.1m more or less." in told(paid_on)


def test_the_figure_of_differences_does_not_say_that_all_of_it_is_paid(comparison):
    titles = [axes.get_title(loc="left") for axes in difference_figure(comparison).axes]
    assert "Commissioners and funders (left of zero: pays more or receives less)" in titles
