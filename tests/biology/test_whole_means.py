"""Means over organs: weighed by the healthy reference, they follow the organs and not the composition of a body."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import make_bench

from nadflux import simulate
from nadflux.network.body_spec import read_body_spec
from nadflux.shipped import BIOLOGY

PLAN = read_body_spec(BIOLOGY, "whole")
HEALTHY = "man, 28 y, 68.1472 kg, 176 cm"
OTHERS = {
    "old": ("man, 85 y, 68.1472 kg, 176 cm", {}),
    "heavy": ("man, 60 y, 130 kg, 176 cm", {}),
    "resistant": (HEALTHY, {"fuels.insulin.sensitivity": 0.4}),
}


def _quiet(who: str, outputs: list[str], settings: dict[str, float]) -> np.ndarray:
    run = simulate(who, None, n=24, posterior="none", seed=3, times=[0.0], body="whole", outputs=outputs, set=settings)
    assert not run.failures
    return np.asarray(run.values[:, 0])


def test_the_weights_are_the_volumes_of_the_healthy_reference() -> None:
    """Who is at the reference weighs organs by what they have; who is not, by what they would have."""
    bench = make_bench(name="whole")
    for female in (0.0, 1.0):
        lean = {"person__female": female, "person__height": 176.0, "person__weight": 68.1472, "person__age": 28.0}
        healthy, other = (
            bench.values(bench.typical(**values))
            for values in (lean, {**lean, "person__age": 85, "person__weight": 110})
        )
        for organ, weight in PLAN.means["body"]["weights"].items():
            name = weight.replace(".", "__")
            assert healthy[name] == pytest.approx(healthy[f"{organ}__cell"], rel=1e-9), organ
            assert other[name] == pytest.approx(healthy[name], rel=1e-9), organ


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("of", ["J_deg", "mTORC1"])
def test_a_mean_lies_within_what_its_organs_did(other: str, of: str) -> None:
    """If every organ of a person falls, their mean falls; if every one rises, it rises."""
    names = [f"{organ}_{of}" for organ in PLAN.cells] + [f"body_{of}"]
    who, settings = OTHERS[other]
    change = _quiet(who, names, settings) / _quiet(HEALTHY, names, {})
    organs, mean = change[:, :-1], change[:, -1]
    assert np.all(mean <= organs.max(axis=1) + 1e-12)
    assert np.all(mean >= organs.min(axis=1) - 1e-12)
    assert np.any(np.all(organs < 1, axis=1) | np.all(organs > 1, axis=1))
