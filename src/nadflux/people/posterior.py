"""Reader of a stored posterior of typical values (a small zarr folder, see `nadflux.inference.posterior_file`).

Read here without the zarr library, whose import costs more than the reading: the array is one raw chunk.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.errors import RecordMismatchError
from nadflux.people._rows import Row
from nadflux.people._streams import uniforms

SCHEMA = 1
FITTED_FROM = 0.1  # share of the prior variance that data must remove
ARRAY = "values"
CHUNK = "values/c/0/0"
SHIPPED = Path(__file__).resolve().parents[1] / "biology" / "posterior" / "shipped.zarr"


@dataclass(frozen=True)
class Posterior:
    """Draws of typical values fitted to data.

    Attributes
    ----------
    version : str
        Name of the fit, kept in the record of every run that used it.
    names : tuple of str
    units : tuple of str
    values : ndarray, shape (draw, name)
    model_hash : str
        Hash of the biology it was fitted with, by `model_hash`.
    record : mapping
        Command, seed, studies and diagnostics of the fit.
    """

    version: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray
    model_hash: str
    record: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | str, *, model_hash: str, units: Mapping[str, str]) -> Posterior:
        """Read a file and refuse one that was fitted with another model.

        Parameters
        ----------
        path : path
        model_hash : str
            Hash of the biology that is loaded, by `model_hash`.
        units : mapping of str to str
            Unit of each parameter of the loaded tables.

        Raises
        ------
        RecordMismatchError
            If it is no posterior, or schema version, model hash, names or units do not fit.
        """
        attributes, values = _load(Path(path))
        schema = attributes.get("schema")
        if schema != SCHEMA:
            raise RecordMismatchError(f"{path}: posterior of schema {schema}, this version reads {SCHEMA}; refit")
        posterior = cls(
            attributes["version"],
            tuple(attributes["names"]),
            tuple(attributes["units"]),
            values,
            attributes["model_hash"],
            attributes.get("record", {}),
        )
        if posterior.model_hash != model_hash:
            raise RecordMismatchError(
                f"{path}: fitted with model {posterior.model_hash[:12]}, loaded is {model_hash[:12]}; "
                "refit with `nadflux fit`"
            )
        if values.ndim != 2 or values.shape[1] != len(posterior.names) or not len(values):
            raise RecordMismatchError(f"{path}: {values.shape} values for {len(posterior.names)} names")
        for name, unit in zip(posterior.names, posterior.units, strict=True):
            if name not in units:
                raise RecordMismatchError(f"{path}: parameter {name!r} is not in the loaded tables; refit")
            if units[name] != unit:
                raise RecordMismatchError(f"{path}: {name!r} is in {unit!r}, the table has {units[name]!r}; refit")
        return posterior

    @staticmethod
    def hash_in(path: Path) -> str:
        """The model hash that a file carries; raises RecordMismatchError where it is no posterior."""
        return str(_load(path)[0].get("model_hash", ""))

    @property
    def fitted(self) -> frozenset[str]:
        """Parameters that data narrowed noticeably: these carry the tier *fitted*, the others their own."""
        parameters = self.record.get("parameters", {})
        return frozenset(n for n in self.names if parameters.get(n, {}).get("shrinkage", 0.0) >= FITTED_FROM)

    def sample(self, worlds: np.ndarray, seed: int) -> dict[str, np.ndarray]:
        """Joint draws for each world (shared by all people of that world), by name."""
        chosen = (uniforms(seed, "posterior", worlds) * len(self.values)).astype(np.int64)
        return {name: self.values[chosen, column] for column, name in enumerate(self.names)}

    def typical(self, count: int) -> dict[str, np.ndarray]:
        """The median draw of each parameter, ``count`` times."""
        median = np.median(self.values, axis=0)
        return {name: np.full(count, median[column]) for column, name in enumerate(self.names)}


def model_hash(text_hash: str, rows: Iterable[Row], switches: Mapping[str, str]) -> str:
    """Hash of what a posterior depends on: the model's text and the numbers of its tables.

    Sources, notes and tiers may be edited without a new fit; a number, a unit or an equation may not.

    Parameters
    ----------
    text_hash : str
        Of the assembled body.
    rows : iterable of parameter rows
    switches : mapping of str to str
        Options of contested links.
    """
    digest = hashlib.sha256(text_hash.encode() + repr(sorted(switches.items())).encode())
    for row in sorted(rows, key=lambda row: row.key):
        digest.update(
            repr((row.key, row.value, row.unit, row.low, row.high, row.distribution, row.between_cv)).encode()
        )
    return digest.hexdigest()


def _load(path: Path) -> tuple[dict[str, Any], np.ndarray]:
    try:
        group = json.loads((path / "zarr.json").read_text(encoding="utf-8"))
        array = json.loads((path / ARRAY / "zarr.json").read_text(encoding="utf-8"))
        raw = (path / CHUNK).read_bytes()
        dtype = {"float32": "<f4", "float64": "<f8"}[array["data_type"]]
        values = np.frombuffer(raw, dtype=dtype).reshape(array["shape"]).astype(float)
        if [codec["name"] for codec in array["codecs"]] != ["bytes"]:
            raise ValueError("its values are compressed")
        return dict(group["attributes"]), values
    except FileNotFoundError as error:
        raise RecordMismatchError(f"{path} is no posterior file: {error.filename} is missing") from error
    except (KeyError, ValueError, NotADirectoryError) as error:
        raise RecordMismatchError(f"{path} is no posterior file of nadflux: {error}") from error
