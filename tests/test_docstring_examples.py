"""Examples in docstrings run and print what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "nadflux.analysis.areas",
    "nadflux.analysis.nca_course",
    "nadflux.analysis.observed",
    "nadflux.inference.measured.reading",
    "nadflux.inference.measured.weights",
    "nadflux.plans.event_table.read",
    "nadflux.plans.event_table.write",
    "nadflux.simulation.event_runs",
    "nadflux.simulation.run_views",
    "nadflux.simulation.unit_of_quantity",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted and not found.failed
