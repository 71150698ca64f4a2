"""The autophagy chain of the cell model as figures: vesicles from the rate rules, cargo from the reactions."""

from __future__ import annotations

from pathlib import Path

from _draw import draw_graph
from _reactions import Graph, Node, reaction_graph
from _text import words

from nadflux.network.expression import Apply, Expression, Symbol, symbols
from nadflux.network.model import Model, Reaction
from nadflux.network.names import first_part, join, to_name

FLUX = "J_"
_LETTERS = {"AP": "autophagosome (AP)", "AL": "autolysosome (AL)"}
_STEPS = {"seal": "#0072B2", "fuse": "#009E73", "digest": "#D55E00", "": "#444444"}
_LEGEND = (("sealed in", "#0072B2"), ("fused", "#009E73"), ("digested", "#D55E00"), ("other", "#444444"))


def own_reactions(model: Model, module: Model, cell: str) -> list[Reaction]:
    """Return the reactions of a cell's model that one module brings."""
    return [model.reactions[join(cell, name)] for name in module.reactions if join(cell, name) in model.reactions]


def vesicle_states(model: Model, module: Model, cell: str) -> dict[str, dict[str, int]]:
    """Return the sign of each flux in the rate rule of each state that fluxes change, by state id."""
    states: dict[str, dict[str, int]] = {}
    for name in module.rate_rules:
        rule = model.rate_rules.get(join(cell, name))
        signs = _signs(rule, cell) if rule is not None else {}
        if signs:
            states[join(cell, name)] = signs
    return states


def draw_vesicles(model: Model, module: Model, cell: str, path: Path) -> int:
    """Draw states joined by the fluxes that have opposite signs in their rate rules; returns the fluxes drawn."""
    states = vesicle_states(model, module, cell)
    graph = Graph()
    for state in states:
        graph.nodes[state] = Node(_state(state), "species")
    fluxes = dict.fromkeys(flux for signs in states.values() for flux in signs)
    for flux in fluxes:
        graph.nodes[flux] = Node(to_name(flux).partition(".")[2], "reaction")
        tails = [s for s, signs in states.items() if signs.get(flux, 0) < 0]
        heads = [s for s, signs in states.items() if signs.get(flux, 0) > 0]
        graph.edges += [(tail, flux) for tail in tails] + [(flux, head) for head in heads]
    draw_graph(graph, path, title="Vesicles and lysosomes, and the fluxes between them", sideways=True, layer_gap=0.2)
    return len(fluxes)


def draw_cargo(model: Model, module: Model, cell: str, path: Path) -> int:
    """Draw what is sealed in, handed on and digested; returns the number of reactions."""
    chosen = own_reactions(model, module, cell)

    def species(identifier: str) -> Node:
        name = to_name(identifier).partition(".")[2]
        first, _, rest = name.partition(".")
        if first in _LETTERS and rest:
            return Node(f"{words(rest)} in {first}", "species", first)
        if rest in _LETTERS:
            return Node(f"{words(first)} in {rest}", "species", rest)
        return Node(words(name), "outside" if identifier not in made else "species")

    made = {r.species for reaction in chosen for r in reaction.products} & {
        r.species for reaction in chosen for r in reaction.reactants
    }

    def label(reaction: Reaction) -> tuple[str, str]:
        name = to_name(reaction.id).partition(".")[2]
        step = next((s for s in _STEPS if s and s in name), "")
        return words(name), step

    graph = reaction_graph(model, chosen, species=species, label=label)
    draw_graph(graph, path, title="Cargo: sealed in, handed to the lysosome, digested", legend=_LEGEND, colours=_STEPS,
               sideways=True, layer_gap=0.16)  # fmt: skip
    return len(chosen)


def acts_on(model: Model, flux: str, stops: frozenset[str]) -> set[str]:
    """Return the inputs and signals a flux depends on, through formulas, ending at those given and at states."""
    found: set[str] = set()
    stack, seen = [flux], {flux}
    while stack:
        current = stack.pop()
        formula = model.assignment_rules.get(current)
        if formula is None and current in model.reactions:
            formula = model.reactions[current].law
        for name in symbols(formula) if formula is not None else ():
            if name in seen:
                continue
            seen.add(name)
            if name in stops or name in model.species or name in model.rate_rules:
                found.add(name)
            else:
                stack.append(name)
    return found


def _state(identifier: str) -> str:
    name = to_name(identifier).partition(".")[2]
    first, _, rest = name.partition(".")
    return f"{_LETTERS[first]}\n{words(rest)}" if first in _LETTERS else words(name)


def _signs(expression: Expression, cell: str, sign: int = 1) -> dict[str, int]:
    """Return the fluxes in the terms of a sum, with the sign of the term."""
    if isinstance(expression, Symbol):
        name = to_name(expression.name).partition(".")[2]
        return {expression.name: sign} if name.startswith(FLUX) and first_part(expression.name) == cell else {}
    if not isinstance(expression, Apply):
        return {}
    result: dict[str, int] = {}
    for k, argument in enumerate(expression.args):
        turned = -sign if expression.op == "neg" or (expression.op == "sub" and k == 1) else sign
        if expression.op in ("add", "sub", "neg", "mul"):
            result.update(_signs(argument, cell, turned))
    return result
