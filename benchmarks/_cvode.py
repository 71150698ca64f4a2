"""CVODE (BDF) with KLU and the analytic Jacobian: SUNDIALS through `cvode_klu.c`, on the machine code of the equations.

The equations and their Jacobian are those of the own engine, compiled for one person at a time, so that the two differ
by method, linear algebra and vectors alone. Needs a C compiler and SUNDIALS 6 or 7 with KLU (Debian: libsundials-dev);
elsewhere installed, CPATH, LIBRARY_PATH and LD_LIBRARY_PATH say where.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from _own import Cohort
from nadflux.kernel import machine
from nadflux.kernel.layout import Block
from nadflux.kernel.module import print_module
from nadflux.kernel.print_equations import ARRAYS
from nadflux.kernel.step import ABSOLUTE_FRACTION

_SOURCE = Path(__file__).with_name("cvode_klu.c")
_LIBRARIES = ("cvode", "nvecserial", "sunlinsolklu", "sunmatrixsparse")
_POINTER, _LONG, _DOUBLE = ctypes.c_void_p, ctypes.c_long, ctypes.c_double


class _Model(ctypes.Structure):
    _fields_ = [
        *((name, _POINTER) for name in ("slopes", "linearise", "time", "hoisted", "inputs", "scratch", "slope")),
        *((name, _POINTER) for name in ("entries", "time_slope", "work")),
        *((name, _LONG) for name in ("states", "known", "stored")),
        *((name, _POINTER) for name in ("row_start", "column", "place")),
    ]


class _Events(ctypes.Structure):
    _fields_ = [("count", _LONG), *((name, _POINTER) for name in ("time", "kind", "target", "value"))]


def library() -> ctypes.CDLL:
    """Compile `cvode_klu.c` against SUNDIALS and load it.

    Raises
    ------
    OSError
        Without a C compiler, or where SUNDIALS with KLU is not found; the message is the compiler's.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        raise OSError("no C compiler")
    target = Path(tempfile.mkdtemp(prefix="cvode-")) / "cvode_klu.so"
    command = [compiler, "-O3", "-march=native", "-shared", "-fPIC", "-I/usr/include/suitesparse", "-o", str(target)]
    linked = [f"-lsundials_{name}" for name in _LIBRARIES]
    paths = [f"-Wl,-rpath,{path}" for path in os.environ.get("LIBRARY_PATH", "").split(":") if path]
    done = subprocess.run([*command, str(_SOURCE), *linked, "-lklu", *paths], capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"SUNDIALS with KLU is not found: {done.stderr.strip().splitlines()[0]}")
    return ctypes.CDLL(str(target))


class Cvode:
    """The first people of a cohort, one after the other."""

    def __init__(self, cohort: Cohort, people: int, loaded: ctypes.CDLL) -> None:
        self.people = people
        self.steps = 0
        self._cohort = cohort
        self._integrate = loaded.integrate
        self._integrate.argtypes = [_POINTER, _DOUBLE, _DOUBLE, _DOUBLE, _POINTER, _LONG, *[_POINTER] * 5]
        program = cohort.program
        printed = print_module(program, 1)
        self._code = machine.Code(machine.generate(printed.text, 1))
        kernels = [self._code.function(name, [_POINTER] * len(ARRAYS)) for name in ("prepare", "slopes", "linearise")]
        self._prepare = kernels[0]
        self._block = Block(program, printed.hoisted, printed.scratch, 1)
        self._order = np.array(program.order)
        self._observe = self._code.function("observe", [_POINTER] * len(ARRAYS))
        self._pattern(kernels)

    def _pattern(self, kernels: list[Any]) -> None:
        program, places = self._cohort.program, self._block.places
        position = {state: k for k, state in enumerate(program.order)}
        known = sorted((position[i], position[j]) for i, j in program.jacobian)
        stored = sorted({*known, *((k, k) for k in range(len(position)))})
        index = {entry: k for k, entry in enumerate(stored)}
        starts = np.searchsorted([i for i, _ in stored], np.arange(len(position) + 1))
        self._keep = [
            np.array(values, dtype=np.int64) for values in (starts, [j for _, j in stored], [index[e] for e in known])
        ]
        _, slopes, linearise = (ctypes.cast(kernel, _POINTER).value for kernel in kernels)
        arrays = ("time", "hoisted", "inputs", "scratch", "f", "jacobian", "time_slope", "work")
        self._model = _Model(
            slopes, linearise, *(places[name] for name in arrays), len(position), len(known), len(stored),
            *(array.ctypes.data for array in self._keep),
        )  # fmt: skip

    def __call__(self, rtol: float, days: int) -> tuple[np.ndarray, float, int]:
        program, events = self._cohort.program, self._cohort.events(self.people, days)
        times = np.arange(days + 1) * 24.0
        found, seconds, failures, self.steps = [], 0.0, 0, 0
        target = np.where(events.kind == 0, np.argsort(self._order)[np.minimum(events.target, len(self._order) - 1)], 0)
        target = np.where(events.kind == 0, target, events.target).astype(np.int64)
        for person in range(self.people):
            part = slice(events.offsets[person], events.offsets[person + 1])
            mine = [np.ascontiguousarray(a[part]) for a in (events.time, events.kind, target, events.value)]
            stops = _Events(len(mine[0]), *(array.ctypes.data for array in mine))
            state, scale = self._start(person)
            states = np.full((len(times), len(program.states)), np.nan)
            atol = rtol * ABSOLUTE_FRACTION * scale
            steps = ctypes.c_long(0)
            started = time.process_time()
            flag = self._integrate(
                ctypes.byref(self._model), 0.0, days * 24.0, rtol, atol.ctypes.data, len(times), times.ctypes.data,
                ctypes.byref(stops), state.ctypes.data, states.ctypes.data, ctypes.byref(steps),
            )  # fmt: skip
            took = time.process_time() - started
            failures += flag < 0
            seconds += took if flag >= 0 else 0.0
            self.steps += steps.value
            found.append(
                self._outputs(states, times) if flag >= 0 else np.full((len(times), len(program.outputs)), np.nan)
            )
        return np.stack(found), seconds, failures

    def _start(self, person: int) -> tuple[np.ndarray, np.ndarray]:
        """Return state and scale of a person at the start, in elimination order, and set what depends on parameters."""
        program, block = self._cohort.program, self._block
        row = self._cohort.rows[person]
        block.arrays["parameters"][: row.size, 0] = row
        block.arrays["time"][:] = 0.0
        names = ("time", "y", "hoisted", "parameters", "scratch", "hoisted", "y", "work")
        self._prepare(*(block.places[name] for name in names))
        inputs = row[[program.parameters.index(name) for name in program.inputs]]
        block.arrays["inputs"][: inputs.size, 0] = inputs
        state = block.arrays["y"][: len(program.states), 0].copy()
        size = np.abs(state)
        return state, np.where(size > 0, size, 1e-3 * size.max())

    def _outputs(self, states: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Return the outputs of states of shape (time, state); concentrations, so that inputs do not matter."""
        block, count = self._block, len(self._cohort.program.outputs)
        result = np.empty((len(times), count))
        names = ("time", "dense", "hoisted", "inputs", "scratch", "observed", "work", "work")
        for k, state in enumerate(states):
            block.arrays["dense"][: state.size, 0] = state
            block.arrays["time"][:] = times[k]
            self._observe(*(block.places[name] for name in names))
            result[k] = block.arrays["observed"][:count, 0]
        return result
