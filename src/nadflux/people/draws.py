"""Draws of parameters at two levels: what is not known of the typical value, and how people differ.

The typical value of a row is drawn from its low, high and distribution; a person's own value then departs
from it by ``between_cv``. A row for ``organ=all`` is one draw for the person, whatever organs use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.elementary import exp, log, log1p
from nadflux.errors import TableError, UnknownNameError
from nadflux.people.normal import Z95, normal_quantile
from nadflux.people.posterior import Posterior
from nadflux.people.rows import Row
from nadflux.people.streams import check_seed, uniforms

# The 95th percentile of the standard normal: what turns low and high into a spread.
_BLOCK = 2**17  # numbers drawn at once
_LOG, _LOGIT = ("lognormal", "loguniform"), "logitnormal"
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
    again : ndarray of int, shape (person,), optional
        How often each person was drawn again; nobody was if left out.
    """

    names: tuple[str, ...]
    values: np.ndarray
    again: np.ndarray | None = None

    def of(self, chosen: np.ndarray) -> Draws:
        """Return the draws of some people.

        Parameters
        ----------
        chosen : ndarray of int, shape (chosen person,)
            Their positions.
        """
        return Draws(self.names, self.values[chosen], None if self.again is None else self.again[chosen])

    @property
    def drawn_again(self) -> int:
        """The number of people who were drawn again."""
        return 0 if self.again is None else int(np.count_nonzero(self.again))


