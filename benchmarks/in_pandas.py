"""The tariff's rules in pandas: what each contract is paid by month under each price list."""

import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from settlement_tables import (
    MILLION,
    PRICE_LIST_OF_EACH,
    SAME_MOMENT,
    TERMS,
    Tables,
    Values,
    nothing_paid,
    of_one_list,
    tables_of,
)
from tiled_log import read_log, read_system

from paysim.model.activity import COLUMNS


class InPandas(NamedTuple):
    """Seconds from a frame of rows to payments, and the payments.

    `one_by_one` is the time that ten arrangements take where each is settled by itself, with nothing shared.
    """

    seconds: float
    one_by_one: float
    values: Values


def timed(folder: Path, rows: int, rounds: int) -> InPandas:
    """Return the least time of so many rounds, and the payments."""
    system, _ = read_system(folder)
    tables, log = tables_of(system), read_log(folder, system, rows)
    frame = pd.DataFrame({name: getattr(log, name) for name in COLUMNS})
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        values = settled(frame, tables)
        seconds.append(time.perf_counter() - began)
    began = time.perf_counter()
    for number in PRICE_LIST_OF_EACH:
        alone = settled(frame, of_one_list(tables, number))
        assert alone == {unit: pence for unit, pence in values.items() if unit[0] == tables.prices[number]}
    return InPandas(min(seconds), time.perf_counter() - began, values)


def settled(frame: pd.DataFrame, tables: Tables) -> Values:
    """Return what each contract is paid by month under each price list, by term."""
    spells = _spells(frame, tables)
    paid = _by_spells(spells, tables)
    again = paid[_readmitted(spells, tables)[paid.index]].assign(term="readmissions")
    found = nothing_paid(tables)
    for part in (_by_steps(frame, tables), paid, again):
        for prices in tables.prices:
            for (contract, term, month), pence in part.groupby(["contract", "term", "month"])[prices].sum().items():
                found[prices, tables.contracts[contract], term][month] += pence
    return found


def _by_steps(frame: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return what is paid by the step or day; rows are counted first, since many are alike."""
    end = frame["start"] + frame["stay"]
    rows = pd.DataFrame(
        {
            "step": frame["step"],
            "service": frame["service"],
            "code": frame["code"],
            "place": np.searchsorted(tables.place_ends, frame["resident"], side="right"),
            "month": tables.month[end.astype("int64")],
            "midnights": np.floor(end).astype("int64") - np.floor(frame["start"]).astype("int64"),
        }
    )
    groups = rows.groupby(["step", "service", "code", "place", "month"])["midnights"]
    counts = groups.agg(["size", "sum"]).reset_index()
    counts["contract"] = tables.contract[counts["place"], counts["service"]]
    counts["counted"] = tables.counted[counts["step"]]
    counts = counts[(counts["contract"] >= 0) & counts["counted"].isin([0, 2])].copy()
    currency = tables.currency[counts["step"]]
    units = np.where(counts["counted"] == 0, counts["size"], counts["sum"])
    counts["term"] = _term(tables, currency)
    for prices, rates in zip(tables.prices, tables.rates, strict=True):
        price = rates["price"][_unit(tables, currency, counts["code"])]
        counts[prices] = _rounded(price * tables.factor[counts["contract"]]) * units
    return counts


def _spells(frame: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return the spells that have a price."""
    rows = frame[tables.admitted[frame["step"]]].copy()
    rows["end"] = rows["start"] + rows["stay"]
    rows["organisation"] = tables.organisation[rows["service"]]
    rows = rows.sort_values(["episode", "end", "start"], kind="stable")
    goes_on = (
        (rows["episode"] == rows["episode"].shift())
        & (rows["organisation"] == rows["organisation"].shift())
        & ((rows["start"] - rows["wait"] - rows["end"].shift()).abs() < SAME_MOMENT)
    )
    rows["spell"] = (~goes_on).cumsum()
    stays = rows.groupby("spell").agg(
        resident=("resident", "first"),
        organisation=("organisation", "first"),
        admission=("start", "first"),
        discharge=("end", "last"),
    )
    stays["transferred"] = _transferred(stays)
    priced = rows[tables.counted[rows["step"]] == 1].drop_duplicates("spell").set_index("spell")
    spells = stays.join(priced[["step", "service", "code"]], how="inner").reset_index(drop=True)
    spells["currency"] = tables.currency[spells["step"]]
    return spells


def _transferred(stays: pd.DataFrame) -> np.ndarray:
    """Return whether each spell begins as one of the same resident at another provider ends."""
    ends = stays[["resident", "organisation", "discharge"]].rename(columns={"discharge": "admission"})
    pairs = stays.reset_index().merge(ends, on=["resident", "admission"], suffixes=("", "_before"))
    return stays.index.isin(pairs.loc[pairs["organisation"] != pairs["organisation_before"], "spell"])


def _readmitted(spells: pd.DataFrame, tables: Tables) -> np.ndarray:
    """Return whether each is an emergency spell, no transfer, that begins within some days of a discharge."""
    cell = np.searchsorted(tables.cell_ends, spells["resident"], side="right")
    exempt = spells["code"].between(0, tables.exempt - 1)
    emergency = tables.emergency[spells["currency"]]
    later = spells[emergency & ~exempt & tables.old_enough[cell] & ~spells["transferred"]].reset_index()
    # A spell without length would be found to follow itself.
    earlier = spells.loc[spells["discharge"] > spells["admission"], ["resident", "discharge"]]
    followed = pd.merge_asof(
        later.sort_values("admission")[["index", "resident", "admission"]],
        earlier.sort_values("discharge").assign(before=lambda each: each["discharge"]),
        left_on="admission",
        right_on="before",
        by="resident",
        tolerance=float(tables.within_days),
    ).dropna()
    found = np.zeros(len(spells), dtype=bool)
    found[followed["index"]] = True
    return found


def _by_spells(spells: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return what is paid by the spell."""
    place = np.searchsorted(tables.place_ends, spells["resident"], side="right")
    paid = spells.assign(contract=tables.contract[place, spells["service"]])
    paid = paid[paid["contract"] >= 0].copy()
    nights = np.floor(paid["discharge"]).astype("int64") - np.floor(paid["admission"]).astype("int64")
    paid["month"] = tables.month[paid["discharge"].astype("int64")]
    paid["term"] = _term(tables, paid["currency"])
    unit = _unit(tables, paid["currency"], paid["code"])
    for prices, rates in zip(tables.prices, tables.rates, strict=True):
        base = np.where(nights <= 1, rates["short_stay"][unit], rates["price"][unit])
        beyond = np.maximum(nights - rates["trim_point"][unit], 0) * rates["long_stay"][unit]
        paid[prices] = _rounded((base + beyond + rates["addition"][unit]) * tables.factor[paid["contract"]])
    return paid


def _term(tables: Tables, currency: np.ndarray | pd.Series) -> np.ndarray:
    return np.where(tables.emergency[currency], TERMS[1], TERMS[0])


def _unit(tables: Tables, currency: np.ndarray | pd.Series, code: pd.Series) -> np.ndarray:
    """Return the number of a currency and code, the last code of each being none."""
    return np.asarray(currency) * (tables.codes + 1) + np.where(code < 0, tables.codes, code)


def _rounded(millionths: np.ndarray | pd.Series) -> np.ndarray:
    return (np.asarray(millionths) * 2 + MILLION) // (2 * MILLION)
