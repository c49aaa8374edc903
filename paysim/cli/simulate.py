"""`paysim simulate`."""

from pathlib import Path
from typing import Annotated

import typer

import paysim
from paysim.cli.options import Config, Engine, Json, Sample, Seed, Years
from paysim.cli.terminal import print_json, processes, showing_progress


def simulate(
    config: Config,
    out: Annotated[Path, typer.Option(help="Folder for activity.parquet.", show_default=False)],
    years: Years = None,
    seed: Seed = None,
    replication: Annotated[int, typer.Option(help="Number of the replication, from 0.")] = 0,
    sample: Sample = None,
    engine: Engine = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes; one replication takes one.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Simulate one replication and write its activity."""
    from paysim.study.first_start import compile_ahead
    from paysim.study.provenance import provenance
    from paysim.study.settings import settings_for
    from paysim.study.store import PROVENANCE, refuse_foreign, whole_folder, write_activity, write_json

    refuse_foreign(out)
    processes(workers)
    system = paysim.load(config)
    settings = settings_for(system, years=years, seed=seed, sample=sample, engine=engine)
    with showing_progress(as_json) as progress:
        running = paysim.begin(system, years=years, seed=seed, replication=replication, sample=sample, engine=engine)
        compile_ahead(system, settings, progress)
        for month in range(running.months):
            progress("simulating", month, running.months)
            running.advance()
        activity = running.activity()
    with whole_folder(out) as folder:
        write_activity(activity, folder / "activity.parquet")
        write_json({**provenance(system, settings), "replication": replication}, folder / PROVENANCE)
    answer = {
        "rows": len(activity),
        "residents": round(system.population.total / activity.weight),
        "sample": settings.sample,
        "file": str(out / "activity.parquet"),
    }
    if as_json:
        print_json(answer)
    else:
        print(
            f"{answer['rows']:,} steps of {answer['residents']:,} residents (a sample of {settings.sample:.3g}): "
            f"{answer['file']}"
        )
