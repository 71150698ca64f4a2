"""Sessions of nox. `nox -s wheel` makes the wheel that is published: the package with its bodies ready to run."""

from __future__ import annotations

import shutil

import nox

READY_MADE = "src/nadflux/ready_made"


@nox.session
def wheel(session: nox.Session) -> None:
    """Compile the shipped bodies for every target and build ``dist/nadflux-*.whl`` with them.

    The checkout is left as it was: what `pip install .` makes of it holds no machine code.
    """
    session.install("-e", ".", "build")
    try:
        session.run("python", "tools/write_ready_made.py")
        session.run("python", "-m", "build", "--wheel", "--outdir", "dist", *session.posargs)
    finally:
        shutil.rmtree(READY_MADE, ignore_errors=True)
