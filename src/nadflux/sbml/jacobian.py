"""The Jacobian of a model at its start, at a steady state or at a given time."""

from __future__ import annotations

import numpy as np

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.kernel.at_state import AtState
from nadflux.network.model import Model
from nadflux.network.unit_text import unit_text
from nadflux.sbml.compiled_system import compiled_system, numbers_of
from nadflux.sbml.runner import Runner
from nadflux.sbml.steady_state import steady_state
from nadflux.sbml.table import NamedTable

AT_START, STEADY = "start", "steady state"
_RTOL = 1e-9


def jacobian(model: Model, at: str | float = AT_START) -> NamedTable:
    """Return the exact partial derivatives of the rate of change of each variable by each variable.

    Variables are species in the meaning that they have in formulas (most are concentrations) where all compartments
    keep their sizes, else amounts; and whatever a rate rule moves.

    Parameters
    ----------
    model : Model
    at : {"start", "steady state"} or float
        Where to take it; a number is a time of a simulation from the start at time 0.

    Raises
    ------
    UnknownNameError, ValueOutOfRangeError
        For another place.
    SimulationError
        Where no steady state is reached.
    """
    targets = tuple(dict.fromkeys(v for event in model.events.values() for v, _ in event.assignments))
    equations = AtState(model, also_states=targets)
    time, state = _place(model, equations, at)
    slopes, _ = equations.jacobian(time, state)
    sizes = equations.sizes(time, state)
    steady_sizes = not ({*model.rate_rules, *model.assignment_rules, *targets} & model.compartments.keys())
    names = []
    scale = np.ones(len(equations.states))
    # State by state: its name, and what an amount is divided by.
    for k, (name, kind) in enumerate(zip(equations.states, equations.state_kinds, strict=True)):
        by_size = kind == "amount" and not model.species[name].only_substance_units
        if by_size and steady_sizes:
            scale[k] = sizes[model.species[name].compartment]
        names.append(f"amount({name})" if by_size and not steady_sizes else name)
    time_unit = unit_text(model, model.time_unit)
    values = slopes / scale[:, None] * scale[None, :]
    unit = f"unit of row/unit of column/{time_unit}" if time_unit else ""
    place = at if isinstance(at, str) else f"time {at:g}"
    return NamedTable(
        f"Jacobian at {place}", "rate of", "by", tuple(names), tuple(names), values, notes=(unit,) if unit else ()
    )


def _place(model: Model, equations: AtState, at: str | float) -> tuple[float, np.ndarray]:
    if at == AT_START:
        return 0.0, equations.start()
    if at in (STEADY, "steady"):
        found = steady_state(model)
        return found.time, found.state
    if isinstance(at, str):
        raise UnknownNameError("place of a Jacobian", at, (AT_START, STEADY), "(or give a time)")
    if not (np.isfinite(at) and at >= 0.0):
        raise ValueOutOfRangeError(f"at is {at}; give a finite time from 0, 'start' or 'steady state'")
    if at == 0.0:
        return 0.0, equations.start()
    system = compiled_system(model, {})
    runner = Runner(system, 0.0, float(at), _RTOL, 0, numbers_of(model, system))
    runner.at(float(at))
    return float(at), runner.situation.state
