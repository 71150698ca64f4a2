"""Runs on disk: zarr that reads back bit for bit, and long tables for other tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.errors import NadfluxError, RecordMismatchError, SimulationError
from nadflux.files import check_place, replacing
from nadflux.notes import codes_of, read_notes
from nadflux.simulation.check_stored import check_stored
from nadflux.simulation.long_table import write_csv, write_parquet
from nadflux.simulation.pieces import Pieces
from nadflux.simulation.run import PersonFailure, Quantity, Run

if TYPE_CHECKING:
    import xarray as xr

SCHEMA = 1
USUAL = "_usual"  # what ends the name of a quantity in the usual days without the plan
HELD_AT_ONCE = 32 * 2**20
"""Bytes of values that are handed to zarr at once."""
_FURTHER = ("integral_of", "clinic")  # what not every quantity has
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
    about = {
        "long_name": quantity.long_name,
        "units": quantity.units,
        "matrix": quantity.matrix,
        "kind": quantity.kind,
        "tier": quantity.tier,
    }
    return {**about, **{name: value for name in _FURTHER if (value := getattr(quantity, name))}}


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
            Quantity(
                key,
                about["long_name"],
                about["units"],
                about["matrix"],
                about["kind"],
                about["tier"],
                *(about.get(name, "") for name in _FURTHER),
            )
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


def check_ending(path: str) -> None:
    """Raise `SimulationError` for a path that ``save`` would refuse: before a long run, not after it."""
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
            write_csv(run, part)
        elif target.suffix == ".parquet":
            write_parquet(run, part)
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


def load(path: str) -> Run:
    """Read a run written as zarr; raises `SimulationError` where there is none."""
    import xarray as xr

    if not Path(path).is_dir():
        raise SimulationError(f"no run at {path!r}; `save` and `--out` write one as a .zarr folder")
    check_stored(Path(path), SCHEMA)
    try:
        with xr.open_zarr(path, consolidated=False) as data:
            return from_dataset(data.load())
    except NadfluxError:
        raise
    except Exception as error:  # zarr and the codecs raise whatever their libraries do
        raise RecordMismatchError(f"{path} is damaged, its numbers cannot be read; simulate it again") from error


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
