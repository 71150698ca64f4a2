"""Sessions of nox. `nox -s wheel` makes the wheel that is published: the package with its bodies ready to run."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

READY_MADE = "src/nadflux/ready_made"


@nox.session
def wheel(session: nox.Session) -> None:
    """Compile the shipped bodies for every target, build ``dist/nadflux-*.whl`` with them, install and check it.

    The checkout is left as it was: what `pip install .` makes of it holds no machine code.
    """
    session.install("-e", ".", "build")
    shutil.rmtree("dist", ignore_errors=True)
    try:
        session.run("python", "tools/write_ready_made.py")
        session.run("python", "-m", "build", "--wheel", "--outdir", "dist")
    finally:
        shutil.rmtree(READY_MADE, ignore_errors=True)
    (built,) = Path("dist").glob("*.whl")
    session.install("--force-reinstall", "--no-deps", str(built))
    session.run("python", "tools/check_wheel.py")
    session.log(f"{built}: {built.stat().st_size / 1e6:.1f} MB")
