"""nadflux: NAD+ biology and autophagic flux, organ by organ, in people.

    import nadflux as nf
    run = nf.simulate("woman, 62 y, 70 kg", plan="NR chloride 500 mg oral twice daily for 8 weeks")

Names are imported when they are used, so that the import itself costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from nadflux._version import __version__

if TYPE_CHECKING:
    from nadflux.models.model import Model
    from nadflux.models.petab_problem import PetabProblem
    from nadflux.models.sedml import run_experiments
    from nadflux.people import Cohort, Distribution, Person, Posterior
    from nadflux.plans import Plan
    from nadflux.simulation import Run, Scenario
    from nadflux.simulation.resting_fluxes import resting_fluxes
    from nadflux.simulation.scenario_file import read_scenario
    from nadflux.simulation.simulate import SimulationInterruptedError, SimulationStoppedError, simulate
    from nadflux.simulation.tracer.tracer import trace
    from nadflux.studies.experiments.components import components

_HOMES = {
    "Cohort": "nadflux.people",
    "Distribution": "nadflux.people",
    "Model": "nadflux.models.model",
    "PetabProblem": "nadflux.models.petab_problem",
    "Person": "nadflux.people",
    "Posterior": "nadflux.people",
    "Plan": "nadflux.plans",
    "Run": "nadflux.simulation",
    "SimulationInterruptedError": "nadflux.simulation",
    "SimulationStoppedError": "nadflux.simulation",
    "components": "nadflux.studies.experiments.components",
    "Scenario": "nadflux.simulation",
    "read_scenario": "nadflux.simulation.scenario_file",
    "run_experiments": "nadflux.models.sedml",
    "resting_fluxes": "nadflux.simulation.resting_fluxes",
    "simulate": "nadflux.simulation",
    "trace": "nadflux.simulation.tracer.tracer",
}

__all__ = [
    "Cohort",
    "Distribution",
    "Model",
    "Person",
    "PetabProblem",
    "Plan",
    "Posterior",
    "Run",
    "Scenario",
    "SimulationInterruptedError",
    "SimulationStoppedError",
    "__version__",
    "components",
    "read_scenario",
    "resting_fluxes",
    "run_experiments",
    "simulate",
    "trace",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'nadflux' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
