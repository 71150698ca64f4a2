"""Mitochondria of a cell: two arms of mitophagy, damage and its answers, biogenesis."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.simulation.experiments.cell_experiment import CellRun, CellStep, simulate_cell


def days(cell: str = "heart", hours: float = 96.0, **inputs: float) -> CellRun:
    steps = [CellStep(0, name.replace("__", "."), value) for name, value in inputs.items()]
    return simulate_cell(cell, steps=steps, times=np.linspace(0, hours, 97))


def test_without_pink1_damaged_mitochondria_build_up_and_healthy_ones_hardly_change() -> None:
    run = days(PINK1__expression=0)
    assert run["mitochondria_damaged"][0, -1] > 1.4
    assert run["mitochondria"][0, -1] == pytest.approx(1.0, abs=0.1)


def test_basal_mitophagy_does_not_need_pink1() -> None:
    run = days(hours=1, PINK1__expression=0)
    assert run["mitophagy"][0, 10] > 0.4 * run["mitophagy"][0, 0]


def test_damage_raises_ros_and_parp_use_and_lowers_nad() -> None:
    run = days("fibroblast", hours=240, conjugation__activity=0.02)
    assert run["ROS"][0, -1] > 1.2
    assert run["PARP_use"][0, -1] > 1.2 * run["PARP_use"][0, 0]
    assert run["NAD"][0, -1] < 0.95 * run["NAD"][0, 0]


def test_parp_hyperactivation_takes_nad_and_sirt1_and_holds_mitophagy_back() -> None:
    run = days("heart", hours=96, PARP__activity=10)
    assert run["NAD"][0, -1] < 0.75 * run["NAD"][0, 0]
    assert run["SIRT1"][0, -1] < 0.9
    assert run["mitochondria_damaged"][0, -1] > 1.1


def test_without_sirt3_ros_and_damage_rise() -> None:
    run = days(SIRT3__expression=0)
    assert run["ROS"][0, -1] > 1.05
    assert run["mitochondria_damaged"][0, -1] > 1.05


def test_ampk_makes_mitochondria_in_days() -> None:
    run = days("muscle", hours=96, AICAR=2000)
    assert run["PGC1a"][0, 10] > 1.1
    assert run["mitochondria"][0, -1] > 1.0
