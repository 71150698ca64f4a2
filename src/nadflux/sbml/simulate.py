"""Runs any supported SBML model, events included: ``nadflux run``."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nadflux.errors import (
    ModelError,
    SimulationError,
    UnknownNameError,
    UnsupportedModelError,
    ValueOutOfRangeError,
)
from nadflux.kernel.stepper import Stepper
from nadflux.network.expression import Apply, Expression, Symbol
from nadflux.network.model import Model
from nadflux.network.refusals import missing_laws
from nadflux.network.unit_text import amount_unit, quantity_unit, unit_text
from nadflux.sbml.events import EventMachine
from nadflux.sbml.system import System
from nadflux.sbml.time_course import TimeCourse
from nadflux.sbml.triggers import first_change

LOOKS = 200  # at least so many looks ahead for switches in a run, each with several samples
SMALLEST_RTOL, LARGEST_RTOL = 1e-13, 0.1
LARGEST_STEP_COUNT = 1_000_000
SMALLEST_STEP = 1e-100
_BRACKETS = re.compile(r"^\[(\w+)\]$")
_AMOUNT = re.compile(r"^amount\((\w+)\)$")


def run_model(
    model: Model,
    times: Sequence[float] | np.ndarray,
    *,
    select: Sequence[str] | None = None,
    rtol: float = 1e-6,
    progress: Callable[[float], object] | None = None,
    compile_program: Callable[..., Any] | None = None,
) -> TimeCourse:
    """Simulates a model.

    Parameters
    ----------
    model : Model
    times : sequence of float, shape (time,)
        Rising, in the model's time unit; the first is the start, at which the initial state holds.
    select : sequence of str, optional
        ``S`` (what the id means in formulas), ``[S]`` (concentration) or ``amount(S)``. By default all
        species and all other variables that change.
    rtol : float
        Relative tolerance of the integration.
    progress : callable, optional
        Called with the fraction done after each output time.
    compile_program : callable, optional
        Another engine for the lowered program; by default the kernel.

    Raises
    ------
    UnsupportedModelError
        For constructs that are refused, before or (where it shows only then) during the run.
    ModelError, UnknownNameError, ValueOutOfRangeError
        For an inconsistent model, an unknown name, or times that do not rise.
    SimulationError
        Where the integration cannot go on; names state and time.

    Notes
    -----
    An event at an output time is executed before the output is taken. Triggers that turn true and false again
    within 1/2000 of the time span are found where a compared quantity turns smoothly, and may be missed else.
    """
    grid = _checked_times(times)
    if not SMALLEST_RTOL <= rtol <= LARGEST_RTOL:
        raise ValueOutOfRangeError(
            f"rtol is {rtol:g}; choose a tolerance from {SMALLEST_RTOL:g} to {LARGEST_RTOL:g}, such as 1e-6"
        )
    report = missing_laws(model)
    if report:
        raise UnsupportedModelError(report)
    names = tuple(select) if select is not None else default_selection(model)
    selection = {name: _selected(model, name) for name in names}
    system = System(model, selection, compile_program or _compile)
    runner = _Run(system, float(grid[0]), float(grid[-1]), rtol)
    rows = []
    for number, time in enumerate(grid, start=1):
        rows.append(runner.at(float(time)))
        if progress is not None:
            progress(number / len(grid))
    values = np.array(rows, dtype=np.float64).reshape(len(grid), len(names))
    units = tuple(_unit(model, name) for name in names)
    return TimeCourse(grid, names, values, units, unit_text(model, model.time_unit))


def default_selection(model: Model) -> tuple[str, ...]:
    """All species, and all other ids that a rule, an event or the text lets change."""
    changed = {*model.assignment_rules, *model.rate_rules}
    changed |= {variable for event in model.events.values() for variable, _ in event.assignments}
    others = [i for i in (*model.compartments, *model.parameters) if i in changed]
    return (*model.species, *others)


def _compile(program: Any) -> Any:
    from nadflux.kernel.engine import compile_program

    return compile_program(program, cache=False, opt=0, width=1)


def _checked_times(times: Sequence[float] | np.ndarray) -> np.ndarray:
    grid = np.array(times, dtype=np.float64)
    if grid.ndim != 1 or len(grid) == 0 or not np.all(np.isfinite(grid)) or np.any(np.diff(grid) <= 0):
        raise ValueOutOfRangeError("times must be finite and rise; give e.g. numpy.linspace(0, 100, 101)")
    return grid


def _selected(model: Model, name: str) -> Expression:
    for pattern, wanted in ((_BRACKETS, "concentration"), (_AMOUNT, "amount")):
        found = pattern.match(name)
        if not found:
            continue
        if found[1] not in model.species:
            raise UnknownNameError("species", found[1], model.species)
        species = model.species[found[1]]
        symbol, size = Symbol(species.id), Symbol(species.compartment)
        if (wanted == "amount") == species.only_substance_units:
            return symbol
        return Apply("mul" if wanted == "amount" else "div", (symbol, size))
    references = {r.id for x in model.reactions.values() for r in (*x.reactants, *x.products) if r.id}
    known = {*model.species, *model.parameters, *model.compartments, *model.reactions, *references}
    if name not in known:
        raise UnknownNameError("id", name, known, "(write S, [S] or amount(S))")
    return Symbol(name)


def _unit(model: Model, name: str) -> str:
    for pattern, concentration in ((_BRACKETS, True), (_AMOUNT, False)):
        found = pattern.match(name)
        if found:
            return amount_unit(model, found[1], concentration=concentration)
    return quantity_unit(model, name)


class _Run:
    """One run of a system, asked for one output time after another."""

    def __init__(self, system: System, start: float, end: float, rtol: float) -> None:
        self.system = system
        self._longest = (end - start) / LOOKS if len(system.switches) else math.inf
        self.stepper = Stepper(system.engine, system.program.defaults, None, start, rtol=rtol)
        self.machine = EventMachine(system, self.evaluate)
        state = np.array(self.stepper.state, dtype=np.float64)
        self._check_start(state)
        self.time = start
        self.situation = self.machine.begin(start, state)
        self._fresh = False
        self._steps = 0
        self._signs = self._equality_signs()

    def evaluate(self, time: float, state: np.ndarray) -> np.ndarray:
        """All outputs at a time and state."""
        outputs: np.ndarray = self.stepper.evaluate(time, state)
        return outputs

    def at(self, time: float) -> np.ndarray:
        """Selected outputs at a time not before the last one."""
        while self.time < time:
            self._advance(time)
        return self.evaluate(self.time, self.situation.state)[self.system.selected]

    def _check_start(self, state: np.ndarray) -> None:
        states = self.system.program.states
        lost = [states[i] for i in sorted(self.system.moving_states) if not math.isfinite(state[i])]
        lost += [name for name in self.system.lacking_values() if name not in lost]
        if lost:
            raise ModelError(f"no finite value at the start for {', '.join(lost)}; give each one in the model")

    def _advance(self, limit: float) -> None:
        """Goes on to ``limit``, or to the first thing that jumps before it."""
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
        return np.sign(self.evaluate(self.time, self.situation.state)[self.system.equalities])

    def _check_equalities(self) -> None:
        """Refuses triggers whose equality a moving quantity passes without being exactly there."""
        now = self._equality_signs()
        passed = now * self._signs < 0
        reached = (now == 0) & (self._signs != 0) & self.system.moving_equalities
        if np.any(passed | reached):
            place = f"at time {self.time:g}"
            raise UnsupportedModelError([("trigger with the equality of a moving quantity", place)])

    def _integrate(self, target: float) -> bool:
        """Integrates to ``target``; True where a switch stopped it earlier."""
        if not self.system.moving or target - self.time < SMALLEST_STEP:
            # 0.5 * time > 0 is first true at 1e-323, over which nothing moves
            self.time, self._fresh = target, False
            return False
        if not self._fresh:
            self._restart(self.time, self.situation.state)
        stepper = self.stepper
        while self.time < target:
            time, state = self.time, self.situation.state
            self._count(time)
            stepper.advance(target)
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
        """The state at a change, by a step that ends there where that shows the change too."""
        before = self._switches(time, state)
        dense = np.array(self.stepper.dense(stop), dtype=np.float64)
        self._restart(time, state)
        while self.stepper.time < stop:
            self._count(stop)
            self.stepper.advance(stop)
        direct = np.array(self.stepper.state, dtype=np.float64)
        self.time = stop
        shows = self._switches(stop, direct) != before
        self.situation = replace(self.situation, state=direct if shows else dense)
        self._fresh = False

    def _restart(self, time: float, state: np.ndarray) -> None:
        self.stepper.restart(time, state)
        self._fresh = True

    def _count(self, time: float) -> None:
        self._steps += 1
        if self._steps > LARGEST_STEP_COUNT:
            raise SimulationError(
                f"more than {LARGEST_STEP_COUNT} steps before time {time:g}; give an earlier end or a larger rtol"
            )

    def _switches(self, time: float, state: np.ndarray) -> bytes:
        return self.evaluate(time, state)[self.system.switches].tobytes()

    def _look_ahead(self, time: float) -> tuple[bytes, np.ndarray]:
        outputs = self.evaluate(time, self.situation.state)
        return outputs[self.system.timed_switches].tobytes(), outputs[self.system.timed_gaps]

    def _look_within(self, time: float) -> tuple[bytes, np.ndarray]:
        start = time == self.time
        state = self.situation.state if start else np.asarray(self.stepper.dense(time), dtype=np.float64)
        outputs = self.evaluate(time, state)
        return outputs[self.system.switches].tobytes(), outputs[self.system.gaps]
