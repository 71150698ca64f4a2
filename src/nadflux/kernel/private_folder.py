"""A folder whose files may be trusted as the user's own: theirs, and nobody else may write there."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import stat
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_KNOWS_OWNERS = hasattr(os, "geteuid")
_RELATIVE = {os.open, os.rename, os.unlink, os.stat, os.utime} <= os.supports_dir_fd
_LISTS = _RELATIVE and os.scandir in os.supports_fd
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)

_NEW_PREFIX = "new-"  # files that are being written
_HOUR_S, _DAY_S = 3600.0, 86400.0
_ROOM_AFTER = 0.8  # of the bound, so that not every write has to make room


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
                self._mark_used(name, state)
                return file.read()
        return None

    def trim(self, most: int, kept: Collection[str] = ()) -> None:
        """Remove the files least recently used until the rest is four fifths of a bound; nothing if all are within.

        Other processes may read, write and trim meanwhile: a file that is gone, or cannot be removed, is skipped,
        and one that is being written stays for a day.

        Parameters
        ----------
        most : int
            Bytes.
        kept : collection of str
            Names that stay.
        """
        found = sorted(self._files(kept))
        size = sum(size for _, size, _ in found)
        if size <= most:
            return
        # From the least recently used on; ``size`` is what is left.
        for used, bytes_held, name in found:
            if size <= _ROOM_AFTER * most:
                return
            if name.startswith(_NEW_PREFIX) and time.time() - used < _DAY_S:
                continue
            with contextlib.suppress(OSError):
                os.unlink(self._place(name), dir_fd=self.handle)
                size -= bytes_held

    def _files(self, kept: Collection[str]) -> Iterator[tuple[float, int, str]]:
        """Time of last use (s), bytes and name of each file."""
        with contextlib.suppress(OSError), os.scandir(self.handle if _LISTS else self.path) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.name not in kept and entry.is_file(follow_symlinks=False):
                        state = entry.stat(follow_symlinks=False)
                        yield state.st_mtime, state.st_size, entry.name

    def _mark_used(self, name: str, state: os.stat_result) -> None:
        if time.time() - state.st_mtime > _HOUR_S:
            with contextlib.suppress(OSError, NotImplementedError):
                os.utime(self._place(name), dir_fd=self.handle)

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
        temporary = f"{_NEW_PREFIX}{secrets.token_hex(8)}"
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
