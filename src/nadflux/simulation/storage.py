"""Runs on disk: zarr that reads back bit for bit, and long tables for other tools."""

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

from nadflux.errors import RecordMismatchError, SimulationError
from nadflux.files import check_place, replacing
from nadflux.notes import codes_of, read_notes
from nadflux.simulation.pieces import Pieces
from nadflux.simulation.run import PersonFailure, Quantity, Run

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SCHEMA = 1
USUAL = "_usual"  # what ends the name of a quantity in the usual days without the plan
ROW_GROUP = 2**18
"""Rows of a parquet file that are written at once."""
HELD_AT_ONCE = 32 * 2**20
"""Bytes of values that are handed to zarr at once."""
_ENDINGS = (".zarr", ".csv", ".parquet")


def to_dataset(run: Run, *, lazy: bool = False) -> xr.Dataset:
    """Return the run as an xarray Dataset; times in hours, one variable per quantity.

    Parameters
    ----------
    run : Run
    lazy : bool
        Whether values are read only when a variable is asked for, so that one lies in memory at a time.
    """
    import xarray as xr

    variables: dict[str, tuple[tuple[str, ...], Any, dict[str, str]]] = {}
    for quantity in run.quantities:
        variables[quantity.id] = (("person", "time"), _column(run.pieces, run, quantity.id, lazy), _about(quantity))
    for name, peak in run.peaks.items():
        quantity = run.quantity(name)
        about = {"units": quantity.units, "kind": quantity.kind, "of": name}
        variables[f"{name}_peak"] = (("person",), peak[:, 0], about)
        variables[f"{name}_peak_time"] = (("person",), peak[:, 1], {"units": "h", "kind": "time", "of": name})
    if run.usual_pieces is not None:
        for quantity in run.quantities:
            values = _column(run.usual_pieces, run, quantity.id, lazy)
            variables[f"{quantity.id}{USUAL}"] = (("person", "time"), values, {**_about(quantity), "of": quantity.id})
    attributes = {
        "schema": SCHEMA,
        "quantities": json.dumps([quantity.id for quantity in run.quantities]),
        "record": json.dumps(dict(run.record), sort_keys=True, default=str),
        "failures": json.dumps([[f.person, f.time, f.state, f.reason] for f in run.failures]),
        "notes": json.dumps([str(note) for note in run.notes]),
        "note_codes": json.dumps(codes_of(run.notes)),
    }
    coordinates = {
        "person": np.arange(run.persons),
        "time": ("time", run.times, {"units": "h", "long_name": "time since the start"}),
    }
    return xr.Dataset(variables, coordinates, attributes)


def _about(quantity: Quantity) -> dict[str, str]:
    return {
        "long_name": quantity.long_name,
        "units": quantity.units,
        "matrix": quantity.matrix,
        "kind": quantity.kind,
        "tier": quantity.tier,
    }


def _column(pieces: Pieces, run: Run, name: str, lazy: bool) -> Any:
    """Values of one quantity, shape (person, time), or what reads them when they are asked for."""
    if not lazy:
        return pieces.column(run.position(name))
    from nadflux.simulation.lazy_column import lazy_column

    return lazy_column(pieces, run.position(name))


