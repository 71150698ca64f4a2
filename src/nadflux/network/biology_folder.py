"""Folders of biology: a copy of the shipped texts and tables to change, and what such a folder needs."""

from __future__ import annotations

import shutil
from pathlib import Path

from nadflux.errors import ModelError, NadfluxError
from nadflux.network.body_spec import BODIES
from nadflux.network.read_module import UNITS
from nadflux.shipped import SHIPPED_BIOLOGY

_NOT_COPIED = shutil.ignore_patterns("posterior", "__pycache__")


def new_biology(folder: Path) -> tuple[Path, int]:
    """Write a copy of the shipped texts and tables into a new folder; return it with the number of files.

    The shipped posterior stays where it is: it is used as long as equations and numbers are those that it was fitted
    with.

    Parameters
    ----------
    folder : Path
        A folder that does not exist yet, or is empty.

    Raises
    ------
    NadfluxError
        For a folder with something in it, and a place that cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NadfluxError(f"{str(folder)!r} exists and is not empty; give a new folder, so that nothing is lost")
    try:
        shutil.copytree(SHIPPED_BIOLOGY, folder, ignore=_NOT_COPIED, dirs_exist_ok=True)
    except OSError as error:
        raise NadfluxError(f"cannot write {str(folder)!r}: {error.strerror or error}") from error
    return folder, sum(1 for file in folder.rglob("*") if file.is_file())


def check_biology_folder(folder: Path) -> Path:
    """Return a folder of biology; raise `ModelError` for one that is missing or holds no specification of a body."""
    if not folder.is_dir():
        raise ModelError(f"there is no folder {str(folder)!r}; make one with: nadflux new-biology {folder}")
    lacking = [name for name in (*BODIES.values(), UNITS) if not (folder / name).is_file()]
    if lacking:
        raise ModelError(
            f"{str(folder)!r} is no folder of biology: it lacks {', '.join(lacking)}; make one with "
            "`nadflux new-biology DIR`"
        )
    return folder
