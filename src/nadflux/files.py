"""Places where results may be written, and writing that never destroys what was there before."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nadflux.errors import SimulationError

_STORE_MARKS = ("zarr.json", ".zgroup", ".zattrs")


def check_place(path: str | os.PathLike[str]) -> None:
    """Refuse a place where nothing can or should be written: before a long run, not after it.

    A name that ends in ``.zarr`` is a folder; one that is there already must be a zarr store, because it is replaced.

    Raises
    ------
    SimulationError
        Where the folder is missing or closed to writing, or where something else has the name.
    """
    target = Path(path)
    folder = target.absolute().parent
    if not folder.is_dir():
        raise SimulationError(
            f"cannot write {str(path)!r}: the folder {str(target.parent)!r} does not exist; create it first"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SimulationError(
            f"cannot write {str(path)!r}: the folder {str(target.parent)!r} is closed to writing; choose another"
        )
    if not target.exists():
        return
    if target.suffix != ".zarr" and target.is_dir():
        raise SimulationError(f"cannot write {str(path)!r}: a folder has this name; choose another name")
    if target.suffix == ".zarr" and not (target.is_dir() and any((target / mark).exists() for mark in _STORE_MARKS)):
        raise SimulationError(
            f"cannot write {str(path)!r}: it is there and no zarr store, and would be lost; choose another name"
        )


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a place in the folder of ``target`` to write to.

    It takes the name of the target when all is written, and is removed if anything fails; a file that already has the
    name stays whole until then.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    former = target.with_name(f".{target.name}.{os.getpid()}.former")
    try:
        yield part
        if target.is_dir():
            os.replace(target, former)
        os.replace(part, target)
    except BaseException:
        if former.exists() and not target.exists():
            os.replace(former, target)
        _remove(part)
        raise
    _remove(former)


def write_text(target: Path, text: str) -> None:
    """Write a text file in one move (UTF-8)."""
    with replacing(target) as part:
        part.write_text(text, encoding="utf-8")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
