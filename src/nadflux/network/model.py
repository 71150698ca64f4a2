"""The model as data: what a reader produces and what kernel and writers consume.

SBML semantics throughout: a species symbol in an expression means its concentration unless
``only_substance_units`` is set, then its amount; a compartment symbol means its size; a reaction symbol
its rate (extent/time); function definitions are inlined and local parameters renamed ``reaction__parameter``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nadflux.network.expression import Expression, Number


@dataclass(frozen=True)
class Compartment:
    """A compartment; ``size`` is None where the text leaves it to a rule or initial assignment."""

    id: str
    size: float | None = 1.0
    constant: bool = True
    unit: str | None = None
    dimensions: float = 3.0
    name: str = ""
    term: str = ""


@dataclass(frozen=True)
class Species:
    """A species. At most one of ``amount`` and ``concentration`` is given."""

    id: str
    compartment: str
    amount: float | None = None
    concentration: float | None = None
    only_substance_units: bool = False
    boundary: bool = False
    constant: bool = False
    unit: str | None = None
    conversion_factor: str | None = None
    name: str = ""
    term: str = ""


@dataclass(frozen=True)
class Parameter:
    """A parameter; ``value`` is None where a rule or initial assignment gives it."""

    id: str
    value: float | None = None
    unit: str | None = None
    constant: bool = True
    name: str = ""
    term: str = ""


@dataclass(frozen=True)
class SpeciesReference:
    """One reactant or product. ``id`` is set where the stoichiometry is itself a variable of the model."""

    species: str
    stoichiometry: Expression = field(default_factory=lambda: Number(1.0))
    id: str = ""
    constant: bool = True


@dataclass(frozen=True)
class Reaction:
    """A reaction; ``law`` is extent per time and None only where an SBML file leaves it out."""

    id: str
    reactants: tuple[SpeciesReference, ...]
    products: tuple[SpeciesReference, ...]
    law: Expression | None
    modifiers: tuple[str, ...] = ()
    reversible: bool = False
    name: str = ""
    term: str = ""


@dataclass(frozen=True)
class Event:
    """An SBML event. ``delay`` and ``priority`` are None where absent."""

    id: str
    trigger: Expression
    assignments: tuple[tuple[str, Expression], ...]
    delay: Expression | None = None
    priority: Expression | None = None
    initial_value: bool = True
    persistent: bool = True
    use_values_from_trigger_time: bool = True
    name: str = ""


@dataclass(frozen=True)
class UnitFactor:
    """One factor of a unit: (multiplier · 10^scale · kind)^exponent, as in SBML."""

    kind: str
    exponent: float = 1.0
    scale: int = 0
    multiplier: float = 1.0


@dataclass(frozen=True)
class Model:
    """A complete model. Mappings keep the order of the text; all are keyed by id.

    Attributes
    ----------
    assignment_rules, rate_rules, initial_assignments : mapping of str to Expression
        Keyed by the variable they determine.
    units : mapping of str to tuple of UnitFactor
        Unit definitions by id; SBML base units (``mole``, ``litre`` …) may be used without definition.
    substance_unit, time_unit, volume_unit, extent_unit : str or None
        Model-wide units by id.
    notes : tuple of str
        What the reader has to say about the text, in sentences.
    """

    id: str
    compartments: Mapping[str, Compartment] = field(default_factory=dict)
    species: Mapping[str, Species] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    reactions: Mapping[str, Reaction] = field(default_factory=dict)
    assignment_rules: Mapping[str, Expression] = field(default_factory=dict)
    rate_rules: Mapping[str, Expression] = field(default_factory=dict)
    initial_assignments: Mapping[str, Expression] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    units: Mapping[str, tuple[UnitFactor, ...]] = field(default_factory=dict)
    substance_unit: str | None = None
    time_unit: str | None = None
    volume_unit: str | None = None
    area_unit: str | None = None
    length_unit: str | None = None
    extent_unit: str | None = None
    conversion_factor: str | None = None
    name: str = ""
    notes: tuple[str, ...] = ()
