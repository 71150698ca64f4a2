"""Signs of every observable after each precursor, in drawn people: what rises, what cannot, and nothing unlimited."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, daily
from responses import LAST, PRECURSORS

WORN = "treated_skin_nam"
PRODUCTS = ("plasma_mna", "plasma_2py", "plasma_4py", "muscle_mna", "urine_2py", "plasma_nam", "plasma_nam_oxide")


@pytest.mark.parametrize("species", sorted(PRECURSORS))
def test_signs_after_a_month(bench: Bench, species: str) -> None:
    people = np.vstack([bench.typical(), bench.possible(16, seed=2)])
    dose = PRECURSORS[species]
    run = bench.run(people, daily(f"gut_lumen.{species}", dose, 28), [0.0, LAST + 2, LAST + 12, LAST + 24])
    fold = {
        o.id: run[o.id] / run[o.id][:, :1] for o in bench.body.observables if o.kind != "cumulative" and o.id != WORN
    }
    for name, ratio in fold.items():
        assert np.all(np.isfinite(ratio)) and np.all(ratio >= 0), name
        if name.endswith("_nad"):
            assert np.all(ratio > 0.98), name  # no precursor empties an organ of NAD+
    for name in PRODUCTS:
        assert np.all(fold[name][:, 1:] > 1.0), name
    acid = fold["plasma_na"][:, 1]
    if species == "Trp":
        assert acid == pytest.approx(1.0, abs=0.01)  # tryptophan brings no nicotinic acid
    else:
        assert np.all(acid > 1.0)
    assert np.median(fold["whole_blood_nad"][:, 3]) < 4.0
    assert np.all(run["liver_nam"] < 5000.0) and np.all(run["muscle_naad"] < 50.0)  # µM
