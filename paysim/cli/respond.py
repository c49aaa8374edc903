"""`paysim respond`."""

from typing import Annotated

import typer

from paysim.cli.options import DEFAULT_OUT, Config, EngineOrExpected, Json, Out, Replications, Sample, Seed, Workers
from paysim.cli.study import study_of
from paysim.cli.terminal import answer_console, print_json, processes

_WORKED_BY = ("paysim.study.response.study", "paysim.report.figures.response", "paysim.report.figures.picture")
"""What worker processes import."""


def respond(
    config: Config,
    arrangement: Annotated[str, typer.Option(help="The arrangement to respond to.", show_default=False)],
    years: Annotated[int, typer.Option(help="Financial years through which levers are set anew.")] = 5,
    replications: Replications = None,
    seed: Seed = None,
    sample: Sample = None,
    engine: EngineOrExpected = None,
    static_years: Annotated[
        int, typer.Option(help="Financial years that expectations, equilibria and optimum are the mean of.")
    ] = 1,
    workers: Workers = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Let organisations follow their incentives: year by year, where it ends, and what that costs."""
    count = processes(workers, engine)
    with study_of("respond", config, out, count, _WORKED_BY, as_json) as (system, progress):
        from paysim.report.response.result import respond as run

        result = run(
            system,
            arrangement,
            years=years,
            replications=replications,
            seed=seed,
            sample=sample,
            engine=engine,
            static_years=static_years,
            workers=count,
            progress=progress,
        )
        progress("writing the report", 0, 1)
        result.to_directory(out, workers=count)

    from paysim.report.response.tables import response_as_json, response_text

    if as_json:
        print_json(response_as_json(result.response))
        return
    console = answer_console()
    console.print(response_text(result.response))
    console.print(f"Report: {out / 'report.html'}", soft_wrap=True)
