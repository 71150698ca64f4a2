"""Metabolic control analysis at a steady state: elasticities and coefficients of control and response.

Reder 1988 (doi 10.1016/S0022-5193(88)80073-0): with the link matrix L of the stoichiometric matrix N and the
elasticities e, concentrations are controlled by -L (N_R e L)^-1 N_R and fluxes by 1 + e times that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nadflux.errors import ModelError
from nadflux.kernel.at_state import AtState
from nadflux.network.model import Model
from nadflux.sbml.numbers import number_names
from nadflux.sbml.steady_state import SteadyState, conserved_sums, steady_state
from nadflux.sbml.stoichiometry import reduced
from nadflux.sbml.table import NamedTable


@dataclass(frozen=True)
class Control:
    """Coefficients of control at a steady state.

    Attributes
    ----------
    fluxes : NamedTable
        Relative change of each flux for a relative change of the activity of each reaction; a row adds up to 1.
    concentrations : NamedTable
        The same of each species; a row adds up to 0.
    elasticities : NamedTable
        Relative change of each reaction's rate for a relative change of each species alone.
    state : SteadyState
    """

    fluxes: NamedTable
    concentrations: NamedTable
    elasticities: NamedTable
    state: SteadyState

    def __str__(self) -> str:
        return "\n\n".join(str(table) for table in (self.fluxes, self.concentrations, self.elasticities))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return "".join(table._repr_html_() for table in (self.fluxes, self.concentrations, self.elasticities))


def control_coefficients(model: Model) -> Control:
    """Return the scaled control coefficients and elasticities at the steady state that the model reaches.

    A coefficient of a flux or concentration of zero is NaN, since a share of nothing has no meaning.

    Raises
    ------
    ModelError
        For states that a rate rule moves: control of reactions over them is not defined here.
    SimulationError
        Where no steady state is reached.
    """
    if model.rate_rules:
        name = next(iter(model.rate_rules))
        raise ModelError(
            f"{name!r} moves by a rate rule; control coefficients are of reactions. Write its rate as a reaction, or "
            "use sensitivity, which takes rules"
        )
    state = steady_state(model)
    equations = AtState(model, also_states=_event_targets(model))
    counts = equations.stoichiometry(state.time, state.state)
    moved = np.flatnonzero(np.any(counts != 0.0, axis=1))
    counts = counts[moved]
    slopes = equations.elasticities(state.time, state.state)[0][:, moved]
    independent, link = reduced(counts)
    inner = counts[independent] @ slopes @ link
    over_species = -link @ np.linalg.solve(inner, counts[independent])
    over_fluxes = np.eye(len(equations.reactions)) + slopes @ over_species
    names = tuple(equations.states[i] for i in moved)
    amounts, rates = state.state[moved], state.rates
    reactions = equations.reactions
    return Control(
        NamedTable(
            "flux control coefficients", "flux", "reaction", reactions, reactions, _scaled(over_fluxes, rates, rates)
        ),
        NamedTable(
            "concentration control coefficients",
            "species",
            "reaction",
            names,
            reactions,
            _scaled(over_species, amounts, rates),
        ),
        NamedTable("elasticities", "reaction", "species", reactions, names, _scaled(slopes, rates, amounts)),
        state,
    )


def response_coefficients(model: Model, by: tuple[str, ...] | None = None) -> NamedTable:
    """Return the relative change of each quantity and flux at steady state for a relative change of each number.

    Parameters
    ----------
    model : Model
    by : tuple of str, optional
        Numbers of the model, such as parameters; by default all parameters that are not zero.

    Raises
    ------
    SimulationError
        Where no steady state is reached.
    UnknownNameError
        For a number that the model does not have.
    """
    numbers = by if by is not None else _default_numbers(model)
    state = steady_state(model)
    equations = AtState(model, by=numbers, also_states=_event_targets(model))
    conserved = conserved_sums(equations, state.state)
    slopes, forcing = equations.jacobian(state.time, state.state)
    moved = conserved @ equations.start_slopes()
    both = np.vstack([slopes, conserved])
    change = np.linalg.lstsq(both, np.vstack([-forcing, moved]), rcond=None)[0]
    rates, direct = equations.elasticities(state.time, state.state)
    every = np.vstack([change, rates @ change + direct])
    sizes = np.concatenate([state.state, state.rates])
    values = np.array([equations.defaults[name] for name in numbers])
    rows = (*state.states, *state.reactions)
    title = "response coefficients at steady state"
    return NamedTable(title, "quantity", "number", rows, numbers, _scaled(every, sizes, values))


def _default_numbers(model: Model) -> tuple[str, ...]:
    names = (name for name in number_names(model) if name in model.parameters and name not in model.rate_rules)
    return tuple(n for n in names if model.parameters[n].value and n not in model.initial_assignments)


def _scaled(slopes: np.ndarray, above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return slopes (above, below) as relative change for relative change; NaN where what changes is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = np.where(above[:, None] == 0.0, np.nan, slopes * below[None, :] / above[:, None])
    return found


def _event_targets(model: Model) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for event in model.events.values() for v, _ in event.assignments))
