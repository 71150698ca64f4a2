"""Totals: states that add up and act on nothing, and the outputs that grow with them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from nadflux.kernel.graph import LEAVES
from nadflux.kernel.program import RUN, Program
from nadflux.simulation.compiled import Prepared

_NONE, _GROWS, _OTHER = 0, 1, 2  # how a node depends on totals: not, in proportion, or in another way


@lru_cache(maxsize=8)
def totals_of(compiled: Prepared) -> tuple[int, ...]:
    """Return the positions of the states on which no rate depends, their own included."""
    read = {column for _, column in compiled.program.jacobian}
    return tuple(k for k in range(len(compiled.program.states)) if k not in read)


def growing(compiled: Prepared, outputs: Sequence[str]) -> np.ndarray | None:
    """Return which outputs grow in proportion to totals, shape (output,); None if one depends on them in another way.

    Where everything else repeats after some hours, such an output grows by the same amount each time, and every other
    output is the same again.

    Parameters
    ----------
    compiled : Prepared
    outputs : sequence of str
    """
    node = dict(zip(compiled.program.outputs, compiled.program.output_nodes, strict=True))
    ways = _ways(compiled)
    found = [ways[node[name]] for name in outputs]
    return None if _OTHER in found else np.array([way == _GROWS for way in found], dtype=bool)


@lru_cache(maxsize=8)
def _ways(compiled: Prepared) -> dict[int, int]:
    """Return for each node below an output how it depends on totals."""
    program, totals, ways = compiled.program, frozenset(totals_of(compiled)), dict[int, int]()
    for root in program.output_nodes:
        stack = [root]
        # Children before parents.
        while stack:
            a = stack[-1]
            operation, *rest = program.nodes[a]
            if operation in LEAVES:
                ways[a] = _GROWS if operation == "y" and rest[0] in totals else _NONE
            elif waiting := [child for child in rest if child not in ways]:
                stack += waiting
                continue
            else:
                ways[a] = _way(program, operation, rest, [ways[child] for child in rest])
            stack.pop()
    return ways


def _way(program: Program, operation: str, children: Sequence[int], ways: Sequence[int]) -> int:
    """Return how a node depends on totals, from how its children do."""
    if not any(ways):
        return _NONE
    if _OTHER in ways:
        return _OTHER
    if operation in ("add", "sub", "neg"):
        return _GROWS
    others = [child for child, way in zip(children, ways, strict=True) if way == _NONE]
    steady = all(program.levels[child] < RUN for child in others)
    one = len(others) == len(children) - 1 and steady
    return _GROWS if one and (operation == "mul" or (operation == "div" and ways[0] == _GROWS)) else _OTHER
