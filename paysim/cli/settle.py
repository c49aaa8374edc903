"""`paysim settle`."""

from pathlib import Path
from typing import Annotated

import typer

import paysim
from paysim.cli.options import DEFAULT_OUT, Config, Json, Out
from paysim.cli.terminal import answer_console, print_json, showing_progress
from paysim.model.errors import InputError, refuse_unknown


def settle(
    config: Config,
    activity: Annotated[
        list[Path],
        typer.Option(
            help="An extract of real activity: CSV or Parquet; once for each. Or activity.parquet of paysim simulate.",
            show_default=False,
        ),
    ],
    arrangement: Annotated[str, typer.Option(help="The arrangement to settle under.", show_default=False)],
    map_files: Annotated[
        list[Path] | None,
        typer.Option("--map", help="How an extract is read: a TOML file for each, in order.", show_default="none"),
    ] = None,
    months: Annotated[
        int | None,
        typer.Option(help="Months from the config's start that extracts cover.", show_default="the config's years"),
    ] = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Pay for real activity with no simulation: payments here, flows, accounts, rows and problems in a folder."""
    from paysim.report.settled import (
        files_statement,
        lacking_statement,
        not_priced_statement,
        payments_table,
        reasons_table,
        rows_statement,
        sampled_statement,
        settled_as_json,
        targets_statement,
    )
    from paysim.study.extract import read_extract, read_written, settle_extract
    from paysim.study.whole import refuse_unusable_folder

    refuse_unusable_folder(out, "settle")
    system = paysim.load(config)
    refuse_unknown("arrangement", [arrangement], tuple(system.arrangements))
    with showing_progress(as_json) as progress:
        progress("reading activity", 0, 3)
        if map_files:
            extract = read_extract(system, activity, map_files, months=months)
        elif len(activity) > 1 or months is not None:
            found = "found --months without --map" if months is not None else "found several extracts without --map"
            raise InputError("", "--map", found, "expected a map for each extract")
        else:
            extract = read_written(system, activity[0])
        progress("settling", 1, 3)
        settled = settle_extract(extract, system.arrangements[arrangement])
        progress("writing the payments", 2, 3)
        settled.to_directory(out)
    if as_json:
        print_json(settled_as_json(settled))
        return
    console = answer_console()
    console.print(payments_table(settled))
    if settled.reasons:
        console.print(reasons_table(settled))
    console.print(rows_statement(settled), markup=False)
    if not_priced := not_priced_statement(settled):
        console.print(not_priced, markup=False)
    if sampled := sampled_statement(settled):
        console.print(sampled, markup=False)
    if lacking := lacking_statement(settled):
        console.print(lacking, markup=False, soft_wrap=True)
    if settled.without_rows:
        console.print(targets_statement(settled), markup=False)
    console.print("Costs in the accounts are those of the config's services for the rows that were settled.")
    console.print(files_statement(settled, out), markup=False, soft_wrap=True)
