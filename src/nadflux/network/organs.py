"""Modules made into organs: names prefixed, outside names joined, masks applied."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nadflux.errors import ModelError, UnknownNameError
from nadflux.network.expression import Expression, Symbol, transform
from nadflux.network.model import Compartment, Model, Parameter, Reaction, Species, UnitFactor
from nadflux.network.names import first_part, join, to_id, to_name
from nadflux.network.read_module import read_module


@dataclass
class Parts:
    """Parts of the model that the organs added so far contribute.

    ``organs`` are the names that are global in every module.
    """

    organs: frozenset[str]
    compartments: dict[str, Compartment] = field(default_factory=dict)
    species: dict[str, Species] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    reactions: dict[str, Reaction] = field(default_factory=dict)
    assignment_rules: dict[str, Expression] = field(default_factory=dict)
    initial_assignments: dict[str, Expression] = field(default_factory=dict)
    rate_rules: dict[str, Expression] = field(default_factory=dict)
    units: dict[str, tuple[UnitFactor, ...]] = field(default_factory=dict)
    given: dict[str, float] = field(default_factory=dict)


def organ_modules(folder: Path, organ: str, spec: Mapping[str, Any]) -> list[Model]:
    """Read the modules of an organ; raises ModelError for one that does not exist or does not load alone."""
    for name in spec["modules"]:
        if not (folder / name).is_file():
            raise ModelError(f"the plan gives {organ} the module {name}, which does not exist in {folder}")
    return [read_module(name, folder) for name in spec["modules"]]


def add_organ(parts: Parts, organ: str, spec: Mapping[str, Any], modules: list[Model], absent: frozenset[str]) -> None:
    """Add one organ to the parts, in place.

    Parameters
    ----------
    parts : Parts
        Changed in place.
    organ : str
        Its name, which goes before every name of its own.
    spec : mapping
        ``joins``, ``same`` and ``replaces`` as in ``body.yaml``.
    modules : list of Model
        As from :func:`organ_modules`.
    absent : frozenset of str
        Reactions of the modules that the organ lacks, by id within the organ.

    Raises
    ------
    UnknownNameError
        If an absent reaction is in none of the modules.
    ModelError
        Where modules contradict each other, or a quantity has no unit and a reaction no term.
    """
    joins = {to_id(inner): to_id(outer) for inner, outer in spec.get("joins", {}).items()}
    same = {to_id(inner): to_id(outer) for inner, outer in spec.get("same", {}).items()}
    replaces = frozenset(to_id(name) for name in spec.get("replaces", ()))
    declared = {r for module in modules for r in module.reactions}
    for name in absent:
        if name not in declared:
            raise UnknownNameError(f"absent reaction of {organ}", to_name(name), map(to_name, declared))
    naming = functools.partial(_renamed, organ, joins, same, parts.organs)
    for module in modules:
        _add_units(parts, module)
        _add_species(parts, module, organ, naming)
        _add_parameters(parts, module, naming)
        _add_formulas(parts, module, organ, replaces, naming)
        _add_reactions(parts, module, organ, replaces, absent, naming)


def _renamed(organ: str, joins: Mapping[str, str], same: Mapping[str, str], organs: frozenset[str], name: str) -> str:
    """Name in the body of a module's name."""
    head = first_part(name)
    if name in same:
        return same[name]
    if head in joins:
        return joins[head] + name[len(head) :]
    if head in organs and head != name:
        return name
    return join(organ, name)


def _add_units(parts: Parts, module: Model) -> None:
    for name, factors in module.units.items():
        if parts.units.setdefault(name, factors) != factors:
            raise ModelError(f"unit {name} of module {module.id} differs from that of an earlier module")


def _add_species(parts: Parts, module: Model, organ: str, naming: Any) -> None:
    """Add species that a module owns, and their compartments; a boundary species stands for one of another module."""
    for name, species in module.species.items():
        identifier = naming(name)
        if species.boundary or identifier != join(organ, name):
            continue
        if identifier in parts.species:
            raise ModelError(f"{to_name(identifier)} is declared by two modules; mark it with $ in the other")
        place = join(organ, species.compartment)
        parts.species[identifier] = dataclasses.replace(
            species, id=identifier, compartment=place, unit="umol", name=f"{species.name or name} ({organ})"
        )
        compartment = module.compartments[species.compartment]
        parts.compartments.setdefault(place, dataclasses.replace(compartment, id=place, constant=True, unit="litre"))


def _add_parameters(parts: Parts, module: Model, naming: Any) -> None:
    for name, parameter in module.parameters.items():
        identifier = naming(name)
        if parameter.unit is None:
            raise ModelError(f"{to_name(identifier)} has no unit in module {module.id}; write '{name} has <unit>'")
        known = parts.parameters.get(identifier)
        if known is None:
            parts.parameters[identifier] = dataclasses.replace(parameter, id=identifier)
        elif known.unit != parameter.unit:
            raise ModelError(
                f"{to_name(identifier)} is in {known.unit} in one module, in {parameter.unit} in {module.id}"
            )
        elif known.value is None and parameter.value is not None:
            parts.parameters[identifier] = dataclasses.replace(known, value=parameter.value)


def _add_formulas(parts: Parts, module: Model, organ: str, replaces: frozenset[str], naming: Any) -> None:
    for kind, formulas in (
        ("initial_assignments", module.initial_assignments),
        ("assignment_rules", module.assignment_rules),
        ("rate_rules", module.rate_rules),
    ):
        known: dict[str, Expression] = getattr(parts, kind)
        for name, formula in formulas.items():
            identifier = naming(name)
            if name in module.species and identifier != join(organ, name):
                continue
            if identifier in known and name not in replaces:
                raise ModelError(f"{to_name(identifier)} has two formulas; name it in 'replaces' of {organ}")
            known[identifier] = _in_body(formula, naming)
    for name, compartment in module.compartments.items():
        if name in module.initial_assignments:
            identifier = naming(name)
            parts.compartments[identifier] = dataclasses.replace(
                compartment, id=identifier, size=None, constant=True, unit="litre"
            )


def _add_reactions(
    parts: Parts, module: Model, organ: str, replaces: frozenset[str], absent: frozenset[str], naming: Any
) -> None:
    for name, reaction in module.reactions.items():
        identifier = join(organ, name)
        if name in absent:
            continue
        if identifier in parts.reactions and name not in replaces:
            raise ModelError(f"{to_name(identifier)} is defined in two modules; name it in 'replaces' of {organ}")
        if not reaction.term:
            raise ModelError(f"reaction {name} of module {module.id} has no identifiers.org term")
        sides = [
            tuple(
                dataclasses.replace(
                    ref, species=naming(ref.species), stoichiometry=_in_body(ref.stoichiometry, naming), id=""
                )
                for ref in side
            )
            for side in (reaction.reactants, reaction.products)
        ]
        law = _in_body(reaction.law, naming) if reaction.law is not None else None
        parts.reactions[identifier] = dataclasses.replace(
            reaction,
            id=identifier,
            reactants=sides[0],
            products=sides[1],
            law=law,
            modifiers=tuple(naming(m) for m in reaction.modifiers),
            name=f"{reaction.name or to_name(reaction.id)} ({organ})",
        )


def _in_body(expression: Expression, naming: Any) -> Expression:
    def leaf(node: Expression) -> Expression:
        return Symbol(naming(node.name)) if isinstance(node, Symbol) else node

    return transform(expression, leaf)
