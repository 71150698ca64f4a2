"""Elimination order and fill."""

from __future__ import annotations

import numpy as np

from nadflux.kernel.sparse import eliminate


def factorise(matrix: np.ndarray, order: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Dense LU of the permuted matrix without pivoting, factors in one array."""
    permuted = matrix[np.ix_(order, order)].copy()
    work = permuted.copy()
    for k in range(len(work)):
        work[k + 1 :, k] /= work[k, k]
        work[k + 1 :, k + 1 :] -= np.outer(work[k + 1 :, k], work[k, k + 1 :])
    return permuted, work


def test_pattern_holds_every_factor() -> None:
    random = np.random.default_rng(5)
    count = 40
    matrix = np.where(random.random((count, count)) < 0.06, random.normal(size=(count, count)), 0.0) + 20 * np.eye(
        count
    )
    elimination = eliminate(count, list(zip(*np.nonzero(matrix), strict=True)))
    assert sorted(elimination.order) == list(range(count))
    _, factors = factorise(matrix, elimination.order)
    pattern = np.zeros((count, count), dtype=bool)
    for row, columns in enumerate(elimination.rows):
        pattern[row, list(columns)] = True
    assert np.array_equal(np.flatnonzero(factors), np.flatnonzero(factors * pattern))
    assert set(elimination.slots.values()) == set(range(pattern.sum()))


def test_arrow_fills_nothing() -> None:
    """A hub that all others touch must be eliminated last."""
    count = 30
    entries = [(0, k) for k in range(count)] + [(k, 0) for k in range(count)]
    elimination = eliminate(count, entries)
    assert elimination.order[-1] == 0 or elimination.order[-2] == 0
    assert len(elimination.slots) == 3 * count - 2
