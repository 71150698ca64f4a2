"""Messages on the error stream, which may be closed: no result depends on it."""

from __future__ import annotations

import contextlib
import sys


def say(text: str) -> None:
    """Print a line on the error stream; ignore a terminal that has hung up or a full device."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(text, file=sys.stderr, flush=True)
