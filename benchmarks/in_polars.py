"""The tariff's rules in Polars: what each contract is paid by month under each price list."""

import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
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

OTHER, EMERGENCY, READMISSIONS = range(len(TERMS))


class InPolars(NamedTuple):
    """Seconds from a frame of rows to payments, and the payments.

    `one_by_one` is the time that ten arrangements take where each is settled by itself, with nothing shared.
    """

    seconds: float
    one_by_one: float
    values: Values


def timed(folder: Path, rows: int | None, rounds: int) -> InPolars:
    """Return the least time of so many rounds, and the payments."""
    system, _ = read_system(folder)
    tables, log = tables_of(system), read_log(folder, system, rows)
    frame = pl.DataFrame({name: getattr(log, name) for name in COLUMNS})
    del log
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        values = settled(frame, tables)
        seconds.append(time.perf_counter() - began)
    began = time.perf_counter()
    for number in PRICE_LIST_OF_EACH:
        alone = settled(frame, of_one_list(tables, number))
        assert alone == {unit: pence for unit, pence in values.items() if unit[0] == tables.prices[number]}
    return InPolars(min(seconds), time.perf_counter() - began, values)


def settled(frame: pl.DataFrame, tables: Tables) -> Values:
    """Return what each contract is paid by month under each price list, by term."""
    spells = _spells(frame, tables)
    parts = [
        _by_steps(frame, tables),
        _by_spells(spells, tables).with_columns(term=_looked_up(tables.emergency.astype(int), pl.col("currency"))),
        _by_spells(_readmissions(spells, tables), tables).with_columns(term=pl.lit(READMISSIONS, pl.Int64)),
    ]
    found = nothing_paid(tables)
    for number, prices in enumerate(tables.prices):
        for part in parts:
            totals = part.group_by("contract", "term", "month").agg(pl.col(f"pence_{number}").sum())
            for contract, term, month, pence in totals.iter_rows():
                found[prices, tables.contracts[contract], TERMS[term]][month] += pence
    return found


