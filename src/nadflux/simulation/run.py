"""The result of a simulation: numbers of every person over time, with their meaning and origin."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.errors import SimulationError, UnknownNameError
from nadflux.kinds import TYPES, AutophagyReading, Reading, reading
from nadflux.notes import Note
from nadflux.simulation.pieces import Pieces
from nadflux.simulation.run_views import RunViews

if TYPE_CHECKING:
    import xarray as xr

    from nadflux.simulation.judged_window import AnyWindow
    from nadflux.simulation.verdict import Verdict

PEOPLE_AT_ONCE = 256
"""People whose values are handled together where a run is written."""
DIMENSIONS = ("person", "time", "organ", "arm")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One variable of a run: name, unit, kind and evidence.

    Attributes
    ----------
    id : str
        Variable name, snake_case, e.g. ``whole_blood_nad``.
    long_name : str
        Name of the thing, e.g. ``NAD+``.
    units : str
    matrix : str
        Plasma, whole blood, PBMC, urine or an organ.
    kind : str
        ``level``, ``flux``, ``cumulative``, ``marker`` or ``index``; a level is never read as a flux.
    tier : str
        ``measured``, ``derived``, ``fitted`` or ``assumed``: that of the weakest row that the quantity depends on.
    integral_of : str
        Of a cumulative amount, the id of the flux that it is the integral of since time 0; else empty.
    clinic : str
        ``not measurable`` where no assay measures it in a living person, such as a flux of autophagy; else empty.
    """

    id: str
    long_name: str
    units: str
    matrix: str
    kind: str
    tier: str
    integral_of: str = ""
    clinic: str = ""

    def __post_init__(self) -> None:
        if self.kind not in TYPES:
            raise UnknownNameError("kind", self.kind, TYPES)


@dataclass(frozen=True, slots=True)
class PersonFailure:
    """The reason for which a person has no numbers from ``time`` (h) on."""

    person: int
    time: float
    state: str
    reason: str


