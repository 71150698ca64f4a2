"""Nuisance parameters: the scale of each laboratory, the effect of each study on an analyte, the loss in storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from nadflux.inference.data import Array
from nadflux.network.tables import ParameterRow
from nadflux.people.draws import quantile


@dataclass(frozen=True)
class Nuisances:
    """Parameters of the measurement, as standard-normal scores.

    Attributes
    ----------
    scales : tuple of str
        One per laboratory (study) and matrix, then one per study and analyte with several rows.
    matrix : ndarray, shape (scale, row)
        Log standard deviation with which each scale moves each row.
    losses : tuple of ParameterRow
        Fractions of NAD+ left after storage.
    stored : ndarray, shape (loss, row)
        1 if a row's samples were stored this way, else 0.
    laboratories : int
        Number of the scales that are of laboratories.
    """

    scales: tuple[str, ...]
    matrix: Array
    losses: tuple[ParameterRow, ...]
    stored: Array
    laboratories: int

    @property
    def names(self) -> tuple[str, ...]:
        """Scales, then losses."""
        return (*self.scales, *(row.key for row in self.losses))

    def effect(self, scores: Array) -> Array:
        """Return the shift of log figures by nuisance scores.

        Parameters
        ----------
        scores : ndarray, shape (member, nuisance)
            Standard normal, no unit.

        Returns
        -------
        ndarray, shape (member, row)
            Natural log, no unit.
        """
        count = len(self.scales)
        # einsum, not a matrix product: its sums do not depend on the number of threads.
        added = np.einsum("ms,sr->mr", scores[:, :count], self.matrix)
        # Loss by loss, added to the shift of the scales.
        for k, row in enumerate(self.losses):
            retained = quantile(row, ndtr(scores[:, count + k])) / row.value
            added = added + np.log(retained)[:, None] * self.stored[k]
        return np.asarray(added, dtype=np.float64)

    def of_studies(self, scores: Array) -> Array:
        """Return the shift of log figures by the effects of studies alone.

        Parameters
        ----------
        scores : ndarray, shape (member, nuisance)
            Standard normal, no unit.

        Returns
        -------
        ndarray, shape (member, row)
            Natural log, no unit.
        """
        first, last = self.laboratories, len(self.scales)
        return np.asarray(np.einsum("ms,sr->mr", scores[:, first:last], self.matrix[first:]), dtype=np.float64)

    def values(self, scores: Array) -> Array:
        """Return the factor of each scale and the fraction left of each loss.

        Parameters
        ----------
        scores : ndarray, shape (member, nuisance)
            Standard normal, no unit.

        Returns
        -------
        ndarray, shape (member, nuisance)
            Factors and fractions, no unit.
        """
        count = len(self.scales)
        columns = list(np.exp(scores[:, :count] * self.matrix.max(axis=1, initial=0.0)).T)
        columns += [quantile(row, ndtr(scores[:, count + k])) for k, row in enumerate(self.losses)]
        return np.stack(columns, axis=1) if columns else np.empty((len(scores), 0))


def nuisances(
    keys: Sequence[str],
    laboratory_sd: Array,
    losses: Sequence[ParameterRow | None],
    effects: Sequence[str] = (),
    effect_sd: Array | None = None,
) -> Nuisances:
    """Return the nuisances of rows.

    Parameters
    ----------
    keys : sequence of str, one per row
        Name of the scale of each row.
    laboratory_sd : ndarray, shape (row,)
        Log standard deviation of each scale, no unit; 0 for a row without one.
    losses : sequence of ParameterRow or None, one per row
        Fraction left by storage of each row's samples.
    effects : sequence of str, one per row, or none
        Name of the effect of each row's study on its analyte.
    effect_sd : ndarray, shape (row,), optional
        Log standard deviation of each effect, no unit; 0 for a row without one.
    """
    scales, matrix = _loaded(keys, laboratory_sd)
    laboratories = len(scales)
    if effect_sd is not None:
        more, loads = _loaded(effects, effect_sd)
        scales, matrix = (*scales, *more), np.concatenate([matrix, loads])
    found = {row.key: row for row in losses if row is not None}
    stored = np.array([[float(row is not None and row.key == key) for row in losses] for key in found])
    empty = np.empty((0, len(keys)))
    return Nuisances(scales, matrix, tuple(found.values()), stored if found else empty, laboratories)


def _loaded(keys: Sequence[str], sd: Array) -> tuple[tuple[str, ...], Array]:
    """Return the names of what moves rows, and by how much it moves each, shape (name, row)."""
    names = tuple(dict.fromkeys(key for key, one in zip(keys, sd, strict=True) if one > 0))
    loads = [[one if key == name else 0.0 for key, one in zip(keys, sd, strict=True)] for name in names]
    return names, np.array(loads).reshape(len(names), len(keys))
