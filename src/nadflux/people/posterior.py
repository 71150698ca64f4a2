"""Reader of a stored posterior of typical values (an ``.npz`` with names, units, hash and schema version)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nadflux.errors import RecordMismatchError
from nadflux.people._streams import uniforms

SCHEMA = 1


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
        Hash of the biology it was fitted with.
    """

    version: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray
    model_hash: str

    @classmethod
    def read(cls, path: Path | str, *, model_hash: str, units: Mapping[str, str]) -> Posterior:
        """Read a file and refuse one that was fitted with another model.

        Parameters
        ----------
        path : path
        model_hash : str
            Hash of the biology that is loaded.
        units : mapping of str to str
            Unit of each parameter of the loaded tables.

        Raises
        ------
        RecordMismatchError
            If schema version, model hash, names or units do not fit.
        """
        with np.load(path, allow_pickle=False) as file:
            schema = int(file["schema"])
            if schema != SCHEMA:
                raise RecordMismatchError(
                    f"{path}: posterior of schema {schema}, this version reads {SCHEMA}; refit"
                )
            posterior = cls(
                str(file["version"]),
                tuple(str(name) for name in file["names"]),
                tuple(str(unit) for unit in file["units"]),
                np.asarray(file["values"], dtype=float),
                str(file["model_hash"]),
            )
        if posterior.model_hash != model_hash:
            raise RecordMismatchError(
                f"{path}: fitted with model {posterior.model_hash[:12]}, loaded is {model_hash[:12]}; refit"
            )
        if posterior.values.ndim != 2 or posterior.values.shape[1] != len(posterior.names):
            raise RecordMismatchError(
                f"{path}: {posterior.values.shape} values for {len(posterior.names)} names"
            )
        for name, unit in zip(posterior.names, posterior.units, strict=True):
            if name not in units:
                raise RecordMismatchError(f"{path}: parameter {name!r} is not in the loaded tables; refit")
            if units[name] != unit:
                raise RecordMismatchError(
                    f"{path}: {name!r} is in {unit!r}, the table has {units[name]!r}; refit"
                )
        return posterior

    def sample(self, worlds: np.ndarray, seed: int) -> dict[str, np.ndarray]:
        """Joint draws for each world (shared by all people of that world), by name."""
        chosen = (uniforms(seed, "posterior", worlds) * len(self.values)).astype(np.int64)
        return {name: self.values[chosen, column] for column, name in enumerate(self.names)}

    def typical(self, count: int) -> dict[str, np.ndarray]:
        """The median draw of each parameter, ``count`` times."""
        median = np.median(self.values, axis=0)
        return {name: np.full(count, median[column]) for column, name in enumerate(self.names)}
