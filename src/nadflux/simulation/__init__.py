"""The one `simulate`: people and a plan in, a Run out."""

from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.run import PersonFailure, Quantity, Run, joined
from nadflux.simulation.simulate import SimulationInterruptedError, simulate

__all__ = [
    "PersonFailure",
    "Prepared",
    "Quantity",
    "Run",
    "SimulationInterruptedError",
    "joined",
    "prepare",
    "simulate",
]
