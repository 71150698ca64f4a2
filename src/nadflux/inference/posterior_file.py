"""The writer of posterior files: a zarr folder with one uncompressed array and everything else as attributes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.errors import RecordMismatchError, ValueOutOfRangeError
from nadflux.files import replacing
from nadflux.inference.data import Array
from nadflux.people.read_posterior import ARRAY, SCHEMA, WITHOUT


def write_posterior(
    path: Path | str,
    names: Sequence[str],
    units: Sequence[str],
    values: Array,
    *,
    model_hash: str,
    record: Mapping[str, Any],
    without: Mapping[str, Array] | None = None,
) -> str:
    """Write samples of typical values, to be read by `nadflux.people.Posterior.read`.

    Parameters
    ----------
    path : path
        Ends in ``.zarr``; an existing posterior is replaced, anything else refused.
    names, units : sequence of str, one per parameter
    values : ndarray, shape (draw, parameter)
        Typical values in ``units``; stored as 32-bit floats.
    model_hash : str
        From `nadflux.people.posterior.model_hash`.
    record : mapping
        Command, seed, studies, settings, diagnostics: anything that JSON can hold.
    without : mapping of str to ndarray, shape (draw, parameter), optional
        Samples of fits without the named study, in the order of ``names`` and in ``units``.

    Returns
    -------
    str
        The version of the fit, a hash of the file's content.

    Raises
    ------
    ValueOutOfRangeError
        If names, units and values do not fit together, or a value is not finite.
    RecordMismatchError
        If something other than a posterior lies at ``path``.
    """
    import zarr

    target = Path(path)
    single = np.asarray(values, dtype="<f4")
    if target.suffix != ".zarr":
        raise ValueOutOfRangeError(f"posterior file {str(path)!r}: end its name in .zarr")
    if single.ndim != 2 or single.shape[1] != len(names) or len(names) != len(units) or not len(single):
        raise ValueOutOfRangeError(
            f"{single.shape} values for {len(names)} names and {len(units)} units; give (draw, parameter)"
        )
    bad = [name for name, column in zip(names, single.T, strict=True) if not np.isfinite(column).all()]
    if bad:
        raise ValueOutOfRangeError(f"parameter {bad[0]!r} has samples that are not finite numbers")
    left_out = {study: np.asarray(values, dtype="<f4") for study, values in (without or {}).items()}
    for study, values in left_out.items():
        if values.ndim != 2 or values.shape[1] != len(names) or not np.isfinite(values).all():
            raise ValueOutOfRangeError(f"samples without {study}: {values.shape} for {len(names)} names, or not finite")
    if target.exists() and not (target / ARRAY).is_dir():
        raise RecordMismatchError(f"{target} is there and no posterior; give another --out or remove it")
    version = f"fit-{hashlib.sha256(model_hash.encode() + single.tobytes()).hexdigest()[:10]}"
    attributes: dict[str, Any] = {
        "schema": SCHEMA,
        "version": version,
        "names": list(names),
        "units": list(units),
        "model_hash": model_hash,
        "record": dict(record),
        "without": {study: len(values) for study, values in left_out.items()},
    }
    arrays = {ARRAY: single}
    if left_out:
        arrays[WITHOUT] = np.concatenate(list(left_out.values()))
    with replacing(target) as aside:  # an interruption leaves the old file or the new one
        group = zarr.open_group(str(aside), mode="w", zarr_format=3, attributes=attributes)
        for name, content in arrays.items():
            array = group.create_array(
                name, shape=content.shape, dtype="float32", chunks=content.shape, compressors=None, filters=None
            )
            array[:] = content
    return version
