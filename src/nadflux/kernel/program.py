"""A lowered model: all that is needed to generate machine code, and nothing of LLVM."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np

from nadflux.kernel.graph import LEAVES, Node

CONSTANT, PERSON, RUN = 0, 1, 2


@dataclass(frozen=True)
class Program:
    """The equations of a model as graph nodes, with elimination order and names.

    Attributes
    ----------
    states : tuple of str
        Ids of the integrated variables, in the order of ``initial`` and ``final`` arrays.
    state_kinds : tuple of str
        ``"amount"`` where the state is the amount of a species, ``"value"`` where it is what the id means.
    parameters : tuple of str
        Ids whose value a caller may set for each person.
    defaults : ndarray, shape (parameter,)
        Values in the model text, NaN where it gives none.
    inputs : tuple of str
        Parameters which may be stepped in time.
    outputs : tuple of str
        Names of the outputs.
    nodes : tuple
        The graph (see ``graph.py``).
    derivatives, time_derivatives, initial : tuple of int
        For each state dy/dt, its partial derivative by time, and the value at the start.
    jacobian : dict
        Node of each non-zero partial derivative by (row state, column state).
    output_nodes : tuple of int
        Node of each output.
    order, rows : tuple
        Elimination order of the states and pattern of the factors (see ``sparse.py``).
    hash : str
        SHA-256 of all of the above.
    """

    states: tuple[str, ...]
    state_kinds: tuple[str, ...]
    parameters: tuple[str, ...]
    defaults: np.ndarray
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    nodes: tuple[Node, ...]
    derivatives: tuple[int, ...]
    time_derivatives: tuple[int, ...]
    initial: tuple[int, ...]
    jacobian: dict[tuple[int, int], int]
    output_nodes: tuple[int, ...]
    order: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]
    levels: bytes = field(repr=False, default=b"")
    hash: str = ""

    @property
    def sizes(self) -> dict[str, int]:
        """Counts of states, parameters, inputs, outputs, Jacobian entries, factors and graph nodes."""
        return {
            "states": len(self.states),
            "parameters": len(self.parameters),
            "inputs": len(self.inputs),
            "outputs": len(self.outputs),
            "jacobian": len(self.jacobian),
            "factors": sum(len(row) for row in self.rows),
            "nodes": len(self.nodes),
        }


def levels_of(nodes: tuple[Node, ...]) -> bytes:
    """Return for each node whether it depends on nothing, on the person only, or on state, input or time."""
    levels = bytearray(len(nodes))
    leaf_level = {"c": CONSTANT, "b": CONSTANT, "p": PERSON, "o": PERSON, "y": RUN, "u": RUN, "t": RUN}
    for number, node in enumerate(nodes):
        if node[0] in LEAVES:
            levels[number] = leaf_level[node[0]]
        else:
            levels[number] = max(levels[child] for child in node[1:])
    return bytes(levels)


def hash_of(*parts: object) -> str:
    """Return the SHA-256 of the printed form of the parts; floats are printed in full."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()
