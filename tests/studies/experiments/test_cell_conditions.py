"""A cell under conditions from Python: the same door as the command's."""

from __future__ import annotations

import pytest

from nadflux.errors import NadfluxError
from nadflux.simulation.experiments.cell_experiment import simulate_cell
from nadflux.studies.experiments.cell_conditions import cell_conditions


def test_figures_are_those_of_the_typical_cell_at_the_end_of_each_condition() -> None:
    found = cell_conditions("liver", ("fed", "starved 4 h"), draws=4, outputs=("J_deg", "p62"))
    assert list(found.conditions) == ["fed", "starved 4 h"]
    flux, level = found.conditions["fed"]
    assert (flux.id, flux.kind, level.id, level.kind) == ("J_deg", "flux", "p62", "level")
    run = simulate_cell("liver", steps=[], times=[0.0, 1.0], switches={"AMPK_ULK1": "inhibits"})
    assert flux.value == pytest.approx(float(run["J_deg"][0, -1]), rel=1e-3)
    assert flux.interval is not None and flux.interval[0] < flux.interval[1]
    assert found.conditions["starved 4 h"][0].value > flux.value


def test_without_draws_there_is_no_interval() -> None:
    (figure,) = cell_conditions("liver", ("fed",), draws=0, outputs=("NAD",)).conditions["fed"]
    assert figure.interval is None and figure.value > 0


def test_an_unreadable_condition_is_refused() -> None:
    with pytest.raises(NadfluxError, match="starved"):
        cell_conditions("liver", ("starvd",), draws=0)
