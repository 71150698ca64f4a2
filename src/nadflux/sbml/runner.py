"""The run of an SBML model over time: steps, switches, events, and the values at the times asked for."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace

import numpy as np

from nadflux.errors import ModelError, SimulationError, UnsupportedModelError
from nadflux.kernel.stepper import Stepper
from nadflux.sbml.events import EventMachine
from nadflux.sbml.system import System
from nadflux.sbml.triggers import first_change

LOOKS = 200  # least number of searches for switches in a run, each with several samples
LARGEST_STEP_COUNT = 1_000_000
SMALLEST_STEP = 1e-100
CHATTERING, NO_TIME = 200, 1e-9  # so many stops within that share of the run are a condition that chatters


class Runner:
    """One run of a system, asked for one output time after another.

    Parameters
    ----------
    system : System
    start, end : float
    rtol : float
    seed : int
        Seed for the order of simultaneous events.
    numbers : ndarray, shape (parameter,), optional
        Numbers of the model in the order of the program, in its units; those of the text by default.
    most_steps : int
        Steps after which the run is given up.
    initial : ndarray, shape (state,), optional
        State to start from instead of the model's own, in its units.

    Attributes
    ----------
    machine : EventMachine
        Its ``notes`` list random decisions.
    """

    def __init__(
        self,
        system: System,
        start: float,
        end: float,
        rtol: float,
        seed: int = 0,
        numbers: np.ndarray | None = None,
        most_steps: int = LARGEST_STEP_COUNT,
        initial: np.ndarray | None = None,
    ) -> None:
        self.system = system
        self._most_steps = most_steps
        self._numbers = system.program.defaults if numbers is None else numbers
        self._span = end - start
        self._longest = (end - start) / LOOKS if len(system.switches) else math.inf
        self.stepper = Stepper(system.engine, self._numbers, initial, start, rtol=rtol)
        self.machine = EventMachine(system, self.evaluate, seed)
        state = np.array(self.stepper.state, dtype=np.float64)
        self._check_start(state)
        self.time = start
        self.situation = self.machine.begin(start, state)
        self._fresh = False
        self._steps = 0
        self._stops: deque[float] = deque(maxlen=CHATTERING)
        self._signs = self._equality_signs()

    def evaluate(self, time: float, state: np.ndarray) -> np.ndarray:
        """Return all outputs at a time and state.

        Parameters
        ----------
        time : float
        state : ndarray, shape (state,)
            In the units of the model.

        Returns
        -------
        ndarray, shape (output,)
            In the units of the model.
        """
        outputs: np.ndarray = self.stepper.evaluate(time, state)
        return outputs

    def at(self, time: float) -> np.ndarray:
        """Return the selected outputs at a time not before the last one.

        Returns
        -------
        ndarray, shape (selected output,)
            In the units of the model.
        """
        # From jump to jump, until the time is reached.
        while self.time < time:
            self._advance(time)
        selected: np.ndarray = self.evaluate(self.time, self.situation.state)[self.system.selected]
        return selected

    def _check_start(self, state: np.ndarray) -> None:
        states = self.system.program.states
        lost = [states[i] for i in sorted(self.system.moving_states) if not math.isfinite(state[i])]
        if lost:
            lacking = (n for n in self.system.lacking_values(self._numbers) if n not in lost)
            raise ModelError(_without_value([*lost, *lacking]))

    def _advance(self, limit: float) -> None:
        """Advance to ``limit``, or to the first jump before it."""
        limit = min(limit, self.machine.next_time(self.situation), self.time + self._longest)
        change = None
        if len(self.system.timed_switches):
            change = first_change(self._look_ahead, self.time, limit)
        target = limit if change is None else change[0]
        jumped = self._integrate(target) if target > self.time else False
        if change is not None and not jumped:
            self.time, self._fresh = change[1], False
        if jumped or change is not None or self.machine.next_time(self.situation) <= self.time:
            self._settle()

    def _settle(self) -> None:
        self._check_equalities()
        before = self.situation.state
        self.situation = self.machine.settle(self.time, self.situation)
        self._signs = self._equality_signs()
        if before is not self.situation.state:
            self._fresh = False

    def _equality_signs(self) -> np.ndarray:
        signs: np.ndarray = np.sign(self.evaluate(self.time, self.situation.state)[self.system.equalities])
        return signs

    def _check_equalities(self) -> None:
        """Refuse triggers on an equality that a moving quantity passes without hitting it exactly."""
        now = self._equality_signs()
        passed = now * self._signs < 0
        reached = (now == 0) & (self._signs != 0) & self.system.moving_equalities
        if np.any(passed | reached):
            place = f"at time {self.time:g}"
            raise UnsupportedModelError([("trigger with the equality of a moving quantity", place)])

    def _integrate(self, target: float) -> bool:
        """Integrate to ``target``; return True if a switch stopped it earlier."""
        if not self.system.moving or target - self.time < SMALLEST_STEP:
            # 0.5 * time > 0 is first true at 1e-323, over which nothing moves
            self.time, self._fresh = target, False
            return False
        if not self._fresh:
            self._restart(self.time, self.situation.state)
        stepper = self.stepper
        # Step by step; a switch within a step ends the integration there.
        while self.time < target:
            time, state = self.time, self.situation.state
            self._step(target)
            change = None
            if not self.system.all_timed:
                change = first_change(self._look_within, time, float(stepper.time))
            if change is not None:
                self._stop_at(time, state, change[1])
                return True
            self.time = float(stepper.time)
            self.situation = replace(self.situation, state=np.array(stepper.state, dtype=np.float64))
        return False

    def _stop_at(self, time: float, state: np.ndarray, stop: float) -> None:
        """Stop at a change: with the state of a step that ends there if it shows the change too, else interpolated."""
        before = self._switches(time, state)
        dense = np.array(self.stepper.dense(stop), dtype=np.float64)
        self._restart(time, state)
        # Step by step up to the change.
        while self.stepper.time < stop:
            self._step(stop)
        direct = np.array(self.stepper.state, dtype=np.float64)
        self.time = stop
        shows = self._switches(stop, direct) != before
        self.situation = replace(self.situation, state=direct if shows else dense)
        self._fresh = False
        self._check_stops(before, self._switches(stop, self.situation.state))

    def _restart(self, time: float, state: np.ndarray) -> None:
        self.stepper.restart(time, state)
        self._fresh = True

    def _step(self, limit: float) -> None:
        """Make one integration step; if it fails because the model lacks a value, the error names the value."""
        time = float(self.stepper.time)
        self._steps += 1
        if self._steps > self._most_steps:
            raise SimulationError(
                f"more than {self._most_steps} steps before time {time:g}; give an earlier end or a larger rtol"
            )
        try:
            self.stepper.advance(limit)
        except SimulationError as error:
            lacking = self.system.lacking_values(self._numbers)
            if not lacking:
                raise
            raise ModelError(f"{_without_value(lacking)} ({error})") from error

    def _check_stops(self, before: bytes, after: bytes) -> None:
        """Refuse a model whose condition chatters: on and off without end in almost no time."""
        self._stops.append(self.time)
        if len(self._stops) < CHATTERING or self.time - self._stops[0] > NO_TIME * self._span:
            return
        changed = np.flatnonzero(np.frombuffer(before) != np.frombuffer(after))
        conditions = [self.system.condition(int(self.system.switches[i])) for i in changed]
        which = " and ".join(dict.fromkeys(c for c in conditions if c)) or "a condition"
        raise SimulationError(
            f"{which} turns true and false without end at time {self.time:.9g}: the model slides along it. Write it "
            "smoothly, with a hysteresis, or as an event"
        )

    def _switches(self, time: float, state: np.ndarray) -> bytes:
        switches: bytes = self.evaluate(time, state)[self.system.switches].tobytes()
        return switches

    def _look_ahead(self, time: float) -> tuple[bytes, np.ndarray]:
        outputs = self.evaluate(time, self.situation.state)
        return outputs[self.system.timed_switches].tobytes(), outputs[self.system.timed_gaps]

    def _look_within(self, time: float) -> tuple[bytes, np.ndarray]:
        start = time == self.time
        state = self.situation.state if start else np.asarray(self.stepper.dense(time), dtype=np.float64)
        outputs = self.evaluate(time, state)
        return outputs[self.system.switches].tobytes(), outputs[self.system.gaps]


def _without_value(names: list[str]) -> str:
    return f"no finite value at the start for {', '.join(names)}; give each one in the model"
