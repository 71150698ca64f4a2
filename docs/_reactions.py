"""A reaction network as a graph: species and reactions are nodes, reactions alike in species are one node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from nadflux.network.model import Model, Reaction


@dataclass
class Node:
    """A box to be drawn.

    Attributes
    ----------
    label : str
    kind : str
        ``species``, ``outside``, ``source`` or ``reaction``.
    group : str
        What colours it.
    """

    label: str
    kind: str
    group: str = ""


@dataclass
class Graph:
    """Nodes by id, edges (tail, head), and edges that also run backwards."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)
    both_ways: set[tuple[str, str]] = field(default_factory=set)


def reaction_graph(
    model: Model,
    reactions: Iterable[Reaction],
    *,
    species: Callable[[str], Node],
    label: Callable[[Reaction], tuple[str, str]],
    ledgers: frozenset[str] = frozenset(),
    sources: Mapping[str, str] | None = None,
    per_line: int = 1,
) -> Graph:
    """Return the graph of some reactions of a model.

    Parameters
    ----------
    species : callable
        Node of a species id.
    label : callable
        Words and group of a reaction.
    ledgers : frozenset of str
        Species that only count and are left out.
    sources : mapping of str to str
        What a reaction without reactants takes in, by reaction id.
    per_line : int
        Names on one line of a node that stands for several reactions.
    """
    graph = Graph()
    alike: dict[tuple[tuple[str, ...], tuple[str, ...], bool], list[Reaction]] = {}
    for reaction in reactions:
        before = tuple(r.species for r in reaction.reactants if r.species not in ledgers)
        after = tuple(r.species for r in reaction.products if r.species not in ledgers)
        if not before and sources and reaction.id in sources:
            before = (f"source {sources[reaction.id]}",)
        if before or after:
            alike.setdefault((before, after, reaction.reversible), []).append(reaction)
    for (before, after, _), _members in alike.items():
        for name in (*before, *after):
            if name not in graph.nodes:
                graph.nodes[name] = (
                    Node(name.removeprefix("source "), "source") if name.startswith("source ") else species(name)
                )
    for number, ((before, after, reversible), members) in enumerate(alike.items()):
        texts = [label(reaction) for reaction in members]
        names = list(dict.fromkeys(text for text, _ in texts))
        lines = [" · ".join(names[k : k + per_line]) for k in range(0, len(names), per_line)]
        node = f"reaction {number}"
        graph.nodes[node] = Node("\n".join(lines), "reaction", next((group for _, group in texts if group), ""))
        for name in before:
            graph.edges.append((name, node))
        for name in after:
            graph.edges.append((node, name))
        if reversible:
            graph.both_ways |= {(name, node) for name in before} | {(node, name) for name in after}
    return graph
