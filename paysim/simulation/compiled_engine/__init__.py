"""The compiled engine: the fast default, row for row the same as the SimPy engine."""

from paysim.simulation.compiled_engine.run import CompiledRun

__all__ = ["CompiledRun"]
