"""The steady state that a model reaches from its start: integrated near, then solved exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg

from nadflux.errors import ModelError, SimulationError
from nadflux.kernel.at_state import AtState
from nadflux.network.model import Model
from nadflux.network.unit_text import quantity_unit, unit_text
from nadflux.sbml.compiled_system import compiled_system, numbers_of
from nadflux.sbml.runner import Runner
from nadflux.sbml.simulate import default_selection
from nadflux.sbml.system import System
from nadflux.sbml.table import NamedTable

FIRST_DECADE, LAST_DECADE = -2, 8
LAST_TIME = 10.0**LAST_DECADE
NEWTON_STEPS = 30
MOST_STEPS = 100_000
STILL = 1e-9
"""Net rate of a state, as a share of all that makes and uses it, at which it is at rest."""
_NOTHING = 1e-13
_NEAR = 0.2
_CLOSE = 1e-3
REST_RTOL = 1e-8


@dataclass(frozen=True)
class SteadyState:
    """A steady state.

    Attributes
    ----------
    model : Model
    state : ndarray, shape (state,)
        Amounts of species and values of other states, in the order of ``states``, in the units of the model.
    states : tuple of str
    values : ndarray, shape (quantity,)
        What a simulation shows by default, in the meaning that ids have in formulas, each in its own unit.
    names : tuple of str
        The quantities.
    rates : ndarray, shape (reaction,)
        In extent per time.
    reactions : tuple of str
    eigenvalues : ndarray of complex, shape (independent state,)
        Of the Jacobian without what conserved sums fix, per time; all have a negative real part.
    conserved : ndarray, shape (sum, state)
        Rows of weights, no unit, of sums that no reaction changes.
    time : float
        Time up to which the model was integrated before it was solved.
    notes : tuple of str
    """

    model: Model
    state: np.ndarray
    states: tuple[str, ...]
    values: np.ndarray
    names: tuple[str, ...]
    rates: np.ndarray
    reactions: tuple[str, ...]
    eigenvalues: np.ndarray
    conserved: np.ndarray
    time: float
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> NamedTable:
        """Values of all that a simulation shows, as ids mean them in formulas, and the rates of the reactions."""
        rows = (*self.names, *self.reactions)
        units = tuple(quantity_unit(self.model, name) for name in rows)
        both = np.concatenate([self.values, self.rates])[:, None]
        return NamedTable("steady state", "quantity", "what", rows, ("value",), both, ("",), units, self.notes)

    def __getitem__(self, name: str) -> float:
        """Return the value of a species, variable or reaction in its unit."""
        found = self.table[name]
        return float(np.ravel(found)[0])

    def __str__(self) -> str:
        slowest = -1.0 / float(np.max(self.eigenvalues.real)) if len(self.eigenvalues) else 0.0
        unit = unit_text(self.model, self.model.time_unit)
        return f"{self.table}\nslowest time constant: {slowest:.6g} {unit}".rstrip()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        html: str = self.table._repr_html_()
        return html


def steady_state(model: Model) -> SteadyState:
    """Return the stable steady state that a model reaches from its start.

    The model is integrated over ten times longer and longer times. From each end Newton's method solves for rest under
    the conserved sums; a solution counts if it is near the end, at rest, stable, and nowhere below zero.

    Raises
    ------
    SimulationError
        Where none is reached: the model oscillates, grows, or takes too long; the message names what still changes.
    ModelError
        Where a rate depends on time itself.
    """
    equations = AtState(model, also_states=_event_targets(model))
    timed = equations.moving_in_time()
    if timed:
        raise ModelError(f"the rate of {timed[0]!r} depends on time itself, so this model has no steady state")
    start = equations.start()
    conserved = conserved_sums(equations, start)
    system = compiled_system(model, {})
    gross_at_start = float(np.max(_gross(equations, 0.0, start), initial=0.0))
    state, time = start, 0.0
    waits = equations.uses_time  # something may be switched at any time
    # From decade to decade of time, until a solution holds.
    for time in (0.0, *(10.0**k for k in range(FIRST_DECADE, LAST_DECADE + 1))):
        if time:
            state = _integrated(system, numbers_of(model, system), time)
        if waits and time < LAST_TIME:
            continue
        found = _solved(equations, time, state, conserved, gross_at_start)
        if found is None:
            continue
        eigenvalues = _eigenvalues(equations, time, found, conserved)
        if np.all(eigenvalues.real < 0.0) and (time > 0.0 or not model.events):
            return _settled(model, equations, found, eigenvalues, conserved, time)
    change = equations.derivatives(time, state) / (_gross(equations, time, state) + 1e-300)
    worst = equations.states[int(np.argmax(np.abs(change)))]
    raise SimulationError(
        f"no steady state was reached by time {time:g}: {worst!r} still changes. The model may oscillate, grow, or "
        "rest only where a number is 0; look at it with simulate"
    )


def _integrated(system: System, numbers: np.ndarray, time: float) -> np.ndarray:
    """Return the state at a time, shape (state,), in the units of the model."""
    runner = Runner(system, 0.0, time, REST_RTOL, 0, numbers, MOST_STEPS)
    try:
        runner.at(time)
    except SimulationError as error:
        raise SimulationError(f"no steady state was reached: {error}; look at the model with simulate") from error
    return runner.situation.state


def _settled(
    model: Model, equations: AtState, state: np.ndarray, eigenvalues: np.ndarray, conserved: np.ndarray, time: float
) -> SteadyState:
    names = default_selection(model)
    notes = ("events of the model before this time were carried out",) if model.events else ()
    return SteadyState(
        model,
        state,
        equations.states,
        equations.values(names, time, state),
        names,
        equations.rates(time, state),
        equations.reactions,
        eigenvalues,
        conserved,
        time,
        notes,
    )


def conserved_sums(equations: AtState, state: np.ndarray) -> np.ndarray:
    """Return the weights of independent sums of states that never change; a state without any rate is one alone.

    Parameters
    ----------
    equations : AtState
    state : ndarray, shape (state,), in the units of the model

    Returns
    -------
    ndarray, shape (sum, state), no unit
    """
    count = len(equations.states)
    if not count:
        return np.zeros((0, 0))
    moves = equations.directions(0.0, state)
    sizes = np.linalg.norm(moves, axis=1)
    rows = moves[sizes > 0] / sizes[sizes > 0, None]
    basis: np.ndarray = scipy.linalg.null_space(rows).T if rows.size else np.eye(count)
    return basis


def _solved(
    equations: AtState, time: float, near: np.ndarray, conserved: np.ndarray, gross_at_start: float
) -> np.ndarray | None:
    """Return the state of rest near a state; None where Newton's method does not find one there."""
    totals = conserved @ near
    state = near.copy()
    # Newton's method, with the conserved sums as further equations.
    for _ in range(NEWTON_STEPS):
        change = equations.derivatives(time, state)
        scale = np.maximum(np.abs(state), _NOTHING * (1.0 + np.abs(near).max(initial=0.0)))
        slopes = equations.jacobian(time, state)[0]
        if not (np.all(np.isfinite(change)) and np.all(np.isfinite(slopes))):
            return None
        rest = _gross(equations, time, state) + _NOTHING * gross_at_start + 1e-300
        left = np.concatenate([change / rest, conserved @ state - totals])
        both = np.vstack([slopes * scale / rest[:, None], conserved * scale])
        step = scale * np.linalg.lstsq(both, -left, rcond=None)[0]
        state = state + step
        if np.all(np.abs(step) <= 1e-12 * scale):
            break
    return _checked(equations, time, state, near, gross_at_start)


