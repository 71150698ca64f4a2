"""From the biology's text and tables to one model of the whole body."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nadflux.errors import ModelError, TableError, UnknownNameError
from nadflux.network._organs import Parts, add_organ, organ_modules
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
    read_observables,
    read_parameters,
    read_routes,
)

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
        SHA-256 of the Antimony files with body.yaml, and of the tables.
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


def assemble(biology: Path | None = None, *, switches: Mapping[str, str] | None = None, species: str = "human") -> Body:
    """The body of ``biology/``: modules instantiated per organ, joined, with numbers and capacities.

    Parameters
    ----------
    biology : Path, optional
        Folder with body.yaml, modules and tables; the shipped one by default.
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
    folder = biology or Path(__file__).resolve().parents[1] / "biology"
    plan = _read_yaml(folder / "body.yaml")
    if species not in plan["species"]:
        raise UnknownNameError("species", species, plan["species"])
    chosen, absent, zero = _choose(plan.get("switches", {}), switches or {})
    parts = Parts(frozenset(plan["organs"]))
    for organ, spec in plan["organs"].items():
        gone = frozenset(to_id(a) for a in spec.get("absent", ())) | absent.get(organ, frozenset())
        add_organ(parts, organ, spec, organ_modules(folder, organ, spec), gone)
        for reaction in gone:
            parts.parameters.pop(join(organ, reaction, "V"), None)
            zero += [join(organ, reaction, what) for what in _ZERO_WHEN_ABSENT]
    for name in zero:
        _set_zero(parts, name)
    observables = read_observables(folder / "observables.csv")
    shown = frozenset().union(*(symbols(parse_infix(o.formula)) for o in observables)) - parts.reactions.keys()
    model = _finish(parts, plan, shown)
    table = read_parameters(folder / "parameters")
    model, table = _with_values(model, table, species, parts.zeros)
    routes = read_routes(folder / "routes.csv")
    inputs = tuple(_known(model, to_id(name), "input") for name in plan["inputs"])
    check_routes(routes, model, inputs)
    return Body(
        model=model,
        table=table,
        observables=observables,
        routes=routes,
        compounds=read_compounds(folder / "compounds.csv"),
        inputs=inputs,
        switches=chosen,
        moieties=read_moieties(folder / "moieties.csv"),
        text_hash=file_hash(folder, ("body.yaml", *_modules_of(plan))),
        table_hash=file_hash(folder, ("*.csv",), leave_out="dish/"),
    )


def _finish(parts: Parts, plan: Mapping[str, Any], shown: frozenset[str]) -> Model:
    """One model of the parts, with capacities and without numbers that neither it nor an observable needs."""
    for organ, spec in plan["organs"].items():
        for compartment, size in spec.get("size", {}).items():
            identifier = join(organ, compartment)
            parts.compartments[identifier] = dataclasses.replace(
                parts.compartments.get(identifier, Compartment(identifier)), size=None, unit="litre"
            )
            parts.initial_assignments[identifier] = Symbol(to_id(size))
    model = joined(parts, "nadflux_body", "NAD+ metabolism of a person")
    return _without_unused(model, keep=shown.union(to_id(i) for i in plan["inputs"]))


