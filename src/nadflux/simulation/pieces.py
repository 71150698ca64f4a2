"""Values of many people in pieces, so that they need not be in memory at once."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.files import naming

HELD = 64 * 2**20
"""Bytes of values that a run keeps in memory; more are kept in files of the temporary folder, piece by piece."""


class Pieces:
    """Values of shape (person, time, quantity), each quantity in its own unit, in pieces of people.

    Parameters
    ----------
    parts : sequence of ndarray, shape (person, time, quantity), or `Spilled`
        In the order of people.
    """

    def __init__(self, parts: Sequence[np.ndarray | Spilled]) -> None:
        self._parts = list(parts)
        people = sum(part.shape[0] for part in self._parts)
        self.shape: tuple[int, ...] = (people, *self._parts[0].shape[1:])

    @classmethod
    def of(cls, values: np.ndarray | Pieces) -> Pieces:
        """Return values as pieces.

        Parameters
        ----------
        values : ndarray, shape (person, time, quantity), each in its own unit, or Pieces
            An array is one piece.
        """
        return values if isinstance(values, Pieces) else cls([values])

    @classmethod
    def joined(cls, several: Iterable[Pieces]) -> Pieces:
        """Return the pieces of different people as those of all."""
        return cls([part for pieces in several for part in pieces._parts])

    def whole(self) -> np.ndarray:
        """Load all values, shape (person, time, quantity), each in its own unit; from then on they are in memory."""
        if len(self._parts) > 1 or isinstance(self._parts[0], Spilled):
            self._parts = [np.concatenate([_loaded(part) for part in self._parts])]
        return _loaded(self._parts[0])

    def column(self, quantity: int) -> np.ndarray:
        """Return the values of one quantity, shape (person, time), in its unit."""
        if len(self._parts) == 1:
            return _column(self._parts[0], quantity)
        return np.concatenate([_column(part, quantity) for part in self._parts])

    def people(self, some: slice) -> np.ndarray:
        """Return the values of some people, shape (person, quantity, time), each in its own unit."""
        return np.stack([self.column(quantity)[some] for quantity in range(self.shape[2])], axis=1)

    def between(self, first: int, last: int) -> Pieces:
        """Return the pieces of the people from ``first`` up to, and without, ``last``."""
        found: list[np.ndarray | Spilled] = []
        start = 0
        for part in self._parts:
            low, high = max(first - start, 0), min(last - start, part.shape[0])
            if low < high:
                found.append(part if high - low == part.shape[0] else _loaded(part)[low:high])
            start += part.shape[0]
        return Pieces(found)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state of a pickle: the values, without their files."""
        return {"_parts": [self.whole()], "shape": self.shape}


class Folder:
    """A temporary folder that is removed when nothing refers to it any more, at the latest with the process."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="nadflux-"))
        self._gone = weakref.finalize(self, _remove, self.path, os.getpid())


class Spilled:
    """One piece in a file, quantity by quantity, so that reading one does not read the others.

    Parameters
    ----------
    values : ndarray, shape (person, time, quantity), each in its own unit
    folder : Folder
    """

    def __init__(self, values: np.ndarray, folder: Folder) -> None:
        self.shape = values.shape
        self._folder = folder  # keeps the file
        handle, name = tempfile.mkstemp(suffix=".values", dir=folder.path)
        self._file = Path(name)
        with naming(folder.path), os.fdopen(handle, "wb") as file:
            for quantity in range(values.shape[2]):
                file.write(np.ascontiguousarray(values[:, :, quantity], dtype=np.float64).data)

    def column(self, quantity: int) -> np.ndarray:
        """Read the values of one quantity, shape (person, time), in its unit."""
        people, times, _ = self.shape
        size = people * times
        found = np.fromfile(self._file, dtype=np.float64, count=size, offset=quantity * size * 8)
        return found.reshape(people, times)

    def whole(self) -> np.ndarray:
        """Read all values, shape (person, time, quantity), each in its own unit."""
        people, times, quantities = self.shape
        found = np.fromfile(self._file, dtype=np.float64).reshape(quantities, people, times)
        return np.ascontiguousarray(np.moveaxis(found, 0, -1))


def _loaded(part: np.ndarray | Spilled) -> np.ndarray:
    return part.whole() if isinstance(part, Spilled) else part


def _column(part: np.ndarray | Spilled, quantity: int) -> np.ndarray:
    return part.column(quantity) if isinstance(part, Spilled) else part[:, :, quantity]


def _remove(path: Path, owner: int) -> None:
    """Remove a folder, unless this is a child process that inherited it."""
    if os.getpid() == owner:
        shutil.rmtree(path, ignore_errors=True)
