"""Digests of the arrays of a stored run: a file of numbers that is missing or was changed is noticed on reading.

zarr reads a missing file as empty values, NaN, without a word. The digest is of the values, so that a store may be
compressed or divided again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nadflux.errors import RecordMismatchError

if TYPE_CHECKING:
    import xarray as xr

DIGESTS = "digests"


def write_digests(place: Path) -> None:
    """Add to the attributes of a stored run the SHA-256 of the values of each array, read back in pieces.

    Parameters
    ----------
    place : Path
        The zarr folder, whole.
    """
    import zarr

    group = zarr.open_group(place, mode="r+")
    digests = {}
    for name, array in sorted(group.arrays()):
        digest = hashlib.sha256()
        rows = array.chunks[0] if array.shape else 1
        for first in range(0, array.shape[0] if array.shape else 1, rows):
            digest.update(_raw(np.asarray(array[first : first + rows] if array.shape else array[...])))
        digests[name] = digest.hexdigest()
    group.attrs[DIGESTS] = json.dumps(digests)


def check_digests(data: xr.Dataset, path: Path) -> None:
    """Refuse a run whose numbers are not those that were saved; one without digests, of a former version, passes.

    Parameters
    ----------
    data : Dataset
        As it was read.
    path : Path
        Its path, for messages.

    Raises
    ------
    RecordMismatchError
        Names the folder of the array that was changed or is missing.
    """
    if DIGESTS not in data.attrs:
        return
    for name, digest in _digests(data.attrs[DIGESTS], path).items():
        if name not in data.variables:
            raise RecordMismatchError(f"{path / name} is missing, although it was saved; simulate it again")
        if hashlib.sha256(_raw(data[name].values)).hexdigest() != digest:
            raise RecordMismatchError(
                f"{path / name} does not hold the numbers that were saved: a file is missing or was changed; "
                "copy the folder again from where it is whole, or simulate it again"
            )


def _digests(text: object, path: Path) -> dict[str, str]:
    try:
        digests = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        digests = None
    if not isinstance(digests, dict) or not all(isinstance(digest, str) for digest in digests.values()):
        raise RecordMismatchError(
            f"{path / 'zarr.json'}.attributes.{DIGESTS} is no mapping of texts; the file is damaged: simulate it again"
        )
    return digests


def _raw(values: np.ndarray) -> bytes:
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes()
