"""`paysim incentives`."""

from typing import Annotated

import typer

from paysim.cli.options import DEFAULT_OUT, Config, EngineOrExpected, Json, Out, Replications, Sample, Seed, Workers
from paysim.cli.study import study_of
from paysim.cli.terminal import answer_console, names, print_json, processes
from paysim.model.errors import refuse_unknown

_WORKED_BY = ("paysim.study.incentives.study", "paysim.report.figures.incentives", "paysim.report.figures.picture")
"""What worker processes import."""


def incentives(
    config: Config,
    arrangements: Annotated[
        str | None, typer.Option(help="Arrangements, separated by commas.", show_default="from the config")
    ] = None,
    levers: Annotated[
        str | None, typer.Option(help="Levers, separated by commas.", show_default="all of the config")
    ] = None,
    years: Annotated[int, typer.Option(help="Financial years to simulate.")] = 1,
    replications: Replications = None,
    seed: Seed = None,
    sample: Sample = None,
    engine: EngineOrExpected = None,
    workers: Workers = None,
    horizon: Annotated[
        str, typer.Option(help="Costs of the tables here: short_run or long_run; the folder has both.")
    ] = "short_run",
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Show what one step of each lever does to every organisation, and whether that suits the system."""
    count = processes(workers, engine)
    with study_of("incentives", config, out, count, _WORKED_BY, as_json) as (system, progress):
        from paysim.report.incentives.result import incentives as run
        from paysim.report.incentives.wording import HORIZON_NAMES

        refuse_unknown("--horizon", [horizon], tuple(HORIZON_NAMES))
        result = run(
            system,
            names(arrangements),
            names(levers),
            years=years,
            replications=replications,
            seed=seed,
            sample=sample,
            engine=engine,
            workers=count,
            progress=progress,
        )
        progress("drawing the map", 0, 1)
        result.to_directory(out, workers=count)

    from paysim.report.incentives.records import Readable
    from paysim.report.incentives.tables import incentives_as_json, incentives_text

    if as_json:
        print_json(incentives_as_json(result.incentives))
        return
    console = answer_console()
    told = None if levers is None else result.incentives.levers
    console.print(incentives_text(Readable(result.incentives, horizon), told))
    console.print(f"Map and report: {out / 'report.html'}", soft_wrap=True)
