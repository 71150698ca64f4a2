"""Signals that wait while something is written that must not be torn."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals by which a user or the system asks a process to end."""


@dataclass
class Waiting:
    """Signals that came meanwhile, in their order."""

    signals: list[int] = field(default_factory=list)

    @property
    def urgent(self) -> bool:
        """True where somebody asked more than once."""
        return len(self.signals) > 1


@contextmanager
def uninterrupted() -> Iterator[Waiting]:
    """Let Ctrl-C, SIGTERM and SIGHUP wait until the end of the block; then the first that came acts.

    Only the main thread hears signals; in any other nothing is changed.
    """
    waiting = Waiting()
    if threading.current_thread() is not threading.main_thread():
        yield waiting
        return

    def hear(number: int, frame: FrameType | None) -> None:
        del frame
        waiting.signals.append(number)

    former = {}
    for number in STOPS:
        handler = signal.getsignal(number)
        if handler is not None and handler != signal.SIG_IGN:
            former[number] = signal.signal(number, hear)
    try:
        yield waiting
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        if waiting.signals:
            signal.raise_signal(waiting.signals[0])
