"""Levels are not fluxes: a verdict on flux from anything but a flux raises."""

from __future__ import annotations

import pytest

from nadflux.simulation.cell import simulate_cell
from nadflux.studies.kinds import (
    AutophagyReading,
    Change,
    Flux,
    Index,
    KindError,
    Level,
    Marker,
    flux_change,
    read,
    read_autophagy,
)


@pytest.mark.parametrize("kind", [Level, Marker, Index])
def test_no_verdict_on_flux_from_another_kind(kind: type) -> None:
    with pytest.raises(KindError, match="no verdict on flux"):
        flux_change(kind("LC3_II", 2.0, "µM"), kind("LC3_II", 1.0, "µM"))


def test_two_different_fluxes_are_not_compared() -> None:
    with pytest.raises(KindError, match="is not"):
        flux_change(Flux("J_init", 2.0, "%/h"), Flux("J_deg", 1.0, "%/h"))


@pytest.mark.parametrize(("value", "change"), [(1.3, Change.UP), (1.1, Change.EQUAL), (0.7, Change.DOWN)])
def test_change_of_a_flux(value: float, change: Change) -> None:
    assert flux_change(Flux("J_deg", value, "%/h"), Flux("J_deg", 1.0, "%/h")) is change


def test_autophagy_is_three_fluxes_and_markers() -> None:
    run = simulate_cell("liver", times=[0, 1])
    found = read_autophagy(run, 1.0)
    assert isinstance(found, AutophagyReading)
    assert {found.J_init.name, found.J_seq.name, found.J_deg.name} == {"J_init", "J_seq", "J_deg"}
    assert found.J_init.value > found.J_seq.value
    assert all(isinstance(marker, Marker) for marker in found.markers)
    assert isinstance(read(run, "LC3_II", 1.0), Level)
    assert "level" in str(read(run, "p62", 1.0))
