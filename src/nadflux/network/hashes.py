"""Hashes of the biology: of its files, and of the equations that they make."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from nadflux.network.expression import Apply, Expression, Number, Symbol
from nadflux.network.model import Model, SpeciesReference
from nadflux.network.present import NOBODY, Present

# a + b + c reads the same from the left, however a parser nests it
_ASSOCIATIVE = ("add", "mul")


OF_ANSWERS = ("analytes.csv", "screening/")
"""Tables that no simulated number comes from: molar masses turn units of answers, and screening refuses plans."""


def equations_hash(model: Model, present: Present = NOBODY) -> str:
    """Return SHA-256 of what a model computes.

    Equations, start values, structural numbers and what is constant count. Comments, names in words, terms, units
    (which change no number), the order of the text, and into which files it is divided do not.

    Parameters
    ----------
    model : Model
        Without the numbers of the tables, which are compared row by row.
    present : Present
        What people are now against the reference at which the model rests.
    """
    digest = hashlib.sha256()
    for line in sorted((*_lines(model), *_of_present(present))):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _lines(model: Model) -> Iterator[str]:
    yield f"model {model.conversion_factor}"
    for c in model.compartments.values():
        yield f"compartment {c.id} {c.size!r} {c.constant} {c.dimensions!r}"
    for s in model.species.values():
        start = f"{s.amount!r} {s.concentration!r}"
        flags = f"{s.only_substance_units} {s.boundary} {s.constant} {s.conversion_factor}"
        yield f"species {s.id} {s.compartment} {start} {flags}"
    for p in model.parameters.values():
        yield f"parameter {p.id} {p.value!r} {p.constant}"
    for r in model.reactions.values():
        law = "" if r.law is None else _canonical(r.law)
        yield f"reaction {r.id} {_side(r.reactants)} {_side(r.products)} {law}"
    for kind in ("assignment_rules", "rate_rules", "initial_assignments"):
        for name, formula in getattr(model, kind).items():
            yield f"{kind} {name} {_canonical(formula)}"
    for event in model.events.values():
        yield f"event {event!r}"


def _of_present(present: Present) -> Iterator[str]:
    for name, quantity in present.inputs.items():
        yield f"present {name} {quantity} after {present.years!r} years"
    for name in present.held:
        yield f"held {name}"


def _side(references: tuple[SpeciesReference, ...]) -> str:
    return " + ".join(f"{_canonical(r.stoichiometry)} {r.species} {r.id} {r.constant}" for r in references)


def _canonical(node: Expression) -> str:
    """Return one text for an expression, whether a sum or product of many is one node or nested to the left."""
    if isinstance(node, Number):
        return repr(float(node.value))
    if isinstance(node, Symbol):
        return node.name
    if not isinstance(node, Apply):
        return "time"
    args = list(node.args)
    while node.op in _ASSOCIATIVE and isinstance(args[0], Apply) and args[0].op == node.op:
        args[:1] = args[0].args
    return f"({node.op} {' '.join(_canonical(a) for a in args)})"
