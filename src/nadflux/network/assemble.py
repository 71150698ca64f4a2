"""From the biology's text and tables to one model of the whole body."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nadflux.errors import ModelError, UnknownNameError
from nadflux.network.body_spec import BASE, BodySpec, read_body_spec
from nadflux.network.capacities import add_capacities, inline
from nadflux.network.check_routes import check_routes
from nadflux.network.dependencies import Dependencies
from nadflux.network.expression import Symbol, symbols
from nadflux.network.fill import fill, refuse_idle, row_finder
from nadflux.network.hashes import OF_ANSWERS, equations_hash
from nadflux.network.infix import parse_infix
from nadflux.network.model import Compartment, Model
from nadflux.network.names import first_part, join, to_id, to_name
from nadflux.network.observables import read_body_observables
from nadflux.network.organs import Parts, add_organ, organ_modules
from nadflux.network.present import NOBODY, Present
from nadflux.network.read_module import UNITS, shared_units
from nadflux.network.sums import add_sums, give_each
from nadflux.network.switches import Choice, choose
from nadflux.network.tables import (
    Compound,
    MoietyWeight,
    Observable,
    ParameterRow,
    ParameterTable,
    Route,
    read_compounds,
    read_moieties,
    read_parameters,
    read_routes,
)
from nadflux.shipped import BIOLOGY, file_hash

# resting flux, share of a total, and the rate where another module reads it
_ZERO_WHEN_ABSENT = ("J", "share", "")
# folders of tables that the whole body does not read, and those that the NAD body does not
_NOT_OF = (("dish/", "life/"), ("dish/", "life/", "whole/"))


@dataclass(frozen=True)
class Body:
    """The whole body: the model and the tables that describe it.

    Attributes
    ----------
    model : Model
        Every parameter has its typical value; capacities and the resting state follow by initial assignments.
    table : ParameterTable
        Rows with the SBML ids they set.
    inputs : tuple of str
        Parameter ids which a schedule may step in time.
    switches : mapping of str to str
        The option taken for every contested link.
    moieties : tuple of MoietyWeight
        Weights w such that Σ w·amount stays constant apart from doses.
    text_hash, table_hash : str
        SHA-256 of the Antimony files with the specification of the body, and of the tables.
    equations_hash : str
        SHA-256 of the equations that the text makes, see `nadflux.network.hashes.equations_hash`.
    name : str
        ``"nad"``, ``"whole"`` or, of a cell in a dish, ``"cell"``.
    part : Part, optional
        The NAD body within the whole one; None where the body is that itself.
    cells : mapping of str to str
        Organs that have energy, sensing and recycling, with their names in words.
    present : Present
        What people are now against the healthy reference at which the model rests.
    """

    model: Model
    table: ParameterTable
    observables: tuple[Observable, ...]
    routes: tuple[Route, ...]
    compounds: tuple[Compound, ...]
    inputs: tuple[str, ...]
    switches: Mapping[str, str]
    moieties: tuple[MoietyWeight, ...]
    text_hash: str
    table_hash: str
    equations_hash: str
    name: str = "nad"
    part: Part | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    present: Present = NOBODY


@dataclass(frozen=True)
class Part:
    """Equations, rows and switches of the NAD body within a larger body: all that a posterior of it depends on.

    Attributes
    ----------
    equations_hash : str
        That of the NAD body.
    rows : tuple of ParameterRow
        Its rows.
    switches : mapping of str to str
        Its switches.
    """

    equations_hash: str
    rows: tuple[ParameterRow, ...]
    switches: Mapping[str, str]


def assemble(
    biology: Path | None = None,
    *,
    body: str = "nad",
    switches: Mapping[str, str] | None = None,
    species: str = "human",
) -> Body:
    """Assemble a body of ``biology/``: modules instantiated per organ, joined, with numbers and capacities.

    Parameters
    ----------
    biology : Path, optional
        Folder with plans, modules and tables; the shipped one by default.
    body : str
        ``"nad"``: NAD+ metabolism (body.yaml). ``"whole"``: with energy, sensing, autophagy, food and lifestyle
        (whole.yaml), the same at rest.
    switches : mapping of str to str
        Options other than the default, e.g. ``{"red_cells.NA": "plasma"}``.
    species : str
        Whose rows to use.

    Raises
    ------
    ModelError
        Where modules contradict each other or a name leads nowhere.
    TableError
        Where a parameter has no row or a row sets nothing.
    UnknownNameError
        For an unknown switch, option, reaction or species.
    """
    folder = biology or BIOLOGY
    body_spec = read_body_spec(folder, body)
    if species not in body_spec.species:
        raise UnknownNameError("species", species, body_spec.species)
    choice = choose(body_spec.switches, switches or {})
    observables = read_body_observables(folder, body_spec)
    shown = frozenset().union(*(symbols(parse_infix(o.formula)) for o in observables))
    full, given = _without_numbers(folder, body_spec, choice)
    model = _without_unused(full, body_spec, shown)
    tables = [read_parameters(folder / name).rows for name in body_spec.tables]
    rows = tuple(row for table in tables for row in table if row.species == species)
    model, table = fill(model, row_finder((rows,), (species,)), given, "biology/parameters")
    routes = read_routes(folder / "routes.csv")
    inputs = tuple(_known(model, to_id(name), "input") for name in body_spec.inputs)
    for quantity in body_spec.present.inputs.values():
        _known(model, quantity, "quantity that people have now")
    check_routes(routes, model, inputs)
    return Body(
        model=model,
        table=refuse_idle(rows, table, given),
        observables=observables,
        routes=routes,
        compounds=read_compounds(folder / "compounds.csv"),
        inputs=inputs,
        switches=choice.taken,
        moieties=read_moieties(folder / "moieties.csv"),
        text_hash=file_hash(folder, (UNITS, *body_spec.files, *body_spec.modules)),
        table_hash=file_hash(folder, ("*.csv",), leave_out=(*OF_ANSWERS, *_NOT_OF[body == BASE])),
        equations_hash=equations_hash(_without_unused(full, body_spec), body_spec.present),
        name=body,
        part=None if body == BASE else _part(folder, choice, [row for row in tables[0] if row.species == species]),
        cells=body_spec.cells,
        present=body_spec.present,
    )


def _part(folder: Path, choice: Choice, rows: Sequence[ParameterRow]) -> Part:
    spec = read_body_spec(folder, BASE)
    switches = {name: choice.taken[name] for name in spec.switches}
    model, _ = _without_numbers(folder, spec, choose(spec.switches, switches))
    return Part(equations_hash(_without_unused(model, spec), spec.present), tuple(rows), switches)


def _without_numbers(folder: Path, body_spec: BodySpec, choice: Choice) -> tuple[Model, Mapping[str, float]]:
    """Return a body's equations under a choice of contested links, and the numbers that follow from that choice."""
    zero = list(choice.zero)
    parts = Parts(frozenset(body_spec.organs), units=shared_units(folder))
    for organ, spec in body_spec.organs.items():
        sums = body_spec.sums.get(organ)
        gone = frozenset(to_id(a) for a in spec.get("absent", ())) | choice.absent.get(organ, frozenset())
        if sums is not None:
            add_sums(parts, organ, sums)
        add_organ(parts, organ, spec, organ_modules(folder, organ, spec), gone)
        if sums is not None:
            give_each(parts, organ, sums)
        for reaction in gone:
            parts.parameters.pop(join(organ, reaction, "V"), None)
            zero += [join(organ, reaction, what) for what in _ZERO_WHEN_ABSENT]
    for name, value in (*((name, 0.0) for name in zero), *choice.values.items()):
        _give(parts, name, value)
    for organ, spec in body_spec.organs.items():
        for compartment, size in spec.get("size", {}).items():
            add_size(parts, join(organ, compartment), size)
    return joined(parts, "nadflux_body", "NAD+ metabolism of a person"), parts.given


