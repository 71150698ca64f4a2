"""Compiling a program and integrating batches of people with it."""

from __future__ import annotations

import contextlib
import ctypes
import pickle
from collections.abc import Callable

import numpy as np

from nadflux.errors import ValueOutOfRangeError
from nadflux.kernel import cache as store
from nadflux.kernel import machine
from nadflux.kernel.batch import Batch, Solution
from nadflux.kernel.integrate import Integration
from nadflux.kernel.layout import Block
from nadflux.kernel.module import print_module
from nadflux.kernel.print_equations import ARRAYS
from nadflux.kernel.program import Program
from nadflux.kernel.stepper import Stepper

Progress = Callable[[float], object]
POINTER = ctypes.c_void_p


class Engine:
    """Machine code of a program.

    Attributes
    ----------
    program : Program
    width : int
        People per vector.
    """

    def __init__(self, program: Program, width: int, hoisted: int, scratch: int, object_code: bytes) -> None:
        self.program = program
        self.width = width
        self.hoisted = hoisted
        self.scratch = scratch
        self._code = machine.Code(object_code)
        arrays: list[type] = [POINTER] * len(ARRAYS)
        self.prepare = self._code.function("prepare", arrays)
        self.observe = self._code.function("observe", arrays)
        self.begin = self._code.function("begin", [POINTER])
        self.interpolate_all = self._code.function("interpolate_all", [POINTER])
        self.advance = self._code.function("advance", [POINTER, ctypes.c_int64], ctypes.c_int64)
        self.order = np.array(program.order, dtype=np.int64)
        self.position = np.empty_like(self.order)
        self.position[self.order] = np.arange(len(self.order))

    def block(self) -> Block:
        """Memory for one group of people."""
        return Block(self.program, self.hoisted, self.scratch, self.width)

    def call(self, function: Callable[..., int], block: Block, states: str, time: str, *stored: str) -> None:
        """Call a kernel of the model on arrays of a block."""
        names = [time, states, "hoisted", "inputs", "scratch", *stored]
        names += ["work"] * (len(ARRAYS) - len(names))
        function(*(block.arrays[name].ctypes.data for name in names))

    def integrate(
        self,
        batch: Batch,
        rtol: float = 1e-6,
        threads: int | None = None,
        progress: Progress | None = None,
        cancel: Callable[[], bool] | None = None,
        scale: np.ndarray | None = None,
        largest_step: float = np.inf,
        most_steps: int = 2_000_000,
    ) -> Solution:
        """Integrate all people of a batch.

        Parameters
        ----------
        rtol : float
            Error per step relative to the size of each state, or to 1e-3 of its scale if that is more.
        threads : int, optional
            Threads to use; all cores by default. Does not influence any bit of the result.
        progress : callable, optional
            Called now and then with the fraction done.
        cancel : callable, optional
            Called now and then; ``True`` stops the run, whose unfinished people are then failures.
        scale : ndarray, shape (state,), optional
            Usual magnitude of each state. By default the size of the person's own initial state (as the model
            gives it); where that is zero, 1e-3 of the largest.
        largest_step : float
            Bound on the step, for models with sudden changes the solver cannot foresee.
        most_steps : int
            Steps after which a person is given up.

        Raises
        ------
        ValueOutOfRangeError
            For arrays of the wrong shape, times outside the span, or a tolerance out of (0, 0.1].
        """
        if not 0 < rtol <= 0.1:
            raise ValueOutOfRangeError(f"rtol is {rtol}; choose a tolerance above 0 and up to 0.1, such as 1e-6")
        run = Integration(self, batch, rtol, scale, largest_step, most_steps)
        return run.finish(threads, progress, cancel)

    def stepper(
        self,
        parameters: np.ndarray,
        initial: np.ndarray | None,
        start: float,
        rtol: float = 1e-6,
        scale: np.ndarray | None = None,
        largest_step: float = np.inf,
    ) -> Stepper:
        """One person, step by step under the control of Python (see ``Stepper``)."""
        return Stepper(self, parameters, initial, start, rtol, scale, largest_step)


def compile_program(program: Program, cache: bool = True, opt: int = 1, width: int | None = None) -> Engine:
    """Machine code for a program, from the cache where it is there.

    Parameters
    ----------
    cache : bool
        Whether to read and write the cache on disk.
    opt : int
        LLVM's optimisation level, 0 or 1.
    width : int, optional
        People per vector: 1, 2, 4 or 8; the widest this machine has by default.
    """
    target = machine.host()
    width = width or machine.width_for(target[2], target[0])
    if width not in machine.WIDTHS:
        raise ValueOutOfRangeError(f"width is {width}; choose one of {', '.join(map(str, machine.WIDTHS))}")
    name = f"{store.key_of('object', program.hash, width, opt, target, machine.version())}.object"
    if cache and (data := store.read(name)) is not None:
        with contextlib.suppress(Exception):
            hoisted, scratch, code = pickle.loads(data)
            return Engine(program, width, hoisted, scratch, code)
    module = print_module(program, width)
    code = machine.generate(module.text, opt)
    if cache:
        store.write(name, pickle.dumps((module.hoisted, module.scratch, code)))
    return Engine(program, width, module.hoisted, module.scratch, code)


def emit_object(program: Program, triple: str, cpu: str, features: str, width: int, opt: int = 1) -> bytes:
    """Object code for another processor, e.g. ``aarch64-unknown-linux-gnu`` with width 2."""
    return machine.generate(print_module(program, width).text, opt, (triple, cpu, features))
