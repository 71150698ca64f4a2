"""Machine code that came with the installation, for the processors of `machine.TARGETS`."""

from __future__ import annotations

import contextlib
import struct

from nadflux.kernel import cache as store
from nadflux.kernel import machine, ready_made
from nadflux.kernel.engine import Engine
from nadflux.kernel.module import print_module
from nadflux.kernel.program import Program

_SIZES = struct.Struct("<qq")
"""Head of an entry before its code: the sizes of its memory, hoisted and scratch."""


def ready_engine(program: Program) -> Engine | None:
    """Return the machine code of a program for this machine; None where the installation holds none that can be used.

    Parameters
    ----------
    program : Program
    """
    target = machine.host()
    content = ready_made.read(name_of(program, target))
    if content is not None:
        with contextlib.suppress(struct.error, ValueError, RuntimeError):  # what cannot be linked is compiled
            hoisted, scratch = _SIZES.unpack_from(content)
            return Engine(program, machine.width_for(target[2], target[0]), hoisted, scratch, content[_SIZES.size :])
    return None


def write_ready_engine(program: Program, target: machine.Target) -> None:
    """Write the machine code of a program for a processor to what a wheel brings along.

    Parameters
    ----------
    program : Program
    target : (triple, processor, features)
        Of `machine.TARGETS`; this machine need not be one.

    Raises
    ------
    OSError
        Where the package's folder cannot be written.
    """
    module = print_module(program, machine.width_for(target[2], target[0]))
    code = machine.generate(module.text, 1, target)
    ready_made.write(name_of(program, target), _SIZES.pack(module.hoisted, module.scratch) + code)


def name_of(program: Program, target: machine.Target) -> str:
    """Return the file name of the machine code of a program for a processor."""
    return f"{store.key_of('ready', program.hash, target, machine.version())}.object"
