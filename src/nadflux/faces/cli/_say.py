"""Words on the error stream, which may be gone: nobody's results depend on it."""

from __future__ import annotations

import contextlib
import sys


def say(text: str) -> None:
    """Print a line on the error stream; a terminal that hung up or a full device is passed over."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(text, file=sys.stderr, flush=True)
