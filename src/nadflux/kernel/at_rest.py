"""Resting values of a model for many people without compiling: the nodes of the kernel evaluated in NumPy.

The graph is the one that machine code is printed from and each operation is correctly rounded or one of the kernel's
own elementary functions, so that the numbers are those of machine code to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from nadflux.kernel.array_value import apply_function
from nadflux.kernel.graph import Graph
from nadflux.kernel.symbols import Symbols
from nadflux.network.model import Model

_EXACT: dict[str, Callable[..., np.ndarray]] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "neg": np.negative,
    "inv": lambda a: 1.0 / a, "select": np.where,
    "lt": np.less, "le": np.less_equal, "eq": np.equal, "ne": np.not_equal,
    "and": np.logical_and, "or": np.logical_or, "not": np.logical_not,
    "sqrt": np.sqrt, "abs": np.abs, "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc,
}  # fmt: skip


class AtRest:
    """Values of the ids of a model at the start, before any event.

    Parameters
    ----------
    model : Model
    inputs : sequence of str
        Parameters that a schedule may step in time, as the program was lowered with.
    """

    def __init__(self, model: Model, inputs: Sequence[str] = ()) -> None:
        self._symbols = Symbols(model, tuple(inputs), ())

    def values(
        self, names: Iterable[str], parameters: Sequence[str], rows: np.ndarray, origin: float = 0.0
    ) -> dict[str, np.ndarray]:
        """Return the values of ids at the start.

        Parameters
        ----------
        names : iterable of str
            Ids of compartments, species (in the meaning they have in formulas), parameters and reactions.
        parameters : sequence of str
            Ids of the columns of ``rows``, such as ``Program.parameters``.
        rows : ndarray, shape (person, parameter), each in its own unit
        origin : float
            Time at which the initial assignments hold.

        Returns
        -------
        dict of str to ndarray, shape (person,), each in the unit of its id

        Raises
        ------
        UnknownNameError
            For an id that the model does not have.
        ModelError
            For definitions that depend on each other in a circle.
        """
        nodes = {name: self._symbols.initial(name) for name in names}
        column = {name: k for k, name in enumerate(parameters)}
        given = [np.ascontiguousarray(rows[:, column[name]], dtype=np.float64) for name in self._symbols.parameters]
        known = evaluate_nodes(self._symbols.graph, nodes.values(), given, origin)
        return {name: np.broadcast_to(known[node], len(rows)).astype(float) for name, node in nodes.items()}


def evaluate_nodes(
    graph: Graph,
    roots: Iterable[int],
    parameters: Sequence[np.ndarray],
    origin: float,
    states: Sequence[np.ndarray] = (),
    time: float = 0.0,
) -> dict[int, np.ndarray]:
    """Return the values of nodes and of all that they are built of, children before parents.

    Parameters
    ----------
    graph : Graph
    roots : iterable of int
        Nodes without inputs below them.
    parameters, states : sequence of ndarray, each of shape (person,) or (1,), in its own unit
        Values of the leaves.
    origin, time : float
        Time at which the initial assignments hold, and the time now.

    Returns
    -------
    dict of int to ndarray, each of shape (person,) or (1,), in its own unit
    """
    known: dict[int, np.ndarray] = {}
    leaves: dict[str, Callable[..., np.ndarray]] = {
        "c": lambda value: np.array([value]),
        "b": lambda value: np.array([value]),
        "p": lambda number: parameters[number],
        "y": lambda number: states[number],
        "o": lambda: np.array([origin]),
        "t": lambda: np.array([time]),
    }
    with np.errstate(all="ignore"):
        for a in graph.below(roots):
            operation, *rest = graph.nodes[a]
            if operation in leaves:
                known[a] = leaves[operation](*rest)
            elif operation in _EXACT:
                known[a] = _EXACT[operation](*(known[child] for child in rest))
            else:
                known[a] = apply_function(operation, *np.broadcast_arrays(*(known[child] for child in rest)))
    return known