def _checked(
    equations: AtState, time: float, state: np.ndarray, near: np.ndarray, gross_at_start: float
) -> np.ndarray | None:
    size = np.abs(near).max(initial=0.0)
    tiny = 1e-10 * size
    state = np.where((state < 0.0) & (state > -tiny) & (near >= 0.0), 0.0, state)
    change = np.abs(equations.derivatives(time, state))
    at_rest = change <= STILL * _gross(equations, time, state) + _NOTHING * gross_at_start
    distance = np.abs(state - near) <= _NEAR * np.maximum(np.abs(state), np.abs(near)) + _CLOSE * size
    valid = np.all(np.isfinite(state)) and not np.any((state < 0.0) & (near >= 0.0))
    return state if valid and bool(np.all(at_rest)) and bool(np.all(distance)) else None


def _gross(equations: AtState, time: float, state: np.ndarray) -> np.ndarray:
    """Return the sum of all that makes and uses each state, shape (state,), in units of the model per time."""
    return equations.turnover(time, state)


def _eigenvalues(equations: AtState, time: float, state: np.ndarray, conserved: np.ndarray) -> np.ndarray:
    """Return the eigenvalues of the Jacobian within the directions that conserved sums leave free, per time."""
    slopes = equations.jacobian(time, state)[0]
    free = scipy.linalg.null_space(conserved) if len(conserved) else np.eye(len(state))
    found: np.ndarray = np.linalg.eigvals(free.T @ slopes @ free) if free.size else np.zeros(0, dtype=complex)
    return found


def _event_targets(model: Model) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for event in model.events.values() for v, _ in event.assignments))
