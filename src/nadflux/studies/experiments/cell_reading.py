"""Readings of a cell as the four types of `nadflux.kinds`, which cannot be mixed."""

from __future__ import annotations

from nadflux.kinds import AutophagyReading, Reading, reading
from nadflux.simulation.experiments.experiment import CellRun
from nadflux.simulation.output_names import autophagy_names


def read(run: CellRun, name: str, time: float, member: int = 0) -> Reading:
    """Read an observable of a run at a time (h)."""
    observable = run.observables[name]
    return reading(observable.kind, observable.id, float(run.at(name, time)[member]), observable.unit)


def read_autophagy(run: CellRun, time: float, member: int = 0) -> AutophagyReading:
    """Read autophagy at a time (h): J_init, J_seq, J_deg, and the markers of initiation beside them."""
    return AutophagyReading.of({name: read(run, name, time, member) for name in autophagy_names()})
