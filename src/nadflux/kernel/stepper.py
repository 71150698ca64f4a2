"""One person integrated step by step from Python, for models whose events depend on the state."""

from __future__ import annotations

import numpy as np

from nadflux.errors import SimulationError, ValueOutOfRangeError
from nadflux.kernel.engine import Engine
from nadflux.kernel.lanes import load_person, reset_lanes, set_scale
from nadflux.kernel.layout import FAILURES


class Stepper:
    """A person being integrated: step, look inside the step, change the state, go on.

    Attributes
    ----------
    time : float
        Time reached.
    """

    def __init__(
        self,
        engine: Engine,
        parameters: np.ndarray,
        initial: np.ndarray | None,
        start: float,
        rtol: float = 1e-6,
        scale: np.ndarray | None = None,
        largest_step: float = np.inf,
    ) -> None:
        self._engine = engine
        program = engine.program
        values = np.asarray(parameters, dtype=np.float64)
        if values.shape != (len(program.parameters),):
            raise ValueOutOfRangeError(f"parameters have shape {values.shape}, expected ({len(program.parameters)},)")
        self._block = block = engine.block()
        self._states = len(program.states)
        load_person(engine, block, np.tile(values, (engine.width, 1)), start)
        columns = [program.parameters.index(name) for name in program.inputs]
        block.arrays["inputs"][: len(columns)] = values[columns][:, None]
        set_scale(engine, block, scale)
        reset_lanes(block, start, start)
        self._nothing = np.zeros(1, dtype=np.int64)
        self._forever = np.array([np.inf])
        for name in ("event_kind", "event_target", "cancel"):
            block.point(name, self._nothing)
        for name in ("event_time", "event_value", "times", "outputs"):
            block.point(name, self._forever)
        block.set_integer("most_steps", 2**62)
        block.set_double("rtol", rtol)
        block.set_double("largest_step", largest_step)
        block.set_double("deepest", np.inf)
        self.time = float(start)
        self._before = self.time
        if initial is not None:
            self.state = np.asarray(initial, dtype=np.float64)
        else:
            self._previous = self.state

    @property
    def state(self) -> np.ndarray:
        """State (a copy), shape (state,), in the units of the model.

        Assigning a state starts the step size and the error control from scratch.

        Raises
        ------
        ValueOutOfRangeError
            If a state of another shape is assigned.
        """
        return self._block.arrays["y"][: self._states, 0][self._engine.position].copy()

    @state.setter
    def state(self, value: np.ndarray) -> None:
        if np.shape(value) != (self._states,):
            raise ValueOutOfRangeError(f"the state has shape {np.shape(value)}, expected ({self._states},)")
        arrays = self._block.arrays
        arrays["y"][: self._states] = np.asarray(value, dtype=np.float64)[self._engine.order][:, None]
        arrays["fresh"][:] = 1
        self._before = self.time
        self._previous = self.state

    def advance(self, limit: float) -> bool:
        """Take one accepted step that does not go beyond ``limit``; return False if there already.

        Raises
        ------
        SimulationError
            Where the step fails; names state, time and reason.
        """
        if not self.time < limit:
            return False
        arrays, lane = self._block.arrays, slice(0, 1)
        self._previous, self._before = self.state, self.time
        arrays["limit"][0, lane], arrays["end"][0, lane] = limit, limit
        arrays["active"][lane], arrays["rejected"][lane], arrays["failure"][lane] = 1, 0, 0
        steps = int(arrays["steps"][0])
        while arrays["steps"][0] == steps:
            self._engine.advance(self._block.address, 1, 1)
            if arrays["failure"][0]:
                state = self._engine.program.states[self._engine.order[arrays["worst"][0]]] if self._states else ""
                reason = FAILURES[int(arrays["failure"][0])]
                raise SimulationError(f"integration stopped at time {self.time:.6g} in state {state!r}: {reason}")
        self.time = float(arrays["t"][0, 0])
        return True

    def dense(self, t: float) -> np.ndarray:
        """Return the state at a time within the last step, shape (state,), in the units of the model.

        Raises
        ------
        ValueOutOfRangeError
            If the time is outside the last step.
        """
        if t == self.time:
            return self.state
        if not self._before <= t <= self.time:
            raise ValueOutOfRangeError(f"time {t} is outside the last step, {self._before} to {self.time}")
        if t == self._before:
            return self._previous.copy()
        arrays = self._block.arrays
        now = arrays["y"][:, 0].copy()
        arrays["y"][: self._states, 0] = self._previous[self._engine.order]
        arrays["theta"][:] = (t - self._before) / (self.time - self._before)
        self._engine.interpolate_all(self._block.address)
        arrays["y"][:, 0] = now
        return arrays["dense"][: self._states, 0][self._engine.position].copy()

    def evaluate(self, t: float, state: np.ndarray) -> np.ndarray:
        """Return the outputs of the program at a time and state.

        Parameters
        ----------
        t : float
            In the time unit of the model.
        state : ndarray, shape (state,)
            In the units of the model.

        Returns
        -------
        ndarray, shape (output,)
            In the units of the model.
        """
        arrays = self._block.arrays
        arrays["dense"][: self._states] = np.asarray(state, dtype=np.float64)[self._engine.order][:, None]
        arrays["time"][:] = t
        self._engine.call(self._engine.observe, self._block, "dense", "time", "observed")
        return arrays["observed"][: len(self._engine.program.outputs), 0].copy()

    def restart(self, time: float, state: np.ndarray) -> None:
        """Continue from another time and a `state` of shape (state,) in the units of the model.

        The initial assignments still hold at the first start.
        """
        self._block.arrays["t"][:] = time
        self.time = float(time)
        self.state = state

    def set_input(self, name: str, value: float) -> None:
        """Step an input from now on."""
        index = self._engine.program.inputs.index(name)
        self._block.arrays["inputs"][index] = value
        self._block.arrays["fresh"][:] = 1
