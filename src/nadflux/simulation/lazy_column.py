"""A quantity of a run as a lazy xarray variable: read when it is asked for, and not kept."""

from __future__ import annotations

from typing import Any

import numpy as np
from xarray.backends import BackendArray
from xarray.core.indexing import IndexingSupport, LazilyIndexedArray, explicit_indexing_adapter

from nadflux.simulation.pieces import Pieces


def lazy_column(pieces: Pieces, quantity: int) -> LazilyIndexedArray:
    """Return one quantity of some pieces, shape (person, time), for a variable of a dataset."""
    return LazilyIndexedArray(_Column(pieces, quantity))


class _Column(BackendArray):
    def __init__(self, pieces: Pieces, quantity: int) -> None:
        self._pieces, self._quantity = pieces, quantity
        self.shape = pieces.shape[:2]
        self.dtype = np.dtype(np.float64)

    def __getitem__(self, key: Any) -> Any:
        return explicit_indexing_adapter(key, self.shape, IndexingSupport.BASIC, self._read)

    def _read(self, key: tuple[Any, ...]) -> np.ndarray:
        values: np.ndarray = self._pieces.column(self._quantity)[key]
        return values
