"""From System to Program: names become numbers, probabilities become thresholds, hours become a weekly timetable."""

import numpy as np

from paysim.model.calendar import days_in_years
from paysim.model.pathway import IMMEDIATELY
from paysim.model.population import Population
from paysim.model.system import System
from paysim.simulation.compile.branches import compile_branches
from paysim.simulation.compile.choices import compile_choices
from paysim.simulation.compile.demand import compile_demands
from paysim.simulation.compile.durations import DurationTable
from paysim.simulation.compile.needs import compile_needs
from paysim.simulation.compile.services import compile_services
from paysim.simulation.compile.steps import compile_case_mixes, compile_steps
from paysim.simulation.passage import first_days
from paysim.simulation.program import Floats, Program, Residents


def compile_program(system: System, years: int, sample: float, begins: Floats | None = None) -> Program:
    """Return the Program of a run over `years` financial years with a share `sample` of the residents.

    Capacities are scaled alike, rounded up to a whole server. `begins` are the days on which the pathways' demand
    begins; a run that goes on with other settings keeps those that it began with.
    """
    table = DurationTable()
    table.number(IMMEDIATELY)
    begins = first_days(system) if begins is None else begins
    begin = float(begins.min(initial=0.0))
    mixes = compile_case_mixes(system, table)
    steps = compile_steps(system, table)
    branches = compile_branches(system, table)
    return Program(
        begin=begin,
        stop=float(days_in_years(system.start, years)),
        weekday=system.start.weekday(),
        durations=table.arrays(),
        steps=steps,
        choices=compile_choices(system),
        branches=branches,
        case_mixes=mixes,
        services=compile_services(system.services.values(), sample),
        demands=compile_demands(system, begins, years),
        needs=compile_needs(system),
        residents=_residents(system.population, sample),
    )


def _residents(population: Population, sample: float) -> Residents:
    number = population.sample(sample)
    cell = population.cell_of(number)
    kind = population.place[cell].astype(np.int32) * population.profiles + population.profile[cell]
    return Residents(number=number, kind=kind, profiles=population.profiles)
