"""Anderson acceleration of a fixed-point iteration of many people at once, the bits of each their own.

Sums run in one order whatever the number of people and the processor, so nothing here is left to NumPy's reductions or
to LAPACK.
"""

from __future__ import annotations

from collections import deque

import numpy as np

_DEPENDENT = 1e-8  # share of a difference that must be new, beside the others, for it to count


class Anderson:
    """Mixing of the last iterates into the next one (10.1145/321296.321305; type II).

    Parameters
    ----------
    depth : int
        How many differences between iterates are kept.
    """

    def __init__(self, depth: int) -> None:
        self._changes: deque[np.ndarray] = deque(maxlen=depth + 1)
        self._results: deque[np.ndarray] = deque(maxlen=depth + 1)

    def next(self, changes: np.ndarray, results: np.ndarray, people: np.ndarray) -> np.ndarray:
        """Return the next iterate of some people, and remember this one.

        Parameters
        ----------
        changes : ndarray, shape (all people, state)
            By how much each state changed, in units of its size; that of the others is not read.
        results : ndarray, shape (all people, state), in the units of the states
            What the iteration gave.
        people : ndarray of int, shape (chosen,)
            Who is still iterated; they have been from the first call on.

        Returns
        -------
        ndarray, shape (chosen, state), in the units of the states
        """
        self._changes.appendleft(changes)
        self._results.appendleft(results)
        mine = changes[people]
        mixed: np.ndarray = results[people].copy()
        basis: list[tuple[np.ndarray, np.ndarray]] = []
        # From the newest difference to the oldest: each counts by what those before it do not hold.
        for k in range(len(self._changes) - 1):
            step = self._changes[k][people] - self._changes[k + 1][people]
            move = self._results[k][people] - self._results[k + 1][people]
            before = np.sqrt(_dot(step, step))
            # Against each direction so far.
            for direction, along in basis:
                share = _dot(direction, step)[:, None]
                step, move = step - share * direction, move - share * along
            size = np.sqrt(_dot(step, step))
            new = size > _DEPENDENT * before
            per_size = np.where(new, 1.0 / np.where(new, size, 1.0), 0.0)[:, None]
            basis.append((step * per_size, move * per_size))
            mixed -= _dot(basis[-1][0], mine)[:, None] * basis[-1][1]
        return mixed


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the product of each person's vectors, shape (person,), added up state by state."""
    sums: np.ndarray = np.cumsum(a * b, axis=1)
    last: np.ndarray = sums[:, -1]
    return last