def add_size(parts: Parts, compartment: str, size: str) -> None:
    """Give a compartment its size by a quantity, in place.

    Parameters
    ----------
    parts : Parts
    compartment : str
        By id.
    size : str
        Name of a volume, in litres.
    """
    known = parts.compartments.get(compartment, Compartment(compartment))
    parts.compartments[compartment] = dataclasses.replace(known, size=None, unit="litre")
    parts.initial_assignments[compartment] = Symbol(to_id(size))


def joined(parts: Parts, identifier: str, name: str) -> Model:
    """Return one model of the parts, with capacities and reaction rates written out, every symbol declared."""
    # a module may use the rate of another's reaction by declaring its name
    own = {name: p for name, p in parts.parameters.items() if name not in parts.reactions}
    model = Model(
        id=identifier,
        name=name,
        compartments=parts.compartments,
        species=parts.species,
        parameters=own,
        reactions=parts.reactions,
        assignment_rules=parts.assignment_rules,
        rate_rules=parts.rate_rules,
        initial_assignments=parts.initial_assignments,
        units=parts.units,
        substance_unit="umol",
        time_unit="h",
        volume_unit="litre",
        extent_unit="umol",
    )
    model = add_capacities(model)
    laws = {reaction: r.law for reaction, r in model.reactions.items() if r.law is not None}
    return declared(inline(model, laws))


