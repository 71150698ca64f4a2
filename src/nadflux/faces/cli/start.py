"""Entry point: loads the command line so that even Ctrl-C during loading ends with a message."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

_OBJECTS = 500_000  # Loading a body makes many objects and no garbage; collecting at every 700 takes 0.3 s.


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit, as `nadflux.faces.cli.app.main`.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; taken from ``sys.argv`` by default.
    """
    gc.set_threshold(_OBJECTS)
    try:
        from nadflux.faces.cli import app
    except KeyboardInterrupt:
        print("nadflux: interrupted while starting; nothing was begun", file=sys.stderr)
        sys.exit(130)
    try:
        app.main(arguments)
    finally:
        gc.freeze()  # else Python scans all objects once more when it ends, for a quarter of a second
