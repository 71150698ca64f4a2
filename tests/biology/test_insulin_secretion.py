"""Beta cells secrete up to a largest rate: little resistance is made up for, much of it with fewer cells is not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from nadflux import simulate

HEALTHY = "man, 28 y, 68.1472 kg, 176 cm"
PEOPLE = (HEALTHY, "woman, 75 y, 62 kg, 162 cm", "man, 50 y, 105 kg, 178 cm")
NAMES = ("plasma_glucose", "plasma_insulin")


def _lived(who: str, sensitivity: float, beta: float) -> dict[str, float]:
    """Return glucose after the night (mM), its peak, and the mean of insulin (pM), of the second day of three meals.

    Both factors are of the healthy person's trait; fat comes on top of them.
    """
    run = simulate(
        who, "three meals a day for 2 d", n=1, spread=False, uncertainty=False, body="whole", outputs=NAMES,
        times=np.arange(24.0, 48.01, 0.5), set={"fuels.insulin.sensitivity": sensitivity, "fuels.beta.share": beta},
    )  # fmt: skip
    glucose, insulin = (run[name][0] for name in NAMES)
    return {"night": float(glucose[-1]), "peak": float(glucose.max()), "insulin": float(insulin.mean())}


@pytest.mark.parametrize("who", PEOPLE)
def test_little_resistance_is_made_up_for_and_much_with_fewer_cells_is_not(who: str) -> None:
    usual, mild, strong, failing = (_lived(who, *traits) for traits in ((1, 1), (0.8, 1), (0.3, 1), (0.3, 0.5)))
    for when in ("night", "peak"):
        assert mild[when] == pytest.approx(usual[when], rel=0.02), when
        assert usual[when] < strong[when] < failing[when], when
    assert failing["night"] > 1.15 * usual["night"] and failing["peak"] > 1.3 * usual["peak"]
    assert usual["insulin"] < mild["insulin"] < strong["insulin"]
    assert failing["insulin"] < strong["insulin"]


def test_resistance_raises_glucose_in_drawn_people() -> None:
    asked = {"n": 24, "posterior": "none", "seed": 5, "times": [0.0], "body": "whole", "outputs": ["plasma_glucose"]}
    levels = [
        simulate(HEALTHY, None, set={"fuels.insulin.sensitivity": s, "fuels.beta.share": b}, **asked).values[:, 0, 0]  # type: ignore[arg-type]
        for s, b in ((1.0, 1.0), (0.4, 1.0), (0.2, 1.0), (0.2, 0.5))
    ]
    assert all(np.all(lower < higher) for lower, higher in pairwise(levels))