def from_dataset(data: xr.Dataset) -> Run:
    """The run that ``to_dataset`` described.

    Raises
    ------
    RecordMismatchError
        Where the dataset was not written by this version's schema.
    """
    schema = data.attrs.get("schema")
    if schema != SCHEMA:
        raise RecordMismatchError(
            f"this dataset has run schema {schema!r}, nadflux reads schema {SCHEMA}; simulate it again"
        )
    quantities, columns, usual, peaks = [], [], [], {}
    codes = data.attrs.get("note_codes")
    for key in json.loads(data.attrs["quantities"]):
        variable, about = data[key], data[key].attrs
        quantities.append(
            Quantity(key, about["long_name"], about["units"], about["matrix"], about["kind"], about["tier"])
        )
        columns.append(variable.transpose("person", "time").values)
        if f"{key}{USUAL}" in data:
            usual.append(data[f"{key}{USUAL}"].transpose("person", "time").values)
        if f"{key}_peak" in data:
            peaks[key] = np.stack([data[f"{key}_peak"].values, data[f"{key}_peak_time"].values], axis=-1)
    return Run(
        values=np.stack(columns, axis=-1),
        times=data["time"].values,
        quantities=tuple(quantities),
        record=json.loads(data.attrs["record"]),
        failures=tuple(PersonFailure(*entry) for entry in json.loads(data.attrs["failures"])),
        notes=read_notes(json.loads(data.attrs["notes"]), None if codes is None else json.loads(codes)),
        peaks=peaks,
        usual=np.stack(usual, axis=-1) if usual else None,
    )


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


def check_ending(path: str) -> None:
    """Raise NadfluxError for a path that ``save`` would refuse: before a long run, not after it."""
    target = Path(path)
    if target.suffix not in _ENDINGS:
        raise SimulationError(f"cannot write {target.name!r}: name it *{', *'.join(_ENDINGS)}")
    check_place(path)
    root = target / "zarr.json"
    if root.is_file() and '"quantities"' not in root.read_text(encoding="utf-8"):
        raise SimulationError(f"cannot write {path!r}: it holds something else than a run; choose another name")


def save(run: Run, path: str) -> None:
    """Write a run; a zarr store is read back and compared, names and bits, before it replaces a former one."""
    check_ending(path)
    target = Path(path)
    with replacing(target) as part:
        if target.suffix == ".csv":
            _write_csv(run, part)
        elif target.suffix == ".parquet":
            _write_parquet(run, part)
        else:
            data = to_dataset(run, lazy=True)
            _write_zarr(data, part)
            _compare(data, part, target.name)


def _write_zarr(data: xr.Dataset, part: Path) -> None:
    """The dataset in a few calls: each holds all variables that it writes."""
    groups: list[list[str]] = [[]]
    size = 0
    for name, variable in data.data_vars.items():
        if groups[-1] and size + variable.nbytes > HELD_AT_ONCE:
            groups.append([])
            size = 0
        groups[-1].append(str(name))
        size += variable.nbytes
    for number, group in enumerate(groups):
        data[group].to_zarr(part, mode="a" if number else "w", consolidated=False)


def _write_csv(run: Run, part: Path) -> None:
    """The table as `pandas.DataFrame.to_csv` writes it, byte for byte, and several times as fast."""
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


def _csv_number(value: float) -> str:
    return repr(value) if value == value else ""


def _csv_line(words: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator=os.linesep).writerow(words)
    return line.getvalue()


def _write_parquet(run: Run, part: Path) -> None:
    """The table as `pandas.DataFrame.to_parquet` writes it, without ever holding it all."""
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


def load(path: str) -> Run:
    """Read a run written as zarr."""
    import xarray as xr

    if not Path(path).is_dir():
        raise SimulationError(f"no run at {path!r}; `save` and `--out` write one as a .zarr folder")
    with xr.open_zarr(path, consolidated=False) as data:
        return from_dataset(data.load())


def _compare(written: xr.Dataset, place: Path, name: str) -> None:
    import xarray as xr

    # Nothing read is kept: both sides are compared one variable at a time.
    with xr.open_dataset(place, engine="zarr", consolidated=False, cache=False) as stored:
        missing = set(map(str, written.variables)) ^ set(map(str, stored.variables))
        differing = [
            str(key)
            for key in written.variables
            if key in stored.variables and written[key].values.tobytes() != stored[key].values.tobytes()
        ]
        if missing or differing:
            raise SimulationError(
                f"{name} does not read back as written: names {sorted(missing)}, bits of {differing}; "
                "do not use it, and report this"
            )
