"""The organs of the body and what blood carries between them, drawn from the assembled body.

The place with most neighbours (plasma) is a bar; the other places are left and right of it, so that those
which exchange something directly are next to each other.
"""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from _cell_figure import letters
from _draw import FACES, INK, LINE, SMALL, save
from _layers import Point
from _text import words

from nadflux.network.assemble import Body
from nadflux.network.names import first_part, to_id, to_name
from nadflux.network.pathways import reactions_of, read_pathways

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BOX, _HIGH, _PITCH, _REACH, _BAR, _SIDE = 1.75, 0.5, 1.08, 2.15, 0.55, 1.25
_LANE = 0.24  # inches between lines at the margin
_RED, _PALE = FACES["outside"], FACES["species"]
_OUT, _IN, _SWAP = "#D55E00", "#0072B2", "#444444"

_LINE = {"lw": 1.1, "shrinkA": 0, "shrinkB": 0}


@dataclass
class Link:
    """Species that pass between two places, by direction."""

    forward: list[str] = field(default_factory=list)
    backward: list[str] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """Number of species exchanged, for the layout."""
        return len(self.forward) + len(self.backward)


Links = dict[tuple[str, str], Link]


def organ_links(body: Body) -> tuple[Links, str]:
    """Return species of the moiety that pass between two places, and the place with most neighbours (blood).

    What one organ's reaction moves between two others, such as excretion by the kidney, passes through that organ.
    Where a cell takes up and gives back something else, the species is the one in blood.
    """
    pathways = reactions_of(body.model, read_pathways())
    ledgers = {to_id(m.name) for m in body.moieties if m.weight < 0}
    moving = {to_id(m.name) for m in body.moieties if m.weight > 0}
    places = {first_part(name) for name in moving}
    moves: list[tuple[list[str], str, str, bool]] = []
    for reaction in body.model.reactions.values():
        before = [r.species for r in reaction.reactants if r.species in moving]
        after = [r.species for r in reaction.products if r.species in moving]
        source = next((first_part(r.species) for r in reaction.products if r.species in ledgers), None)
        if after and not before and source is not None:
            form = pathways[reaction.id][1].form if reaction.id in pathways else ""
            name = form or _letters(after[0])
            moves.append(([source, first_part(after[0])], name, name, False))
        for tail in before:
            for head in after:
                stops = [first_part(tail), first_part(head)]
                own = first_part(reaction.id)
                if stops[0] == stops[1]:
                    continue
                if own not in stops and own in places:
                    stops.insert(1, own)
                moves.append((stops, _letters(tail), _letters(head), reaction.reversible))
    near: dict[str, set[str]] = {}
    for stops, *_ in moves:
        for a, b in itertools.pairwise(stops):
            near.setdefault(a, set()).add(b)
            near.setdefault(b, set()).add(a)
    hub = max(near, key=lambda place: len(near[place]))
    links: Links = {}
    for stops, first, last, both in moves:
        for a, b in itertools.pairwise(stops):
            _add(links, a, b, last if b == hub else first, both)
    return links, hub


def draw_body(body: Body, path: Path, notes: Mapping[str, str]) -> tuple[int, str]:
    """Draw the places; returns their number and the name of the one in the middle.

    Parameters
    ----------
    notes : mapping of str to str
        A second line for a place, such as its pool of NAD+.
    """
    from matplotlib.figure import Figure

    links, hub = organ_links(body)
    places = list(dict.fromkeys(place for ends in links for place in ends))
    left, right = _columns([place for place in places if place != hub], links, hub)
    rows = max(len(left), len(right))
    half = _BAR / 2 + _REACH + _BOX + _SIDE
    height = rows * _PITCH + 0.6
    figure = Figure(figsize=(2 * half, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-half, half), ylim=(-height + 0.3, 0.3))
    axes.axis("off")
    centre = {p: (side * (_BAR / 2 + _REACH + _BOX / 2), -(k + 0.75) * _PITCH + 0.3)
              for side, column in ((-1, left), (1, right)) for k, p in enumerate(column)}  # fmt: skip
    low = min(y for _, y in centre.values())
    _bar(axes, words(hub), notes.get(hub, ""), low)
    for place, (x, y) in centre.items():
        _place(axes, x, y, words(place), notes.get(place, ""))
        _to_hub(axes, x, y, _between(links, place, hub))
    _beside(axes, centre, links, hub)
    axes.text(-half + 0.1, 0.22, "What passes between organs", fontsize=11, va="top", color=INK)
    for k, (text, colour) in enumerate((("into the organ", _IN), ("out of the organ", _OUT), ("both ways", _SWAP))):
        axes.text(half - 3.9 + 1.35 * k, 0.14, f"■ {text}", fontsize=SMALL, color=colour, va="center")
    save(figure, path)
    return len(places), hub


