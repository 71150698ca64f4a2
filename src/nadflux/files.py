"""Places where results may be written, and writing that never destroys what was there before."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nadflux.errors import SimulationError
from nadflux.extras import check_library
from nadflux.interruptions import uninterrupted

FOLDER = ".zarr"
"""Ending of a name that is a folder."""
PART = ".part"
"""Mark before the ending of a file that holds only a part of the results."""
SPARE = 16
"""Bytes that the name of a part needs beside the target's own."""
_STORE_MARKS = ("zarr.json", ".zgroup", ".zattrs")
_USUAL_LIMIT = 255  # of a name, in bytes, where the system does not say
_RANDOM = 4  # bytes of the random name of a part
_TRIES = 100


class Part:
    """A place beside a target to write to, which takes the target's name when all is written.

    It is made at once, under a random name that nobody had, with the rights that the user's umask leaves. Where the
    target is a symbolic link, the file it points to is meant and the link stays. A device or pipe is written to when
    all is there.

    Parameters
    ----------
    target : path
        A name that ends in ``.zarr`` is a folder.

    Attributes
    ----------
    path : Path
        Where to write.

    Raises
    ------
    OSError
        Where nothing can be made beside the target.
    """

    def __init__(self, target: str | os.PathLike[str]) -> None:
        self._named = Path(target)
        self._target = Path(os.path.realpath(target))
        self._folder = self._target.suffix == FOLDER
        self._device = _is_device(self._target)
        with naming(self._named):
            self.path = self._made()

    def finish(self) -> None:
        """Take the target's name; the file that had it stays whole until then."""
        with uninterrupted(), naming(self._named):
            if self._device:
                with self.path.open("rb") as whole, self._target.open("wb") as device:
                    shutil.copyfileobj(whole, device)
                _remove(self.path)
            elif self._target.is_dir():
                self._replace_folder()
            else:
                os.replace(self.path, self._target)

    def keep(self) -> Path:
        """Keep it under a name that marks it as a part, ``x.part.csv`` for ``x.csv``; return this name."""
        beside = self._named if not os.path.islink(self._named) else self._target
        with naming(self._named):
            place = free_part_name(beside)
            os.rename(self.path, place)
        return place

    def discard(self) -> None:
        """Remove what was written."""
        _remove(self.path)

    def _made(self) -> Path:
        """Make an empty file or folder that did not exist before."""
        for _ in range(_TRIES):
            place = self._target.with_name(f".{self._target.name}.{secrets.token_hex(_RANDOM)}{PART}")
            if self._device:
                import tempfile

                place = Path(tempfile.gettempdir()) / place.name
            with contextlib.suppress(FileExistsError):
                if self._folder:
                    place.mkdir()
                else:
                    os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
                return place
        raise FileExistsError(f"no name is free beside {str(self._named)!r}")

    def _replace_folder(self) -> None:
        former = self.path.with_suffix(".former")
        os.rename(self._target, former)
        try:
            os.rename(self.path, self._target)
        except BaseException:
            os.rename(former, self._target)
            raise
        _remove(former)


def part_name(target: str | os.PathLike[str], number: int = 1) -> Path:
    """Return the name of a part of what was asked for: ``x.part.csv`` of ``x.csv``; the next is ``x.part2.csv``."""
    path = Path(target)
    return path.with_name(f"{path.stem}{PART}{number if number > 1 else ''}{path.suffix}")


def free_part_name(target: str | os.PathLike[str]) -> Path:
    """Return the first name of a part that nothing has: what was kept before is not lost either.

    Raises
    ------
    SimulationError
        Where very many are there.
    """
    for number in range(1, _TRIES):
        name = part_name(target, number)
        if not os.path.lexists(name):
            return name
    raise SimulationError(f"{part_name(target)} and {_TRIES - 2} more are there; remove some of them")


