"""Reaction network of the NAD+ of one organ's cells, drawn from the assembled body."""

from __future__ import annotations

from pathlib import Path

from _draw import COLOURS, draw_graph
from _reactions import Node, reaction_graph
from _text import words

from nadflux.network.assemble import Body
from nadflux.network.model import Reaction
from nadflux.network.names import first_part, to_id, to_name
from nadflux.network.pathways import reactions_of, read_pathways

# Bare names of moieties that readers know by another sign.
_LETTERS = {"NAD": "NAD+", "PY2": "2PY", "PY4": "4PY"}


def richest_organ(body: Body) -> str:
    """Return the organ with the most one-way reactions of its own species, among those that make NAD+."""
    made = dict.fromkeys(o for o, row in reactions_of(body.model, read_pathways()).values() if row.role == "synthesis")
    one_way = [r for r in body.model.reactions.values() if r.reactants and not r.reversible]
    return max(made, key=lambda organ: sum(first_part(r.reactants[0].species) == organ for r in one_way))


def draw_cell(body: Body, organ: str, path: Path) -> int:
    """Draw what happens to the moiety in an organ's cells; returns the number of reactions drawn."""
    ledgers = frozenset(to_id(m.name) for m in body.moieties if m.weight < 0)
    pathways = reactions_of(body.model, read_pathways())
    carried = {to_id(m.name) for m in body.moieties if m.weight > 0}
    chosen = [r for r in body.model.reactions.values() if _touches(body, r, organ)]
    chosen = [r for r in chosen if {x.species for x in (*r.reactants, *r.products)} & carried]
    sources = {name: row.form for name, (_, row) in pathways.items() if row.form}

    def species(identifier: str) -> Node:
        place, _, name = to_name(identifier).partition(".")
        text = letters(name)
        return Node(text, "species") if place == organ else Node(f"{text}\n{words(place)}", "outside")

    def label(reaction: Reaction) -> tuple[str, str]:
        name = words(to_name(reaction.id).partition(".")[2])
        return name, pathways[reaction.id][1].role if reaction.id in pathways else ""

    graph = reaction_graph(
        body.model, sorted(chosen, key=lambda r: first_part(r.reactants[0].species) == organ if r.reactants else False),
        species=species, label=label, ledgers=ledgers, sources=sources,
    )  # fmt: skip
    legend = [(role, COLOURS[role]) for role in ("synthesis", "use", "release")] + [("other", COLOURS[""])]
    title = f"{words(organ)}: {len(chosen)} reactions of the NAD+ moiety"
    draw_graph(graph, path, title=title, legend=legend, closing="use")
    return len(chosen)


def letters(name: str) -> str:
    """Return a species as people write it: ``NAD`` as ``NAD+``, ``sinusoid.NAM`` in two lines."""
    *where, last = name.split(".")
    parts = last.split("_")
    text = " ".join([_LETTERS.get(parts[0], parts[0]), *parts[1:]])
    return "\n".join([text, *(words(part) for part in where)])


def _touches(body: Body, reaction: Reaction, organ: str) -> bool:
    places = {first_part(r.species) for r in (*reaction.reactants, *reaction.products)}
    return organ in places
