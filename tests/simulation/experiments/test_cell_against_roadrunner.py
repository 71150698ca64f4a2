"""The cell model exported as SBML gives the same course in libRoadRunner."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.network.assemble_cell import assemble_cell
from nadflux.network.write_sbml import write_sbml
from nadflux.simulation.experiments.cell_experiment import CellStep, simulate_cell

roadrunner = pytest.importorskip("roadrunner", reason="libroadrunner is not installed")

# Observable of nadflux, symbol in the exported model, factor between them.
SAME = (
    ("J_deg_of_rest", "liver__J_deg", 100.0),
    ("LC3_II", "liver__LC3_II", 1.0),
    ("lysosome_pH", "liver__pH", 1.0),
    ("ATP", "[liver__ATP]", 1.0),
    ("mTORC1", "liver__mTORC1", 1.0),
    ("NAD", "[liver__NAD]", 1.0),
)


@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param({}, marks=pytest.mark.slow),
        pytest.param({"drugs.leupeptin": 100.0}, marks=pytest.mark.slow),
        pytest.param({"liver.chain.stress": 0.6}, marks=pytest.mark.slow),
        {"drugs.rapamycin": 0.1, "drugs.bafilomycin": 0.1},
    ],
)
def test_courses_agree(inputs: dict[str, float]) -> None:
    times = np.linspace(0.0, 6.0, 25)
    run = simulate_cell("liver", times=times, steps=[CellStep(0, k, v) for k, v in inputs.items()], rtol=1e-9)
    other = roadrunner.RoadRunner(write_sbml(assemble_cell("liver").model))
    other.integrator.setValue("relative_tolerance", 1e-10)
    other.integrator.setValue("absolute_tolerance", 1e-14)
    other.timeCourseSelections = [symbol for _, symbol, _ in SAME]
    for name, value in inputs.items():
        other[name.replace(".", "__")] = value
    course = np.array(other.simulate(0, 6, 25))
    for k, (name, _, factor) in enumerate(SAME):
        ours, theirs = run[name][0, 1:], course[1:, k] * factor
        assert np.max(np.abs(ours - theirs) / (np.abs(theirs) + 1e-6 * np.max(np.abs(theirs)))) < 1e-5, name
