"""NAD+ against age by decree: tissues fall because they use more, blood stays; the popular claim is a named variant."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, make_bench


def _young_and_old(bench: Bench) -> np.ndarray:
    return np.vstack([bench.typical(person__age=25.0), bench.typical(person__age=70.0)])


@pytest.fixture(scope="module")
def imposed() -> Bench:
    return make_bench({"NAD.age": "imposed"})


@pytest.mark.parametrize(("organ", "fall"), [("skin", 0.5), ("muscle", 0.2), ("brain", 0.15), ("liver", 0.3)])
def test_tissues_fall_while_synthesis_stays(imposed: Bench, organ: str, fall: float) -> None:
    people = _young_and_old(imposed)
    run = imposed.run(people, [], [0.0])
    level = run[f"{organ}__NAD"][:, 0]  # of the cells: muscle as biopsied holds blood as well
    assert level[1] / level[0] == pytest.approx(1 - fall, rel=1e-6)
    values = imposed.values(people)
    per_volume = values[f"{organ}__NAD__turnover"] / values[f"{organ}__cell"]
    assert per_volume[1] == pytest.approx(per_volume[0], rel=1e-9)


def test_whole_blood_is_flat_unless_the_claim_is_chosen(bench: Bench) -> None:
    """1518 people: 10.3389/fendo.2022.829658."""
    level = bench.run(_young_and_old(bench), [], [0.0])["whole_blood_nad"][:, 0]
    assert level[1] == pytest.approx(level[0], rel=0.03)
    claimed = make_bench({"blood.age": "popular"})
    level = claimed.run(_young_and_old(claimed), [], [0.0])["whole_blood_nad"][:, 0]
    assert level[1] < 0.75 * level[0]


def test_an_old_person_rests_too(bench: Bench) -> None:
    run = bench.run(bench.typical(person__age=85.0), [], [0.0, 24.0 * 7])
    for name in ("muscle_nad", "skin_nad", "liver_nad", "whole_blood_nad", "urine_2py"):
        assert run[name][0, 1] == pytest.approx(run[name][0, 0], rel=1e-5)