def check_place(path: str | os.PathLike[str]) -> None:
    """Refuse a place where nothing can or should be written: before a long run, not after it.

    A name that ends in ``.zarr`` is a folder; one that is there already must be a zarr store, because it is replaced.

    Raises
    ------
    SimulationError
        Where the name is too long, the folder is missing or closed to writing, or where something else has the
        name.
    NadfluxError
        Where the library that writes such a file is not installed.
    """
    check_library(path)
    target = _followed(path)
    if _is_device(target) and target.suffix != FOLDER:
        if not os.access(target, os.W_OK):
            raise SimulationError(f"cannot write {str(path)!r}: it is closed to writing; choose another")
        return
    _check_folder(path, target.parent)
    _check_length(path, target)
    if not target.exists():
        return
    if target.suffix != FOLDER and target.is_dir():
        raise SimulationError(f"cannot write {str(path)!r}: a folder has this name; choose another name")
    if target.suffix == FOLDER and not (target.is_dir() and any((target / mark).exists() for mark in _STORE_MARKS)):
        raise SimulationError(
            f"cannot write {str(path)!r}: it is there and no zarr store, and would be lost; choose another name"
        )
    if not os.access(target, os.W_OK):
        raise SimulationError(f"cannot write {str(path)!r}: it is there and protected from writing; choose another")


@contextmanager
def replacing(target: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a place in the folder of ``target`` to write to.

    It takes the name of the target when all is written, and is removed if anything fails; a file that already has the
    name stays whole until then, see `Part`. An error of the system names ``target``.
    """
    part = Part(target)
    try:
        with naming(Path(target)):
            yield part.path
        part.finish()
    except BaseException:
        part.discard()
        raise


@contextmanager
def naming(target: Path) -> Iterator[None]:
    """Let an error of the system name the target instead of its part, or of nothing.

    Raises
    ------
    OSError
        The same, with the name.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or (error.filename is not None and PART not in str(error.filename)):
            raise
        raise OSError(error.errno, error.strerror or str(error), str(target)) from error


def write_text(target: Path, text: str) -> None:
    """Write a text file in one move (UTF-8)."""
    with replacing(target) as part:
        part.write_text(text, encoding="utf-8")


def _followed(path: str | os.PathLike[str]) -> Path:
    """Return the place that a path means, symbolic links followed."""
    if Path(path).name in ("", ".."):
        raise SimulationError(f"cannot write {str(path)!r}: it names no file; add a name")
    try:
        target = Path(os.path.realpath(path))
        os.lstat(target)
    except OSError:
        pass  # too long a name, or a file where a folder should be: said later
    except ValueError as error:
        raise SimulationError(f"cannot write {str(path)!r}: {error}; choose another name") from error
    if os.path.islink(target):
        raise SimulationError(f"cannot write {str(path)!r}: a symbolic link that leads to itself; choose another")
    return target


def _check_folder(path: str | os.PathLike[str], folder: Path) -> None:
    shown = str(Path(path).parent) if not os.path.islink(path) else str(folder)
    try:
        there = folder.is_dir()
    except OSError:  # a name on the way that is too long
        there = False
    if not there:
        raise SimulationError(f"cannot write {str(path)!r}: the folder {shown!r} does not exist; create it first")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SimulationError(f"cannot write {str(path)!r}: the folder {shown!r} is closed to writing; choose another")


def _check_length(path: str | os.PathLike[str], target: Path) -> None:
    """Refuse a name to which nothing can be added, as the name of a part adds to it."""
    try:
        limit = os.pathconf(target.parent, "PC_NAME_MAX") - SPARE
    except (AttributeError, OSError, ValueError):
        limit = _USUAL_LIMIT - SPARE
    size = len(os.fsencode(target.name))
    if size > limit:
        raise SimulationError(
            f"cannot write {str(path)!r}: the name has {size} bytes, and at most {limit} can be written; shorten it"
        )


def _is_device(target: Path) -> bool:
    """Tell whether something stands there that is written to and cannot be replaced: a device, a pipe, a socket."""
    try:
        return target.exists() and not target.is_file() and not target.is_dir()
    except OSError:
        return False


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
