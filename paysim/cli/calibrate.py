"""`paysim calibrate`."""

from pathlib import Path
from typing import Annotated

import typer

import paysim
from paysim.cli.options import Config


def calibrate(
    config: Config,
    out: Annotated[Path, typer.Option(help="CSV file for the demand table.", show_default=False)],
) -> None:
    """Write the demand table with which every balanced rate meets its target."""
    from paysim.study.calibration import calibrated_demand
    from paysim.study.whole import refuse_unusable_file, write_text

    refuse_unusable_file(out)
    table = calibrated_demand(paysim.load(config))
    write_text(table.to_csv(index=False, lineterminator="\n"), out)
    print(f"{len(table):,} rows: {out}")
