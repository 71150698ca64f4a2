"""The equations of people linearised at a state of each, factorised, and solved for small departures from it."""

from __future__ import annotations

import numpy as np

from nadflux.kernel.engine import Engine
from nadflux.kernel.lanes import load_person, set_scale
from nadflux.kernel.layout import Block

_LINEARISED = ("time", "y", "hoisted", "inputs", "scratch", "f", "jacobian", "time_slope")
_FACTORISED = ("jacobian", "shift", "factors")
_SOLVED = ("factors", "dense", "new")


class Linearised:
    """Factors of ``shift·I - J`` of each person, J being the Jacobian at a state of theirs.

    The bits of a person depend on their own numbers alone.

    Parameters
    ----------
    engine : Engine
    parameters : ndarray, shape (person, parameter)
        In the order of ``Program.parameters``.
    states : ndarray, shape (person, state)
    inputs : ndarray, shape (person, input)
        Inputs in force.
    time : float
        When they are, in the time unit of the model.
    shift : float
        In the inverse of that unit.
    origin : float
        Time at which the initial assignments hold.

    Attributes
    ----------
    scale : ndarray, shape (person, state)
        Magnitude of each state below which its errors count as absolute (see `nadflux.kernel.lanes.set_scale`).
    """

    def __init__(
        self,
        engine: Engine,
        parameters: np.ndarray,
        states: np.ndarray,
        inputs: np.ndarray,
        *,
        time: float,
        shift: float,
        origin: float,
    ) -> None:
        self._engine, self._people = engine, len(parameters)
        self._block = engine.block()
        self.scale = np.empty(states.shape)
        self._factors = []
        arrays = self._block.arrays
        for first in range(0, self._people, engine.width):
            lanes = _load(self._block, engine, parameters, states, inputs, time, origin, first)
            people = slice(first, first + engine.width)
            set_scale(engine, self._block, None)
            self.scale[people] = arrays["scale"][engine.position, : len(self.scale[people])].T
            arrays["y"][: len(engine.order)] = states[lanes][:, engine.order].T
            engine.linearise(*(self._block.places[name] for name in _LINEARISED))
            arrays["shift"][:] = shift
            engine.factorise(*(self._block.places[name] for name in _FACTORISED))
            self._factors.append(arrays["factors"].copy())

    def solve(self, right: np.ndarray) -> np.ndarray:
        """Return the solution of ``(shift·I - J) x = right`` of each person.

        Parameters
        ----------
        right : ndarray, shape (person, state), in the units of the rates of change

        Returns
        -------
        ndarray, shape (person, state), in the units of the states
        """
        solved = np.empty(right.shape)
        arrays, order, position = self._block.arrays, self._engine.order, self._engine.position
        arrays["dense"][:] = 0.0
        for group, factors in enumerate(self._factors):
            people = slice(group * self._engine.width, (group + 1) * self._engine.width)
            count = len(right[people])
            arrays["factors"][:] = factors
            arrays["new"][: len(order), :count] = right[people][:, order].T
            self._engine.solve(*(self._block.places[name] for name in _SOLVED))
            solved[people] = arrays["new"][position, :count].T
        return solved


def slopes_of(
    engine: Engine, parameters: np.ndarray, states: np.ndarray, inputs: np.ndarray, *, time: float, origin: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rates of change of people at states of theirs, and the partial derivatives of these by time.

    Parameters
    ----------
    engine : Engine
    parameters : ndarray, shape (person, parameter), in the units of the model
    states : ndarray, shape (person, state), in the units of the model
    inputs : ndarray, shape (person, input), in the units of the model
    time, origin : float
        As for `Linearised`.

    Returns
    -------
    two of ndarray, shape (person, state), in the unit of each state over that of time, and over its square
    """
    block, slopes, by_time = engine.block(), np.empty(states.shape), np.empty(states.shape)
    for first in range(0, len(parameters), engine.width):
        lanes = _load(block, engine, parameters, states, inputs, time, origin, first)
        block.arrays["y"][: len(engine.order)] = states[lanes][:, engine.order].T
        engine.linearise(*(block.places[name] for name in _LINEARISED))
        people = slice(first, first + engine.width)
        for values, name in ((slopes, "f"), (by_time, "time_slope")):
            values[people] = block.arrays[name][engine.position, : len(values[people])].T
    return slopes, by_time


def _load(
    block: Block,
    engine: Engine,
    parameters: np.ndarray,
    states: np.ndarray,
    inputs: np.ndarray,
    time: float,
    origin: float,
    first: int,
) -> np.ndarray:
    """Load the people of a group, lanes to spare repeating the last, and return who is in each lane."""
    lanes = np.minimum(np.arange(engine.width) + first, len(states) - 1)
    load_person(engine, block, parameters[lanes], origin)
    block.arrays["inputs"][: inputs.shape[1]] = inputs[lanes].T
    block.arrays["time"][:] = time
    return lanes
