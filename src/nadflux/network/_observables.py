"""Observables of a body: its own tables, and those of the cell for each organ that has its systems."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from nadflux.network._plan import Plan
from nadflux.network.expression import symbols
from nadflux.network.infix import parse_infix
from nadflux.network.tables import Observable, read_observables

CELL, MEDIUM = "cell__", "medium__"


def read_body_observables(folder: Path, plan: Plan) -> tuple[Observable, ...]:
    """All observables of a body; those of the cell are called ``ORGAN_ID``, e.g. ``liver_J_deg``.

    Parameters
    ----------
    folder : Path
        The biology.
    plan : Plan
    """
    found = list(read_observables(folder / "observables.csv"))
    if plan.cells:
        found += read_observables(folder / "whole" / "observables.csv")
        taken = {o.id for o in found}
        for organ, words in plan.cells.items():
            mine = (of_cell(o, organ, f"{organ}_{o.id}", words) for o in _of_any_cell(folder))
            found += [o for o in mine if o.id not in taken]
    return tuple(found)


def of_cell(observable: Observable, organ: str, identifier: str, words: str) -> Observable:
    """An observable of the cell as that of an organ; ``cell`` in its formula stands for the organ."""
    formula = observable.formula.replace(CELL, f"{organ}__")
    return dataclasses.replace(observable, id=identifier, formula=formula, matrix=words)


def _of_any_cell(folder: Path) -> list[Observable]:
    """Observables of the dish that do not look at its medium."""
    rows = read_observables(folder / "dish" / "observables.csv")
    return [o for o in rows if not any(name.startswith(MEDIUM) for name in symbols(parse_infix(o.formula)))]
