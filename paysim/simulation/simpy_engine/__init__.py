"""The SimPy engine: the readable reference, and the place for processes of a researcher's own."""

from paysim.simulation.simpy_engine.custom import Choice, Process, custom
from paysim.simulation.simpy_engine.run import SimpyRun

__all__ = ["Choice", "Process", "SimpyRun", "custom"]
