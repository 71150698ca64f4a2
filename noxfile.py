"""Sessions of nox: `wheel` makes the wheel that is published, `site` the documentation that lies beside it.

The wheel is the package with its bodies ready to run. The site is a zip of pages that are read without a network.
"""

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


@nox.session
def site(session: nox.Session) -> None:
    """Draw the gallery, execute tutorials and how-tos, and put all pages into ``dist/nadflux-*-site.zip``.

    Nothing executed before is used again. After `nox -s wheel`, which empties ``dist``.
    """
    session.install("-e", ".[site]")
    shutil.rmtree("site/_build", ignore_errors=True)
    session.run("python", "site/make_gallery.py")
    session.run("sphinx-build", "-W", "--keep-going", "site", "site/_build/html")
    shutil.rmtree("site/_build/html/.doctrees")
    version = session.run("python", "-c", "import nadflux; print(nadflux.__version__)", silent=True)
    name = f"nadflux-{str(version).strip()}-site"
    built = shutil.make_archive(f"dist/{name}", "zip", _named(name).parent, name)
    session.log(f"{built}: {Path(built).stat().st_size / 1e6:.1f} MB; open {name}/index.html")


def _named(name: str) -> Path:
    """Return the built pages in a folder of this name, which is the folder that the zip holds."""
    folder = Path("site/_build") / name
    Path("site/_build/html").rename(folder)
    return folder
