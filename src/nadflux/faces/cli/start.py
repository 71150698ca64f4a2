"""The first line that runs: loads the command line so that even a Ctrl-C during loading ends in words."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit, as `nadflux.faces.cli.app.main`.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; taken from ``sys.argv`` by default.
    """
    try:
        from nadflux.faces.cli import app
    except KeyboardInterrupt:
        print("nadflux: interrupted while starting; nothing was begun", file=sys.stderr)
        sys.exit(130)
    app.main(arguments)
