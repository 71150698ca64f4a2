"""Draws of parameters at two levels: what is not known of the typical value, and how people differ.

The typical value of a row is drawn from its low, high and distribution; a person's own value then departs
from it by ``between_cv``. A row for ``organ=all`` is one draw for the person, whatever organs use it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from nadflux.errors import TableError, UnknownNameError
from nadflux.people.posterior import Posterior
from nadflux.people.rows import Row
from nadflux.people.streams import check_seed, normal_quantile, uniforms

# The 95th percentile of the standard normal: what turns low and high into a spread.
_Z95 = 1.6448536269514722
DISTRIBUTIONS = ("fixed", "lognormal", "normal", "uniform", "loguniform", "logitnormal")


@dataclass(frozen=True)
class Draws:
    """Values of parameters for people.

    Attributes
    ----------
    names : tuple of str
        Keys of the rows, e.g. ``liver.NAMPT.Km`` or ``all.SIRT.Km``.
    values : ndarray, shape (person, name)
        In the unit of each row.
    """

    names: tuple[str, ...]
    values: np.ndarray


def draw(
    rows: Iterable[Row],
    people: int | np.ndarray,
    seed: int,
    *,
    uncertainty: bool = True,
    spread: bool = True,
    group: int = 1,
    posterior: Posterior | None = None,
) -> Draws:
    """Draw the parameters of people.

    Parameters
    ----------
    rows : iterable of Row
        Rows of the parameter tables.
    people : int or ndarray of int, shape (person,)
        How many people, or which: person 7 has the same values in any selection.
    seed : int
    uncertainty : bool
        Draw the typical values; else they are the table's.
    spread : bool
        Draw how each person departs from the typical value.
    group : int
        Number of consecutive people who share one draw of the typical values, as the arm of one trial does.
    posterior : Posterior, optional
        Replaces the typical values of the parameters it names.

    Returns
    -------
    Draws

    Raises
    ------
    TableError
        If low, value and high are not in order or do not fit the distribution.
    """
    check_seed(seed)
    index = np.arange(people) if isinstance(people, int) else np.asarray(people, dtype=np.int64)
    rows = list(rows)
    worlds = index // group
    fitted = posterior.sample(worlds, seed) if posterior is not None and uncertainty else {}
    if posterior is not None and not uncertainty:
        fitted = posterior.typical(index.size)
    values = np.empty((index.size, len(rows)))
    unique, where = np.unique(worlds, return_inverse=True)
    for column, row in enumerate(rows):
        if row.key in fitted:
            typical = fitted[row.key]
        elif uncertainty and is_uncertain(row):
            typical = quantile(row, uniforms(seed, f"typical:{row.key}", unique))[where]
        else:
            typical = np.full(index.size, row.value)
        if spread and row.between_cv:
            typical = _depart(row, typical, normal_quantile(uniforms(seed, f"between:{row.key}", index)))
        values[:, column] = typical
    return Draws(tuple(row.key for row in rows), values)


def is_uncertain(row: Row) -> bool:
    """Whether the typical value of a row has a spread."""
    return row.distribution != "fixed" and row.low < row.high


def quantile(row: Row, chance: np.ndarray) -> np.ndarray:
    """Quantiles of the typical value: low at 0.05, high at 0.95, and (but for uniforms) the value at 0.5.

    Between its halves the scale may differ, so that all three numbers of the row hold exactly.
    """
    if row.distribution not in DISTRIBUTIONS:
        raise UnknownNameError("distribution", row.distribution, DISTRIBUTIONS, f"Row {row.key!r}.")
    if not is_uncertain(row):
        return np.full(chance.size, row.value)
    low, high, value = row.low, row.high, row.value
    if row.distribution == "uniform":
        return _uniform(low, high, chance)
    forward, back = _scale(row)
    if row.distribution == "loguniform":
        start, end = forward(low), forward(high)
        return back(start + (chance - 0.05) / 0.9 * (end - start))
    if not low <= value <= high:
        raise TableError(f"row {row.key!r}: value {value:g} is not between low {low:g} and high {high:g}")
    centre, down, up = forward(value), forward(value) - forward(low), forward(high) - forward(value)
    z = normal_quantile(chance)
    return back(centre + np.where(z < 0, down, up) * z / _Z95)


def _uniform(low: float, high: float, chance: np.ndarray) -> np.ndarray:
    """Uniform with 5 % beyond either end; a quantity that is positive stays so."""
    values = low + (chance - 0.05) / 0.9 * (high - low)
    if low > 0:
        values = np.where((values < low) & (low < (high - low) / 18.0), low * chance / 0.05, values)
    return values


def _scale(row: Row) -> tuple[Callable[[float], float], Callable[[np.ndarray], np.ndarray]]:
    """The scale on which a row is normal, and back."""
    low, high = row.low, row.high
    if row.distribution in ("lognormal", "loguniform"):
        if low <= 0:
            raise TableError(f"row {row.key!r}: low {low:g} must be positive for a {row.distribution}")
        return math.log, np.exp
    if row.distribution == "logitnormal":
        if not (low > 0 and high < 1):
            raise TableError(f"row {row.key!r}: low {low:g} and high {high:g} of a fraction must lie inside 0 and 1")
        return (lambda p: math.log(p / (1.0 - p))), (lambda x: 1.0 / (1.0 + np.exp(-x)))
    return (lambda x: x), (lambda x: x)


def _depart(row: Row, typical: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Each person's own value about the typical one; for fractions ``between_cv`` is the sd of the logit."""
    cv = row.between_cv
    if row.distribution == "logitnormal":
        return 1.0 / (1.0 + np.exp(-(np.log(typical / (1.0 - typical)) + cv * z)))
    if row.distribution == "normal":
        return typical + abs(row.value) * cv * z
    return typical * np.exp(math.sqrt(math.log1p(cv * cv)) * z)
