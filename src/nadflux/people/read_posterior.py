"""Files of a posterior, read and checked: an error names the file and field that do not fit the schema.

Read without the zarr library, whose import costs more than the reading: each array is one raw chunk.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.errors import RecordMismatchError
from nadflux.stored_fields import StoredFields, read_json

SCHEMA = 1
ARRAY, WITHOUT = "values", "without"
_DTYPES = {"float32": "<f4", "float64": "<f8"}
_WHAT, _REMEDY = "posterior file of nadflux", "refit with `nadflux fit`"
_MOST_VALUES = 100_000_000


@dataclass(frozen=True)
class PosteriorContent:
    """Content of the files of a posterior; see `nadflux.people.posterior.Posterior`."""

    version: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray
    model_hash: str
    record: Mapping[str, Any]
    left_out: Mapping[str, np.ndarray]


def read_content(path: Path) -> PosteriorContent:
    """Read all files of a posterior folder.

    Raises
    ------
    RecordMismatchError
        If it is no posterior or of another schema, or a field is missing or not what it should be.
    """
    about = StoredFields(read_attributes(path), f"{path / 'zarr.json'}: attributes", _REMEDY)
    names, units = about.words("names"), about.words("units")
    if len(set(names)) != len(names) or len(units) != len(names):
        raise RecordMismatchError(f"{path}: {len(set(names))} names and {len(units)} units for {len(names)}; refit")
    digests = about.mapping("digests", optional=True)
    values = _read_array(path / ARRAY, digests)
    if values.ndim != 2 or values.shape[1] != len(names) or not len(values):
        raise RecordMismatchError(f"{path}: {values.shape} values for {len(names)} names")
    _check_finite(values, names, path / ARRAY)
    record = about.mapping("record", optional=True)
    _check_record(record)
    left_out = _left_out(path, about.mapping("without", optional=True), names, digests)
    return PosteriorContent(
        about.word("version"), names, units, values, about.word("model_hash"), record.content, left_out
    )


def read_attributes(path: Path) -> Mapping[str, Any]:
    """Read the attributes of a posterior.

    Raises
    ------
    RecordMismatchError
        If it is no posterior, or of another schema.
    """
    try:
        group = read_json(path / "zarr.json", _WHAT)
    except FileNotFoundError as error:
        raise RecordMismatchError(f"{path} is no posterior file: {error.filename} is missing") from error
    attributes = StoredFields(group, str(path / "zarr.json"), _REMEDY).mapping("attributes")
    schema = attributes.content.get("schema")
    if schema != SCHEMA or isinstance(schema, bool):
        raise RecordMismatchError(f"{path}: posterior of schema {schema!r}, this version reads {SCHEMA}; refit")
    return attributes.content


def _check_record(record: StoredFields) -> None:
    """Check the types of what is read of a record later; the rest may be anything."""
    record.words("studies", optional=True)
    _check_measurement(record)
    settings = record.mapping("options", optional=True).mapping("settings", optional=True)
    for name in ("model_error", "ratio_error"):
        settings.number(name, optional=True)
    left_out = record.mapping("left_out", optional=True)
    for study in left_out.content:
        _check_measurement(left_out.mapping(study))
    for row in record.rows("rows"):
        row.word("row")
        row.word("kind")
        row.words("observables", optional=True)
        ways = row.content.get("ways")
        pairs = ways if isinstance(ways, list) else [] if ways is None else [None]
        if not all(isinstance(w, list) and len(w) == 2 and all(isinstance(part, str) for part in w) for w in pairs):
            raise row.wrong("ways", ways, "a list of compounds with their routes")
    parameters = record.mapping("parameters", optional=True)
    for name in parameters.content:
        about = parameters.mapping(name)
        about.number("shrinkage", optional=True)
        informed = about.mapping("informed_by", optional=True)
        for study in informed.content:
            informed.number(study)
        if "posterior" in about.content:
            about.numbers("posterior", 3)
            about.number("shrinkage")
            if about.number("effective_samples") <= 0:
                raise about.wrong("effective_samples", about.content["effective_samples"], "above 0")


def _check_measurement(record: StoredFields) -> None:
    """Check losses in storage, and standard deviations of what is not explained, if there are any."""
    unexplained = record.mapping("unexplained", optional=True)
    for part in ("sd", "pairs") if unexplained.content else ():
        sizes = unexplained.mapping(part)
        for name in sizes.content:
            if sizes.number(name) < 0:
                raise sizes.wrong(name, sizes.content[name], "at least 0")
    measured = record.mapping("measurement", optional=True)
    for name in measured.content:
        measured.numbers(name, 3)


def _left_out(path: Path, counts: StoredFields, names: tuple[str, ...], digests: StoredFields) -> dict[str, np.ndarray]:
    if not counts.content:
        return {}
    for study, count in counts.content.items():
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise counts.wrong(study, count, "a number of draws")
    values = _read_array(path / WITHOUT, digests, "the draws of the studies left out")
    if values.ndim != 2 or values.shape[1] != len(names):
        raise RecordMismatchError(f"{path / WITHOUT}: {values.shape} values for {len(names)} names; refit")
    _check_finite(values, names, path / WITHOUT)
    announced = sum(counts.content.values())
    if len(values) != announced:
        raise RecordMismatchError(f"{path}: {len(values)} draws of the studies left out, {announced} are announced")
    ends = np.cumsum(list(counts.content.values()))
    return dict(zip(counts.content, np.split(values, ends[:-1]), strict=True))


def _check_finite(values: np.ndarray, names: tuple[str, ...], place: Path) -> None:
    bad = [name for name, column in zip(names, values.T, strict=True) if not np.isfinite(column).all()]
    if bad:
        raise RecordMismatchError(f"{place}: draws of {bad[0]!r} are not finite numbers; refit")


def _read_array(folder: Path, digests: StoredFields, what: str = "the draws") -> np.ndarray:
    """Read the numbers of a zarr array of one chunk, neither compressed nor big-endian; unchanged, if a digest says."""
    file = folder / "zarr.json"
    try:
        array = StoredFields(read_json(file, _WHAT), str(file), _REMEDY)
        raw = (folder / "c" / "0" / "0").read_bytes()
    except OSError as error:
        raise RecordMismatchError(
            f"{error.filename} is no posterior file of nadflux: {what} cannot be read ({error.strerror}); refit"
        ) from error
    kind, shape = array.word("data_type"), array.content.get("shape")
    if kind not in _DTYPES:
        raise array.wrong("data_type", kind, f"one of {', '.join(_DTYPES)}")
    if not isinstance(shape, list) or not all(isinstance(n, int) and n > 0 for n in shape) or len(shape) != 2:
        raise array.wrong("shape", shape, "two whole numbers")
    if math.prod(shape) > _MOST_VALUES:
        raise array.wrong("shape", shape, f"of at most {_MOST_VALUES} values")
    codecs = array.rows("codecs")
    if [codec.content.get("name") for codec in codecs] != ["bytes"]:
        raise array.wrong("codecs", array.content.get("codecs"), "bytes alone: the values are compressed")
    if codecs[0].mapping("configuration", optional=True).content.get("endian", "little") != "little":
        raise codecs[0].wrong("configuration", codecs[0].content["configuration"], "little-endian")
    chunk = array.mapping("chunk_grid").mapping("configuration").content.get("chunk_shape")
    if chunk != shape:
        raise array.wrong("chunk_grid", chunk, f"one chunk of {shape}")
    dtype = np.dtype(_DTYPES[kind])
    if len(raw) != math.prod(shape) * dtype.itemsize:
        raise RecordMismatchError(
            f"{folder / 'c' / '0' / '0'} is no posterior file of nadflux: it holds {len(raw)} bytes, not "
            f"{shape[0]} x {shape[1]} values of {kind}; refit"
        )
    if folder.name in digests.content and hashlib.sha256(raw).hexdigest() != digests.word(folder.name):
        raise RecordMismatchError(
            f"{folder / 'c' / '0' / '0'} was changed since it was written; copy the folder again from where it is "
            f"whole, or {_REMEDY}"
        )
    return np.frombuffer(raw, dtype=dtype).reshape(shape).astype(float)