def draw(
    rows: Iterable[Row],
    people: int | np.ndarray,
    seed: int,
    *,
    uncertainty: bool = True,
    spread: bool = True,
    group: int = 1,
    posterior: Posterior | None = None,
    departures_seed: int | None = None,
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
    departures_seed : int, optional
        Seed of how people depart from the typical values; ``seed`` by default.

    Returns
    -------
    Draws

    Raises
    ------
    TableError
        If low, value and high are not in order or do not fit the distribution.
    """
    check_seed(seed)
    own_seed = seed if departures_seed is None else check_seed(departures_seed)
    index = np.arange(people) if isinstance(people, int) else np.asarray(people, dtype=np.int64)
    rows = list(rows)
    worlds = index // group
    fitted = posterior.sample(worlds, seed) if posterior is not None and uncertainty else {}
    if posterior is not None and not uncertainty:
        fitted = posterior.typical(index.size)
    values = np.empty((index.size, len(rows)))
    step = max(1, _BLOCK // max(index.size, 1))
    for first in range(0, len(rows), step):
        block = rows[first : first + step]
        typical = _typical(block, worlds, seed, fitted, uncertainty)
        values[:, first : first + step] = _departed(block, typical, index, own_seed) if spread else typical
    return Draws(tuple(row.key for row in rows), values)


def is_uncertain(row: Row) -> bool:
    """Tell whether the typical value of a row has a spread."""
    return row.distribution != "fixed" and row.low < row.high


def quantile(row: Row, chance: np.ndarray) -> np.ndarray:
    """Return quantiles of the typical value: low at 0.05, high at 0.95, and (but for uniforms) the value at 0.5.

    Between its halves the scale may differ, so that all three numbers of the row hold exactly.

    Parameters
    ----------
    row : Row
    chance : ndarray, shape (person,), dimensionless
        Between 0 and 1.

    Returns
    -------
    ndarray, shape (person,), in the unit of the row

    Raises
    ------
    UnknownNameError
        For a distribution that does not exist.
    TableError
        If low, value and high are not in order or do not fit the distribution.
    """
    return _quantiles([row], chance[:, None])[:, 0]


def _typical(
    rows: Sequence[Row], worlds: np.ndarray, seed: int, fitted: Mapping[str, np.ndarray], uncertainty: bool
) -> np.ndarray:
    """Return the typical values, shape (person, row)."""
    values = np.empty((worlds.size, len(rows)))
    drawn = []
    for column, row in enumerate(rows):
        values[:, column] = fitted.get(row.key, row.value)
        if row.key not in fitted and uncertainty and is_uncertain(row):
            drawn.append(column)
    if drawn:
        unique, where = np.unique(worlds, return_inverse=True)
        chances = [uniforms(seed, f"typical:{rows[column].key}", unique) for column in drawn]
        values[:, drawn] = _quantiles([rows[column] for column in drawn], np.stack(chances, axis=1))[where]
    return values


def _departed(rows: Sequence[Row], typical: np.ndarray, people: np.ndarray, seed: int) -> np.ndarray:
    """Return each person's own values about the typical ones, shape (person, row)."""
    columns = [column for column, row in enumerate(rows) if row.between_cv]
    if columns:
        chances = [uniforms(seed, f"between:{rows[column].key}", people) for column in columns]
        z = normal_quantile(np.stack(chances, axis=1))
        typical[:, columns] = _depart([rows[column] for column in columns], typical[:, columns], z)
    return typical


def _quantiles(rows: Sequence[Row], chance: np.ndarray) -> np.ndarray:
    """Return quantiles of the typical values of several rows, shape (person, row), see `quantile`."""
    for row in rows:
        _check(row)
    low, value, high = (np.array([getattr(row, end) for row in rows]) for end in ("low", "value", "high"))
    even = _are(rows, "uniform", "loguniform")
    start, centre, end = _on_scale(rows, np.stack([low, value, high]))
    z = normal_quantile(chance)
    moved = centre + np.where(z < 0, centre - start, end - centre) * z / Z95
    moved = np.where(even, start + (chance - 0.05) / 0.9 * (end - start), moved)
    result = _off_scale(rows, moved)
    # uniform with 5 % beyond either end; a quantity that is positive stays so
    reaches_zero = _are(rows, "uniform") & (low > 0) & (low < (high - low) / 18.0)
    result = np.where(reaches_zero & (result < low), low * chance / 0.05, result)
    return np.where([is_uncertain(row) for row in rows], result, value)


def _check(row: Row) -> None:
    """Refuse a row whose numbers do not fit its distribution."""
    if row.distribution not in DISTRIBUTIONS:
        raise UnknownNameError("distribution", row.distribution, DISTRIBUTIONS, f"Row {row.key!r}.")
    if not is_uncertain(row):
        return
    low, high, value = row.low, row.high, row.value
    if row.distribution in _LOG and low <= 0:
        raise TableError(f"row {row.key!r}: low {low:g} must be positive for a {row.distribution}")
    if row.distribution == _LOGIT and not (low > 0 and high < 1):
        raise TableError(f"row {row.key!r}: low {low:g} and high {high:g} of a fraction must lie inside 0 and 1")
    if row.distribution not in ("uniform", "loguniform") and not low <= value <= high:
        raise TableError(f"row {row.key!r}: value {value:g} is not between low {low:g} and high {high:g}")


def _are(rows: Sequence[Row], *distributions: str) -> np.ndarray:
    return np.array([row.distribution in distributions for row in rows])


def _on_scale(rows: Sequence[Row], values: np.ndarray) -> np.ndarray:
    """Transform values, shape (any, row), to the scale on which each row is even or normal."""
    result = np.array(values)
    logs, logits = _are(rows, *_LOG), _are(rows, _LOGIT)
    result[:, logs] = log(values[:, logs])
    fractions = values[:, logits]
    result[:, logits] = log(fractions / (1.0 - fractions))
    return result


def _off_scale(rows: Sequence[Row], values: np.ndarray) -> np.ndarray:
    """Transform back from the scale of each row, see `_on_scale`."""
    result = np.array(values)
    logs, logits = _are(rows, *_LOG), _are(rows, _LOGIT)
    result[:, logs] = exp(values[:, logs])
    result[:, logits] = 1.0 / (1.0 + exp(-values[:, logits]))
    return result


def _depart(rows: Sequence[Row], typical: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return own values about typical ones, shape (person, row); ``between_cv`` of fractions is the sd of the logit."""
    result = np.empty_like(typical)
    cv = np.array([row.between_cv for row in rows])
    size = np.array([abs(row.value) for row in rows])
    logits, normal = _are(rows, _LOGIT), _are(rows, "normal")
    others = ~(logits | normal)
    own = typical[:, logits]
    result[:, logits] = 1.0 / (1.0 + exp(-(log(own / (1.0 - own)) + cv[logits] * z[:, logits])))
    result[:, normal] = typical[:, normal] + (size * cv)[normal] * z[:, normal]
    own_cv = cv[others]
    result[:, others] = typical[:, others] * exp(np.sqrt(log1p(own_cv * own_cv)) * z[:, others])
    return result
