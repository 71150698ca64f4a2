"""Machine code of a large program in two stages: at once without optimisation, then optimised, for later runs.

Without optimisation LLVM takes half as long, and the code runs some per cent slower; the bits are the same. A process
of its own at the lowest priority makes the optimised code, and goes on where the command that began it is over sooner.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from nadflux.kernel import cache as store
from nadflux.kernel import machine
from nadflux.kernel.engine import Engine, compile_program
from nadflux.kernel.program import Program
from nadflux.kernel.ready_engine import ready_engine
from nadflux.kernel.stored_values import DamagedValueError, pack, unpack

LARGE = 30_000
"""Nodes of a graph from which on a second stage pays: below, it would save less than a second."""

_LOCK = "optimising"
_LOWEST = 19  # priority, as `nice` counts


def engine_of(program: Program) -> Engine:
    """Return machine code: what came with the installation, or from the cache, or compiled.

    Parameters
    ----------
    program : Program
    """
    ready = ready_engine(program)
    if ready is not None:
        return ready
    if len(program.nodes) < LARGE or not _can_start() or store.read(_done(program)) is not None:
        return compile_program(program)
    engine = compile_program(program, opt=0)
    start(program)
    return engine


def start(program: Program) -> None:
    """Begin the process that optimises, unless the cache cannot hold what it needs."""
    name = f"{store.key_of('optimise', program.hash)}.program"
    store.write(name, pack(program, Program))
    if store.read(name) is None:
        return
    # -P: the folder in which a command was given is no place for modules
    words = [sys.executable, "-P", "-m", "nadflux.kernel.behind", name]
    nowhere = subprocess.DEVNULL
    with contextlib.suppress(OSError):
        subprocess.Popen(words, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)


def optimise(name: str) -> None:
    """Make optimised code of a stored program, unless that is done or another process is at such work.

    Parameters
    ----------
    name : str
        Of the program in the cache.
    """
    data = store.read(name)
    if data is None:
        return
    with contextlib.suppress(DamagedValueError), _alone() as alone:
        program = unpack(data, Program)
        if alone and store.read(_done(program)) is None:
            compile_program(program)
            store.write(_done(program), b"done")


def _can_start() -> bool:
    """Tell whether this is Python under a system with locks, and not a program that holds one."""
    return os.name == "posix" and Path(sys.executable or "").name.startswith("python")


def _done(program: Program) -> str:
    """Return the name of the entry that tells that optimised code was made for this machine."""
    return f"{store.key_of('optimised', program.hash, machine.host(), machine.version())}.done"


@contextlib.contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock of the cache; yields whether it was free."""
    import fcntl

    handle = os.open(store.directory() / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        free = True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            free = False
        yield free
    finally:
        os.close(handle)


if __name__ == "__main__":
    os.nice(_LOWEST)
    optimise(sys.argv[1])
