"""The command line: every answer also comes as JSON, long work shows its progress, bad input ends with exit code 2."""

import atexit
import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

import paysim
from paysim.model.errors import InputError

app = typer.Typer(
    help="Simulate care pathways and pay for them in several ways.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_FAILED, _BAD_INPUT, _INTERRUPTED = 1, 2, 130
_DEFAULT_OUT = Path("out")

Config = Annotated[Path, typer.Argument(help="The system: a TOML file.", show_default=False)]
Years = Annotated[int | None, typer.Option(help="Financial years to simulate.", show_default="from the config")]
Replications = Annotated[int | None, typer.Option(help="Replications.", show_default="from the config")]
Seed = Annotated[int | None, typer.Option(help="Seed of all random numbers.", show_default="from the config")]
Sample = Annotated[
    float | None, typer.Option(help="Share of residents to simulate, above 0 to 1.", show_default="from the config")
]
Engine = Annotated[
    str | None,
    typer.Option(
        help="Simulation engine: compiled or simpy; they change the time, never the result.", show_default="compiled"
    ),
]
Workers = Annotated[
    int | None, typer.Option(help="Processes; they change the time, never the result.", show_default="all processors")
]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def main() -> None:
    """Run the command line and leave with 0 (done), 1 (ran and failed) or 2 (bad input)."""
    # At its end a process gives back all memory at once: looking for cycles in it first would take most of a second.
    atexit.register(gc.freeze)
    try:
        app()
    except InputError as error:
        _leave(error, _BAD_INPUT)
    except OSError as error:
        _leave(error, _FAILED)
    except (KeyboardInterrupt, SystemExit) as end:
        # Typer makes an exit code of Ctrl-C.
        if isinstance(end, SystemExit) and end.code != _INTERRUPTED:
            raise
        print("paysim: interrupted; nothing was written", file=sys.stderr)
        sys.exit(_INTERRUPTED)


def _leave(error: Exception, code: int) -> None:
    for line in str(error).splitlines():
        print(f"paysim: {line}", file=sys.stderr)
    sys.exit(code)


def _version(asked: bool) -> None:
    if asked:
        print(f"paysim {paysim.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
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
    out: Annotated[Path, typer.Option(help="Folder for the report and the data.")] = _DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Pay for the same care in several ways: a table here, a report and the data in a folder."""
    from paysim.report.machine import comparison_as_json
    from paysim.report.overload import overloaded
    from paysim.report.result import compare as run
    from paysim.report.tables import reconciliation_table, surplus_table
    from paysim.study.store import refuse_foreign

    refuse_foreign(out)
    with _progress(as_json) as progress:
        result = run(
            config,
            arrangements=None if arrangements is None else [name.strip() for name in arrangements.split(",")],
            years=years,
            replications=replications,
            seed=seed,
            sample=sample,
            engine=engine,
            workers=_processes(workers),
            progress=progress,
        )
        progress("writing the report", 0, 1)
        result.to_directory(out)
    if as_json:
        _print_json(comparison_as_json(result.comparison))
        return
    console = _terminal()
    console.print(surplus_table(result.comparison))
    if len(result.reconciliation()):
        console.print(reconciliation_table(result.comparison))
    for sentence in overloaded(result.comparison.system):
        console.print(sentence, markup=False)
    console.print(f"Report: {out / 'report.html'}", soft_wrap=True)


@app.command()
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
    _processes(workers)
    system = paysim.load(config)
    settings = settings_for(system, years=years, seed=seed, sample=sample, engine=engine)
    with _progress(as_json) as progress:
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
        _print_json(answer)
    else:
        print(
            f"{answer['rows']:,} steps of {answer['residents']:,} residents (a sample of {settings.sample:.3g}): "
            f"{answer['file']}"
        )


@app.command()
def check(config: Config, as_json: Json = False) -> None:
    """Validate a config and show the resolved system, its loads and every assumption."""
    from paysim.report.machine import system_as_json
    from paysim.report.tables import assumptions_table, system_summary, verdict

    system = paysim.load(config)
    if as_json:
        _print_json(system_as_json(system))
        return
    console = _terminal()
    console.print(system_summary(system))
    console.print(assumptions_table(system))
    console.print(verdict(system))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a config."""
    from paysim.config import json_schema

    _print_json(json_schema())


@app.command()
def calibrate(
    config: Config,
    out: Annotated[Path, typer.Option(help="CSV file for the demand table.", show_default=False)],
) -> None:
    """Write the demand table with which every balanced rate meets its target."""
    from paysim.study.calibration import calibrated_demand
    from paysim.study.store import write_text

    table = calibrated_demand(paysim.load(config))
    write_text(table.to_csv(index=False, lineterminator="\n"), out)
    print(f"{len(table):,} rows: {out}")


def _processes(workers: int | None) -> int:
    if workers is None:
        return os.cpu_count() or 1
    if workers < 1:
        raise InputError("", "--workers", f"found {workers}", "expected at least 1")
    return workers


def _terminal() -> Console:
    """Return the console to print tables on; a pipe has no width of its own, and tables are made for 100 columns."""
    console = Console()
    return console if console.is_terminal else Console(width=100)


def _print_json(content: Any) -> None:
    print(json.dumps(content, indent=2, ensure_ascii=False))


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a progress report: a bar on a terminal, nothing in a pipe."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda what, done, total: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield report
