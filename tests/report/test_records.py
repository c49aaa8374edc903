import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from paysim.intervals import mean_interval
from paysim.report.records import (
    monthly_bands,
    payers,
    positions,
    providers,
    reconciled,
    runs,
    spreads,
    yearly_flows,
)


def test_providers_and_payers_share_out_the_active_organisations(comparison):
    assert [o.id for o in payers(comparison)] == ["nhs_england", "taxation", "ccg_bd", "ccg_havering", "ccg_redbridge"]
    assert {o.kind for o in providers(comparison)} == {"provider", "council"}
    assert len(payers(comparison)) + len(providers(comparison)) == 14


def test_an_organisation_without_money_is_in_neither(comparison, other):
    idle = other(replications=2)
    idle.surplus.loc[idle.surplus["organisation"] == "taxation", ["income", "cost"]] = 0.0
    assert "taxation" not in [o.id for o in payers(idle)]


def test_runs_average_to_the_surplus_and_spread_is_their_standard_deviation(comparison):
    table = positions(comparison)
    for key, values in runs(comparison).items():
        assert values.shape == (10,)
        assert values.mean() == pytest.approx(table[key].surplus.mean)
        assert mean_interval(values).low == pytest.approx(table[key].surplus.low)
        assert spreads(comparison)[key] == pytest.approx(pd.Series(values).std())


def test_a_single_replication_has_no_spread(other):
    assert all(math.isnan(spread) for spread in spreads(other(replications=1)).values())


def test_monthly_bands_enclose_the_median(comparison):
    bands = monthly_bands(comparison)
    assert len(bands) == 14 * 3
    for band in bands.values():
        assert band.periods[0] == "2017-04"
        assert len(band.periods) == 12
        assert (band.low <= band.median).all()
        assert (band.median <= band.high).all()


def test_few_replications_give_the_range_and_many_the_percentiles(comparison, other):
    def seen(study):
        accounts = study.accounts[(study.accounts["organisation"] == "barts") & (study.accounts["period"] == "2017-04")]
        return accounts[accounts["arrangement"] == "activity"]["surplus_pence"].to_numpy() / 100

    few, many = monthly_bands(comparison)["barts", "activity"], other(replications=20)
    assert few.low[0] == pytest.approx(seen(comparison).min())
    assert few.high[0] == pytest.approx(seen(comparison).max())
    band = monthly_bands(many)["barts", "activity"]
    assert (band.low[0], band.high[0]) == pytest.approx(tuple(np.quantile(seen(many), [0.05, 0.95])))


def test_flows_of_a_year_add_up_to_all_the_money(comparison):
    told = sum(flow.amount.mean for flow in yearly_flows(comparison))
    assert told == pytest.approx(comparison.flows["amount_pence"].sum() / 100 / 10)


def test_a_replication_without_a_flow_counts_as_nothing(other):
    study = other(replications=2)
    gone = (study.flows["payer"] == "taxation") & (study.flows["replication"] == 1)
    study = replace(study, flows=study.flows[~gone])
    council = next(f for f in yearly_flows(study) if (f.arrangement, f.payee) == ("block", "council_bd"))
    assert council.amount.mean == pytest.approx(31e6)


def test_two_years_are_told_a_year(other):
    study = other(years=2, replications=2)
    block = next(f for f in yearly_flows(study) if (f.arrangement, f.payee) == ("block", "council_bd"))
    assert block.amount.mean == pytest.approx(62e6)


def test_missing_reference_and_tolerance_are_none(comparison):
    entries = {entry.measure: entry for entry in reconciled(comparison)}
    assert entries["occupancy"].reference is None
    assert entries["four_hour"].tolerance is None
    assert entries["four_hour"].within is None
    assert entries["gp"].within is True
    assert entries["ae"].within is False
