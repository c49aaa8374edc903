"""The command line: every answer also comes as JSON, long work shows its progress, bad input ends with exit code 2."""

import sys
from concurrent.futures.process import BrokenProcessPool
from typing import Annotated

import typer

import paysim
from paysim.cli.calibrate import calibrate
from paysim.cli.check import check
from paysim.cli.compare import compare
from paysim.cli.design import design
from paysim.cli.ending import code_of, end_in_order, leave_interrupted
from paysim.cli.incentives import incentives
from paysim.cli.output import print_what_can_be_printed
from paysim.cli.respond import respond
from paysim.cli.schema import schema
from paysim.cli.settle import settle
from paysim.cli.simulate import simulate
from paysim.model.errors import InputError
from paysim.study.workers import look_for_cycles_seldom

app = typer.Typer(
    help="Simulate care pathways and pay for them in several ways.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_FAILED, _BAD_INPUT = 1, 2

_TAKE_LESS = "nothing was written; fewer --workers or a smaller --sample take less"


def main() -> None:
    """Run the command line and leave with 0 (done), 1 (ran and failed), 2 (bad input) or 128 and a signal's number."""
    look_for_cycles_seldom()
    print_what_can_be_printed()
    end_in_order()
    try:
        app()
    except InputError as error:
        _leave(str(error), _BAD_INPUT)
    except OSError as error:
        _leave(str(error), _FAILED)
    except MemoryError:
        _leave(f"there was not enough memory; {_TAKE_LESS}", _FAILED)
    except BrokenProcessPool:
        _leave(f"a worker process was ended from outside, perhaps for want of memory; {_TAKE_LESS}", _FAILED)
    except BaseException as end:
        if (code := code_of(end)) is not None:
            leave_interrupted(code)
        raise


def _leave(message: str, code: int) -> None:
    for line in message.splitlines():
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


for _command in (compare, incentives, respond, design, simulate, settle, check, schema, calibrate):
    app.command()(_command)
