"""Readings of a cell as levels, fluxes and markers."""

from __future__ import annotations

from nadflux.kinds import AutophagyReading, Level, Marker
from nadflux.simulation.experiments.cell_experiment import simulate_cell
from nadflux.studies.experiments.cell_reading import read, read_autophagy


def test_autophagy_is_three_fluxes_and_markers() -> None:
    run = simulate_cell("liver", times=[0, 1])
    found = read_autophagy(run, 1.0)
    assert isinstance(found, AutophagyReading)
    assert {found.J_init.name, found.J_seq.name, found.J_deg.name} == {"J_init", "J_seq", "J_deg"}
    assert found.J_init.value > found.J_seq.value
    assert all(isinstance(marker, Marker) for marker in found.markers)
    assert isinstance(read(run, "LC3_II", 1.0), Level)
    assert "level" in str(read(run, "p62", 1.0))
