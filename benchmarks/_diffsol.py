"""pydiffsol (BDF, sparse Jacobian): DiffSL text written from the graph of equations that the own engine compiles.

A person's numbers are literals of the text, which compiles and runs faster than with a thousand inputs; inputs are
those which events step, and the state at the start of a segment. States are in units of their scale, since pydiffsol
takes one absolute tolerance for all. People go from stop to stop in segments. Sparse LU is faer's: with
``pydiffsol.klu`` the wheel of 0.6.2 ends the process in its first solution, of three states too.
"""

from __future__ import annotations

import time
from collections import Counter

import numpy as np

from _own import Cohort
from nadflux.kernel.engine import compile_program
from nadflux.kernel.lanes import load_person, reset_lanes, set_scale
from nadflux.kernel.print_equations import hoisted_nodes
from nadflux.kernel.program import RUN, Program
from nadflux.kernel.step import ABSOLUTE_FRACTION

_INFIX = {"add": "+", "sub": "-", "mul": "*"}
_CALLS = {"pow": "pow", "exp": "exp", "log": "log", "sqrt": "sqrt", "abs": "abs", "sin": "sin", "cos": "cos",
          "min": "min", "max": "max"}  # fmt: skip
LONGEST = 200
"""Characters of an expression before it gets a name of its own, as every one that is used twice."""


class Diffsol:
    """The first people of a cohort, one after the other.

    Attributes
    ----------
    compiled_s : float
        Processor time of compiling the text of a person, which is not part of the timings.
    """

    def __init__(self, cohort: Cohort, people: int) -> None:
        import pydiffsol

        self.people = people
        self._cohort = cohort
        program = cohort.program
        self._numbers = _Numbers(cohort)
        started = time.process_time()
        self._odes = []
        for person in range(people):
            hoisted, _, _, scale = self._numbers.of(person)
            text = diffsl(program, dict(zip(hoisted_nodes(program), hoisted, strict=True)), scale)
            ode = pydiffsol.Ode(
                text,
                matrix_type=pydiffsol.faer_sparse,
                linear_solver=pydiffsol.lu,
                ode_solver=pydiffsol.bdf,
            )
            self._odes.append(ode)
        self.compiled_s = (time.process_time() - started) / people

    def __call__(self, rtol: float, days: int) -> tuple[np.ndarray, float, int]:
        events, times = self._cohort.events(self.people, days), np.arange(days + 1) * 24.0
        found, seconds, failures = [], 0.0, 0
        for person in range(self.people):
            part = slice(events.offsets[person], events.offsets[person + 1])
            mine = list(zip(events.time[part], events.kind[part], events.target[part], events.value[part], strict=True))
            self._odes[person].rtol, self._odes[person].atol = rtol, rtol * ABSOLUTE_FRACTION
            started = time.process_time()
            try:
                states = self._follow(person, mine, times, days * 24.0)
            except Exception as error:  # what pydiffsol raises has no class of its own
                print(f"pydiffsol, person {person}: {error}")
                failures += 1
                found.append(np.full((len(times), len(self._cohort.program.outputs)), np.nan))
                continue
            seconds += time.process_time() - started
            found.append(self._numbers.outputs(person, states, times))
        return np.stack(found), seconds, failures

    def _follow(
        self, person: int, events: list[tuple[float, int, int, float]], times: np.ndarray, end: float
    ) -> np.ndarray:
        """Return the states of a person at the times, shape (time, state)."""
        _, inputs, state, scale = self._numbers.of(person)
        ode = self._odes[person]
        stored = np.empty((len(times), state.size))
        now = 0.0
        # Every segment ends at the next stop; what happens there changes the state or an input.
        while now < end:
            stored[times == now] = state
            while events and events[0][0] <= now:
                _, kind, target, value = events.pop(0)
                if kind == 0:
                    state[target] += value
                elif kind == 1:
                    inputs[target] = value
            stop = min(events[0][0], end) if events else end
            inside = times[(times > now) & (times < stop)]
            ode.t0 = now
            solution = ode.solve_dense(np.concatenate([inputs, state / scale]), np.append(inside, stop))
            stored[(times > now) & (times < stop)] = solution.ys[:, :-1].T * scale
            state, now = solution.ys[:, -1] * scale, stop
        stored[times == now] = state
        return stored


