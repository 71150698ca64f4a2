"""A posterior of typical values, stored as a small zarr folder (see `nadflux.inference.posterior_file`)."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.errors import RecordMismatchError, UnknownNameError
from nadflux.people.read_posterior import read_attributes, read_content
from nadflux.people.rows import Row
from nadflux.people.streams import uniforms
from nadflux.shipped import SHIPPED_BIOLOGY

FITTED_FROM = 0.1  # share of the prior variance that data must remove
SHIPPED = SHIPPED_BIOLOGY / "posterior" / "shipped.zarr"
ARMS = SHIPPED_BIOLOGY / "posterior" / "arms.csv"


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
    left_out : mapping of str to ndarray, shape (draw, name)
        Draws fitted to all studies but the one named.
    """

    version: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray
    model_hash: str
    record: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | str, *, model_hash: str, units: Mapping[str, str]) -> Posterior:
        """Read a file and refuse one that was fitted with another model.

        Parameters
        ----------
        path : path
        model_hash : str
            Hash of the biology that is loaded, by `model_hash`. A file fitted with a model that the shipped posterior
            was carried over from fits the one that it was carried over to.
        units : mapping of str to str
            Unit of each parameter of the loaded tables.

        Raises
        ------
        RecordMismatchError
            If it is no posterior, or schema version, model hash, names or units do not fit.
        """
        if not isinstance(path, str | os.PathLike):
            raise RecordMismatchError(f"posterior {path!r} is no path; give a .zarr folder, 'shipped' or 'none'")
        found = read_content(Path(path))
        posterior = cls(
            found.version, found.names, found.units, found.values, found.model_hash, found.record, found.left_out
        )
        if posterior.model_hash != model_hash and _carried_over(posterior.model_hash) == model_hash:
            posterior = replace(posterior, model_hash=model_hash)
        if posterior.model_hash != model_hash:
            raise RecordMismatchError(
                f"{path}: fitted with model {posterior.model_hash[:12]}, loaded is {model_hash[:12]}; "
                "refit with `nadflux fit`"
            )
        for name, unit in zip(posterior.names, posterior.units, strict=True):
            if name not in units:
                raise RecordMismatchError(f"{path}: parameter {name!r} is not in the loaded tables; refit")
            if units[name] != unit:
                raise RecordMismatchError(f"{path}: {name!r} is in {unit!r}, the table has {units[name]!r}; refit")
        return posterior

    @staticmethod
    def hash_in(path: Path) -> str:
        """Return the model hash that a file carries.

        Raises
        ------
        RecordMismatchError
            If it is no posterior.
        """
        return str(read_attributes(path).get("model_hash", ""))

    @property
    def fitted(self) -> frozenset[str]:
        """Parameters that data narrowed noticeably: these carry the tier *fitted*, the others their own."""
        parameters = self.record.get("parameters", {})
        return frozenset(n for n in self.names if parameters.get(n, {}).get("shrinkage", 0.0) >= FITTED_FROM)

    @property
    def informing(self) -> frozenset[str]:
        """Observables, by id, whose published figures the fit took in; a sign or a bound is no figure."""
        return frozenset(name for row in self._figures for name in row.get("observables", ()))

    def ways(self, observable: str) -> frozenset[tuple[str, str]]:
        """Return the compounds and routes under which published figures of an observable informed the fit.

        Where the record does not say what an arm took, ``arms.csv`` does for the arms of the shipped studies.
        """
        found: set[tuple[str, str]] = set()
        for row in self._figures:
            if observable in row.get("observables", ()):
                given = row.get("ways")
                arm = row["row"].partition(":")[0]
                found |= {(c, r) for c, r in given} if given is not None else _told_ways().get(arm, set())
        return frozenset(found)

    @property
    def _figures(self) -> list[Mapping[str, Any]]:
        return [row for row in self.record.get("rows", ()) if row["kind"] == "value" and ", sign " not in row["row"]]

    def about(self, name: str) -> Mapping[str, Any]:
        """Return what the record holds of a parameter: prior, posterior, shrinkage, informing studies; may be empty."""
        found: Mapping[str, Any] = self.record.get("parameters", {}).get(name, {})
        return found

    def without(self, study: str) -> Posterior:
        """Return the fit that never saw ``study``.

        Raises
        ------
        UnknownNameError
            If the study was not left out of any fit.
        """
        if study not in self.left_out:
            raise UnknownNameError("study left out of the fit", study, self.left_out)
        record = {**self.record, "studies": [name for name in self.record.get("studies", ()) if name != study]}
        apart = self.record.get("left_out", {}).get(study, {})
        record |= {name: apart.get(name, {}) for name in ("measurement", "unexplained")}
        return replace(
            self, version=f"{self.version} without {study}", values=self.left_out[study], record=record, left_out={}
        )

    def sample(self, worlds: np.ndarray, seed: int) -> dict[str, np.ndarray]:
        """Return joint draws for each world, which all people of that world share.

        Parameters
        ----------
        worlds : ndarray of int, shape (person,)
            Index of the world of each person.
        seed : int
            Root of the ``SeedSequence`` tree.

        Returns
        -------
        dict of str to ndarray, shape (person,)
            By name of the parameter, in its unit.
        """
        chosen = (uniforms(seed, "posterior", worlds) * len(self.values)).astype(np.int64)
        return {name: self.values[chosen, column] for column, name in enumerate(self.names)}

    def typical(self, count: int) -> dict[str, np.ndarray]:
        """Return the median draw of each parameter, ``count`` times: arrays of shape (count,) in the unit of each."""
        median = np.median(self.values, axis=0)
        return {name: np.full(count, median[column]) for column, name in enumerate(self.names)}


def model_hash(equations_hash: str, rows: Iterable[Row], switches: Mapping[str, str]) -> str:
    """Return the hash of what a posterior depends on: the model's equations and the numbers of its tables.

    Comments, the order and the files of the text, sources, notes and tiers may be edited without a new fit; an
    equation, a number or the unit of a row may not.

    Parameters
    ----------
    equations_hash : str
        Of the assembled body.
    rows : iterable of parameter rows
    switches : mapping of str to str
        Options of contested links.
    """
    digest = hashlib.sha256(equations_hash.encode() + repr(sorted(switches.items())).encode())
    for row in sorted(rows, key=lambda row: row.key):
        digest.update(
            repr((row.key, row.value, row.unit, row.low, row.high, row.distribution, row.between_cv)).encode()
        )
    return digest.hexdigest()


def _carried_over(held: str) -> str:
    """Return the hash of the model that computes the same as the one with the given hash, by the shipped record."""
    record = read_attributes(SHIPPED).get("record", {}) if SHIPPED.is_dir() else {}
    # one step after the other: each leads from the hash before it to the next
    for step in record.get("carried_over", ()):
        held = step["to"] if step["from"] == held else held
    return held


@cache
def _told_ways() -> dict[str, set[tuple[str, str]]]:
    """Return compounds and routes by study and arm, from ``arms.csv``."""
    told: dict[str, set[tuple[str, str]]] = {}
    with ARMS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            told.setdefault(f"{row['study']} {row['arm']}", set()).add((row["compound"], row["route"]))
    return told
