"""Published models: the same steady states, Jacobians and control coefficients as libRoadRunner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nadflux as nf

roadrunner = pytest.importorskip("roadrunner", reason="needs libroadrunner (extra 'bench' or 'test')")

MICHAELIS = """
species A = 2, B = 0, $X = 5;
J0: X -> A; k0*X - kr*A; J1: A -> B; Vm*A/(Km + A)/(1 + B/Ki); J2: B -> ; k2*B;
k0 = 1; kr = 0.3; Km = 0.5; k2 = 0.7; Vm = 4; Ki = 2;
"""
CYCLE = """
compartment c = 2; species S in c, ATP in c, P in c, ADP in c;
J1: S + ATP -> P + ADP; c*k1*S*ATP; J2: ADP -> ATP; c*k2*ADP; J3: P -> S; c*k3*P/(1 + P);
S = 1; P = 1; ATP = 1; ADP = 3; k1 = 1; k2 = 1; k3 = 0.4;
"""


def simulator(model: nf.Model) -> Any:
    """LibRoadRunner with the model, at its steady state."""
    found = roadrunner.RoadRunner(model.sbml())
    found.conservedMoietyAnalysis = bool(len(model.moieties().rows))
    found.steadyState()
    return found


@pytest.mark.parametrize("text", [MICHAELIS, CYCLE])
def test_control_coefficients(text: str) -> None:
    model = nf.Model.load(text)
    control, other = model.control_coefficients(), simulator(model)
    wanted = other.getScaledFluxControlCoefficientMatrix()
    order = [wanted.rownames.index(name) for name in control.fluxes.rows]
    np.testing.assert_allclose(control.fluxes.values, np.array(wanted)[np.ix_(order, order)], rtol=1e-5, atol=1e-8)
    wanted = other.getScaledConcentrationControlCoefficientMatrix()
    rows = [wanted.rownames.index(name) for name in control.concentrations.rows]
    columns = [wanted.colnames.index(name) for name in control.concentrations.columns]
    np.testing.assert_allclose(
        control.concentrations.values, np.array(wanted)[np.ix_(rows, columns)], rtol=1e-5, atol=1e-8
    )


@pytest.mark.parametrize("name", ["BIOMD0000000287", "BIOMD0000000640"])
def test_jacobian_of_published_models(name: str, shared_dir: Path) -> None:
    file = shared_dir / "models" / f"{name}.xml"
    if not file.exists():
        pytest.skip(f"needs {file.name} of the shared inputs")
    model = nf.Model.load(file)
    other = roadrunner.RoadRunner(model.sbml())
    wanted = other.getFullJacobian()
    table = model.jacobian()
    rows = [k for k, row in enumerate(table.rows) if row in wanted.rownames]
    order = [wanted.rownames.index(table.rows[k]) for k in rows]
    assert len(rows) > 3
    found = np.array(wanted)[np.ix_(order, order)]
    np.testing.assert_allclose(table.values[np.ix_(rows, rows)], found, rtol=1e-4, atol=1e-6 * np.abs(found).max())


@pytest.mark.parametrize("name", ["BIOMD0000000640", "MODEL1905220002"])
def test_steady_state_of_published_models(name: str, shared_dir: Path) -> None:
    file = shared_dir / "models" / f"{name}.xml"
    if not file.exists():
        pytest.skip(f"needs {file.name} of the shared inputs")
    model = nf.Model.load(file)
    state = model.steady_state()
    other = roadrunner.RoadRunner(model.sbml())
    other.integrator.relative_tolerance = 1e-10
    other.integrator.absolute_tolerance = 1e-20
    other.integrator.maximum_num_steps = 1_000_000
    names = [n for n in model.network.species if n in state.states]
    other.timeCourseSelections = names
    values = np.array(other.simulate(0.0, 1e9, 2))[-1]
    ours = np.array([state.state[state.states.index(n)] for n in names])
    np.testing.assert_allclose(ours, values, rtol=1e-4, atol=1e-6 * np.abs(values).max())
