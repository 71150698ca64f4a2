"""One organ cell in a dish: the body's modules joined with a medium instead of with blood."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nadflux.errors import TableError, UnknownNameError
from nadflux.network.observables import of_cell
from nadflux.network.organs import Parts, add_organ, organ_modules
from nadflux.network.switches import choose
from nadflux.network.assemble import Body, file_hash, joined
from nadflux.network.expression import Symbol
from nadflux.network.model import Compartment, Model, Parameter
from nadflux.network.names import join, to_id, to_name
from nadflux.network.read_yaml import read_yaml
from nadflux.network.tables import Observable, ParameterRow, ParameterTable, read_observables, read_parameters
from nadflux.shipped import BIOLOGY

MEDIUM = "medium"
_REFERENCE_SPECIES = "human"


def assemble_cell(
    organ: str = "liver",
    *,
    species: str = "human",
    switches: Mapping[str, str] | None = None,
    biology: Path | None = None,
) -> Body:
    """The model of one cell of an organ in a medium.

    Parameters
    ----------
    organ : str
        A cell of ``dish/dish.yaml``, e.g. ``"liver"``; names then read ``liver.J_deg``, ``medium.LEU``.
    species : str
        Whose rows to use; where a species has none, the human row stands in and keeps its own species mark.
    switches : mapping of str to str
        Options other than the default of contested links, e.g. ``{"AMPK_ULK1": "activates"}``.
    biology : Path, optional
        Folder of the biology; the shipped one by default.

    Raises
    ------
    UnknownNameError
        For an unknown cell, species, switch or option.
    ModelError
        Where modules contradict each other.
    TableError
        Where a parameter has no row, or a row of ``dish/parameters`` sets nothing in any cell.
    """
    folder = biology or BIOLOGY
    plan = read_dish(folder)
    for kind, name, known in (("cell", organ, plan["cells"]), ("species", species, plan["species"])):
        if name not in known:
            raise UnknownNameError(kind, name, known)
    places = {name: {"modules": modules} for name, modules in plan["places"].items()}
    cell = {key: plan[key] for key in ("modules", "joins", "replaces")}
    parts = Parts(frozenset({organ, *places}))
    for name, spec in {**places, organ: cell}.items():
        add_organ(parts, name, spec, organ_modules(folder, name, spec), frozenset())
    for compartment, size in plan["size"].items():
        identifier = join(organ, compartment)
        parts.compartments[identifier] = Compartment(identifier, size=None, unit="litre")
        parts.initial_assignments[identifier] = Symbol(to_id(size))
    model = joined(parts, f"nadflux_{organ}_cell", f"One {organ.replace('_', ' ')} cell in a medium")
    choice = choose(plan["switches"], switches or {})
    tables = tuple(read_parameters(folder / name / "parameters").rows for name in ("dish", "whole", "."))
    given = {join(organ, name): value for name, value in choice.values.items()}
    model, table = _with_values(model, tables, species, given)
    inputs = [
        join(organ if place == "cell" else place, to_id(n)) for place, found in plan["inputs"].items() for n in found
    ]
    for name in inputs:
        if name not in model.parameters:
            raise UnknownNameError("input", to_name(name), map(to_name, model.parameters))
    return Body(
        model=model,
        table=table,
        observables=_observables(folder, organ),
        routes=(),
        compounds=(),
        inputs=tuple(inputs),
        switches=choice.taken,
        moieties=(),
        text_hash=file_hash(
            folder, ("dish/dish.yaml", *plan["modules"], *(m for s in places.values() for m in s["modules"]))
        ),
        table_hash=file_hash(folder, ("*.csv",)),
        name="cell",
    )


def read_dish(folder: Path | None = None) -> dict[str, Any]:
    """Content of ``dish/dish.yaml``: cells, species, modules, inputs and switches."""
    return read_yaml((folder or BIOLOGY) / "dish" / "dish.yaml", ("cells", "species", "modules", "places", "inputs"))


def _with_values(
    model: Model,
    tables: tuple[tuple[ParameterRow, ...], ...],
    species: str,
    given: Mapping[str, float],
) -> tuple[Model, ParameterTable]:
    by_key = tuple({(row.organ, row.name, row.species): row for row in rows} for rows in tables)
    determined = model.initial_assignments.keys() | model.assignment_rules.keys()
    parameters: dict[str, Parameter] = {}
    targets: dict[str, tuple[str, ...]] = {}
    used: list[ParameterRow] = []
    missing: list[str] = []
    for identifier, parameter in model.parameters.items():
        varies = identifier in model.assignment_rules or identifier in model.rate_rules
        if identifier in determined:
            parameters[identifier] = dataclasses.replace(parameter, value=None, constant=not varies)
            continue
        place, name = identifier.split("__", 1)
        row: ParameterRow | None = _row(by_key, place, to_name(name), species)
        value = given.get(identifier, row.value if row is not None else parameter.value)
        if row is not None and identifier not in given:
            if row.unit != parameter.unit:
                raise TableError(
                    f"{row.place}: {row.key} is given in {row.unit}, the text declares {parameter.unit}; "
                    f"write the number in {parameter.unit}"
                )
            targets[row.key] = (*targets.get(row.key, ()), identifier)
            if row not in used:
                used.append(row)
        elif value is None or (identifier not in given and value not in (0.0, 1.0)):
            missing.append(to_name(identifier))
        parameters[identifier] = dataclasses.replace(parameter, value=value, constant=not varies)
    if missing:
        raise TableError(f"no parameter row for {', '.join(missing)}; add rows to biology/dish/parameters")
    return dataclasses.replace(model, parameters=parameters), ParameterTable(tuple(used), targets)


def _row(
    tables: tuple[Mapping[tuple[str, str, str], ParameterRow], ...], place: str, name: str, species: str
) -> ParameterRow | None:
    """The row of the first table that has the name; the species' own before the human one, the place's before all."""
    for rows in tables:
        for whose in dict.fromkeys((species, _REFERENCE_SPECIES)):
            for organ in (place, "all"):
                if (organ, name, whose) in rows:
                    return rows[organ, name, whose]
    return None


def _observables(folder: Path, organ: str) -> tuple[Observable, ...]:
    """Observables of the dish; ``cell`` in their formulas stands for the organ."""
    return tuple(of_cell(o, organ, o.id, organ) for o in read_observables(folder / "dish" / "observables.csv"))
