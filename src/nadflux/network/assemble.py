"""From the biology's text and tables to one model of the whole body."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nadflux.errors import ModelError, TableError, UnknownNameError
from nadflux.network.observables import read_body_observables
from nadflux.network.organs import Parts, add_organ, organ_modules
from nadflux.network.switches import choose
from nadflux.network.body_spec import BodySpec, read_body_spec
from nadflux.network.capacities import add_capacities, inline
from nadflux.network.check_routes import check_routes
from nadflux.network.expression import Symbol, symbols
from nadflux.network.infix import parse_infix
from nadflux.network.model import Compartment, Model, Parameter
from nadflux.network.names import first_part, join, to_id, to_name
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
from nadflux.shipped import BIOLOGY

# resting flux, share of a total, and the rate where another module reads it
_ZERO_WHEN_ABSENT = ("J", "share", "")
_STRUCTURAL = (0.0, 1.0)


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
    name : str
        ``"nad"``, ``"whole"`` or, of a cell in a dish, ``"cell"``.
    part : Part, optional
        The NAD body within the whole one; None where the body is that itself.
    cells : mapping of str to str
        Organs that have energy, sensing and recycling, with their names in words.
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
    name: str = "nad"
    part: Part | None = None
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """What a posterior of the NAD body depends on, as it stands in a larger body.

    Attributes
    ----------
    text_hash : str
        That of the NAD body.
    rows : tuple of ParameterRow
        Its rows.
    switches : mapping of str to str
        Its switches.
    """

    text_hash: str
    rows: tuple[ParameterRow, ...]
    switches: Mapping[str, str]


def assemble(
    biology: Path | None = None,
    *,
    body: str = "nad",
    switches: Mapping[str, str] | None = None,
    species: str = "human",
) -> Body:
    """A body of ``biology/``: modules instantiated per organ, joined, with numbers and capacities.

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
    zero = list(choice.zero)
    parts = Parts(frozenset(body_spec.organs))
    for organ, spec in body_spec.organs.items():
        gone = frozenset(to_id(a) for a in spec.get("absent", ())) | choice.absent.get(organ, frozenset())
        add_organ(parts, organ, spec, organ_modules(folder, organ, spec), gone)
        for reaction in gone:
            parts.parameters.pop(join(organ, reaction, "V"), None)
            zero += [join(organ, reaction, what) for what in _ZERO_WHEN_ABSENT]
    for name in zero:
        _give(parts, name, 0.0)
    for name, value in choice.values.items():
        _give(parts, name, value)
    observables = read_body_observables(folder, body_spec)
    shown = frozenset().union(*(symbols(parse_infix(o.formula)) for o in observables)) - parts.reactions.keys()
    model = _finish(parts, body_spec, shown)
    tables = [read_parameters(folder / name) for name in body_spec.tables]
    rows = tuple(row for table in tables for row in table.rows if row.species == species)
    model, table = _with_values(model, rows, parts.given)
    routes = read_routes(folder / "routes.csv")
    inputs = tuple(_known(model, to_id(name), "input") for name in body_spec.inputs)
    check_routes(routes, model, inputs)
    return Body(
        model=model,
        table=table,
        observables=observables,
        routes=routes,
        compounds=read_compounds(folder / "compounds.csv"),
        inputs=inputs,
        switches=choice.taken,
        moieties=read_moieties(folder / "moieties.csv"),
        text_hash=file_hash(folder, (*body_spec.files, *body_spec.modules)),
        table_hash=file_hash(folder, ("*.csv",), leave_out=("dish/",) if body == "whole" else ("dish/", "whole/")),
        name=body,
        part=_part(folder, tables[0], species, choice.taken) if body != "nad" else None,
        cells=body_spec.cells,
    )


def _part(folder: Path, table: ParameterTable, species: str, switches: Mapping[str, str]) -> Part:
    nad = read_body_spec(folder, "nad")
    return Part(
        text_hash=file_hash(folder, (*nad.files, *nad.modules)),
        rows=tuple(row for row in table.rows if row.species == species),
        switches={name: switches[name] for name in nad.switches},
    )


def _finish(parts: Parts, body_spec: BodySpec, shown: frozenset[str]) -> Model:
    """One model of the parts, with capacities and without numbers that neither it nor an observable needs."""
    for organ, spec in body_spec.organs.items():
        for compartment, size in spec.get("size", {}).items():
            identifier = join(organ, compartment)
            parts.compartments[identifier] = dataclasses.replace(
                parts.compartments.get(identifier, Compartment(identifier)), size=None, unit="litre"
            )
            parts.initial_assignments[identifier] = Symbol(to_id(size))
    model = joined(parts, "nadflux_body", "NAD+ metabolism of a person")
    return _without_unused(model, keep=shown.union(to_id(i) for i in body_spec.inputs))