class Run(RunViews):
    """Numbers of a cohort over time.

    A run of many people keeps their numbers in files of the temporary folder, and reads what is asked for.

    Attributes
    ----------
    values : ndarray, shape (person, time, quantity)
        NaN from the failure of a person on. All of them are loaded: ``run[name]`` needs less memory.
    times : ndarray, shape (time,), h
        Time 0 is the resting state before the first dose; with lifestyle in the plan the end of a usual day,
        whose hours are stored below 0.
    quantities : tuple of Quantity
        Those of the last axis of ``values``.
    record : mapping
        The scenario, hashes of text and tables, posterior, tolerances and versions: enough to repeat the run.
    failures : tuple of PersonFailure
    notes : tuple of Note
        What was assumed or not modelled; printed with every table.
    peaks : mapping of str to ndarray, shape (person, 2)
        Largest value and its time (h), from dense output, of the quantities for which it was asked.
    counterfactual : ndarray, shape (person, time, quantity), or None
        With lifestyle in the plan: the same people in their usual days, without the plan. The effect of the plan is the
        difference from these, not from time 0: days of meals and sleep slowly lead away from the resting state.
    """

    def __init__(
        self,
        values: np.ndarray | Pieces,
        times: np.ndarray,
        quantities: tuple[Quantity, ...],
        record: Mapping[str, Any],
        failures: tuple[PersonFailure, ...] = (),
        notes: tuple[Note, ...] = (),
        peaks: Mapping[str, np.ndarray] | None = None,
        counterfactual: np.ndarray | Pieces | None = None,
    ) -> None:
        self.times = times
        self.quantities = quantities
        self.record = record
        self.failures = failures
        self.notes = notes
        self.peaks: Mapping[str, np.ndarray] = peaks or {}
        self.pieces = Pieces.of(values)
        self.counterfactual_pieces = None if counterfactual is None else Pieces.of(counterfactual)

    @property
    def values(self) -> np.ndarray:
        """All values, shape (person, time, quantity), each in the unit of its quantity."""
        return self.pieces.whole()

    @property
    def counterfactual(self) -> np.ndarray | None:
        """All values without the plan, shape (person, time, quantity), each in the unit of its quantity."""
        return None if self.counterfactual_pieces is None else self.counterfactual_pieces.whole()

    @property
    def usual(self) -> np.ndarray | None:
        """Former name of `counterfactual`, to go: shape (person, time, quantity), each in the unit of its quantity."""
        warnings.warn("Run.usual is now Run.counterfactual; use that name", DeprecationWarning, stacklevel=2)
        return self.counterfactual

    @property
    def lived(self) -> bool:
        """True where the same people were also simulated in their usual days."""
        return self.counterfactual_pieces is not None

    def __getitem__(self, name: str) -> np.ndarray:
        """Return the values of one quantity, shape (person, time), in its unit."""
        return self.pieces.column(self.position(name))

    def __repr__(self) -> str:
        who, plan = self.record.get("who", "people"), self.record.get("plan", "")
        size = f"{self.persons} people, {len(self.quantities)} quantities, {self.times[-1]:g} h"
        return f"<Run: {who}; {plan}; {size}. print(run) shows its table, run.plot() its figure>"

    def __str__(self) -> str:
        from nadflux.simulation.as_text import as_text

        return as_text(self)

    @property
    def persons(self) -> int:
        """Number of people, failed ones included."""
        return int(self.pieces.shape[0])

    @property
    def without_plan(self) -> Run:
        """The same people at the same times in their usual days.

        Raises
        ------
        SimulationError
            Where the plan has no lifestyle: people are then at rest, as at time 0.
        """
        if self.counterfactual_pieces is None:
            raise SimulationError("this run has no usual days beside it; the plan holds no lifestyle")
        record = {**self.record, "plan": "usual days", "doses_h": [], "timeline": [], "plan_over_h": None}
        record.pop("scenario", None)
        return Run(self.counterfactual_pieces, self.times, self.quantities, record, self.failures)

    @property
    def data(self) -> xr.Dataset:
        """The run as an xarray Dataset with dims ``person`` and ``time`` and attributes on every variable."""
        from nadflux.simulation.dataset import to_dataset

        return to_dataset(self)

    def changed(self, **fields: Any) -> Run:
        """Return the same run with other values of some fields, such as ``notes``."""
        kept: dict[str, Any] = {
            "values": self.pieces, "times": self.times, "quantities": self.quantities, "record": self.record,
            "failures": self.failures, "notes": self.notes, "peaks": self.peaks,
            "counterfactual": self.counterfactual_pieces,
        }  # fmt: skip
        return Run(**{**kept, **fields})

    def apart(self, most: int = PEOPLE_AT_ONCE) -> Iterator[Run]:
        """Yield the run in runs of at most ``most`` people, in their order."""
        for first in range(0, self.persons, most):
            last = min(first + most, self.persons)
            yield self.changed(
                values=self.pieces.between(first, last),
                failures=tuple(
                    replace(failure, person=failure.person - first)
                    for failure in self.failures
                    if first <= failure.person < last
                ),
                peaks={name: peak[first:last] for name, peak in self.peaks.items()},
                counterfactual=None
                if self.counterfactual_pieces is None
                else self.counterfactual_pieces.between(first, last),
            )

    def quantity(self, name: str) -> Quantity:
        """Return the description of a quantity; raise UnknownNameError with the nearest match."""
        return self.quantities[self.position(name)]

    def read(self, name: str, time: float | None = None) -> Reading:
        """Return a quantity as the type of its kind: `Level`, `Flux`, `Marker` or `Index`, which cannot be mixed.

        Parameters
        ----------
        name : str
        time : float, optional
            Stored time nearest to it (h), values of shape (person,); all times, (person, time), if left out.
        """
        quantity = self.quantity(name)
        values = self[name] if time is None else self.at(name, time)
        return reading(quantity.kind, name, values, quantity.units)

    def verdict(self, name: str, time: float | None = None, *, window: AnyWindow | None = None) -> Verdict:
        """Tell whether a flux is up, down or equal, by the figures of its row in the table of the run.

        Against time 0; with lifestyle against the same people without the plan in the same hours.

        Parameters
        ----------
        name : str
        time : float, h, optional
            Judged by the day before it; by the window of the table where left out.
        window : (float, float), h, or str, optional
            Hours of the run, or words such as ``"day 2 14:00 to 20:00"``, instead of the table's.

        Raises
        ------
        KindError
            For what is no flux: no level, marker or index gives a verdict on flux.
        """
        from nadflux.simulation.verdict import verdict_of

        return verdict_of(self, name, time, window)

    def autophagy(self, organ: str, time: float | None = None) -> AutophagyReading:
        """Return autophagy of an organ: J_init, J_seq, J_deg and the markers, at a time (h) or over all times.

        Raises
        ------
        UnknownNameError
            Where the run does not contain them; ask for ``outputs=["autophagy"]``.
        """
        from nadflux.simulation.output_names import autophagy_names

        return AutophagyReading.of({name: self.read(f"{organ}_{name}", time) for name in autophagy_names()})

    def at(self, name: str, time: float) -> np.ndarray:
        """Return the values of one quantity at the stored time nearest ``time`` (h), shape (person,), in its unit."""
        return self[name][:, int(np.argmin(np.abs(self.times - time)))]

    def save(self, path: str) -> None:
        """Write ``.zarr`` (a folder that reads back bit for bit), ``.csv`` or ``.parquet`` (long tables)."""
        from nadflux.simulation.storage import save

        save(self, path)

    @classmethod
    def load(cls, path: str) -> Run:
        """Read what ``save`` wrote as ``.zarr``."""
        from nadflux.simulation.storage import load

        return load(path)

    def position(self, name: str) -> int:
        """Return the position of a quantity on the last axis; raise UnknownNameError with the nearest match."""
        for index, quantity in enumerate(self.quantities):
            if quantity.id == name:
                return index
        raise UnknownNameError("quantity", name, [q.id for q in self.quantities], "in this run")


def joined(runs: Sequence[Run]) -> Run:
    """Join runs of different people with the same quantities, times and record."""
    first = runs[0]
    offsets = np.cumsum([0, *(run.persons for run in runs)])
    failures = tuple(
        PersonFailure(f.person + int(offset), f.time, f.state, f.reason)
        for run, offset in zip(runs, offsets, strict=False)
        for f in run.failures
    )
    peaks = {name: np.concatenate([run.peaks[name] for run in runs]) for name in first.peaks}
    values = Pieces.joined(run.pieces for run in runs)
    others = [run.counterfactual_pieces for run in runs if run.counterfactual_pieces is not None]
    counterfactual = Pieces.joined(others) if first.lived else None
    return Run(values, first.times, first.quantities, first.record, failures, first.notes, peaks, counterfactual)
