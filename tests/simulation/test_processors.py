"""The same bits on a processor with less: NumPy with and without the instructions it chooses while running."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

VARIABLE = "NPY_DISABLE_CPU_FEATURES"
TELL = """
import hashlib, json
import numpy as np
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
def digest(values):
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
told = {"features": [name for name in __cpu_dispatch__ if __cpu_features__[name]]}
"""
DRAWS = """
from nadflux.people import Cohort, Distribution, draw, draw_covariates
from nadflux.simulation.compiled import prepare
for body in ("nad", "whole"):
    told[body] = digest(draw(prepare(body=body).body.table, 300, 7).values)
cohort = Cohort(300, Distribution(50.0, 20.0), weight=Distribution(80.0, 30.0))
covariates = draw_covariates(cohort, np.arange(300), 7)
told["covariates"] = digest([covariates[name] for name in ("age", "weight", "height", "female")])
"""
QUESTIONS = """
from nadflux import simulate
for plan in ("NR 1000 mg oral daily for 2 days", "fast 36 h"):
    data = simulate("man, 40 y", plan, n=8, seed=3).data
    told[plan] = {str(name): digest(data[name].values) for name in data.data_vars if data[name].dtype == float}
"""


def told(script: str, disabled: str = "") -> dict[str, object]:
    environment = {**os.environ, **({VARIABLE: disabled} if disabled else {})}
    command = [sys.executable, "-c", f"{TELL}{script}print(json.dumps(told))"]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    if disabled and found.returncode and VARIABLE in found.stderr:
        pytest.skip(f"NumPy refuses {VARIABLE}: {found.stderr.strip().splitlines()[-1]}")
    assert found.returncode == 0, found.stderr
    return dict(json.loads(found.stdout.splitlines()[-1]))


@pytest.mark.parametrize("script", [DRAWS, QUESTIONS], ids=["draws", "questions"])
def test_a_lesser_processor_gives_the_same_bits(script: str) -> None:
    if os.environ.get(VARIABLE):
        pytest.skip(f"{VARIABLE} is set already")
    full = told(script)
    features = full.pop("features")
    assert isinstance(features, list)
    if not features:
        pytest.skip("NumPy chooses no further instructions on this processor")
    less = told(script, " ".join(features))
    assert less.pop("features") == []
    assert len(full) > 1
    assert less == full
