"""A run as a zarr folder that grows by people; what is written is read back and compared at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.errors import SimulationError
from nadflux.interruptions import uninterrupted
from nadflux.simulation.dataset import attributes_of, to_dataset
from nadflux.simulation.run import PEOPLE_AT_ONCE
from nadflux.simulation.stored_digest import write_digests

if TYPE_CHECKING:
    import xarray as xr

    from nadflux.simulation.run import Run

HELD_AT_ONCE = 32 * 2**20
"""Bytes of values that are handed to zarr at once."""


class ZarrFile:
    """A run on its way to disk.

    Parameters
    ----------
    path : Path
        An existing, empty folder.
    name : str
        Final name of the folder.
    wanted : int
        Number of people that will be added, for the size of the chunks of zarr.
    """

    def __init__(self, path: Path, name: str, wanted: int) -> None:
        self._path, self._name = path, name
        self._people_at_once = max(1, min(PEOPLE_AT_ONCE, wanted))
        self.people = 0

    def add(self, run: Run) -> None:
        """Append the people of a run.

        Raises
        ------
        SimulationError
            Where names or bits do not read back as they were written.
        """
        data = to_dataset(run, lazy=True)
        data = data.assign_coords(person=np.arange(self.people, self.people + run.persons))
        with uninterrupted():
            if self.people:
                self._append(data)
            else:
                self._create(data)
            _compare(data, self._path, self.people, self._name)
            self.people += run.persons

    def close(self, run: Run, part: str = "") -> None:
        """Write the attributes of the whole run, for a part also *part*, which names the whole, and digests."""
        import zarr

        said = {**attributes_of(run), **({"part": part} if part else {})}
        zarr.open_group(str(self._path), mode="r+").attrs.update(said)
        write_digests(self._path)

    def abandon(self) -> None:
        """Keep the folder as it is."""

    def _create(self, data: xr.Dataset) -> None:
        """Write the first people in a few calls: each holds all variables that it writes."""
        sizes = {"person": self._people_at_once, "time": data.sizes["time"]}
        for number, group in enumerate(_groups(data)):
            some = data[group]
            for variable in some.data_vars.values():
                variable.encoding["chunks"] = tuple(sizes[str(dimension)] for dimension in variable.dims)
            some.to_zarr(self._path, mode="a" if number else "w", consolidated=False)

    def _append(self, data: xr.Dataset) -> None:
        """Write further people, one variable after the other."""
        import zarr

        group: Any = zarr.open_group(str(self._path), mode="r+")
        for name, variable in data.variables.items():
            if "person" in variable.dims:
                array = group[str(name)]
                array.resize((self.people + variable.shape[0], *variable.shape[1:]))
                array[self.people :] = variable.values


def _groups(data: xr.Dataset) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    size = 0
    for name, variable in data.data_vars.items():
        if groups[-1] and size + variable.nbytes > HELD_AT_ONCE:
            groups.append([])
            size = 0
        groups[-1].append(str(name))
        size += variable.nbytes
    return groups


def _compare(written: xr.Dataset, place: Path, first: int, name: str) -> None:
    import xarray as xr

    # Nothing read is kept: both sides are compared one variable at a time.
    with xr.open_dataset(place, engine="zarr", consolidated=False, cache=False) as stored:
        missing = set(map(str, written.variables)) ^ set(map(str, stored.variables))
        added = stored.isel(person=slice(first, None))
        differing = [
            str(key)
            for key in written.variables
            if key in stored.variables and written[key].values.tobytes() != added[key].values.tobytes()
        ]
        if missing or differing:
            raise SimulationError(
                f"{name} does not read back as written: names {sorted(missing)}, bits of {differing}; "
                "do not use it, and report this"
            )
