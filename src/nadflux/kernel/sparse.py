"""Symbolic sparse LU factorisation without pivoting: elimination order and fill, once per model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_COUNTED = 1000
"""Updated entries up to which a pivot's fill is counted."""


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
    """Order diagonal pivots by the entries that each would add, then by the Markowitz count, and find the fill.

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
    costs = {k: _cost(k, rows, columns) for k in left}
    order: list[int] = []
    later: list[set[int]] = []
    lower: list[list[int]] = [[] for _ in range(count)]
    while left:
        k = min(left, key=costs.__getitem__)
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
        near = row.union(column, *(rows[i] for i in column))
        costs.update((i, _cost(i, rows, columns)) for i in near & left)
    position = {k: p for p, k in enumerate(order)}
    pattern = []
    for p, k in enumerate(order):
        pattern.append(tuple(sorted([position[j] for j in lower[k]] + [p] + [position[j] for j in later[p]])))
    slots: dict[tuple[int, int], int] = {}
    for i, columns_of_row in enumerate(pattern):
        for j in columns_of_row:
            slots[i, j] = len(slots)
    return Elimination(tuple(order), tuple(pattern), slots)


def _cost(k: int, rows: list[set[int]], columns: list[set[int]]) -> tuple[int, int, int]:
    """Return what eliminating a state would add and update, and its number, for a choice that is always the same.

    What is added is counted where that is soon done, and taken to be all of the update elsewhere.
    """
    updated = (len(rows[k]) - 1) * (len(columns[k]) - 1)
    if updated > MOST_COUNTED:
        return updated, updated, k
    added = sum(len(rows[k] - rows[i]) for i in columns[k] if i != k)
    return added, updated, k
