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
    from nadflux.faces.plot import from_python as plot
    from nadflux.inference.measured import simulate_measured
    from nadflux.models.model import Model
    from nadflux.models.petab_problem import PetabProblem
    from nadflux.models.sedml import run_experiments
    from nadflux.people import Cohort, Distribution, Person, Posterior
    from nadflux.plans import Plan
    from nadflux.plans.event_table import read_event_table
    from nadflux.simulation import Run, Scenario
    from nadflux.simulation.event_runs import simulate_events
    from nadflux.simulation.resting_fluxes import resting_fluxes
    from nadflux.simulation.scenario_file import read_scenario
    from nadflux.simulation.simulate import SimulationInterruptedError, SimulationStoppedError, simulate
    from nadflux.simulation.tracer.tracer import trace
    from nadflux.studies.experiments.compare_plans import compare_plans
    from nadflux.studies.experiments.components import components

_MODULES = {"plot": "nadflux.faces.plot.from_python"}
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
    "compare_plans": "nadflux.studies.experiments.compare_plans",
    "read_event_table": "nadflux.plans.event_table",
    "simulate_measured": "nadflux.inference.measured",
    "simulate_events": "nadflux.simulation.event_runs",
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
    "compare_plans",
    "components",
    "plot",
    "read_event_table",
    "read_scenario",
    "resting_fluxes",
    "run_experiments",
    "simulate",
    "simulate_events",
    "simulate_measured",
    "trace",
]


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'nadflux' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
