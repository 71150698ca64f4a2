"""Solutions joined: one that goes on from another, and those of different people."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from nadflux.kernel.batch import Failure, Solution


def gone_on(before: Solution, solution: Solution) -> Solution:
    """Return a solution that goes on from another, with the failures and steps of both.

    People who failed before are not counted again for having no state to go on from.
    """
    failed = {failure.person for failure in before.failures}
    later = [failure for failure in solution.failures if failure.person not in failed]
    return dataclasses.replace(
        solution,
        failures=tuple(sorted((*before.failures, *later), key=lambda failure: failure.person)),
        steps=before.steps + solution.steps,
        attempts=before.attempts + solution.attempts,
    )


def together(parts: Sequence[tuple[np.ndarray, Solution]], count: int) -> Solution:
    """Return solutions of different people as one.

    Parameters
    ----------
    parts : sequence of (ndarray of int, Solution)
        Positions of the people of each solution among all.
    count : int
        How many people there are.
    """
    order = np.argsort(np.concatenate([people for people, _ in parts]))
    assert order.size == count

    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(solution, name) for _, solution in parts])[order]

    failures: list[Failure] = [
        dataclasses.replace(failure, person=int(people[failure.person]))
        for people, solution in parts
        for failure in solution.failures
    ]
    return Solution(
        joined("outputs"), joined("final"), joined("final_step"), joined("final_inputs"),
        tuple(sorted(failures, key=lambda failure: failure.person)),
        joined("steps"), joined("attempts"), joined("peaks"),
    )  # fmt: skip
