"""A run as a long table, one row for each number, for other tools: in memory, as CSV and as parquet."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.notes import codes_of
from nadflux.simulation.run import Quantity, Run

if TYPE_CHECKING:
    import pandas as pd

ROW_GROUP = 2**18
"""Rows of a parquet file that are written at once."""


def to_table(run: Run) -> pd.DataFrame:
    """Return a long table: person, time_h, quantity, matrix, kind, unit, tier, flags, value; one row per number.

    With lifestyle in the plan ``usual`` holds the value in usual days without the plan.
    ``flags`` says *beyond data* or *no PK data* where the run's plan is such.
    Its ``attrs`` hold the kind of each quantity and the notes, and go into the metadata of a parquet file.
    """
    import pandas as pd

    table = pd.concat(blocks_of(run), ignore_index=True)
    table.attrs.update(attributes_of(run))
    return table


def write_csv(run: Run, part: Path) -> None:
    """Write the table as `pandas.DataFrame.to_csv` does, byte for byte, and several times as fast."""
    columns = ("person", "time_h", *_said_of(run.quantities[0], run), "value", *(("usual",) if run.lived else ()))
    with part.open("w", encoding="utf-8", newline="") as file:
        file.write(_csv_line(columns))
        for quantity, first, values, usual in _pieces_of(run):
            said = _csv_line(_said_of(quantity, run).values()).removesuffix(os.linesep)
            heads = [f"{time!r},{said}," for time in run.times.tolist()]
            for number, row in enumerate(values.tolist()):
                ends = [_csv_number(value) for value in row]
                if usual is not None:
                    ends = [
                        f"{end},{_csv_number(value)}" for end, value in zip(ends, usual[number].tolist(), strict=True)
                    ]
                lines = (f"{first + number},{head}{end}{os.linesep}" for head, end in zip(heads, ends, strict=True))
                file.write("".join(lines))


def write_parquet(run: Run, part: Path) -> None:
    """Write the table as `pandas.DataFrame.to_parquet` does, without ever holding it all."""
    import pandas as pd
    import pyarrow as arrow
    from pyarrow.parquet import ParquetWriter

    writer, waiting, rows = None, [], 0
    about = {b"PANDAS_ATTRS": json.dumps(attributes_of(run)).encode()}
    with contextlib.ExitStack() as stack:
        for block in itertools.chain(blocks_of(run), [None]):
            # Blocks are gathered up to a row group of some size: each costs a header.
            waiting += [] if block is None else [block]
            rows += 0 if block is None else len(block)
            if waiting and (block is None or rows >= ROW_GROUP):
                table = arrow.Table.from_pandas(pd.concat(waiting, ignore_index=True), preserve_index=False)
                table = table.replace_schema_metadata({**(table.schema.metadata or {}), **about})
                if writer is None:
                    writer = stack.enter_context(ParquetWriter(part, table.schema))
                writer.write_table(table)
                waiting, rows = [], 0


def attributes_of(run: Run) -> dict[str, Any]:
    """Return what a long table says beside its rows: kinds of the quantities, and notes with their codes."""
    return {
        "kinds": {quantity.id: quantity.kind for quantity in run.quantities},
        "notes": [str(note) for note in run.notes],
        "note_codes": codes_of(run.notes),
    }


def blocks_of(run: Run) -> Iterator[pd.DataFrame]:
    """Give the long table in blocks, quantity by quantity and each in pieces of people."""
    import pandas as pd

    times = run.times.size
    for quantity, first, values, usual in _pieces_of(run):
        people = np.arange(first, first + len(values))
        yield pd.DataFrame(
            {
                "person": np.repeat(people, times),
                "time_h": np.tile(run.times, len(values)),
                **_said_of(quantity, run),
                "value": values.ravel(),
                **({} if usual is None else {"usual": usual.ravel()}),
            }
        )


def _said_of(quantity: Quantity, run: Run) -> dict[str, str]:
    """Columns of the long table that are the same for every number of a quantity."""
    return {
        "quantity": quantity.id,
        "label": quantity.long_name,
        "matrix": quantity.matrix,
        "kind": quantity.kind,
        "unit": quantity.units,
        "tier": quantity.tier,
        "flags": "; ".join(run.record.get("flags", ())),
    }


def _pieces_of(run: Run) -> Iterator[tuple[Quantity, int, np.ndarray, np.ndarray | None]]:
    """Each quantity in pieces of people: number of the first, values and those of usual days, (person, time)."""
    for position, quantity in enumerate(run.quantities):
        others = itertools.repeat(None) if run.usual_pieces is None else run.usual_pieces.columns(position)
        first = 0
        for values, usual in zip(run.pieces.columns(position), others, strict=False):
            yield quantity, first, values, usual
            first += len(values)


def _csv_number(value: float) -> str:
    return repr(value) if value == value else ""


def _csv_line(words: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator=os.linesep).writerow(words)
    return line.getvalue()
