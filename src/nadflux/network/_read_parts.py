"""The elements of an SBML document, one method each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nadflux.errors import ModelError
from nadflux.network._annotation import read_term
from nadflux.network._mathml import FunctionTable, from_ast
from nadflux.network.expression import Expression, Number, rename
from nadflux.network.model import (
    Compartment,
    Event,
    Model,
    Parameter,
    Reaction,
    Species,
    SpeciesReference,
    UnitFactor,
)

if TYPE_CHECKING:
    import libsbml

_LEVEL_2_UNITS: dict[str, tuple[UnitFactor, ...]] = {
    "substance": (UnitFactor("mole"),),
    "volume": (UnitFactor("litre"),),
    "area": (UnitFactor("metre", 2.0),),
    "length": (UnitFactor("metre"),),
    "time": (UnitFactor("second"),),
}


class DocumentReader:
    """One pass over a document; ``report`` collects what is refused as (construct, place)."""

    def __init__(self, document: libsbml.SBMLDocument) -> None:
        self.document = document
        self.model = document.getModel()
        self.level = document.getLevel()
        self.report: list[tuple[str, str]] = []
        definitions = {f.getId(): f.getMath() for f in self.model.getListOfFunctionDefinitions()}
        self._functions = FunctionTable(definitions)
        self._taken = {e.getId() for e in self.model.getListOfAllElements() if e.getId()}
        self._points = {
            c.getId()
            for c in self.model.getListOfCompartments()
            if c.isSetSpatialDimensions() and c.getSpatialDimensionsAsDouble() == 0.0 and not c.isSetSize()
        }
        self._local: dict[str, Parameter] = {}

    def read(self) -> Model:
        """Read the whole model."""
        source = self.model
        reactions = {r.getId(): self._reaction(r) for r in source.getListOfReactions()}
        assignment, rate = self._rules()
        parameters = {p.getId(): self._parameter(p) for p in source.getListOfParameters()}
        return Model(
            id=source.getId() or "model",
            name=source.getName(),
            compartments={c.getId(): self._compartment(c) for c in source.getListOfCompartments()},
            species={s.getId(): self._species(s) for s in source.getListOfSpecies()},
            parameters={**parameters, **self._local},
            reactions=reactions,
            assignment_rules=assignment,
            rate_rules=rate,
            initial_assignments=self._initial_assignments(),
            events=self._events(),
            units=self._units(),
            conversion_factor=(source.getConversionFactor() or None) if self.level == 3 else None,
            notes=(),
            **self._model_units(),
        )

    def _math(self, node: libsbml.ASTNode, place: str) -> Expression:
        def refuse(construct: str) -> None:
            self.report.append((construct, place))

        try:
            return from_ast(node, self._functions, refuse)
        except ModelError as error:
            raise ModelError(f"{place}: {error}") from error

    def _model_units(self) -> dict[str, str | None]:
        if self.level == 2:
            units: dict[str, str | None] = {f"{kind}_unit": kind for kind in _LEVEL_2_UNITS}
            return {**units, "extent_unit": "substance"}
        source = self.model
        return {
            "substance_unit": source.getSubstanceUnits() or None,
            "time_unit": source.getTimeUnits() or None,
            "volume_unit": source.getVolumeUnits() or None,
            "area_unit": source.getAreaUnits() or None,
            "length_unit": source.getLengthUnits() or None,
            "extent_unit": source.getExtentUnits() or None,
        }

    def _units(self) -> dict[str, tuple[UnitFactor, ...]]:
        import libsbml

        units: dict[str, tuple[UnitFactor, ...]] = dict(_LEVEL_2_UNITS) if self.level == 2 else {}
        for definition in self.model.getListOfUnitDefinitions():
            units[definition.getId()] = tuple(
                UnitFactor(
                    libsbml.UnitKind_toString(u.getKind()),
                    u.getExponentAsDouble() if u.isSetExponent() else 1.0,
                    u.getScale() if u.isSetScale() else 0,
                    u.getMultiplier() if u.isSetMultiplier() else 1.0,
                )
                for u in definition.getListOfUnits()
            )
        return units

    def _compartment(self, item: libsbml.Compartment) -> Compartment:
        default = math.nan if self.level == 3 else 3.0
        dimensions = item.getSpatialDimensionsAsDouble() if item.isSetSpatialDimensions() else default
        return Compartment(
            id=item.getId(),
            size=item.getSize() if item.isSetSize() else None,
            constant=item.getConstant(),
            unit=item.getUnits() or None,
            dimensions=dimensions,
            name=item.getName(),
            term=read_term(item),
        )

    def _species(self, item: libsbml.Species) -> Species:
        if item.getCompartment() in self._points and item.isSetInitialConcentration():
            self.report.append(("concentration in a compartment of no dimensions", f"species {item.getId()}"))
        return Species(
            id=item.getId(),
            compartment=item.getCompartment(),
            amount=item.getInitialAmount() if item.isSetInitialAmount() else None,
            concentration=item.getInitialConcentration() if item.isSetInitialConcentration() else None,
            # a point has no size to divide by
            only_substance_units=item.getHasOnlySubstanceUnits() or item.getCompartment() in self._points,
            boundary=item.getBoundaryCondition(),
            constant=item.getConstant(),
            unit=item.getSubstanceUnits() or None,
            conversion_factor=(item.getConversionFactor() or None) if self.level == 3 else None,
            name=item.getName(),
            term=read_term(item),
        )

    def _parameter(self, item: libsbml.Parameter, id: str | None = None) -> Parameter:
        return Parameter(
            id=id or item.getId(),
            value=item.getValue() if item.isSetValue() else None,
            unit=item.getUnits() or None,
            constant=True if id else item.getConstant(),
            name=item.getName(),
            term=read_term(item),
        )

    def _rules(self) -> tuple[dict[str, Expression], dict[str, Expression]]:
        assignment: dict[str, Expression] = {}
        rate: dict[str, Expression] = {}
        for number, rule in enumerate(self.model.getListOfRules(), start=1):
            math_node = rule.getMath()
            if rule.isAlgebraic():
                if math_node is not None:
                    self.report.append(("algebraic rule", f"rule {number}"))
                continue
            if math_node is None:
                continue  # Level 3 Version 2: a rule without mathematics has no effect
            target = assignment if rule.isAssignment() else rate
            target[rule.getVariable()] = self._math(math_node, f"rule for {rule.getVariable()}")
        return assignment, rate

    def _initial_assignments(self) -> dict[str, Expression]:
        return {
            item.getSymbol(): self._math(item.getMath(), f"initial assignment of {item.getSymbol()}")
            for item in self.model.getListOfInitialAssignments()
            if item.getMath() is not None
        }

    def _reaction(self, item: libsbml.Reaction) -> Reaction:
        place = f"reaction {item.getId()}"
        if item.isSetFast() and item.getFast():
            self.report.append(("fast reaction", place))
        law_item = item.getKineticLaw()
        law = None
        if law_item is not None and law_item.getMath() is not None:
            law = self._math(law_item.getMath(), f"kinetic law of {place}")
            names = self._local_parameters(item.getId(), law_item)
            law = rename(law, lambda name: names.get(name, name))
        return Reaction(
            id=item.getId(),
            reactants=tuple(self._reference(r, place) for r in item.getListOfReactants()),
            products=tuple(self._reference(r, place) for r in item.getListOfProducts()),
            law=law,
            modifiers=tuple(m.getSpecies() for m in item.getListOfModifiers()),
            reversible=item.getReversible(),
            name=item.getName(),
            term=read_term(item),
        )

    def _local_parameters(self, reaction: str, law: libsbml.KineticLaw) -> dict[str, str]:
        names = {}
        items = law.getListOfLocalParameters() if self.level == 3 else law.getListOfParameters()
        for item in items:
            name = f"{reaction}__{item.getId()}"
            # Underscores are added until the name is free.
            while name in self._taken:
                name += "_"
            self._taken.add(name)
            names[item.getId()] = name
            self._local[name] = self._parameter(item, id=name)
        return names

    def _reference(self, item: libsbml.SpeciesReference, place: str) -> SpeciesReference:
        if self.level == 2:
            holder = item.getStoichiometryMath()
            if holder is not None and holder.getMath() is not None:
                varying = self._math(holder.getMath(), f"stoichiometryMath in {place}")
                return SpeciesReference(item.getSpecies(), varying, constant=False)
            value = item.getStoichiometry() if item.isSetStoichiometry() else 1.0
            return SpeciesReference(item.getSpecies(), Number(value))
        value = item.getStoichiometry() if item.isSetStoichiometry() else math.nan
        return SpeciesReference(item.getSpecies(), Number(value), id=item.getId(), constant=item.getConstant())

    def _events(self) -> dict[str, Event]:
        events = {}
        for number, item in enumerate(self.model.getListOfEvents(), start=1):
            trigger = item.getTrigger()
            if trigger is None or trigger.getMath() is None:
                continue  # Level 3 Version 2: such an event never fires
            id = item.getId() or self._fresh(f"event_{number}")
            events[id] = self._event(item, id)
        return events

    def _fresh(self, name: str) -> str:
        # Underscores are added until the name is free.
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    def _event(self, item: libsbml.Event, id: str) -> Event:
        place = f"event {id}"
        trigger, delay, priority = item.getTrigger(), item.getDelay(), item.getPriority()
        assignments = tuple(
            (a.getVariable(), self._math(a.getMath(), f"assignment of {a.getVariable()} in {place}"))
            for a in item.getListOfEventAssignments()
            if a.getMath() is not None
        )
        modern = self.level == 3
        return Event(
            id=id,
            trigger=self._math(trigger.getMath(), f"trigger of {place}"),
            assignments=assignments,
            delay=self._math(delay.getMath(), f"delay of {place}") if _has_math(delay) else None,
            priority=self._math(priority.getMath(), f"priority of {place}") if _has_math(priority) else None,
            initial_value=trigger.getInitialValue() if modern else True,
            persistent=trigger.getPersistent() if modern else True,
            use_values_from_trigger_time=item.getUseValuesFromTriggerTime(),
            name=item.getName(),
        )


def _has_math(item: libsbml.SBase | None) -> bool:
    return item is not None and item.getMath() is not None
