"""A run as an xarray dataset, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.errors import RecordMismatchError
from nadflux.notes import codes_of, read_notes
from nadflux.simulation.pieces import Pieces
from nadflux.simulation.run import PersonFailure, Quantity, Run

if TYPE_CHECKING:
    import xarray as xr

SCHEMA = 1
COUNTERFACTUAL_ENDING = "_usual"
"""Ends the stored name of a quantity of the same people without the plan."""
_FURTHER = ("integral_of", "clinic")  # what not every quantity has


def to_dataset(run: Run, *, lazy: bool = False) -> xr.Dataset:
    """Return the run as an xarray Dataset; times in hours, one variable per quantity.

    Parameters
    ----------
    run : Run
    lazy : bool
        Whether values are read only when a variable is asked for, so that one is in memory at a time.
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
    if run.counterfactual_pieces is not None:
        for quantity in run.quantities:
            values = _column(run.counterfactual_pieces, run, quantity.id, lazy)
            variables[f"{quantity.id}{COUNTERFACTUAL_ENDING}"] = (
                ("person", "time"),
                values,
                {**_about(quantity), "of": quantity.id},
            )
    coordinates = {
        "person": np.arange(run.persons),
        "time": ("time", run.times, {"units": "h", "long_name": "time since the start"}),
    }
    return xr.Dataset(variables, coordinates, attributes_of(run))


def from_dataset(data: xr.Dataset) -> Run:
    """Return the run that ``to_dataset`` described.

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
    quantities, columns, counterfactual, peaks = [], [], [], {}
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
        if f"{key}{COUNTERFACTUAL_ENDING}" in data:
            counterfactual.append(data[f"{key}{COUNTERFACTUAL_ENDING}"].transpose("person", "time").values)
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
        counterfactual=np.stack(counterfactual, axis=-1) if counterfactual else None,
    )


def attributes_of(run: Run) -> dict[str, Any]:
    """Return the attributes of a dataset: quantities, record, failures and notes of the whole run."""
    return {
        "schema": SCHEMA,
        "quantities": json.dumps([quantity.id for quantity in run.quantities]),
        "record": json.dumps(dict(run.record), sort_keys=True, default=str),
        "failures": json.dumps([[f.person, f.time, f.state, f.reason] for f in run.failures]),
        "notes": json.dumps([str(note) for note in run.notes]),
        "note_codes": json.dumps(codes_of(run.notes)),
    }


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
    """Return the values of one quantity, shape (person, time), or an object that reads them when they are asked for."""
    if not lazy:
        return pieces.column(run.position(name))
    from nadflux.simulation.lazy_column import lazy_column

    return lazy_column(pieces, run.position(name))
