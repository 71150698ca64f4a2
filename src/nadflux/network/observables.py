"""Observables of a body: its own tables, and those of the cell for each organ that has its systems."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nadflux.errors import ModelError, UnknownNameError
from nadflux.network.body_spec import BodySpec
from nadflux.network.expression import symbols
from nadflux.network.infix import parse_infix
from nadflux.network.names import to_id
from nadflux.network.tables import Observable, read_observables

CELL, MEDIUM = "cell__", "medium__"


def read_body_observables(folder: Path, body_spec: BodySpec) -> tuple[Observable, ...]:
    """Read all observables of a body; those of the cell are called ``ORGAN_ID``, e.g. ``liver_J_deg``.

    Parameters
    ----------
    folder : Path
        The biology.
    body_spec : BodySpec
        Its means are called ``PLACE_ID``, e.g. ``body_J_deg``.

    Raises
    ------
    UnknownNameError
        Where the specification wants a mean of what the cell has no observable for.
    ModelError
        For a mean that lacks the weight of an organ, or weighs what is none.
    """
    found = list(read_observables(folder / "observables.csv"))
    if body_spec.cells:
        found += read_observables(folder / "whole" / "observables.csv")
        taken = {o.id for o in found}
        of_cells = _of_any_cell(folder)
        for place, mean in body_spec.means.items():
            found += _means(place, mean, tuple(body_spec.cells), of_cells)
        for organ, words in body_spec.cells.items():
            mine = (of_cell(o, organ, f"{organ}_{o.id}", words) for o in of_cells)
            found += [o for o in mine if o.id not in taken]
    return tuple(found)


def _means(
    place: str, mean: Mapping[str, Any], organs: Sequence[str], of_cells: Sequence[Observable]
) -> list[Observable]:
    """Return observables of the cell as weighted means over organs."""
    known = {o.id: o for o in of_cells}
    weight = {organ: to_id(name) for organ, name in mean["weights"].items()}
    for organ in weight.keys() ^ set(organs):
        raise ModelError(
            f"means: the weights of {place} {'lack' if organ in organs else 'name'} {organ}; "
            f"give one for each of the organs {', '.join(organs)}"
        )
    weights = " + ".join(weight.values())
    found = []
    for name in mean["of"]:
        if name not in known:
            raise UnknownNameError(f"observable of the cell, wanted as mean of {place},", name, known)
        of = known[name]
        terms = " + ".join(f"({of.formula.replace(CELL, f'{organ}__')}) * {weight[organ]}" for organ in organs)
        found.append(
            dataclasses.replace(
                of, id=f"{place}_{name}", matrix=mean["says"], formula=f"({terms}) / ({weights})", note=mean["note"]
            )
        )
    return found


def of_cell(observable: Observable, organ: str, identifier: str, words: str) -> Observable:
    """Return an observable of the cell as that of an organ; ``cell`` in its formula stands for the organ."""
    formula = observable.formula.replace(CELL, f"{organ}__")
    return dataclasses.replace(observable, id=identifier, formula=formula, matrix=words)


def _of_any_cell(folder: Path) -> list[Observable]:
    """Return observables of the dish that do not depend on its medium."""
    rows = read_observables(folder / "dish" / "observables.csv")
    return [o for o in rows if not any(name.startswith(MEDIUM) for name in symbols(parse_infix(o.formula)))]
