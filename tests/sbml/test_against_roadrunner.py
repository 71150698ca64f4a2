"""The same answer as libRoadRunner: for what nadflux writes, and for published models."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nadflux.network.assemble import assemble
from nadflux.network.model import Model
from nadflux.network.numeric_rest import settled
from nadflux.network.read_antimony import antimony_to_sbml, read_antimony
from nadflux.network.read_sbml import read_sbml
from nadflux.network.write_antimony import write_antimony
from nadflux.network.write_sbml import write_sbml
from nadflux.sbml.simulate import run_model

roadrunner = pytest.importorskip("roadrunner", reason="needs libroadrunner (extra 'bench' or 'test')")

PUBLISHED = ("BIOMD0000000287", "BIOMD0000000582", "BIOMD0000000640", "BIOMD0000000975", "MODEL1905220002")
RTOL = 1e-9
# of libRoadRunner, whose tolerance is one number for all states: far below the smallest that matter here
ABSOLUTE = 1e-25

TEXT = """
model example()
  unit uM = 1e-6 mole/litre; unit hour = 3600 second;
  compartment liver = 1.5 litre; compartment blood = 5 litre;
  species S in liver = 3 uM; species P in blood = 0.5 uM; species $B in liver = 1 uM;
  J: S + B => 2 P; liver * V * S^h / (Km^h + S^h) * (1 + 0.2 * sin(time));
  K: P -> ; blood * k * P / (1 + exp(-P));
  V = 2; h = 1.5; Km = 0.3; k = 0.7 * V / 2;
  total := S * liver + P * blood; level' = total - level; level = total;
  dose: at 1 after time > 2, priority = 3: S = S + 2, k = k / 2;
  low: at P < 0.2, t0 = false: P = 1;
end
"""


def selections(model: Model) -> list[str]:
    """Species as the model means them, in the spelling both programs share."""
    return [s.id if s.only_substance_units else f"[{s.id}]" for s in model.species.values()]


def reference(sbml: str, names: list[str], times: np.ndarray, absolute: float = ABSOLUTE) -> np.ndarray:
    """Return the values of libRoadRunner, shape (time, name)."""
    simulator: Any = roadrunner.RoadRunner(sbml)
    simulator.integrator.relative_tolerance = RTOL
    simulator.integrator.absolute_tolerance = absolute
    simulator.integrator.maximum_num_steps = 1_000_000
    simulator.timeCourseSelections = ["time", *names]
    result = simulator.simulate(float(times[0]), float(times[-1]), len(times))
    return np.array(result, dtype=np.float64)[:, 1:]


def worst(values: np.ndarray, wanted: np.ndarray) -> float:
    """Largest |difference| / (|x| + 1e-6 max|x|) over all times and names."""
    scale = np.abs(wanted) + 1e-6 * np.abs(wanted).max(axis=0)
    difference = np.abs(values - wanted)
    return float(np.max(np.where(difference == 0, 0.0, difference / np.where(scale > 0, scale, 1e-300))))


@pytest.mark.slow
def test_the_exported_body_gives_the_same_answer_in_another_tool() -> None:
    body = settled(assemble().model)
    size = body.compartments["gut_lumen__upper"].size
    assert size is not None
    dose = dataclasses.replace(body.species["gut_lumen__NR"], concentration=1720.0 / size)
    dosed = dataclasses.replace(body, species={**body.species, dose.id: dose})
    times = np.linspace(0.0, 48.0, 5)
    names = ["[red_cells__NAD]", "[liver__NAD]", "[plasma__NAM]", "[urine__MNA]"]
    own = run_model(dosed, times, select=names, rtol=RTOL).values
    assert own[-1, 0] > 1.01 * own[0, 0]
    assert worst(own, reference(write_sbml(dosed), names, times, absolute=1e-14)) < 1e-5


@pytest.mark.parametrize("language", ["sbml", "antimony"])
def test_what_is_written_runs_elsewhere_to_the_same_answer(language: str) -> None:
    model = read_antimony(TEXT)
    text = write_sbml(model) if language == "sbml" else antimony_to_sbml(write_antimony(model))
    times = np.linspace(0.0, 10.0, 51)
    names = [*selections(model), "level", "k"]
    own = run_model(model, times, select=names, rtol=RTOL).values
    assert worst(own, reference(text, names, times)) < 1e-5


@pytest.mark.slow
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_models(shared_dir: Path, name: str) -> None:
    file = shared_dir / "models" / f"{name}.xml"
    if not file.exists():
        pytest.skip(f"needs models/{name}.xml among the shared inputs")
    model = read_sbml(file)
    names = selections(model)
    times = np.linspace(0.0, 100.0, 101)
    own = run_model(model, times, select=names, rtol=RTOL).values
    assert worst(own, reference(file.read_text(), names, times)) < 1e-5


@pytest.mark.slow
def test_the_exported_body_loads_and_runs() -> None:
    # With formulas for the start, as `export --start formulas` writes it, libRoadRunner was not done in 20 minutes.
    model = settled(assemble().model)
    names = selections(model)
    times = np.linspace(0.0, 24.0, 9)
    own = run_model(model, times, select=names, rtol=RTOL).values
    assert worst(own, reference(write_sbml(model), names, times)) < 1e-5
    assert worst(own, reference(antimony_to_sbml(write_antimony(model)), names, times)) < 1e-5
