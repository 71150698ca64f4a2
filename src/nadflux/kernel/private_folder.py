"""A folder whose files may be trusted as the user's own: theirs, and nobody else may write there."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_KNOWS_OWNERS = hasattr(os, "geteuid")
_RELATIVE = {os.open, os.rename, os.unlink} <= os.supports_dir_fd
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True)
class PrivateFolder:
    """A folder that was looked at and is held open, so that no other can be put in its place.

    Attributes
    ----------
    path : Path
    handle : int or None
        Of the open folder; None where the system opens files by path alone (Windows).
    """

    path: Path
    handle: int | None

    def read(self, name: str, others_read: bool = True) -> bytes | None:
        """Return the bytes of a file; None where there is none, or one that is not the user's alone.

        Parameters
        ----------
        name : str
        others_read : bool
            Whether others may be allowed to read it.
        """
        try:
            handle = os.open(self._place(name), _READ, dir_fd=self.handle)
        except OSError:
            return None
        with os.fdopen(handle, "rb") as file, contextlib.suppress(OSError):
            state = os.fstat(handle)
            others = _OTHERS_WRITE if others_read else stat.S_IRWXG | stat.S_IRWXO
            if stat.S_ISREG(state.st_mode) and not _fault(state, others):
                return file.read()
        return None

    def write(self, name: str, data: bytes, replace: bool = True) -> None:
        """Write a file in one move; others may not even read it.

        Parameters
        ----------
        name : str
        data : bytes
        replace : bool
            Whether a file that is there gives way.

        Raises
        ------
        OSError
            Where it cannot be written, or is there and may not be replaced.
        """
        temporary = f"new-{secrets.token_hex(8)}"
        handle = os.open(self._place(temporary), _NEW, 0o600, dir_fd=self.handle)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            move = os.replace if replace else os.link
            move(self._place(temporary), self._place(name), src_dir_fd=self.handle, dst_dir_fd=self.handle)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(self._place(temporary), dir_fd=self.handle)

    def _place(self, name: str) -> str | Path:
        return name if self.handle is not None else self.path / name


@contextlib.contextmanager
def private_folder(path: Path, make: bool = False) -> Iterator[PrivateFolder | None]:
    """Yield an open folder; None where it cannot be used, which a warning reports once if others may write there.

    Parameters
    ----------
    path : Path
    make : bool
        Whether it is made, for the user alone, where it is missing.
    """
    try:
        if make:
            _make(path)
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)) if _RELATIVE else None
    except (OSError, ValueError):
        yield None
        return
    try:
        fault = _fault(os.fstat(handle), _OTHERS_WRITE) if handle is not None else ""
        if fault:
            _say(str(path), fault)
        yield None if fault else PrivateFolder(path, handle)
    finally:
        if handle is not None:
            os.close(handle)


def _make(path: Path) -> None:
    missing = []
    # Upwards, until a folder that exists.
    while not path.is_dir():
        missing.append(path)
        path = path.parent
        if path == path.parent:
            break
    for folder in reversed(missing):
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)


def _fault(state: os.stat_result, forbidden: int) -> str:
    """Return why something on disk is not the user's alone; nothing is known of owners on Windows."""
    if not _KNOWS_OWNERS:
        return ""
    if state.st_uid != os.geteuid():
        return "it belongs to another user; name a folder of your own in NADFLUX_CACHE_DIR"
    return "others may write there; take that right away (chmod go-w)" if state.st_mode & forbidden else ""


@cache
def _say(path: str, fault: str) -> None:
    """Print it once in a process; without a handler `logging` prints it as it is to stderr."""
    logging.getLogger("nadflux").warning("nadflux: the cache %s is not used: %s", path, fault)
