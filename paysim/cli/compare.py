"""`paysim compare`."""

from typing import Annotated

import typer

from paysim.cli.options import DEFAULT_OUT, Config, Engine, Json, Out, Replications, Sample, Seed, Workers, Years
from paysim.cli.study import study_of
from paysim.cli.terminal import answer_console, names, print_json, processes

_WORKED_BY = ("paysim.study.compare", "paysim.report.figures.gallery")
"""What worker processes import."""


def compare(
    config: Config,
    arrangements: Annotated[
        str | None,
        typer.Option(
            help="Arrangements, separated by commas; the first is the reference.", show_default="from the config"
        ),
    ] = None,
    years: Years = None,
    replications: Replications = None,
    seed: Seed = None,
    sample: Sample = None,
    engine: Engine = None,
    workers: Workers = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Pay for the same care in several ways: a table here, a report and the data in a folder."""
    count = processes(workers)
    with study_of("compare", config, out, count, _WORKED_BY, as_json) as (system, progress):
        from paysim.report.result import compare as run

        result = run(
            system,
            arrangements=names(arrangements),
            years=years,
            replications=replications,
            seed=seed,
            sample=sample,
            engine=engine,
            workers=count,
            progress=progress,
        )
        progress("writing the report", 0, 1)
        result.to_directory(out, workers=count)

    from paysim.report.machine import comparison_as_json
    from paysim.report.overload import overloaded
    from paysim.report.tables import reconciliation_table, surplus_table

    if as_json:
        print_json(comparison_as_json(result.comparison))
        return
    console = answer_console()
    console.print(surplus_table(result.comparison))
    if len(result.reconciliation()):
        console.print(reconciliation_table(result.comparison))
    for sentence in overloaded(result.comparison.system):
        console.print(sentence, markup=False)
    console.print(f"Report: {out / 'report.html'}", soft_wrap=True)
