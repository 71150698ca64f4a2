"""Signals that ask the command to end: each ends it as Ctrl-C does, with what is finished kept."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from nadflux.interruptions import STOPS

_SHELL = 128
"""Number that shells add to that of the signal that ended a command."""


class StopSignal(KeyboardInterrupt):
    """A signal that asks the command to end."""


BOUNCE = 2.0
"""Seconds in which further signals count as the first: systems send several, and people press twice."""
_heard: list[int] = []
_since: list[float] = []


@contextmanager
def heeding() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as Ctrl-C does; one that is ignored, as under nohup, stays so."""
    _heard.clear()
    _since.clear()
    former = {}
    if threading.current_thread() is threading.main_thread():
        for number in STOPS:
            handler = signal.getsignal(number)
            if handler in (signal.SIG_DFL, signal.default_int_handler):
                former[number] = signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def stopped() -> bool:
    """Tell whether a signal asked the command to end."""
    return bool(_heard)


def exit_code() -> int:
    """Return the code of a command that a signal ended: 128 and its number, 130 for Ctrl-C."""
    return _SHELL + (_heard[0] if _heard else signal.SIGINT)


def how_ended() -> str:
    """Return in words how the command ended: interrupted, or by which other signal."""
    first = _heard[0] if _heard else signal.SIGINT
    return "interrupted" if first == signal.SIGINT else f"interrupted by {signal.Signals(first).name}"


def _stop(number: int, frame: FrameType | None) -> None:
    del frame
    now = time.monotonic()
    if _since and now - _since[-1] < BOUNCE:
        return  # what is finished is being kept
    _heard.append(number)
    _since.append(now)
    raise StopSignal(signal.Signals(number).name)
