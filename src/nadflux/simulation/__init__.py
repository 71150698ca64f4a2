"""The function `simulate`: people and a plan in, a run out."""

from nadflux.simulation.at_times import values_at
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.run import PersonFailure, Quantity, Run, joined
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.settle import settle
from nadflux.simulation.simulate import (
    SimulationInterruptedError,
    SimulationStoppedError,
    simulate,
    simulate_settled,
)
from nadflux.simulation.verdict import Verdict

__all__ = [
    "PersonFailure",
    "Prepared",
    "Quantity",
    "Run",
    "Scenario",
    "SimulationInterruptedError",
    "SimulationStoppedError",
    "Verdict",
    "joined",
    "prepare",
    "settle",
    "simulate",
    "simulate_settled",
    "values_at",
]
