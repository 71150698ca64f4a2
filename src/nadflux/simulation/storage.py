"""Runs on disk: zarr that reads back bit for bit, and long tables for other tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nadflux.errors import RecordMismatchError, SimulationError
from nadflux.files import check_place, replacing
from nadflux.notes import codes_of, read_notes
from nadflux.simulation.run import PersonFailure, Quantity, Run

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SCHEMA = 1
USUAL = "_usual"  # what ends the name of a quantity in the usual days without the plan
_ENDINGS = (".zarr", ".csv", ".parquet")


def to_dataset(run: Run) -> xr.Dataset:
    """The run as an xarray Dataset; times in hours, one variable per quantity."""
    import xarray as xr

    variables: dict[str, tuple[tuple[str, ...], np.ndarray, dict[str, str]]] = {
        quantity.id: (
            ("person", "time"),
            run[quantity.id],
            {
                "long_name": quantity.long_name,
                "units": quantity.units,
                "matrix": quantity.matrix,
                "kind": quantity.kind,
                "tier": quantity.tier,
            },
        )
        for quantity in run.quantities
    }
    for name, peak in run.peaks.items():
        quantity = run.quantity(name)
        about = {"units": quantity.units, "kind": quantity.kind, "of": name}
        variables[f"{name}_peak"] = (("person",), peak[:, 0], about)
        variables[f"{name}_peak_time"] = (("person",), peak[:, 1], {"units": "h", "kind": "time", "of": name})
    if run.usual is not None:
        for quantity, values in zip(run.quantities, np.moveaxis(run.usual, -1, 0), strict=True):
            about = {**variables[quantity.id][2], "of": quantity.id}
            variables[f"{quantity.id}{USUAL}"] = (("person", "time"), values, about)
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
    """Long table: person, time_h, quantity, matrix, kind, unit, tier, flags, value; one row per number.

    With lifestyle in the plan ``usual`` holds the value in usual days without the plan.
    ``flags`` says *beyond data* or *no PK data* where the run's plan is such.
    Its ``attrs`` hold the kind of each quantity and the notes, and go into the metadata of a parquet file.
    """
    import pandas as pd

    flags = "; ".join(run.record.get("flags", ()))
    persons, times = run.persons, len(run.times)
    blocks = [
        pd.DataFrame(
            {
                "person": np.repeat(np.arange(persons), times),
                "time_h": np.tile(run.times, persons),
                "quantity": quantity.id,
                "label": quantity.long_name,
                "matrix": quantity.matrix,
                "kind": quantity.kind,
                "unit": quantity.units,
                "tier": quantity.tier,
                "flags": flags,
                "value": run[quantity.id].ravel(),
                **({} if run.usual is None else {"usual": run.without_plan[quantity.id].ravel()}),
            }
        )
        for quantity in run.quantities
    ]
    table = pd.concat(blocks, ignore_index=True)
    table.attrs["kinds"] = {quantity.id: quantity.kind for quantity in run.quantities}
    table.attrs["notes"] = [str(note) for note in run.notes]
    table.attrs["note_codes"] = codes_of(run.notes)
    return table


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
            to_table(run).to_csv(part, index=False)
        elif target.suffix == ".parquet":
            to_table(run).to_parquet(part, index=False)
        else:
            data = to_dataset(run)
            data.to_zarr(part, mode="w", consolidated=False)
            _compare(data, part, target.name)


def load(path: str) -> Run:
    """Read a run written as zarr."""
    import xarray as xr

    if not Path(path).is_dir():
        raise SimulationError(f"no run at {path!r}; `save` and `--out` write one as a .zarr folder")
    with xr.open_zarr(path, consolidated=False) as data:
        return from_dataset(data.load())


def _compare(written: xr.Dataset, place: Path, name: str) -> None:
    import xarray as xr

    with xr.open_zarr(place, consolidated=False) as stored:
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
