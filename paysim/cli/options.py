"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_OUT = Path("out")

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="The system: a TOML file.", show_default=False)]
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
EngineOrExpected = Annotated[
    str | None,
    typer.Option(
        help="Simulation engine: compiled or simpy; or expected: mean values without queues and chance.",
        show_default="compiled",
    ),
]
Workers = Annotated[
    int | None, typer.Option(help="Processes; they change the time, never the result.", show_default="all processors")
]
Out = Annotated[Path, typer.Option(help="Folder for the result; an earlier one of the same command is replaced.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
