"""Entry point: loads the command line so that even Ctrl-C during loading ends with a message."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

COLLECT_AFTER = 500_000
"""Objects. Loading a body makes many of them and no garbage; collecting at every 700 takes 0.3 s."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit, as `nadflux.faces.cli.app.main`.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; taken from ``sys.argv`` by default.
    """
    if _version_printed(sys.argv[1:] if arguments is None else arguments):
        sys.exit(0)
    gc.set_threshold(COLLECT_AFTER)
    try:
        from nadflux.faces.cli import app
    except KeyboardInterrupt:
        print("nadflux: interrupted while starting; nothing was begun", file=sys.stderr)
        sys.exit(130)
    try:
        app.main(arguments)
    finally:
        gc.freeze()  # else Python scans all objects once more when it ends, for a quarter of a second


def _version_printed(words: Sequence[str]) -> bool:
    """Print the version where nothing else is asked: loading the command line takes ten times as long.

    Where it cannot be printed, the command line tries again and says why.
    """
    if list(words) != ["--version"]:
        return False
    from nadflux._version import __version__
    from nadflux.shipped import version_text

    try:
        print(version_text(__version__), flush=True)
    except (OSError, ValueError):
        return False
    return True