def declared(model: Model) -> Model:
    """Return the model; raises ModelError for a symbol or species that nothing declares."""
    known = {*model.compartments, *model.species, *model.parameters, *model.reactions}
    formulas = [
        *((n, r.law) for n, r in model.reactions.items()),
        *model.assignment_rules.items(),
        *model.rate_rules.items(),
        *model.initial_assignments.items(),
    ]
    for owner, formula in formulas:
        for name in symbols(formula) if formula is not None else ():
            if name not in known:
                raise ModelError(f"{to_name(owner)} uses {to_name(name)}, which no organ of the body declares")
    for reaction in model.reactions.values():
        for reference in (*reaction.reactants, *reaction.products):
            if reference.species not in model.species:
                raise ModelError(f"{to_name(reaction.id)} moves {to_name(reference.species)}, which no organ has")
    return model


def _without_unused(model: Model, body_spec: BodySpec, shown: frozenset[str] = frozenset()) -> Model:
    """Return the model without parameters that nothing needs, such as those of absent reactions.

    Needed are parameters of what changes in time, of sizes and start values, inputs, descriptors of the person and what
    is shown; ``shown`` are ids that observables name.
    """
    told = (name for name in model.parameters if _told(name))
    asked = {*shown, *map(to_id, body_spec.inputs), *told, *body_spec.present.names}
    needed = Dependencies.over_time(model).behind(
        asked | model.reactions.keys() | model.species.keys() | model.compartments.keys() | model.rate_rules.keys()
    )
    idle = model.parameters.keys() - needed
    return dataclasses.replace(
        model,
        parameters={name: p for name, p in model.parameters.items() if name not in idle},
        initial_assignments={name: f for name, f in model.initial_assignments.items() if name not in idle},
        assignment_rules={name: f for name, f in model.assignment_rules.items() if name not in idle},
    )


def _told(identifier: str) -> bool:
    """Tell whether a parameter stays although nothing uses it, as descriptors of the person do."""
    return first_part(identifier) == "person" and identifier.count("__") == 1


def _give(parts: Parts, name: str, value: float) -> None:
    """Set a number from outside the tables; ``all__NAME`` that of every organ which has it."""
    head, _, rest = name.partition("__")
    found = [i for i in parts.parameters if i.endswith(f"__{rest}")] if head == "all" else [name]
    for identifier in found:
        if identifier in parts.parameters:
            parts.initial_assignments.pop(identifier, None)
            parts.parameters[identifier] = dataclasses.replace(parts.parameters[identifier], value=value)
            parts.given[identifier] = value


def _known(model: Model, identifier: str, what: str) -> str:
    if identifier not in model.parameters:
        raise UnknownNameError(what, to_name(identifier), map(to_name, model.parameters))
    return identifier
