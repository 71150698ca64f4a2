"""An engine in a process of its own: it may take too long to start, or end it, and the benchmark goes on."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np


class Apart:
    """A peer that starts within a time limit and is asked over a pipe.

    Raises
    ------
    TimeoutError
        If it does not start in time.
    OSError
        If it cannot start, or ends its process.
    """

    def __init__(self, make: Callable[[], Any], people: int, limit_s: float) -> None:
        self.people = people
        context = multiprocessing.get_context("fork")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, make), daemon=True)
        self._process.start()
        other.close()
        if not self._pipe.poll(limit_s):
            self._process.kill()
            self._process.join()
            used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            raise TimeoutError(f"not started within {limit_s:g} s ({used:.0f} s of processor time)")
        self.started_s = float(self._answer())

    def __call__(self, rtol: float, days: int) -> tuple[np.ndarray, float, int]:
        self._pipe.send((rtol, days))
        found: tuple[np.ndarray, float, int] = self._answer()
        return found

    def _answer(self) -> Any:
        try:
            answer = self._pipe.recv()
        except EOFError:
            raise OSError("it ended its process") from None
        if isinstance(answer, Exception):
            raise OSError(f"{type(answer).__name__}: {answer}")
        return answer


def _serve(pipe: Connection, make: Callable[[], Any]) -> None:
    """Answer each question of the pipe; the first answer is the processor time of the start."""
    try:
        peer = make()
        pipe.send(getattr(peer, "compiled_s", 0.0))
        # Until the other side closes the pipe.
        while True:
            pipe.send(peer(*pipe.recv()))
    except EOFError:
        return
    except Exception as error:
        pipe.send(error)
