"""Plain kinetics of nicotinamide and nicotinic acid within wide bands of what was published; fitting is later."""

from __future__ import annotations

import numpy as np
from body_bench import Bench

NAM_MG, NA_MG = 0.12212, 0.12311
FINE = np.arange(0.0, 72.01, 0.05)


def _area(y: np.ndarray) -> float:
    return float(np.trapezoid(y - y[0], FINE))


def test_nicotinamide_one_gram(bench: Bench) -> None:
    run = bench.run(bench.typical(), [(0.0, "gut_lumen.NAM", 1000 / NAM_MG)], FINE.tolist())
    plasma = run["plasma_nam"][0]
    assert 423 < _area(plasma) < 725  # 510 µM·h, 10.1002/cpt.3146
    assert 55 < _area(run["plasma_mna"][0]) < 140  # 83.8
    assert 400 < _area(run["plasma_2py"][0]) < 850  # 597
    assert FINE[plasma.argmax()] <= 0.75


def test_nicotinamide_clearance_saturates(bench: Bench) -> None:
    area = {}
    for gram in (1, 3, 6):
        run = bench.run(bench.typical(), [(0.0, "gut_lumen.NAM", gram * 1000 / NAM_MG)], FINE.tolist())
        area[gram] = _area(run["plasma_nam"][0])
        peak = run["plasma_nam"][0].max()
    assert area[3] > 1.3 * 3 * area[1] and area[6] > 1.15 * 2 * area[3]
    assert 1006 < peak < 1556  # 1281 µM after 6 g, 10.1016/0167-8140(95)01581-z


def test_nicotinic_acid_one_gram(bench: Bench) -> None:
    run = bench.run(bench.typical(), [(0.0, "gut_lumen.NA", 1000 / NA_MG)], FINE.tolist())
    assert 90 < run["plasma_na"][0].max() < 260  # 146 (90 to 201) µM
    assert 145 < _area(run["plasma_na"][0]) < 330  # 235 µM·h
    assert 12 < run["plasma_nua"][0].max() < 35  # 18.8 µM


def test_extended_release_nicotinic_acid(bench: Bench) -> None:
    grid = np.arange(0.0, 96.01, 0.1)
    route = next(r for r in bench.body.routes if r.compound == "NA ER")
    dose = 2000 / NA_MG
    run = bench.run(bench.typical(), [(0.0, route.target, dose * route.fraction)], grid.tolist())
    assert 3.5 < grid[run["plasma_na"][0].argmax()] < 6.0  # 4.6 h
    rest = {m: run[f"urine_{m}"][0, 0] * 4 for m in ("mna", "2py", "nua", "na")}
    found = {m: 100 * (run[f"urine_{m}_total"][0, -1] - rest[m]) / dose for m in rest}
    assert 55 < sum(found.values()) < 85  # 69.5 % of the dose, 10.5414/cpp45448
    assert 8 < found["mna"] < 24 and 25 < found["2py"] < 55 and 6 < found["nua"] < 20 and 0.5 < found["na"] < 6