def _letters(identifier: str) -> str:
    return letters(to_name(identifier).split(".")[-1]).split(" ")[0]


def _add(links: Links, a: str, b: str, species: str, both: bool) -> None:
    link = links.setdefault((a, b), Link())
    if species not in link.forward:
        link.forward.append(species)
    if both:
        back = links.setdefault((b, a), Link())
        if species not in back.forward:
            back.forward.append(species)


def _between(links: Links, a: str, b: str) -> Link:
    return Link(links.get((a, b), Link()).forward, links.get((b, a), Link()).forward)


def _columns(places: Sequence[str], links: Links, hub: str) -> tuple[list[str], list[str]]:
    """Arrange slots left and right with little distance between places that exchange something, by swaps."""
    rows = math.ceil(len(places) / 2)
    slots: list[str | None] = [*places, *([None] * (2 * rows - len(places)))]
    pairs = [(a, b, 1.0 + link.weight**2) for (a, b), link in links.items() if hub not in (a, b)]

    def cost(order: Sequence[str | None]) -> float:
        at = {place: divmod(k, rows) for k, place in enumerate(order)}
        total = 0.0
        for a, b, weight in pairs:
            (side_a, row_a), (side_b, row_b) = at[a], at[b]
            across = 5.0 if side_a != side_b else 0.0
            upwards = 0.3 if row_a > row_b else 0.0
            total += weight * (abs(row_a - row_b) ** 1.5 + across + upwards)
        linked = {place for a, b, _ in pairs for place in (a, b)}
        total += sum(0.05 * at[place][1] for place in linked)
        # empty slots last
        return total + sum(0.01 * (rows - k % rows) for k, place in enumerate(order) if place is None)

    best, improved = cost(slots), True
    while improved:
        improved = False
        for i in range(len(slots)):
            for j in range(i + 1, len(slots)):
                trial = list(slots)
                trial[i], trial[j] = trial[j], trial[i]
                moved = list(slots)
                moved.insert(j, moved.pop(i))
                for candidate in (trial, moved):
                    found = cost(candidate)
                    if found < best - 1e-9:
                        slots, best, improved = candidate, found, True
    left, right = slots[:rows], slots[rows:]
    return [p for p in left if p], [p for p in right if p]


