"""A life in years: the slow states of ageing, from damage to death, as one small model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nadflux.errors import UnknownNameError
from nadflux.network.assemble import Body, joined
from nadflux.network.body_spec import LIFE, Sums
from nadflux.network.fill import fill, refuse_idle, row_finder
from nadflux.network.hashes import equations_hash
from nadflux.network.names import to_id, to_name
from nadflux.network.observables import of_cell
from nadflux.network.organs import Parts, add_organ, organ_modules
from nadflux.network.read_module import UNITS, shared_units
from nadflux.network.read_yaml import read_yaml
from nadflux.network.sums import add_sums, give_each
from nadflux.network.tables import Observable, ParameterTable, read_observables, read_parameters
from nadflux.shipped import BIOLOGY, file_hash

CELL = "cell"
_NEEDED = ("begins", "settled", "places", "tissues", "modules", "sums", "ways", "moves")


def assemble_life(biology: Path | None = None) -> Body:
    """Assemble the slow states of a person.

    Parameters
    ----------
    biology : Path, optional
        Folder of the biology; the shipped one by default.

    Raises
    ------
    ModelError
        Where modules contradict each other.
    TableError
        Where a parameter has no row, or a row of ``life/parameters`` sets nothing.
    UnknownNameError
        For an input that the modules do not have.
    """
    folder = biology or BIOLOGY
    plan = read_life(folder)
    parts = Parts(frozenset({*plan["places"], *plan["tissues"]}), units=shared_units(folder))
    used = _add_places(parts, folder, plan)
    full = joined(parts, "nadflux_life", "Slow states of a life")
    own = read_parameters(folder / LIFE / "parameters").rows
    model, found = fill(
        full, row_finder((own, read_parameters(folder / "parameters").rows), ("human",)), {}, "life/parameters"
    )
    refuse_idle(own, found, {})
    inputs = tuple(to_id(name) for name in (*plan["ways"], *_all_moves(plan)))
    for name in inputs:
        if name not in model.parameters:
            raise UnknownNameError("input", to_name(name), map(to_name, model.parameters))
    return Body(
        model=model,
        table=ParameterTable(found.rows, found.targets),
        observables=_observables(folder, plan["tissues"]),
        routes=(),
        compounds=(),
        inputs=inputs,
        switches={},
        moieties=(),
        text_hash=file_hash(folder, (UNITS, f"{LIFE}/life.yaml", *sorted(used))),
        table_hash=file_hash(folder, (f"{LIFE}/*.csv", f"{LIFE}/parameters/*.csv", "parameters/*.csv")),
        equations_hash=equations_hash(full),
        name=LIFE,
    )


def read_life(folder: Path | None = None) -> dict[str, Any]:
    """Read ``life/life.yaml``: places, tissues, modules, sums, ways of living and what can be held."""
    return read_yaml((folder or BIOLOGY) / LIFE / "life.yaml", _NEEDED)


def moves_of(plan: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the inputs that hold a group of states, such as ``damage``, when set to 0.

    Parameters
    ----------
    plan : mapping
        As from `read_life`.
    name : str

    Raises
    ------
    UnknownNameError
        For a group that the plan does not have.
    """
    if name not in plan["moves"]:
        raise UnknownNameError("state to hold", name, plan["moves"])
    return tuple(_of_tissues(plan["moves"][name], plan["tissues"]))


def _add_places(parts: Parts, folder: Path, plan: Mapping[str, Any]) -> set[str]:
    """Add places and tissues to the parts, in place; return the modules that they are made of."""
    modules = {place: list(names) for place, names in plan["places"].items()}
    for tissue in plan["tissues"]:
        modules[tissue] = [*plan["modules"], *plan.get("tissue_modules", {}).get(tissue, ())]
    for place, names in modules.items():
        spec = plan["sums"].get(place)
        sums = None if spec is None else Sums(tuple(plan["tissues"]), {}, {}, spec["rules"])
        if sums is not None:
            add_sums(parts, place, sums)
        add_organ(parts, place, {}, organ_modules(folder, place, {"modules": names}), frozenset())
        if sums is not None:
            give_each(parts, place, sums)
    return {name for names in modules.values() for name in names}


def _all_moves(plan: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for group in plan["moves"] for name in moves_of(plan, group))


def _of_tissues(names: Iterable[str], tissues: Iterable[str]) -> Iterable[str]:
    for name in names:
        place, _, rest = name.partition(".")
        yield from (f"{tissue}.{rest}" for tissue in tissues) if place == CELL else (name,)


def _observables(folder: Path, tissues: Mapping[str, str]) -> tuple[Observable, ...]:
    """Return the observables of the person, then those of each tissue, called ``TISSUE_ID``."""
    rows = read_observables(folder / LIFE / "observables.csv")
    of_tissues = [o for o in rows if f"{CELL}__" in o.formula]
    found = [o for o in rows if o not in of_tissues]
    for tissue, words in tissues.items():
        found += [of_cell(o, tissue, f"{tissue}_{o.id}", words) for o in of_tissues]
    return tuple(found)
