"""Symbolic sparse LU factorisation without pivoting: elimination order and fill, once per model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Elimination:
    """Order of elimination and pattern of the factors.

    Attributes
    ----------
    order : tuple of int
        ``order[k]`` is the row (and column) eliminated as the k-th.
    rows : tuple of tuple of int
        For each position the sorted positions of its non-zero factors, diagonal included.
    slots : dict
        Storage index of each factor by (row position, column position).
    """

    order: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]
    slots: dict[tuple[int, int], int]


def eliminate(count: int, entries: Iterable[tuple[int, int]]) -> Elimination:
    """Order diagonal pivots by the Markowitz count and find the fill.

    Parameters
    ----------
    count : int
        Number of rows.
    entries : iterable of (int, int)
        Non-zero (row, column) pairs; the diagonal is always taken as non-zero.
    """
    rows = [{i} for i in range(count)]
    columns = [{i} for i in range(count)]
    for i, j in entries:
        rows[i].add(j)
        columns[j].add(i)
    left = set(range(count))
    order: list[int] = []
    later: list[set[int]] = []
    lower: list[list[int]] = [[] for _ in range(count)]
    while left:
        k = min(left, key=lambda i: ((len(rows[i]) - 1) * (len(columns[i]) - 1), i))
        order.append(k)
        left.discard(k)
        row, column = rows[k] - {k}, columns[k] - {k}
        later.append(row)
        for i in column:
            rows[i] |= row
            rows[i].discard(k)
            lower[i].append(k)
        for j in row:
            columns[j] |= column
            columns[j].discard(k)
    position = {k: p for p, k in enumerate(order)}
    pattern = []
    for p, k in enumerate(order):
        pattern.append(tuple(sorted([position[j] for j in lower[k]] + [p] + [position[j] for j in later[p]])))
    slots: dict[tuple[int, int], int] = {}
    for i, columns_of_row in enumerate(pattern):
        for j in columns_of_row:
            slots[i, j] = len(slots)
    return Elimination(tuple(order), tuple(pattern), slots)