def _bar(axes: Axes, name: str, note: str, low: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    top = 0.0 - 0.2
    axes.add_patch(FancyBboxPatch((-_BAR / 2, low - _HIGH), _BAR, top - low + _HIGH,
                                  boxstyle="round,pad=0,rounding_size=0.12", fc=_RED, ec=LINE, lw=1.0))  # fmt: skip
    text = f"{name}  ·  {note}" if note else name
    axes.text(0, (top + low - _HIGH) / 2, text, rotation=90, ha="center", va="center", fontsize=11, color=INK)


def _place(axes: Axes, x: float, y: float, name: str, note: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    axes.add_patch(FancyBboxPatch((x - _BOX / 2, y - _HIGH / 2), _BOX, _HIGH, zorder=3,
                                  boxstyle="round,pad=0,rounding_size=0.08", fc=_PALE, ec=LINE, lw=1.0))  # fmt: skip
    axes.text(x, y + (0.1 if note else 0), name, ha="center", va="center", fontsize=10, color=INK, zorder=4)
    if note:
        axes.text(x, y - 0.12, note, ha="center", va="center", fontsize=SMALL, color="#444444", zorder=4)


def _to_hub(axes: Axes, x: float, y: float, link: Link) -> None:
    """Draw lines between an organ and the bar: both ways, out, in, each with its species over it."""
    both = [s for s in link.forward if s in link.backward]
    lines = [(both, "<|-|>", _SWAP), ([s for s in link.forward if s not in both], "-|>", _OUT),
             ([s for s in link.backward if s not in both], "<|-", _IN)]  # fmt: skip
    lines = [line for line in lines if line[0]]
    side = math.copysign(1.0, x)
    near, far = side * _BAR / 2, x - side * _BOX / 2
    for k, (names, style, colour) in enumerate(lines):
        height = y + (0.5 * (len(lines) - 1) - k) * 0.34 - 0.06
        axes.annotate("", (near, height), (far, height),
                      arrowprops={"arrowstyle": style, "color": colour, **_LINE})  # fmt: skip
        axes.text((near + far) / 2, height + 0.03, _listed(names, 30), ha="center", va="bottom",
                  fontsize=SMALL, color=colour, linespacing=0.95)  # fmt: skip


def _beside(axes: Axes, centre: Mapping[str, Point], links: Links, hub: str) -> None:
    """Draw lines between places outside blood: straight between neighbours, in lanes at the margin between others."""
    pairs = dict.fromkeys(tuple(sorted(ends, key=list(centre).index)) for ends in links if hub not in ends)
    round_about = []
    for a, b in pairs:
        link, start, end = _between(links, a, b), centre[a], centre[b]
        names = list(dict.fromkeys([*link.forward, *link.backward]))
        both = bool(link.forward and link.backward)
        arrow = {"arrowstyle": "<|-|>" if both else "-|>" if link.forward else "<|-",
                 "color": _SWAP if both else LINE, **_LINE}  # fmt: skip
        if start[0] != end[0]:
            inner = [(x - math.copysign(_BOX / 2, x), y) for x, y in (start, end)]
            axes.annotate("", inner[1], inner[0], arrowprops={**arrow, "alpha": 0.5})
            axes.text((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, _listed(names, 16), ha="center", va="center",
                      fontsize=SMALL, color=INK, bbox={"fc": "white", "ec": LINE, "pad": 1.0}, zorder=5)  # fmt: skip
        elif abs(start[1] - end[1]) < 1.5 * _PITCH:
            axes.annotate("", (end[0], end[1] + _HIGH / 2), (start[0], start[1] - _HIGH / 2), arrowprops=arrow)
            axes.text(start[0] - math.copysign(0.08, start[0]), (start[1] + end[1]) / 2, _listed(names, 30),
                      ha="right" if start[0] > 0 else "left", va="center", fontsize=SMALL, color=INK)  # fmt: skip
        else:
            round_about.append((start, end, names, arrow))
    taken: list[tuple[float, float, float, int]] = []
    for start, end, names, arrow in sorted(round_about, key=lambda one: abs(one[0][1] - one[1][1])):
        lane = 0
        while any(x == start[0] and k == lane and low < start[1] and end[1] < high for x, high, low, k in taken):
            lane += 1
        taken.append((start[0], start[1], end[1], lane))
        _in_lane(axes, start, end, lane, names, arrow)


def _in_lane(
    axes: Axes, start: Point, end: Point, lane: int, names: Sequence[str], arrow: Mapping[str, object]
) -> None:
    side = math.copysign(1.0, start[0])
    edge, margin = start[0] + side * _BOX / 2, start[0] + side * (_BOX / 2 + 0.2 + _LANE * lane)
    shift = 0.08 + 0.07 * min(lane, 2)
    away, back = start[1] - 0.16 + shift, end[1] + 0.16 - shift
    ends = str(arrow["arrowstyle"])
    axes.plot([edge, margin, margin, edge], [away, away, back, back], color=arrow["color"], lw=1.1, zorder=1)
    for y, there in ((away, ends.startswith("<")), (back, ends.endswith(">"))):
        if there:
            axes.annotate("", (edge, y), (margin, y), arrowprops={**arrow, "arrowstyle": "-|>"})
    axes.text(margin + side * 0.04, start[1] - _PITCH / 2, ", ".join(names), fontsize=SMALL, color=INK, rotation=90,
              ha="left" if side > 0 else "right", va="center")  # fmt: skip


def _listed(names: Sequence[str], width: int) -> str:
    return "\n".join(textwrap.wrap(", ".join(names), width)) if names else ""