class _Numbers:
    """Numbers of people, and outputs of their states, from the own engine's kernels."""

    def __init__(self, cohort: Cohort) -> None:
        self._program, self._rows = cohort.program, cohort.rows
        self._engine = compile_program(cohort.program, width=1)
        self._block = self._engine.block()

    def of(self, person: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return what depends on the person alone, inputs, state and scale at the start."""
        engine, block, row = self._engine, self._block, self._rows[person]
        load_person(engine, block, row[None], 0.0)
        set_scale(engine, block, None)
        reset_lanes(block, 0.0, 0.0)
        inputs = row[[self._program.parameters.index(name) for name in self._program.inputs]]
        count = len(self._program.states)
        state, scale = (block.arrays[name][:count, 0][engine.position].copy() for name in ("y", "scale"))
        return block.arrays["hoisted"][: engine.hoisted, 0].copy(), inputs, state, scale

    def outputs(self, person: int, states: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Return the outputs of states of shape (time, state), in the units of the model; shape (time, output)."""
        self.of(person)
        arrays, count = self._block.arrays, len(self._program.outputs)
        result = np.empty((len(times), count))
        for k, state in enumerate(states):
            arrays["dense"][: state.size, 0] = state[self._engine.order]
            arrays["time"][:] = times[k]
            self._engine.call(self._engine.observe, self._block, "dense", "time", "observed")
            result[k] = arrays["observed"][:count, 0]
        return result


def diffsl(program: Program, hoisted: dict[int, float], scale: np.ndarray) -> str:
    """Return the equations of a person in DiffSL, with inputs in the order stepped, start.

    Parameters
    ----------
    hoisted : dict of int to float
        Value of each node that depends on the person alone.
    scale : ndarray, shape (state,), in the units of the states
    """
    writer = _Writer(program, hoisted, scale)
    slopes = [f"({writer.text(a)}) * {_number(1.0 / size)}" for a, size in zip(program.derivatives, scale, strict=True)]
    states = range(len(program.states))
    names = [*(f"n{k}" for k in range(len(program.inputs))), *(f"b{k}" for k in states)]
    given = ", ".join(f"{name} = 1.0" for name in names)
    start = ", ".join(f"z{k} = b{k}" for k in states)
    slope = ",\n".join(slopes)
    return "\n".join([f"in_i {{ {given} }}", f"u_i {{ {start} }}", *writer.lines, f"F_i {{ {slope} }}"])


def _number(value: float) -> str:
    return repr(float(value)) if value >= 0 else f"(0.0 - {-float(value)!r})"


class _Writer:
    """Expressions of nodes; those used twice and long ones become tensors of their own."""

    def __init__(self, program: Program, hoisted: dict[int, float], scale: np.ndarray) -> None:
        self.lines: list[str] = []
        self._nodes, self._levels, self._scale = program.nodes, program.levels, scale
        self._texts = {a: _number(value) for a, value in hoisted.items()}
        below = self._below(program.derivatives)
        self._uses = Counter(child for a in below for child in self._children(a))
        # Children stand before their parents.
        for a in below:
            self._texts[a] = self._named(a, self._written(a))

    def text(self, a: int) -> str:
        """Return what stands for a node."""
        return self._texts[a] if a in self._texts else _number(self._nodes[a][1])

    def _children(self, a: int) -> tuple[int, ...]:
        return self._nodes[a][1:] if self._nodes[a][0] not in ("c", "b", "t", "u", "y", "p", "o") else ()

    def _below(self, roots: tuple[int, ...]) -> list[int]:
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            a = waiting.pop()
            if a not in found and a not in self._texts and self._levels[a] >= RUN:
                found.add(a)
                waiting += self._children(a)
        return sorted(found)

    def _named(self, a: int, text: str) -> str:
        if self._nodes[a][0] in ("u", "t") or (self._uses[a] < 2 and len(text) < LONGEST):
            return text
        self.lines.append(f"v{a} {{ {text} }}")
        return f"v{a}"

    def _written(self, a: int) -> str:
        operation, *rest = self._nodes[a]
        if operation in ("y", "u", "t"):
            if not rest:
                return "t"
            return f"(z{rest[0]} * {_number(float(self._scale[rest[0]]))})" if operation == "y" else f"n{rest[0]}"
        return self._operation(operation, [self.text(child) for child in rest])

    @staticmethod
    def _operation(operation: str, parts: list[str]) -> str:
        if operation in _INFIX:
            return f"({parts[0]} {_INFIX[operation]} {parts[1]})"
        if operation in _CALLS:
            return f"{_CALLS[operation]}({', '.join(parts)})"
        first, second, third = [*parts, "", ""][:3]
        return {
            "neg": f"(0.0 - {first})",
            "inv": f"(1.0 / {first})",
            "lt": f"(1.0 - heaviside({first} - {second}))",
            "le": f"heaviside({second} - {first})",
            "ne": f"(1.0 - heaviside({first} - {second}) * heaviside({second} - {first}))",
            "eq": f"(heaviside({first} - {second}) * heaviside({second} - {first}))",
            "or": f"max({first}, {second})",
            "and": f"min({first}, {second})",
            "not": f"(1.0 - {first})",
            "select": f"({first} * {second} + (1.0 - {first}) * {third})",
        }[operation]
