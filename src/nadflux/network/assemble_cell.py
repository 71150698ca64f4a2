"""One organ cell in a dish: the body's modules joined with a medium instead of with blood."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nadflux.errors import UnknownNameError
from nadflux.network.assemble import Body, add_size, joined
from nadflux.network.fill import fill, row_finder
from nadflux.network.hashes import OF_ANSWERS, equations_hash
from nadflux.network.names import join, to_id, to_name
from nadflux.network.observables import of_cell
from nadflux.network.organs import Parts, add_organ, organ_modules
from nadflux.network.read_module import UNITS, shared_units
from nadflux.network.read_yaml import read_yaml
from nadflux.network.switches import choose
from nadflux.network.tables import Observable, read_observables, read_parameters
from nadflux.shipped import BIOLOGY, file_hash

MEDIUM = "medium"
_REFERENCE_SPECIES = "human"


def assemble_cell(
    organ: str = "liver",
    *,
    species: str = "human",
    switches: Mapping[str, str] | None = None,
    biology: Path | None = None,
) -> Body:
    """Assemble the model of one cell of an organ in a medium.

    Parameters
    ----------
    organ : str
        A cell of ``dish/dish.yaml``, e.g. ``"liver"``; names then read ``liver.J_deg``, ``medium.LEU``.
    species : str
        Whose rows to use; where a species has none, the human row is used and keeps its own species mark.
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
    parts = Parts(frozenset({organ, *places}), units=shared_units(folder))
    for name, spec in {**places, organ: cell}.items():
        add_organ(parts, name, spec, organ_modules(folder, name, spec), frozenset())
    for compartment, size in plan["size"].items():
        add_size(parts, join(organ, compartment), size)
    full = joined(parts, f"nadflux_{organ}_cell", f"One {organ.replace('_', ' ')} cell in a medium")
    choice = choose(plan["switches"], switches or {})
    tables = tuple(read_parameters(folder / name / "parameters").rows for name in ("dish", "whole", "."))
    given = {join(organ, name): value for name, value in choice.values.items()}
    find = row_finder(tables, tuple(dict.fromkeys((species, _REFERENCE_SPECIES))))
    model, table = fill(full, find, given, "biology/dish/parameters")
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
            folder, (UNITS, "dish/dish.yaml", *plan["modules"], *(m for s in places.values() for m in s["modules"]))
        ),
        table_hash=file_hash(folder, ("*.csv",), leave_out=(*OF_ANSWERS, "life/")),
        equations_hash=equations_hash(full),
        name="cell",
    )


def read_dish(folder: Path | None = None) -> dict[str, Any]:
    """Read ``dish/dish.yaml``: cells, species, modules, inputs and switches."""
    return read_yaml((folder or BIOLOGY) / "dish" / "dish.yaml", ("cells", "species", "modules", "places", "inputs"))


def _observables(folder: Path, organ: str) -> tuple[Observable, ...]:
    """Return the observables of the dish; ``cell`` in their formulas stands for the organ."""
    return tuple(of_cell(o, organ, o.id, organ) for o in read_observables(folder / "dish" / "observables.csv"))
