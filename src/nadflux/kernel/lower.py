"""From a model to the program that the code generator prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from nadflux.kernel.differentiate import TIME
from nadflux.kernel.graph import LEAVES, Node
from nadflux.kernel.program import Program, hash_of, levels_of
from nadflux.kernel.sparse import eliminate
from nadflux.kernel.symbols import Symbols
from nadflux.network.expression import Expression
from nadflux.network.model import Model


def lower(
    model: Model,
    outputs: Mapping[str, Expression],
    inputs: Sequence[str] = (),
    also_states: Sequence[str] = (),
) -> Program:
    """Lower a model to equations, their exact Jacobian and the elimination order.

    Parameters
    ----------
    model : Model
        SBML semantics; events are not part of the program (see ``Stepper``).
    outputs : mapping of str to Expression
        What to compute for the caller, by name. Does not influence the bits of the states.
    inputs : sequence of str
        Parameters that a schedule may step in time.
    also_states : sequence of str
        Ids that would otherwise be constant and that events may set.

    Raises
    ------
    ModelError
        For definitions that depend on each other in a circle.
    UnknownNameError
        For an id the model does not have.
    """
    symbols = Symbols(model, tuple(inputs), tuple(also_states))
    graph = symbols.graph
    for name in (*model.assignment_rules, *model.reactions):
        symbols.run(name)
    for name in model.initial_assignments:
        symbols.initial(name)
    states = tuple(symbols.states)
    derivatives = [symbols.state_derivative(name) for name in states]
    initial = [symbols.initial_state(name) for name in states]
    gradients = symbols.differentiator.gradients(derivatives)
    zero = graph.constant(0.0)
    time_derivatives = [gradient.get(TIME, zero) for gradient in gradients]
    jacobian = {(i, j): d for i, gradient in enumerate(gradients) for j, d in gradient.items() if j != TIME}
    output_nodes = [graph.number(symbols.expression(expression)) for expression in outputs.values()]
    elimination = eliminate(len(states), jacobian)

    roots = [*derivatives, *time_derivatives, *initial, *jacobian.values(), *output_nodes]
    kept = graph.below(roots)
    number = {a: k for k, a in enumerate(kept)}
    nodes = tuple(_renumbered(graph.nodes[a], number) for a in kept)
    defaults = np.array([math.nan if v is None else v for v in symbols.parameters.values()], dtype=np.float64)
    program = {
        "states": states,
        "state_kinds": tuple(symbols.states.values()),
        "parameters": tuple(symbols.parameters),
        "inputs": tuple(inputs),
        "outputs": tuple(outputs),
        "nodes": nodes,
        "derivatives": tuple(number[a] for a in derivatives),
        "time_derivatives": tuple(number[a] for a in time_derivatives),
        "initial": tuple(number[a] for a in initial),
        "jacobian": {key: number[a] for key, a in jacobian.items()},
        "output_nodes": tuple(number[a] for a in output_nodes),
        "order": elimination.order,
        "rows": elimination.rows,
    }
    digest = hash_of(program, defaults.tolist())
    return Program(defaults=defaults, levels=levels_of(nodes), hash=digest, **program)  # type: ignore[arg-type]


def _renumbered(node: Node, number: dict[int, int]) -> Node:
    return node if node[0] in LEAVES else (node[0], *(number[child] for child in node[1:]))
