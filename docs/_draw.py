"""Drawing of a graph of species and reactions with a layered layout, without any program beside matplotlib."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _layers import Point, layered
from _reactions import Graph, Node

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito 2008: safe for colour-blind readers.
COLOURS = {"synthesis": "#0072B2", "use": "#D55E00", "release": "#009E73", "": "#444444"}
FACES = {"species": "#eef4fa", "outside": "#fbe9e7", "source": "#f3f3f3", "reaction": "white"}
INK, LINE = "#1a202c", "#7a8594"
FONT, SMALL = 9.0, 8.0
MARGIN = 0.25


def draw_graph(
    graph: Graph,
    path: Path,
    *,
    title: str,
    legend: Sequence[tuple[str, str]] = (),
    colours: Mapping[str, str] = COLOURS,
    sideways: bool = False,
    layer_gap: float = 0.3,
    closing: str = "",
) -> None:
    """Write the graph as a figure.

    Parameters
    ----------
    legend : sequence of (words, colour)
    colours : mapping of str to str
        Colour of a reaction by its group.
    sideways : bool
        Layers from left to right instead of from top to bottom.
    layer_gap : float
        Inches between layers.
    closing : str
        Group of reactions that close cycles, and are drawn upwards.
    """
    from matplotlib.figure import Figure

    sizes = {name: text_size(node) for name, node in graph.nodes.items()}
    closes = {name for name, node in graph.nodes.items() if closing and node.group == closing}
    weak = {edge for edge in graph.edges if closes & set(edge)}
    turned = {name: (h, w) if sideways else (w, h) for name, (w, h) in sizes.items()}
    layout = layered(turned, graph.edges, gap=0.1 if sideways else 0.14, layer_gap=layer_gap, weak=weak)

    def at(point: Point) -> Point:
        return (-point[1], point[0]) if sideways else point

    places = {name: at(point) for name, point in layout.positions.items()}
    left = min(x - sizes[n][0] / 2 for n, (x, _) in places.items()) - MARGIN
    right = max(x + sizes[n][0] / 2 for n, (x, _) in places.items()) + MARGIN
    bottom = min(y - sizes[n][1] / 2 for n, (_, y) in places.items()) - MARGIN - (0.3 if legend else 0.0)
    top = max(y + sizes[n][1] / 2 for n, (_, y) in places.items()) + MARGIN + 0.3
    figure = Figure(figsize=(right - left, top - bottom))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.axis("off")
    for tail, head in layout.routes:
        points = [at(point) for point in layout.routes[(tail, head)]]
        group = next((graph.nodes[n].group for n in (tail, head) if graph.nodes[n].kind == "reaction"), "")
        colour = colours.get(group, LINE) if group else LINE
        ends = (sizes[tail], sizes[head])
        _edge(axes, points, ends, colour, head_there=graph.nodes[head].kind != "reaction", sideways=sideways)
        if (tail, head) in graph.both_ways and graph.nodes[tail].kind != "reaction":
            _edge(axes, points[::-1], ends[::-1], colour, head_there=True, sideways=sideways)
    for name, node in graph.nodes.items():
        box(axes, places[name], sizes[name], node, colours)
    axes.text(left + 0.1, top - 0.1, title, ha="left", va="top", fontsize=11, color=INK)
    there = {colours.get(node.group) for node in graph.nodes.values() if node.kind == "reaction"}
    legend = [(text, colour) for text, colour in legend if colour in there]
    for k, (text, colour) in enumerate(legend):
        axes.text(
            left + 0.1 + k * (right - left) / len(legend), bottom + 0.12, f"■ {text}", color=colour, fontsize=SMALL
        )
    save(figure, path)


def save(figure: Any, path: Path) -> None:
    """Write a figure as a small PNG without a date, so that the same figure is the same file."""
    figure.savefig(path, dpi=110, metadata={"Software": None})


def text_size(node: Node) -> Point:
    """Return width and height of a node in inches, from its letters."""
    lines = node.label.split("\n")
    point = FONT if node.kind != "reaction" else SMALL
    pad = 0.16 if node.kind != "reaction" else 0.06
    return (0.0083 * point * max(len(line) for line in lines) + pad, 0.0175 * point * len(lines) + pad * 0.8)


def box(axes: Axes, place: Point, size: Point, node: Node, colours: Mapping[str, str] = COLOURS) -> None:
    """Draw one node: species in rounded boxes, reactions as words over the line."""
    from matplotlib.patches import FancyBboxPatch

    (x, y), (w, h) = place, size
    if node.kind == "reaction":
        colour = colours.get(node.group, colours.get("", INK))
        axes.text(x, y, node.label, ha="center", va="center", fontsize=SMALL, color=colour, zorder=4,
                  bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.92})  # fmt: skip
        return
    style = FancyBboxPatch((x - w / 2, y - h / 2), w, h, boxstyle="round,pad=0,rounding_size=0.07",
                           fc=FACES[node.kind], ec=LINE, lw=0.9, zorder=3,
                           ls="--" if node.kind == "source" else "-")  # fmt: skip
    axes.add_patch(style)
    axes.text(x, y, node.label, ha="center", va="center", fontsize=FONT, color=INK, zorder=4)


def _edge(
    axes: Axes, points: Sequence[Point], sizes: tuple[Point, Point], colour: str, *, head_there: bool, sideways: bool
) -> None:
    """Draw a smooth line through the points, cut at the border of the boxes; the arrow ends at a species."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path as Line

    axis = 0 if sideways else 1
    points = [
        _border(points[0], points[1], sizes[0], axis),
        *points[1:-1],
        _border(points[-1], points[-2], sizes[1], axis),
    ]
    vertices, codes = [points[0]], [Line.MOVETO]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        middle = (x0 + x1) / 2 if sideways else (y0 + y1) / 2
        controls = [(middle, y0), (middle, y1)] if sideways else [(x0, middle), (x1, middle)]
        vertices += [*controls, (x1, y1)]
        codes += [Line.CURVE4] * 3
    # What a flux lowers may lie after it: dashed, so that no arrowhead of another line is taken for its own.
    backwards = points[0][0] > points[-1][0] if sideways else points[0][1] < points[-1][1]
    arrow = FancyArrowPatch(path=Line(vertices, codes), arrowstyle="-|>" if head_there else "-", mutation_scale=9,
                            ls="--" if backwards and not head_there else "-",
                            color=colour, lw=1.0, shrinkA=0, shrinkB=0, zorder=2)  # fmt: skip
    axes.add_patch(arrow)


def _border(point: Point, towards: Point, size: Point, axis: int) -> Point:
    half = size[axis] / 2
    moved = list(point)
    moved[axis] += half if towards[axis] > point[axis] else -half
    return moved[0], moved[1]