def joined(parts: Parts, identifier: str, name: str) -> Model:
    """One model of the parts, with capacities and reaction rates written out, every symbol declared."""
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
    """Every symbol must be something, and determined parameters carry no value."""
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


def _without_unused(model: Model, keep: frozenset[str]) -> Model:
    """The model without parameters that nothing needs, such as those of absent reactions."""
    assignments = dict(model.initial_assignments)
    rules = dict(model.assignment_rules)
    parameters = dict(model.parameters)
    while True:
        used = set(keep)
        for reaction in model.reactions.values():
            used |= symbols(reaction.law) if reaction.law is not None else set()
        for formula in (*rules.values(), *model.rate_rules.values(), *assignments.values()):
            used |= symbols(formula)
        idle = [p for p in parameters if p not in used and p not in model.rate_rules and not _told(p)]
        if not idle:
            break
        for name in idle:
            parameters.pop(name)
            assignments.pop(name, None)
            rules.pop(name, None)
    return dataclasses.replace(model, parameters=parameters, initial_assignments=assignments, assignment_rules=rules)


def _told(identifier: str) -> bool:
    """Whether a parameter stays although nothing uses it: descriptors of the person are always told."""
    return first_part(identifier) == "person" and identifier.count("__") == 1


def _with_values(
    model: Model, rows: tuple[ParameterRow, ...], given: Mapping[str, float]
) -> tuple[Model, ParameterTable]:
    own, general = _by_identifier(rows)
    determined = model.initial_assignments.keys() | model.assignment_rules.keys()
    targets: dict[str, list[str]] = {row.key: [] for row in rows}
    parameters: dict[str, Parameter] = {}
    missing: list[str] = []
    for identifier, parameter in model.parameters.items():
        constant = identifier not in model.assignment_rules and identifier not in model.rate_rules
        if identifier in determined:
            parameters[identifier] = dataclasses.replace(parameter, value=None, constant=constant)
            continue
        if identifier in given:
            parameters[identifier] = dataclasses.replace(parameter, value=given[identifier], constant=constant)
            continue
        row: ParameterRow | None = own.get(identifier) or general.get(identifier.split("__", 1)[-1])
        if row is None:
            if parameter.value not in _STRUCTURAL:
                missing.append(identifier)
            parameters[identifier] = dataclasses.replace(parameter, constant=constant)
            continue
        if row.unit != parameter.unit:
            raise TableError(
                f"{row.place}: {row.key} is given in {row.unit}, the text declares {parameter.unit} "
                f"for {to_name(identifier)}; write the number in {parameter.unit}"
            )
        targets[row.key].append(identifier)
        parameters[identifier] = dataclasses.replace(parameter, value=row.value, constant=constant)
    if missing:
        names = ", ".join(to_name(m) for m in missing[:8])
        more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
        raise TableError(f"no parameter row for {names}{more}; add rows to biology/parameters")
    idle = [row for row in rows if not targets[row.key] and to_id(row.key) not in given]
    if idle:
        raise TableError(
            f"{idle[0].place}: {idle[0].key} sets nothing in the model "
            f"({len(idle)} such rows); remove the row or correct its name"
        )
    filled = {key: tuple(ids) for key, ids in targets.items()}
    return dataclasses.replace(model, parameters=parameters), ParameterTable(rows, filled)


def _by_identifier(rows: tuple[ParameterRow, ...]) -> tuple[dict[str, ParameterRow], dict[str, ParameterRow]]:
    """Rows of one organ by id, and those for all organs by what follows the organ; refuses a row that stands twice."""
    own: dict[str, ParameterRow] = {}
    general: dict[str, ParameterRow] = {}
    for row in rows:
        kind, identifier = (own, to_id(row.key)) if row.organ != "all" else (general, to_id(row.name))
        twin = kind.setdefault(identifier, row)
        if twin is not row:
            raise TableError(f"{row.place}: {row.key} stands already in {twin.place}; keep one row")
    return own, general


def _give(parts: Parts, name: str, value: float) -> None:
    """Sets a number from outside the tables; ``all__NAME`` that of every organ which has it."""
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


def file_hash(folder: Path, patterns: tuple[str, ...], leave_out: tuple[str, ...] = ()) -> str:
    """SHA-256 over the files of a folder that match, names and contents, in the order of the patterns."""
    digest = hashlib.sha256()
    for pattern in patterns:
        for file in sorted(folder.rglob(pattern)):
            name = file.relative_to(folder).as_posix()
            if name.startswith(leave_out):
                continue
            digest.update(name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
