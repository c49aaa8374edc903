"""`paysim check`."""

import paysim
from paysim.cli.options import Config, Json
from paysim.cli.terminal import answer_console, print_json


def check(config: Config, as_json: Json = False) -> None:
    """Validate a config and show the resolved system, its loads and every assumption."""
    from paysim.report.machine import system_as_json
    from paysim.report.tables import assumptions_table, system_summary, verdict

    system = paysim.load(config)
    if as_json:
        print_json(system_as_json(system))
        return
    console = answer_console()
    console.print(system_summary(system))
    console.print(assumptions_table(system))
    console.print(verdict(system))
