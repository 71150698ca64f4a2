"""Layered layout of a directed graph (Sugiyama, Tagawa and Toda 1981, doi:10.1109/TSMC.1981.4308636).

Nodes have sizes, so that labels do not overlap; the same graph gives the same picture on every machine.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Point = tuple[float, float]
_SWEEPS = 24


@dataclass(frozen=True)
class Layout:
    """Places of nodes and edges, in the unit of the sizes given; the first layer is at y = 0 and y falls.

    Attributes
    ----------
    positions : mapping of str to (x, y)
        Centre of each node.
    routes : mapping of (str, str) to tuple of (x, y)
        Points of each edge from tail to head, ends included.
    size : (width, height)
    """

    positions: Mapping[str, Point]
    routes: Mapping[tuple[str, str], tuple[Point, ...]]
    size: Point


def layered(
    sizes: Mapping[str, Point],
    edges: Sequence[tuple[str, str]],
    *,
    gap: float = 0.12,
    layer_gap: float = 0.3,
    weak: Collection[tuple[str, str]] = (),
) -> Layout:
    """Place nodes in layers from top to bottom; earlier nodes are preferred as beginnings of cycles.

    Parameters
    ----------
    sizes : mapping of str to (width, height)
        Nodes in the order in which cycles are opened.
    edges : sequence of (tail, head)
    gap, layer_gap : float
        Least distance between neighbours of a layer and between layers.
    weak : collection of (tail, head)
        Edges that close cycles: they do not decide which node is above which.
    """
    forward = _acyclic(list(sizes), [edge for edge in edges if edge not in weak])
    if weak:
        above = _layers(list(sizes), forward)
        strong = {node for edge in forward for node in edge}
        rank = {node: (float(above[node]), k) for k, node in enumerate(sizes)}
        for node in (n for n in sizes if n not in strong):
            near = [above[other] for edge in edges if node in edge for other in edge if other in strong]
            rank[node] = (float(np.mean(near)) if near else 0.0, rank[node][1])
        turned = (edge if rank[edge[0]] < rank[edge[1]] else edge[::-1] for edge in edges if edge in weak)
        forward = list(dict.fromkeys([*forward, *turned]))
    layer_of = _layers(list(sizes), forward)
    layers, chains, width_of = _with_bends(sizes, forward, layer_of)
    links = [(a, b) for chain in chains.values() for a, b in itertools.pairwise(chain)]
    layers = _ordered(layers, links)
    across = _across(layers, links, width_of, gap)
    heights = [max((sizes[n][1] for n in layer if n in sizes), default=0.0) for layer in layers]
    down, y = [], 0.0
    for k, height in enumerate(heights):
        y += height / 2 if k else 0.0
        down.append(-y)
        y += height / 2 + layer_gap
    place = {node: (across[node], down[k]) for k, layer in enumerate(layers) for node in layer}
    routes = {}
    for tail, head in dict.fromkeys(edges):
        chain = chains[(tail, head)] if (tail, head) in chains else chains[(head, tail)][::-1]
        points = [place[chain[0]]]
        for node in chain[1:-1]:
            # straight past the boxes of a layer, so that lines bend between layers only
            x, middle = place[node]
            half = heights[down.index(middle)] / 2 * (1 if points[-1][1] > middle else -1)
            points += [(x, middle + half), (x, middle - half)]
        routes[(tail, head)] = (*points, place[chain[-1]])
    width = max(x + width_of[n] / 2 for n, x in across.items()) - min(x - width_of[n] / 2 for n, x in across.items())
    return Layout({n: place[n] for n in sizes}, routes, (width, y - layer_gap))


def _acyclic(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the edges with those that close a cycle turned round."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for tail, head in dict.fromkeys(edges):
        if tail != head:
            after[tail].append(head)
    state: dict[str, int] = {}
    result: dict[tuple[str, str], None] = {}

    def visit(node: str) -> None:
        state[node] = 1
        for head in after[node]:
            result[(head, node) if state.get(head) == 1 else (node, head)] = None
            if head not in state:
                visit(head)
        state[node] = 2

    for node in nodes:
        if node not in state:
            visit(node)
    return list(result)


def _layers(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return longest paths from the top; nodes without anything above then sink to just above what they feed."""
    layer = dict.fromkeys(nodes, 0)
    for _ in nodes:
        moved = False
        for tail, head in edges:
            if layer[head] < layer[tail] + 1:
                layer[head], moved = layer[tail] + 1, True
        if not moved:
            break
    heads: dict[str, list[str]] = {}
    has_tail = {head for _, head in edges}
    for tail, head in edges:
        heads.setdefault(tail, []).append(head)
    for _ in range(3):
        for node in nodes:
            above = [layer[t] for t, h in edges if h == node]
            if node in heads and len(above) <= len(heads[node]) and (node not in has_tail or len(above) == 1):
                layer[node] = max(min(layer[h] for h in heads[node]) - 1, max(above, default=-1) + 1)
    least = min(layer.values())
    return {node: k - least for node, k in layer.items()}


