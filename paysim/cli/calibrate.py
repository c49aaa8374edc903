"""`paysim calibrate`."""

from pathlib import Path
from typing import Annotated

import typer

import paysim
from paysim.cli.options import Config
from paysim.model.errors import InputError

_LONGEST_HEADER = 1 << 16


def calibrate(
    config: Config,
    out: Annotated[Path, typer.Option(help="CSV file for the demand table.", show_default=False)],
) -> None:
    """Write the demand table with which every balanced rate meets its target."""
    from paysim.study.calibration import calibrated_demand
    from paysim.study.whole import refuse_unusable_file, write_text

    refuse_unusable_file(out)
    _refuse_to_replace_another(out)
    table = calibrated_demand(paysim.load(config))
    write_text(table.to_csv(index=False, lineterminator="\n"), out)
    print(f"{len(table):,} rows: {out}")


def _refuse_to_replace_another(out: Path) -> None:
    """Raise InputError if a file is there that is no table of residents by age band, sex and quintile."""
    if not out.is_file() or out.stat().st_size == 0:
        return
    with out.open("rb") as file:
        columns = file.readline(_LONGEST_HEADER).decode("utf-8-sig", "replace").split(",")
    if not {"age_band", "sex", "quintile"} <= set(columns):
        raise InputError(str(out), "", "found a file that is no demand table", "expected an earlier one, or none")