def _by_steps(frame: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return what is paid by the step or day; rows are counted first, since many are alike."""
    places, services, codes = len(tables.contract), len(tables.organisation), tables.codes + 1
    begin, end = pl.col("start"), pl.col("start") + pl.col("stay")
    day = end.cast(pl.Int32)
    key = pl.col("step").cast(pl.Int32) * services + pl.col("service")
    for part, number in ((pl.col("code") + 1, codes), (_place(tables), places), (_looked_up(tables.month, day), 12)):
        key = key * number + part.cast(pl.Int32)
    counts = (
        frame.lazy()
        .select(key=key, midnights=day - begin.floor().cast(pl.Int32))
        .group_by("key")
        .agg(steps=pl.len().cast(pl.Int64), midnights=pl.col("midnights").sum().cast(pl.Int64))
        .collect()
    )
    step, service, code, place, month = np.unravel_index(
        counts["key"].to_numpy(), (len(tables.counted), services, codes, places, 12)
    )
    counts = counts.with_columns(
        contract=tables.contract[place, service],
        counted=tables.counted[step],
        currency=tables.currency[step],
        code=code - 1,
        month=month,
    ).filter((pl.col("contract") >= 0) & pl.col("counted").is_in([0, 2]))
    units = pl.when(pl.col("counted") == 0).then("steps").otherwise("midnights")
    factor = _looked_up(tables.factor, pl.col("contract"))
    return counts.with_columns(term=_looked_up(tables.emergency.astype(int), pl.col("currency"))).with_columns(
        (_rounded(_looked_up(rates["price"], _unit(tables)) * factor) * units).alias(f"pence_{number}")
        for number, rates in enumerate(tables.rates)
    )


def _spells(frame: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return the spells that have a price."""
    end, counted = pl.col("start") + pl.col("stay"), _looked_up(tables.counted, pl.col("step"))
    rows = (
        frame.filter(_looked_up(tables.admitted, pl.col("step")))
        .with_columns(end=end, organisation=_looked_up(tables.organisation, pl.col("service")), priced=counted == 1)
        .sort("episode", "end", "start", maintain_order=True)
    )
    goes_on = (
        (pl.col("episode") == pl.col("episode").shift())
        & (pl.col("organisation") == pl.col("organisation").shift())
        & ((pl.col("start") - pl.col("wait") - pl.col("end").shift()).abs() < SAME_MOMENT)
    )
    rows = rows.with_columns(spell=(~goes_on).fill_null(True).cum_sum())
    stays = rows.group_by("spell").agg(
        pl.col("resident", "organisation").first(), admission=pl.col("start").first(), discharge=pl.col("end").last()
    )
    first_priced = rows.filter("priced").unique("spell", keep="first", maintain_order=True)
    return (
        first_priced.select("spell", "step", "service", "code")
        .join(stays, on="spell")
        .with_columns(
            currency=_looked_up(tables.currency, pl.col("step")),
            transferred=pl.col("spell").is_in(_transfers(stays)["spell"].implode()),
        )
    )


def _transfers(stays: pl.DataFrame) -> pl.DataFrame:
    """Return the spells that begin as one of the same resident at another provider ends."""
    ends = stays.select("resident", pl.col("organisation").alias("before"), pl.col("discharge").alias("admission"))
    return stays.join(ends, on=["resident", "admission"]).filter(pl.col("organisation") != pl.col("before"))


def _readmissions(spells: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return the emergency spells, transfers apart, that begin within some days of the same resident's discharge."""
    cell = pl.lit(pl.Series(tables.cell_ends)).search_sorted(pl.col("resident"), side="right")
    later = spells.filter(
        _looked_up(tables.emergency, pl.col("currency"))
        & ~pl.col("code").is_between(0, tables.exempt - 1)
        & _looked_up(tables.old_enough, cell)
        & ~pl.col("transferred")
    )
    # A spell without length would be found to follow itself.
    earlier = spells.filter(pl.col("discharge") > pl.col("admission")).select("resident", "discharge")
    return (
        later.sort("admission")
        .join_asof(
            earlier.sort("discharge").with_columns(before=pl.col("discharge")),
            left_on="admission",
            right_on="before",
            by="resident",
            strategy="backward",
            tolerance=float(tables.within_days),
            suffix="_before",
        )
        .drop_nulls("discharge_before")
    )


def _by_spells(spells: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return what is paid by the spell."""
    contract = _looked_up(tables.contract.ravel(), _place(tables) * len(tables.organisation) + pl.col("service"))
    nights = pl.col("discharge").floor().cast(pl.Int64) - pl.col("admission").floor().cast(pl.Int64)
    spells = spells.with_columns(
        contract=contract,
        nights=nights,
        month=_looked_up(tables.month, pl.col("discharge").cast(pl.Int32)),
        unit=_unit(tables),
    ).filter(pl.col("contract") >= 0)
    factor = _looked_up(tables.factor, pl.col("contract"))
    return spells.with_columns(
        _rounded(_before_factor(rates) * factor).alias(f"pence_{number}") for number, rates in enumerate(tables.rates)
    )


def _before_factor(rates: dict[str, np.ndarray]) -> pl.Expr:
    price, short_stay, trim_point, long_stay, addition = (
        _looked_up(rates[name], pl.col("unit"))
        for name in ("price", "short_stay", "trim_point", "long_stay", "addition")
    )
    base = pl.when(pl.col("nights") <= 1).then(short_stay).otherwise(price)
    return base + (pl.col("nights") - trim_point).clip(lower_bound=0) * long_stay + addition


def _rounded(millionths: pl.Expr) -> pl.Expr:
    return (millionths * 2 + MILLION) // (2 * MILLION)


def _looked_up(table: np.ndarray, number: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(table)).gather(number)


def _unit(tables: Tables) -> pl.Expr:
    """Return the number of a currency and code, the last code of each being none."""
    code = pl.col("code").cast(pl.Int64)
    return pl.col("currency") * (tables.codes + 1) + pl.when(code < 0).then(tables.codes).otherwise(code)


def _place(tables: Tables) -> pl.Expr:
    return sum((pl.col("resident") >= end).cast(pl.Int32) for end in tables.place_ends[:-1])
