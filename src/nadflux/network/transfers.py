"""Transfers of one moiety from species to species by reactions: the paths that a label follows.

A reaction that runs at rate v from A to B carries the share A*/A of its moieties labelled, hence labelled
moieties at v·A*/A (tracer kinetics: Wiechert 2001, doi:10.1006/mben.2001.0187). A net rate hides exchange,
so a law that is a difference of two rates is taken apart first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nadflux.errors import ModelError
from nadflux.network.expression import Apply, Expression, Number, Symbol, symbols
from nadflux.network.model import Model, Reaction, SpeciesReference
from nadflux.network.names import to_name

# Added to a pool that a law does not name as a factor, so that an empty pool gives nothing instead of 0/0.
_EMPTY = 1e-12
_BALANCE = 1e-9


@dataclass(frozen=True)
class Transfer:
    """One direction of one reaction, seen from one species that gives moieties away.

    Attributes
    ----------
    reaction : str
        Id of the reaction.
    direction : str
        ``forward`` or ``backward``.
    law : Expression
        Gross rate of this direction, extent per time.
    source : str or None
        Species that gives; None where moieties come from nowhere (diet, infusion).
    given : float
        Molecules of the source per extent.
    targets : tuple of (str, float)
        Species that receive, with molecules of them labelled per extent when all of the source is labelled.
    """

    reaction: str
    direction: str
    law: Expression
    source: str | None
    given: float
    targets: tuple[tuple[str, float], ...]

    def carried(self, labelled: Expression) -> Expression:
        """Return the rate at which label leaves.

        Parameters
        ----------
        labelled : Expression
            The labelled part of the source, in its own unit.

        Raises
        ------
        ModelError
            If the transfer has no source.
        """
        if self.source is None:
            raise ModelError(f"{to_name(self.reaction)} has no source whose label it could carry")
        exact = replaced_factor(self.law, self.source, labelled)
        if exact is not None:
            return exact
        pool = Apply("max", (Symbol(self.source), Number(_EMPTY)))
        return Apply("div", (Apply("mul", (self.law, labelled)), pool))


def transfers(model: Model, weights: Mapping[str, float]) -> list[Transfer]:
    """Return every way in which the reactions of a model move a moiety.

    Parameters
    ----------
    model : Model
    weights : mapping of str to float
        Moieties per molecule of each species that carries any. Ledgers of what came in carry a negative weight
        and are left out.

    Raises
    ------
    ModelError
        Where a reaction takes moieties from several species and gives them to several, makes or destroys some,
        or where its net rate cannot be told apart into forward and backward.
    """
    carriers = {name: weight for name, weight in weights.items() if weight > 0}
    for name in carriers:
        if name in model.assignment_rules or name in model.rate_rules:
            raise ModelError(f"{to_name(name)} follows a rule, not reactions: label cannot be traced through it")
    result: list[Transfer] = []
    for reaction in model.reactions.values():
        given, taken = (_moieties(reaction, side, carriers) for side in (reaction.reactants, reaction.products))
        if not given and not taken:
            continue
        if reaction.law is None:
            raise ModelError(f"{to_name(reaction.id)} moves a moiety but has no rate law")
        forward, backward = directions(reaction, set(given), set(taken))
        result += _of(reaction, "forward", forward, given, taken, carriers)
        if backward is not None:
            result += _of(reaction, "backward", backward, taken, given, carriers)
    return result


def directions(reaction: Reaction, given: set[str], taken: set[str]) -> tuple[Expression, Expression | None]:
    """Return gross rates forward and backward of a reaction; None where it runs one way only.

    A law splits where a difference ``a - b`` multiplies the rest of it, ``a`` holds what the reaction uses and
    ``b`` what it makes.

    Raises
    ------
    ModelError
        For a reversible reaction whose law names its product but is no such difference.
    """
    law = reaction.law
    assert law is not None
    parts = _difference(law)
    if parts is not None:
        forward, backward = parts
        uses, makes = symbols(forward), symbols(backward)
        if given & uses and taken & makes:
            return forward, backward
    if reaction.reversible and taken and taken & symbols(law):
        raise ModelError(
            f"{to_name(reaction.id)} is reversible, but its law is no difference of a forward and a backward rate: "
            "label cannot follow; write it as factor * (a - b), or mark it irreversible with =>"
        )
    return law, None


def replaced_factor(law: Expression, name: str, by: Expression) -> Expression | None:
    """Return the law with one factor ``name`` replaced, or None where it is not proportional to such a factor."""
    if isinstance(law, Symbol):
        return by if law.name == name else None
    if not isinstance(law, Apply):
        return None
    if law.op in ("add", "sub"):
        terms = [replaced_factor(argument, name, by) for argument in law.args]
        return None if any(t is None for t in terms) else Apply(law.op, tuple(t for t in terms if t is not None))
    places: Sequence[int] = {"mul": range(len(law.args)), "div": (0,), "neg": (0,)}.get(law.op, ())
    for place in places:
        inner = replaced_factor(law.args[place], name, by)
        if inner is not None:
            return Apply(law.op, (*law.args[:place], inner, *law.args[place + 1 :]))
    return None


def _difference(law: Expression) -> tuple[Expression, Expression] | None:
    """Return two laws whose difference is this one, where a difference is one factor of it."""
    if not isinstance(law, Apply):
        return None
    if law.op == "sub":
        return law.args[0], law.args[1]
    places: Sequence[int] = {"mul": range(len(law.args)), "div": (0,)}.get(law.op, ())
    for place in places:
        inner = _difference(law.args[place])
        if inner is not None:
            first, second = (Apply(law.op, (*law.args[:place], part, *law.args[place + 1 :])) for part in inner)
            return first, second
    return None


def _moieties(reaction: Reaction, side: Sequence[SpeciesReference], carriers: Mapping[str, float]) -> dict[str, float]:
    """Return the molecules per extent of each species of one side that carries moieties."""
    result: dict[str, float] = {}
    for reference in side:
        if reference.species not in carriers:
            continue
        count = reference.stoichiometry
        if not isinstance(count, Number) or not reference.constant:
            raise ModelError(f"{to_name(reaction.id)} has a stoichiometry that varies: label cannot follow")
        result[reference.species] = result.get(reference.species, 0.0) + count.value
    return result


def _of(
    reaction: Reaction,
    direction: str,
    law: Expression,
    given: Mapping[str, float],
    taken: Mapping[str, float],
    carriers: Mapping[str, float],
) -> Iterator[Transfer]:
    if not given:
        targets = tuple((name, count) for name, count in taken.items())
        yield Transfer(reaction.id, direction, law, None, 0.0, targets)
        return
    out = sum(count * carriers[name] for name, count in given.items())
    into = sum(count * carriers[name] for name, count in taken.items())
    if not taken or abs(out - into) > _BALANCE * out:
        raise ModelError(
            f"{to_name(reaction.id)} takes {out:g} moieties and gives {into:g}: what becomes of the label is not "
            "determined; complete the moiety weights or add a species for what is lost"
        )
    if len(given) > 1 and len(taken) > 1:
        raise ModelError(
            f"{to_name(reaction.id)} takes moieties from {', '.join(map(to_name, given))} and gives them to "
            f"{', '.join(map(to_name, taken))}: which goes where is not determined; split the reaction"
        )
    for source, count in given.items():
        share = count * carriers[source] / out
        targets = tuple((name, share * received) for name, received in taken.items())
        yield Transfer(reaction.id, direction, law, source, count, targets)


def with_input(transfer: Transfer, inputs: Mapping[str, str]) -> Expression | None:
    """Return the law of a transfer from nowhere with its input labelled, or None if it has no input.

    Raises
    ------
    ModelError
        Where the law names an input but is not proportional to it.
    """
    named = [name for name in inputs if name in symbols(transfer.law)]
    if not named:
        return None
    replaced = replaced_factor(transfer.law, named[0], Symbol(inputs[named[0]]))
    if len(named) > 1 or replaced is None:
        raise ModelError(
            f"the law of {to_name(transfer.reaction)} is not proportional to its input {to_name(named[0])}: "
            "what part of it is labelled is not determined"
        )
    return replaced
