"""A run as a long table, one row for each number, for other tools: in memory, and the columns of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.notes import codes_of
from nadflux.simulation.run import Quantity, Run

if TYPE_CHECKING:
    import pandas as pd


def to_table(run: Run) -> pd.DataFrame:
    """Return a long table: person, time_h, quantity, matrix, kind, unit, tier, flags, value; one row per number.

    Person by person, and of each quantity by quantity.
    With lifestyle in the plan ``usual`` holds the value in usual days without the plan.
    ``flags`` holds *beyond data* or *no PK data* where that is true of the plan.
    Its ``attrs`` hold the kind of each quantity and the notes, and go into the metadata of a parquet file.
    """
    import pandas as pd

    blocks, first = [], 0
    for some in run.apart():
        blocks.append(block_of(some, slice(0, some.persons), first))
        first += some.persons
    table = pd.concat(blocks, ignore_index=True)
    table.attrs.update(attributes_of(run))
    return table


def attributes_of(run: Run) -> dict[str, Any]:
    """Return the attributes of a long table: kinds of the quantities, and notes with their codes."""
    return {
        "kinds": {quantity.id: quantity.kind for quantity in run.quantities},
        "notes": [str(note) for note in run.notes],
        "note_codes": codes_of(run.notes),
    }


def columns_of(run: Run) -> tuple[str, ...]:
    """Return the names of the columns, in their order."""
    return ("person", "time_h", *said_of(run.quantities[0], run), "value", *(("usual",) if run.lived else ()))


def block_of(run: Run, people: slice, first: int) -> pd.DataFrame:
    """Return the rows of some people, person by person, each quantity by quantity.

    Parameters
    ----------
    people : slice
        Their positions in the run.
    first : int
        Number of the first of them.
    """
    import pandas as pd

    values, times = run.pieces.people(people), run.times.size
    said = [said_of(quantity, run) for quantity in run.quantities]
    columns: dict[str, Any] = {
        "person": np.repeat(np.arange(first, first + len(values)), len(said) * times),
        "time_h": np.tile(run.times, len(values) * len(said)),
    }
    for key in said[0]:
        columns[key] = np.tile(np.repeat(np.array([words[key] for words in said], dtype=object), times), len(values))
    columns["value"] = values.ravel()
    if run.counterfactual_pieces is not None:
        columns["usual"] = run.counterfactual_pieces.people(people).ravel()
    return pd.DataFrame(columns)


def said_of(quantity: Quantity, run: Run) -> dict[str, str]:
    """Return the columns that are the same for every number of a quantity."""
    return {
        "quantity": quantity.id,
        "label": quantity.long_name,
        "matrix": quantity.matrix,
        "kind": quantity.kind,
        "unit": quantity.units,
        "tier": quantity.tier,
        "flags": "; ".join(run.record.get("flags", ())),
    }
