"""`paysim simulate`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

import paysim
from paysim.cli.options import Config, Engine, Json, Sample, Seed, Years
from paysim.cli.terminal import print_json, showing_progress


def simulate(
    config: Config,
    out: Annotated[Path, typer.Option(help="Folder for activity.parquet.", show_default=False)],
    years: Years = None,
    seed: Seed = None,
    replication: Annotated[int, typer.Option(help="Number of the replication, from 0.")] = 0,
    sample: Sample = None,
    engine: Engine = None,
    as_json: Json = False,
) -> None:
    """Simulate one replication and write its activity."""
    from paysim.simulation.running import Running
    from paysim.study.first_start import compile_ahead
    from paysim.study.memory import refuse_without_room_for_a_year
    from paysim.study.provenance import provenance
    from paysim.study.settings import LAST_REPLICATION, settings_for, whole_number
    from paysim.study.store import writing_activity
    from paysim.study.whole import refuse_unusable_folder, whole_folder

    refuse_unusable_folder(out, "simulate")
    system = paysim.load(config)
    settings = settings_for(system, years=years, seed=seed, sample=sample, engine=engine)
    replication = whole_number("replication", replication, 0, LAST_REPLICATION)
    refuse_without_room_for_a_year(system, settings)
    origin = {**provenance(system, settings), "replication": replication}
    rows = 0
    with showing_progress(as_json) as progress, whole_folder(out, "simulate", origin) as folder:
        compile_ahead(system, settings, progress)
        running = Running(
            system,
            years=settings.years,
            seed=settings.seed,
            replication=replication,
            sample=settings.sample,
            engine=settings.engine,
        )
        whole = replace(running.run, months=running.months)
        with writing_activity(folder / "activity.parquet", system, whole, running.weight) as write:
            for month in range(running.months):
                progress("simulating", month, running.months)
                running.advance()
                part = running.take_activity()
                write(part)
                rows += len(part)
    answer = {
        "rows": rows,
        "residents": round(system.population.total / running.weight),
        "sample": settings.sample,
        "file": str(out / "activity.parquet"),
    }
    if as_json:
        print_json(answer)
    else:
        whose = "" if settings.sample == 1.0 else f", a {100 * settings.sample:g}% sample"
        print(f"{answer['rows']:,} steps of {answer['residents']:,} residents{whose}: {answer['file']}")