def joined(parts: Parts, identifier: str, name: str) -> Model:
    """One model of the parts, with capacities and reaction rates written out, every symbol declared."""
    model = Model(
        id=identifier,
        name=name,
        compartments=parts.compartments,
        species=parts.species,
        parameters=parts.parameters,
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


def _with_values(model: Model, table: ParameterTable, species: str, zeros: set[str]) -> tuple[Model, ParameterTable]:
    rows = [row for row in table.rows if row.species == species]
    own = {to_id(row.key): row for row in rows if row.organ != "all"}
    general = {to_id(row.name): row for row in rows if row.organ == "all"}
    determined = model.initial_assignments.keys() | model.assignment_rules.keys()
    targets: dict[str, list[str]] = {row.key: [] for row in rows}
    parameters: dict[str, Parameter] = {}
    missing: list[str] = []
    for identifier, parameter in model.parameters.items():
        constant = identifier not in model.assignment_rules and identifier not in model.rate_rules
        if identifier in determined:
            parameters[identifier] = dataclasses.replace(parameter, value=None, constant=constant)
            continue
        if identifier in zeros:
            parameters[identifier] = dataclasses.replace(parameter, value=0.0, constant=True)
            continue
        row: ParameterRow | None = own.get(identifier) or general.get(identifier.split("__", 1)[-1])
        if row is None:
            if parameter.value not in _STRUCTURAL:
                missing.append(identifier)
            parameters[identifier] = dataclasses.replace(parameter, constant=True)
            continue
        if row.unit != parameter.unit:
            raise TableError(
                f"{row.place}: {row.key} is given in {row.unit}, the text declares {parameter.unit} "
                f"for {to_name(identifier)}; write the number in {parameter.unit}"
            )
        targets[row.key].append(identifier)
        parameters[identifier] = dataclasses.replace(parameter, value=row.value, constant=True)
    if missing:
        names = ", ".join(to_name(m) for m in missing[:8])
        more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
        raise TableError(f"no parameter row for {names}{more}; add rows to biology/parameters")
    idle = [row for row in rows if not targets[row.key] and to_id(row.key) not in zeros]
    if idle:
        raise TableError(
            f"{idle[0].place}: {idle[0].key} sets nothing in the model "
            f"({len(idle)} such rows); remove the row or correct its name"
        )
    filled = {key: tuple(ids) for key, ids in targets.items()}
    return dataclasses.replace(model, parameters=parameters), ParameterTable(tuple(rows), filled)


def _choose(
    switches: Mapping[str, Any], wanted: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, frozenset[str]], list[str]]:
    chosen: dict[str, str] = {}
    absent: dict[str, frozenset[str]] = {}
    zero: list[str] = []
    for name in wanted:
        if name not in switches:
            raise UnknownNameError("switch", name, switches)
    for name, spec in switches.items():
        options = spec["options"]
        option = wanted.get(name, next(iter(options)))
        if option not in options:
            raise UnknownNameError(f"option of {name}", option, options)
        chosen[name] = option
        for entry in options[option].get("absent", ()):
            organ, reaction = entry.split(".", 1)
            absent[organ] = absent.get(organ, frozenset()) | {to_id(reaction)}
        zero += [to_id(entry) for entry in options[option].get("zero", ())]
    return chosen, absent, zero


def _set_zero(parts: Parts, identifier: str) -> None:
    if identifier in parts.parameters:
        parts.initial_assignments.pop(identifier, None)
        parts.parameters[identifier] = dataclasses.replace(parts.parameters[identifier], value=0.0)
        parts.zeros.add(identifier)


def _known(model: Model, identifier: str, what: str) -> str:
    if identifier not in model.parameters:
        raise UnknownNameError(what, to_name(identifier), map(to_name, model.parameters))
    return identifier


def _read_yaml(file: Path) -> dict[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"cannot read {file}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ModelError(f"{file} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict) or not {"organs", "species", "inputs"} <= content.keys():
        raise ModelError(f"{file} must name species, organs and inputs")
    return content


def _modules_of(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """Modules the body uses, so that text of another assembly leaves its hash alone."""
    return tuple(sorted({name for spec in plan["organs"].values() for name in spec["modules"]}))


def file_hash(folder: Path, patterns: tuple[str, ...], leave_out: str = "") -> str:
    """SHA-256 over the files of a folder that match, names and contents, in the order of the patterns."""
    digest = hashlib.sha256()
    for pattern in patterns:
        for file in sorted(folder.rglob(pattern)):
            name = file.relative_to(folder).as_posix()
            if leave_out and name.startswith(leave_out):
                continue
            digest.update(name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
