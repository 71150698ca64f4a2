"""Constructs that nadflux does not simulate, found with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nadflux.errors import ModelError, UnknownNameError
from nadflux.network.expression import Expression, symbols
from nadflux.network.model import Model, Reaction

if TYPE_CHECKING:
    import libsbml

# comp is flattened; layout, render and groups say nothing about the mathematics, whatever they declare
_MOST_SUBMODELS = 10_000
_HARMLESS_PACKAGES = frozenset(("comp", "l3v2extendedmath", "layout", "render", "groups"))


def refused_packages(document: libsbml.SBMLDocument) -> list[tuple[str, str]]:
    """Return packages that change the mathematics (``required="true"``) and that nadflux does not know."""
    import libsbml

    report = []
    for i in range(document.getNumPlugins()):
        package = document.getPlugin(i).getPackageName()
        if package not in _HARMLESS_PACKAGES and document.getPackageRequired(package):
            report.append((f"required package {package}", "document"))
    log = document.getErrorLog()
    for i in range(document.getNumErrors()):
        if log.getError(i).getErrorId() == libsbml.RequiredPackagePresent:
            report.append(("required package unknown to libSBML", f"line {log.getError(i).getLine()}"))
    return report


def check_submodels(document: libsbml.SBMLDocument, label: str) -> None:
    """Refuse submodels that hold themselves, or more of them in one another than anyone writes.

    Raises
    ------
    ModelError
        Names the model definition.
    """
    held = {"": document.getModel()}
    held |= {m.getId(): m for m in document.getPlugin("comp").getListOfModelDefinitions()}
    parts = {name: [s.getModelRef() for s in _submodels(model)] for name, model in held.items()}
    sizes: dict[str, int] = {}

    def size(name: str, path: tuple[str, ...]) -> int:
        if name in path:
            raise ModelError(f"{label}: the model definition {name!r} holds itself as a submodel; remove one of them")
        if name not in sizes:
            sizes[name] = 1 + sum(size(part, (*path, name)) for part in parts.get(name, []))
        return sizes[name]

    if size("", ()) > _MOST_SUBMODELS:
        raise ModelError(
            f"{label} holds {sizes['']} submodels within one another; at most {_MOST_SUBMODELS} are put together"
        )


def _submodels(model: libsbml.Model) -> list[libsbml.Submodel]:
    plugin = model.getPlugin("comp") if model is not None else None
    return list(plugin.getListOfSubmodels()) if plugin is not None else []


def refused_units(document: libsbml.SBMLDocument) -> list[tuple[str, str]]:
    """Return Level 2 unit attributes that would rescale numbers: kinetic laws, events and species sizes."""
    report: list[tuple[str, str]] = []
    if document.getLevel() != 2:
        return report
    model = document.getModel()
    for reaction in model.getListOfReactions():
        law = reaction.getKineticLaw()
        if law is not None and law.getTimeUnits() not in ("", "time"):
            report.append(("timeUnits of a kinetic law", f"reaction {reaction.getId()}"))
        if law is not None and law.getSubstanceUnits() not in ("", "substance"):
            report.append(("substanceUnits of a kinetic law", f"reaction {reaction.getId()}"))
    for event in model.getListOfEvents():
        if event.getTimeUnits() not in ("", "time"):
            report.append(("timeUnits of an event", f"event {event.getId()}"))
    for species in model.getListOfSpecies():
        size_unit = species.getSpatialSizeUnits()
        compartment = model.getCompartment(species.getCompartment())
        if size_unit and compartment is not None and size_unit not in (compartment.getUnits(), "volume"):
            report.append(("spatialSizeUnits of a species", f"species {species.getId()}"))
    return report


def check_references(model: Model) -> None:
    """Check that every symbol and determined variable exists, and that nothing is determined twice.

    Raises
    ------
    UnknownNameError
        For an id that the model does not hold, with the nearest one.
    ModelError
        For a variable with two rules, or a constant that a rule or event would change.
    """
    references = {r.id for x in model.reactions.values() for r in (*x.reactants, *x.products) if r.id}
    known = {*model.compartments, *model.species, *model.parameters, *model.reactions, *references}
    for place, expression in expressions(model):
        missing = symbols(expression) - known
        if missing:
            raise UnknownNameError("id", min(missing), known, f"in {place}")
    _check_targets(model, known - set(model.reactions))
    for species in model.species.values():
        if species.compartment not in model.compartments:
            raise UnknownNameError("compartment", species.compartment, model.compartments, f"of species {species.id}")
    for reaction in model.reactions.values():
        _check_reaction(model, reaction)


def _check_targets(model: Model, variables: set[str]) -> None:
    targets = [("assignment rule", v) for v in model.assignment_rules]
    targets += [("rate rule", v) for v in model.rate_rules]
    targets += [("initial assignment", v) for v in model.initial_assignments]
    targets += [(f"event {e.id}", v) for e in model.events.values() for v, _ in e.assignments]
    for kind, variable in targets:
        if variable not in variables:
            raise UnknownNameError("variable", variable, variables, f"in {kind}")
    for variable in model.assignment_rules:
        if variable in model.rate_rules:
            raise ModelError(f"{variable!r} has an assignment rule and a rate rule; keep one of them")
        if variable in model.initial_assignments:
            raise ModelError(f"{variable!r} has an assignment rule and an initial assignment; keep one of them")


def _check_reaction(model: Model, reaction: Reaction) -> None:
    for reference in (*reaction.reactants, *reaction.products):
        if reference.species not in model.species:
            raise UnknownNameError("species", reference.species, model.species, f"in reaction {reaction.id}")
        changed = model.species[reference.species]
        if not changed.boundary and changed.id in {**model.assignment_rules, **model.rate_rules}:
            raise ModelError(
                f"species {changed.id!r} is changed both by reaction {reaction.id!r} and by a rule; "
                "set boundaryCondition or remove one of them"
            )


def constants_that_react(model: Model) -> list[str]:
    """Return a sentence on species that are constant and yet used or made by a reaction; they keep their amount."""
    used = {r.species for x in model.reactions.values() for r in (*x.reactants, *x.products)}
    held = [s.id for s in model.species.values() if s.constant and not s.boundary and s.id in used]
    if not held:
        return []
    named = ", ".join(held[:8]) + (f" and {len(held) - 8} more" if len(held) > 8 else "")
    return [f"held constant, as the model declares, although reactions use or make it: {named}"]


def expressions(model: Model) -> list[tuple[str, Expression]]:
    """Return every expression of the model with a description of its place."""
    found: list[tuple[str, Expression]] = []
    found += [(f"the assignment rule for {v}", e) for v, e in model.assignment_rules.items()]
    found += [(f"the rate rule for {v}", e) for v, e in model.rate_rules.items()]
    found += [(f"the initial assignment of {v}", e) for v, e in model.initial_assignments.items()]
    for reaction in model.reactions.values():
        if reaction.law is not None:
            found.append((f"the kinetic law of {reaction.id}", reaction.law))
        for reference in (*reaction.reactants, *reaction.products):
            found.append((f"the stoichiometry of {reference.species} in {reaction.id}", reference.stoichiometry))
    for event in model.events.values():
        place = f"event {event.id}"
        found.append((f"the trigger of {place}", event.trigger))
        found += [(f"the delay of {place}", e) for e in (event.delay,) if e is not None]
        found += [(f"the priority of {place}", e) for e in (event.priority,) if e is not None]
        found += [(f"the assignment of {v} in {place}", e) for v, e in event.assignments]
    return found


def missing_laws(model: Model) -> list[tuple[str, str]]:
    """Return reactions without a kinetic law whose rate the simulation would need."""
    used = set().union(*(symbols(e) for _, e in expressions(model)))
    report = []
    for reaction in model.reactions.values():
        moved = [model.species[r.species] for r in (*reaction.reactants, *reaction.products)]
        needed = reaction.id in used or any(not (s.boundary or s.constant) for s in moved)
        if reaction.law is None and needed:
            report.append(("reaction without kinetic law", f"reaction {reaction.id}"))
    return report
