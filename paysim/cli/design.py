"""`paysim design`."""

from typing import Annotated

import typer

import paysim
from paysim.cli.options import DEFAULT_OUT, Config, EngineOrExpected, Json, Out, Replications, Sample, Seed, Workers
from paysim.cli.terminal import answer_console, names, print_json, processes, showing_progress
from paysim.model.errors import refuse_unknown

_HELP = "help"


def design(
    config: Config,
    arrangement: Annotated[str, typer.Option(help="The arrangement whose contracts may change.", show_default=False)],
    free: Annotated[
        list[str],
        typer.Option(
            help="PARAM=LO:HI, a parameter and its range; once for each. PARAM is CONTRACT.TERM.FIELD[.KEY], with * for"
            " any characters; `--free help` lists all.",
            show_default=False,
        ),
    ],
    than: Annotated[
        str | None,
        typer.Option(
            help="No partner may be worse off than under this arrangement.", show_default="the config's first"
        ),
    ] = None,
    floor: Annotated[
        float | None,
        typer.Option(
            help="Least surplus in a year as bad as one in twenty: pounds a year beside the average under --than, such"
            " as -5e6.",
            show_default="none",
        ),
    ] = None,
    tolerance: Annotated[
        float,
        typer.Option(help="Share of what a partner receives that it may lose on average; inf: as much as may be."),
    ] = 1e-4,
    candidates: Annotated[
        int | None, typer.Option(help="The most contracts to try.", show_default="60 for each parameter")
    ] = None,
    zone: Annotated[
        float | None,
        typer.Option(help="Pounds a year of gap that make no difference.", show_default="5% of the gap under --than"),
    ] = None,
    levers: Annotated[
        str | None, typer.Option(help="Levers, separated by commas.", show_default="all that somebody sets")
    ] = None,
    years: Annotated[int, typer.Option(help="Financial years to simulate.")] = 1,
    replications: Replications = None,
    seed: Seed = None,
    sample: Sample = None,
    engine: EngineOrExpected = None,
    workers: Workers = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Search contract parameters for those that bring organisations nearest to what is best for all."""
    from paysim.incentives.design.ranges import read_free
    from paysim.report.design.result import design as run
    from paysim.report.design.text import design_text, parameters_text
    from paysim.study.whole import refuse_unusable_folder

    if free == [_HELP]:
        system = paysim.load(config)
        refuse_unknown("--arrangement", [arrangement], tuple(system.arrangements))
        answer_console().print(parameters_text(system.arrangements[arrangement]))
        return
    refuse_unusable_folder(out, "design")
    with showing_progress(as_json) as progress:
        result = run(
            config,
            arrangement,
            read_free(free),
            than=than,
            floor=floor,
            tolerance=tolerance,
            candidates=candidates,
            zone=zone,
            levers=names(levers),
            years=years,
            replications=replications,
            seed=seed,
            sample=sample,
            engine=engine,
            workers=processes(workers),
            progress=progress,
        )
        progress("drawing the figures", 0, 1)
        result.to_directory(out)
    if as_json:
        print_json(result.to_json())
        return
    console = answer_console()
    console.print(design_text(result.designed))
    console.print(f"Figures and data: {out}", soft_wrap=True)
