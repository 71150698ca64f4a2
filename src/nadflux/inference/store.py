"""The store of forward runs, keyed by content, so that an interrupted fit resumes with identical results.

A fit is deterministic for its seed. Replaying it from the start, with every finished forward run read from this
store, therefore gives the same bits as continuing where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from nadflux.errors import RecordMismatchError, ValueOutOfRangeError
from nadflux.files import replacing
from nadflux.inference.data import Array

Forward = Callable[[Array], Array]
Progress = Callable[[str, int, int], object]
"""Called with the stage, members done and members in all; the return value is not used."""


class ForwardStore:
    """A store that runs the forward model in chunks and keeps every chunk.

    Parameters
    ----------
    forward : callable
        Parameters (member, parameter) to predictions (member, datum); rows must be independent.
    fingerprint : str
        All else that the predictions depend on (model hash, data, tolerances).
    folder : path, optional
        Folder of chunks as ``.npy``; in memory only by default.
    chunk : int
        Members per chunk; an interruption loses at most one chunk.
    progress : callable, optional
    """

    def __init__(
        self,
        forward: Forward,
        fingerprint: str = "",
        folder: Path | None = None,
        chunk: int = 25,
        progress: Progress | None = None,
    ) -> None:
        if chunk < 1:
            raise ValueOutOfRangeError(f"chunk is {chunk}; give at least one member")
        self._forward = forward
        self._fingerprint = fingerprint.encode()
        self._folder = folder
        self._chunk = chunk
        self._progress = progress
        self._kept: dict[str, Array] = {}
        self.evaluated = 0
        self.recalled = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def run(self, parameters: Array, stage: str = "") -> Array:
        """Return the predictions of members.

        Parameters
        ----------
        parameters : ndarray, shape (member, parameter)
            On the unconstrained scale, no unit.
        stage : str
            Label of the progress line.

        Returns
        -------
        ndarray, shape (member, datum)
            In the units of `Data.values`.
        """
        parameters = np.ascontiguousarray(parameters, dtype=np.float64)
        parts = []
        for first in range(0, len(parameters), self._chunk):
            parts.append(self._run_chunk(parameters[first : first + self._chunk]))
            if self._progress is not None:
                self._progress(stage, min(first + self._chunk, len(parameters)), len(parameters))
        return np.concatenate(parts)

    def _run_chunk(self, parameters: Array) -> Array:
        key = hashlib.sha256(
            self._fingerprint + repr(parameters.shape).encode() + parameters.astype("<f8").tobytes()
        ).hexdigest()[:40]
        found = self._kept.get(key)
        if found is None:
            found = self._load(key)
        if found is not None:
            self._kept[key] = found
            self.recalled += len(parameters)
            return found
        predictions = np.asarray(self._forward(parameters), dtype=np.float64)
        if predictions.ndim != 2 or len(predictions) != len(parameters):
            raise ValueOutOfRangeError(
                f"the forward model returned shape {predictions.shape} for {len(parameters)} members; "
                "it must return (member, datum)"
            )
        self._kept[key] = predictions
        self.evaluated += len(parameters)
        self._save(key, predictions)
        return predictions

    def _load(self, key: str) -> Array | None:
        if self._folder is None:
            return None
        path = self._folder / f"{key}.npy"
        return _read(path) if path.exists() else None

    def _save(self, key: str, predictions: Array) -> None:
        if self._folder is None:
            return
        # Written aside and moved, so that an interruption leaves no partial chunk.
        with replacing(self._folder / f"{key}.npy") as aside, aside.open("wb") as file:
            np.save(file, predictions)


def _read(path: Path) -> Array:
    """Read the predictions of a chunk without unpickling; raises `RecordMismatchError` if it is not one."""
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError, SyntaxError) as error:
        raise RecordMismatchError(
            f"{path} is no chunk of a fit, or holds objects (pickle), which are never read; remove it, and it is "
            "computed again"
        ) from error
    if not isinstance(found, np.ndarray) or found.ndim != 2 or found.dtype != np.float64:
        raise RecordMismatchError(f"{path} is no chunk of a fit: not (member, datum) numbers; remove it")
    return found
