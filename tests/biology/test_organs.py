"""The organs: their size, what they hold and turn over, and what they lack."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, daily

TISSUES = ("gut_wall", "liver", "kidney", "muscle", "heart", "brain", "skin", "adipose", "rest")


def test_sizes_of_a_man_and_a_woman(bench: Bench) -> None:
    """Reference man and woman, 10.1016/S0146-6453(03)00002-2: muscle 29 and 17.5 kg, fat 18 and 22.5 kg."""
    man = bench.values(bench.typical(person__weight=73.0, person__height=176.0, person__age=30.0, person__female=0.0))
    woman = bench.values(bench.typical(person__weight=60.0, person__height=163.0, person__age=30.0, person__female=1.0))
    assert man["person__muscle_volume"] == pytest.approx(27.5, rel=0.15)
    assert woman["person__muscle_volume"] == pytest.approx(16.6, rel=0.25)
    assert man["person__adipose_volume"] == pytest.approx(18.0, rel=0.25)
    assert woman["person__adipose_volume"] == pytest.approx(23.0, rel=0.25)
    assert man["person__heart_volume"] == pytest.approx(0.32, rel=0.15)


def test_water_of_the_cells_is_a_third_of_weight(bench: Bench) -> None:
    values = bench.values(bench.people(256, seed=6))
    water = sum(values[f"{organ}__cell"] for organ in (*TISSUES, "red_cells")) / values["person__weight"]
    assert 0.3 < np.median(water) < 0.4


def test_turnover_of_the_whole_body_lies_in_the_honest_range(bench: Bench) -> None:
    """7 to 52 mmol a day from published half-lives."""
    values = bench.values(bench.people(512, seed=8))
    turnover = sum(values[f"{organ}__NAD__turnover"] for organ in TISSUES) * 24 / 1000
    assert np.all(turnover > 0)
    assert 7 < np.quantile(turnover, 0.05) < np.quantile(turnover, 0.5) < 52


def test_tissue_levels(bench: Bench) -> None:
    """Tissues rank as in mice: kidney, liver and heart highest, blood, skin and fat lowest (10.3390/ijms241311114)."""
    run = bench.run(bench.typical(), [], [0.0])
    level = {o: run[f"{o}_nad"][0, 0] for o in ("kidney", "liver", "heart", "muscle", "brain", "skin", "adipose")}
    assert min(level[o] for o in ("kidney", "liver", "heart")) > level["muscle"] > level["brain"]
    assert level["brain"] > level["skin"] > level["adipose"]
    assert run["brain_nad_total"][0, 0] > level["brain"]


def test_muscle_has_no_synthetase(bench: Bench) -> None:
    """Compare with doi:10.1371/journal.pone.0113939."""
    assert "muscle__NADSYN" not in bench.body.model.reactions
    assert "heart__NADSYN" in bench.body.model.reactions


def test_riboside_leaves_muscle_nad_alone_while_naad_and_mna_rise(bench: Bench) -> None:
    """1 g NR a day for 21 days: 10.1016/j.celrep.2019.07.043."""
    times = [0.0, 24.0 * 21 - 12, 24.0 * 21]
    run = bench.run(bench.typical(), daily("gut_lumen.NR", 1000 / 0.2907, 21), times)
    rise = {
        name: run[name][0, 1:] / run[name][0, 0] for name in ("muscle_nad", "muscle_naad", "muscle_mna", "muscle_4py")
    }
    assert np.all((rise["muscle_nad"] > 0.8) & (rise["muscle_nad"] < 1.2))
    for name in ("muscle_naad", "muscle_mna", "muscle_4py"):
        assert np.all(rise[name] > 1.5), name
    blood = run["whole_blood_nad"][0, 2] / run["whole_blood_nad"][0, 0]
    assert blood > rise["muscle_nad"].max()
