"""Steps and case mixes get numbers."""

import numpy as np

from paysim.model.system import System
from paysim.simulation.compile.arrays import complete, ints, offsets, thresholds
from paysim.simulation.compile.durations import DurationTable
from paysim.simulation.program import NOTHING, CaseMixes, Steps


def compile_case_mixes(system: System, table: DurationTable) -> CaseMixes:
    """Return the case mixes, codes by their number in System.codes."""
    codes = {code: number for number, code in enumerate(system.codes)}
    mixes = list(system.case_mixes.values())
    entries = [entry for mix in mixes for entry in mix.entries]
    until = [
        complete(thresholds(np.array([entry.share for entry in mix.entries])), f"case_mix.{mix.id}") for mix in mixes
    ]
    return CaseMixes(
        first=offsets(len(mix.entries) for mix in mixes),
        until=np.concatenate([*until, np.zeros(0)]),
        code=ints(codes[entry.code] for entry in entries),
        duration=ints(table.number(entry.stay) for entry in entries),
    )


def compile_steps(system: System, table: DurationTable) -> Steps:
    """Return the steps by their number in System.steps."""
    steps = list(system.steps.values())
    codes = {code: number for number, code in enumerate(system.codes)}
    step_numbers = {step: number for number, step in enumerate(system.steps)}
    mix_numbers = {mix: number for number, mix in enumerate(system.case_mixes)}
    absences = [step.not_attending for step in steps]
    expected = [absence.probability.ravel() for absence in absences if absence]
    rows = np.cumsum([absence is not None for absence in absences]) - 1
    return Steps(
        duration=ints(table.number(step.duration) for step in steps),
        case_mix=ints(mix_numbers[step.case_mix] if step.case_mix else NOTHING for step in steps),
        code=ints(codes[step.code] if step.code else NOTHING for step in steps),
        priority=ints(step.priority for step in steps),
        patience=ints(table.number(step.patience) for step in steps),
        unserved=ints(step_numbers[step.unserved] if step.unserved else NOTHING for step in steps),
        instead=ints(step_numbers[absence.instead] if absence else NOTHING for absence in absences),
        absence_row=ints(row if absence else NOTHING for row, absence in zip(rows, absences, strict=True)),
        absence=np.array(expected, dtype=np.float64).reshape(len(expected), -1 if expected else 0),
    )
