"""Writer of a model as SBML Level 3 Version 2 core, with units of quantities and literals and annotations."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nadflux.errors import ModelError, UnitError
from nadflux.network._annotation import write_term
from nadflux.network._mathml import to_ast
from nadflux.network.expression import Expression, Number, symbols
from nadflux.network.model import Event, Model, Reaction, SpeciesReference, UnitFactor

if TYPE_CHECKING:
    import libsbml


def write_sbml(model: Model) -> str:
    """Return the model as SBML text.

    Parameters
    ----------
    model : Model

    Returns
    -------
    str
        SBML Level 3 Version 2 core; terms become ``bqbiol:is`` resources at identifiers.org.

    Raises
    ------
    UnitError
        For a unit definition with a kind that SBML does not have.
    ModelError
        For an id that SBML does not allow (letters, digits and ``_`` only).
    """
    import libsbml

    document = libsbml.SBMLDocument(3, 2)
    target = document.createModel()
    _identify(target, model.id, model.name)
    _model_units(target, model)
    for id, factors in model.units.items():
        _unit(target, id, factors)
    _compartments(target, model)
    _species(target, model)
    _parameters(target, model)
    for variable, expression in model.initial_assignments.items():
        assignment = target.createInitialAssignment()
        assignment.setSymbol(variable)
        assignment.setMath(to_ast(expression))
    for reaction in model.reactions.values():
        _reaction(target, model, reaction)
    for variable, expression in model.assignment_rules.items():
        _rule(target.createAssignmentRule(), variable, expression)
    for variable, expression in model.rate_rules.items():
        _rule(target.createRateRule(), variable, expression)
    for event in model.events.values():
        _event(target, event)
    text: str = libsbml.writeSBMLToString(document)
    return text


def _identify(item: Any, id: str, name: str, term: str = "") -> None:
    import libsbml

    if item.setId(id) != libsbml.LIBSBML_OPERATION_SUCCESS:
        raise ModelError(f"id {id!r} is not an SBML id; use letters, digits and '_', not starting with a digit")
    if name:
        item.setName(name)
    if term:
        write_term(item, term)


def _model_units(target: libsbml.Model, model: Model) -> None:
    for unit, setter in (
        (model.substance_unit, target.setSubstanceUnits),
        (model.time_unit, target.setTimeUnits),
        (model.volume_unit, target.setVolumeUnits),
        (model.area_unit, target.setAreaUnits),
        (model.length_unit, target.setLengthUnits),
        (model.extent_unit, target.setExtentUnits),
        (model.conversion_factor, target.setConversionFactor),
    ):
        if unit:
            setter(unit)


def _unit(target: libsbml.Model, id: str, factors: Iterable[UnitFactor]) -> None:
    import libsbml

    definition = target.createUnitDefinition()
    _identify(definition, id, "")
    for factor in factors:
        kind = libsbml.UnitKind_forName(factor.kind)
        if kind == libsbml.UNIT_KIND_INVALID:
            raise UnitError(f"unit {id!r} uses {factor.kind!r}, which is no SBML base unit; build it from those")
        unit = definition.createUnit()
        unit.setKind(kind)
        unit.setExponent(float(factor.exponent))
        unit.setScale(factor.scale)
        unit.setMultiplier(factor.multiplier)


def _compartments(target: libsbml.Model, model: Model) -> None:
    for compartment in model.compartments.values():
        item = target.createCompartment()
        _identify(item, compartment.id, compartment.name, compartment.term)
        item.setConstant(compartment.constant)
        if math.isfinite(compartment.dimensions):
            item.setSpatialDimensions(compartment.dimensions)
        if compartment.size is not None:
            item.setSize(compartment.size)
        if compartment.unit:
            item.setUnits(compartment.unit)


def _species(target: libsbml.Model, model: Model) -> None:
    for species in model.species.values():
        item = target.createSpecies()
        _identify(item, species.id, species.name, species.term)
        item.setCompartment(species.compartment)
        item.setHasOnlySubstanceUnits(species.only_substance_units)
        item.setBoundaryCondition(species.boundary)
        item.setConstant(species.constant)
        if species.amount is not None:
            item.setInitialAmount(species.amount)
        elif species.concentration is not None:
            item.setInitialConcentration(species.concentration)
        if species.unit:
            item.setSubstanceUnits(species.unit)
        if species.conversion_factor:
            item.setConversionFactor(species.conversion_factor)


def _parameters(target: libsbml.Model, model: Model) -> None:
    for parameter in model.parameters.values():
        item = target.createParameter()
        _identify(item, parameter.id, parameter.name, parameter.term)
        item.setConstant(parameter.constant)
        if parameter.value is not None:
            item.setValue(parameter.value)
        if parameter.unit:
            item.setUnits(parameter.unit)


def _reaction(target: libsbml.Model, model: Model, reaction: Reaction) -> None:
    item = target.createReaction()
    _identify(item, reaction.id, reaction.name, reaction.term)
    item.setReversible(reaction.reversible)
    for side, references, create in (
        ("reactant", reaction.reactants, item.createReactant),
        ("product", reaction.products, item.createProduct),
    ):
        for number, reference in enumerate(references, start=1):
            _reference(target, create(), reference, f"{reaction.id}__{side}_{number}")
    named = {r.species for r in (*reaction.reactants, *reaction.products)}
    used = {s for s in symbols(reaction.law) if s in model.species} if reaction.law is not None else set()
    for species in dict.fromkeys((*reaction.modifiers, *sorted(used - named))):
        item.createModifier().setSpecies(species)
    if reaction.law is not None:
        item.createKineticLaw().setMath(to_ast(reaction.law))


def _reference(
    target: libsbml.Model, item: libsbml.SpeciesReference, reference: SpeciesReference, fallback_id: str
) -> None:
    item.setSpecies(reference.species)
    item.setConstant(reference.constant)
    if reference.id:
        item.setId(reference.id)
    if isinstance(reference.stoichiometry, Number):
        if not math.isnan(reference.stoichiometry.value):
            item.setStoichiometry(reference.stoichiometry.value)
        return
    # Level 2's stoichiometryMath is Level 3's assignment rule on the species reference
    item.setId(reference.id or fallback_id)
    item.setConstant(False)
    _rule(target.createAssignmentRule(), item.getId(), reference.stoichiometry)


def _rule(item: libsbml.Rule, variable: str, expression: Expression) -> None:
    item.setVariable(variable)
    item.setMath(to_ast(expression))


def _event(target: libsbml.Model, event: Event) -> None:
    item = target.createEvent()
    _identify(item, event.id, event.name)
    item.setUseValuesFromTriggerTime(event.use_values_from_trigger_time)
    trigger = item.createTrigger()
    trigger.setInitialValue(event.initial_value)
    trigger.setPersistent(event.persistent)
    trigger.setMath(to_ast(event.trigger))
    if event.delay is not None:
        item.createDelay().setMath(to_ast(event.delay))
    if event.priority is not None:
        item.createPriority().setMath(to_ast(event.priority))
    for variable, expression in event.assignments:
        assignment = item.createEventAssignment()
        assignment.setVariable(variable)
        assignment.setMath(to_ast(expression))