def _with_bends(
    sizes: Mapping[str, Point], edges: Sequence[tuple[str, str]], layer_of: Mapping[str, int]
) -> tuple[list[list[str]], dict[tuple[str, str], list[str]], dict[str, float]]:
    layers: list[list[str]] = [[] for _ in range(max(layer_of.values()) + 1)]
    width = {node: size[0] for node, size in sizes.items()}
    for node in sizes:
        layers[layer_of[node]].append(node)
    chains = {}
    for tail, head in edges:
        chain = [tail]
        for k in range(layer_of[tail] + 1, layer_of[head]):
            bend = f"{tail} {head} {k}"
            layers[k].append(bend)
            width[bend] = 0.06
            chain.append(bend)
        chains[(tail, head)] = [*chain, head]
    return layers, chains, width


def _ordered(layers: list[list[str]], links: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Reduce crossings by sorting each layer by the mean place of its neighbours, down and up."""
    up: dict[str, list[str]] = {}
    down: dict[str, list[str]] = {}
    for tail, head in links:
        down.setdefault(tail, []).append(head)
        up.setdefault(head, []).append(tail)
    best, fewest = [list(layer) for layer in layers], _crossings(layers, down)
    current = [list(layer) for layer in layers]
    for sweep in range(_SWEEPS):
        neighbours = up if sweep % 2 == 0 else down
        order = range(1, len(current)) if sweep % 2 == 0 else range(len(current) - 2, -1, -1)
        for k in order:
            fixed = {node: place for place, node in enumerate(current[k - 1 if sweep % 2 == 0 else k + 1])}
            here = {node: place for place, node in enumerate(current[k])}

            def wanted(
                node: str,
                fixed: dict[str, int] = fixed,
                here: dict[str, int] = here,
                n: Mapping[str, Sequence[str]] = neighbours,
            ) -> float:
                places = [fixed[other] for other in n.get(node, ()) if other in fixed]
                return float(np.mean(places)) if places else float(here[node])

            current[k].sort(key=wanted)
        found = _crossings(current, down)
        if found < fewest:
            best, fewest = [list(layer) for layer in current], found
    return best


def _crossings(layers: Sequence[Sequence[str]], down: Mapping[str, Sequence[str]]) -> int:
    total = 0
    for upper, lower in itertools.pairwise(layers):
        place = {node: k for k, node in enumerate(lower)}
        ends = [place[head] for tail in upper for head in sorted(down.get(tail, ()), key=place.__getitem__)]
        total += sum(a > b for k, a in enumerate(ends) for b in ends[k + 1 :])
    return total


def _across(
    layers: Sequence[Sequence[str]], links: Sequence[tuple[str, str]], width: Mapping[str, float], gap: float
) -> dict[str, float]:
    near: dict[str, list[str]] = {}
    for tail, head in links:
        near.setdefault(tail, []).append(head)
        near.setdefault(head, []).append(tail)
    x: dict[str, float] = {}
    for layer in layers:
        edge = -sum(width[n] + gap for n in layer) / 2
        for node in layer:
            x[node] = edge + (width[node] + gap) / 2
            edge += width[node] + gap
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            wanted = [float(np.mean([x[other] for other in near[n]])) if n in near else x[n] for n in layer]
            # bends pull harder, so that long edges are straight
            weights = [1.0 if " " not in n else 4.0 for n in layer]
            steps = [(width[a] + width[b]) / 2 + gap for a, b in itertools.pairwise(layer)]
            for node, place in zip(layer, _apart(wanted, weights, steps), strict=True):
                x[node] = place
    return x


def _apart(wanted: Sequence[float], weights: Sequence[float], steps: Sequence[float]) -> list[float]:
    """Return places nearest to those wanted (least squares) that keep their order and distances."""
    offset = np.concatenate([[0.0], np.cumsum(steps)]) if wanted else np.zeros(0)
    blocks: list[list[float]] = []  # value, weight, count
    for value, weight in zip(np.asarray(wanted) - offset, weights, strict=True):
        blocks.append([float(value), weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            v2, w2, c2 = blocks.pop()
            v1, w1, c1 = blocks.pop()
            blocks.append([(v1 * w1 + v2 * w2) / (w1 + w2), w1 + w2, c1 + c2])
    flat = [value for value, _, count in blocks for _ in range(int(count))]
    return [float(a + b) for a, b in zip(flat, offset, strict=True)]
