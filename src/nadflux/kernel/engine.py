"""Machine code of a program, compiled or from the cache."""

from __future__ import annotations

import contextlib
import ctypes
import struct
from collections.abc import Callable

import numpy as np

from nadflux.errors import ValueOutOfRangeError
from nadflux.kernel import cache as store
from nadflux.kernel import machine
from nadflux.kernel.layout import Block
from nadflux.kernel.module import print_module
from nadflux.kernel.print_equations import ARRAYS
from nadflux.kernel.program import Program

POINTER = ctypes.c_void_p
_HEAD = struct.Struct("<8sqq")
"""Head of an entry of the cache before its code: what it is, and the sizes of its memory."""
_MARK = b"nadflux1"


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
        self.linearise = self._code.function("linearise", arrays)
        self.factorise = self._code.function("factorise", [POINTER] * 3)
        self.solve = self._code.function("solve", [POINTER] * 3)
        self.begin = self._code.function("begin", [POINTER])
        self.interpolate_all = self._code.function("interpolate_all", [POINTER])
        self.advance = self._code.function("advance", [POINTER, ctypes.c_int64, ctypes.c_int64], ctypes.c_int64)
        self.order = np.array(program.order, dtype=np.int64)
        self.position = np.empty_like(self.order)
        self.position[self.order] = np.arange(len(self.order))

    def block(self) -> Block:
        """Make the memory for one group of people."""
        return Block(self.program, self.hoisted, self.scratch, self.width)

    def call(self, function: Callable[..., int], block: Block, states: str, time: str, *stored: str) -> None:
        """Call a kernel of the model on arrays of a block."""
        names = [time, states, "hoisted", "inputs", "scratch", *stored]
        names += ["work"] * (len(ARRAYS) - len(names))
        function(*(block.places[name] for name in names))


def compile_program(program: Program, cache: bool = True, opt: int = 1, width: int | None = None) -> Engine:
    """Return machine code for a program, from the cache if it is there.

    Parameters
    ----------
    cache : bool
        Whether to read and write the cache on disk.
    opt : int
        LLVM's optimisation level, 0 or 1.
    width : int, optional
        People per vector: 1, 2, 4 or 8; the widest this machine has by default.

    Raises
    ------
    ValueOutOfRangeError
        If no vector has that width.
    """
    target = machine.host()
    width = width or machine.width_for(target[2], target[0])
    if width not in machine.WIDTHS:
        raise ValueOutOfRangeError(f"width is {width}; choose one of {', '.join(map(str, machine.WIDTHS))}")
    name = f"{store.key_of('object', program.hash, width, opt, target, machine.version())}.object"
    if cache and (data := store.read(name)) is not None:
        with contextlib.suppress(Exception):
            mark, hoisted, scratch = _HEAD.unpack_from(data)
            if mark == _MARK:
                return Engine(program, width, hoisted, scratch, data[_HEAD.size :])
    module = print_module(program, width)
    code = machine.generate(module.text, opt)
    if cache:
        store.write(name, _HEAD.pack(_MARK, module.hoisted, module.scratch) + code)
    return Engine(program, width, module.hoisted, module.scratch, code)


def emit_object(program: Program, triple: str, cpu: str, features: str, width: int, opt: int = 1) -> bytes:
    """Return object code for another processor, e.g. ``aarch64-unknown-linux-gnu`` with width 2."""
    return machine.generate(print_module(program, width).text, opt, (triple, cpu, features))
