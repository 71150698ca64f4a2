"""Facts of mice, on a mouse's column: inflammation lowers NAD+ by use, not synthesis; loss of a consumer raises it."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench
from mouse_column import as_mice

DAY = 24.0
TISSUES = ("liver", "kidney", "gut_wall", "muscle", "heart", "brain", "skin", "adipose", "rest")


@pytest.fixture(scope="module")
def mice(bench: Bench) -> np.ndarray:
    return as_mice(bench, np.vstack([bench.typical(), bench.possible(48, seed=2)]))


def _held(run: dict[str, np.ndarray], organ: str) -> np.ndarray:
    return run[f"{organ}__NAD"] + run.get(f"{organ}__NAD_mito", 0.0)


def _lost(bench: Bench, mice: np.ndarray, enzyme: str, left: float) -> dict[str, np.ndarray]:
    """A run of sixty days without most of an enzyme, everywhere."""
    names = bench.engine.program.parameters
    without = mice.copy()
    for organ in (*TISSUES, "red_cells", "platelets", "immune_cells", "plasma"):
        if (name := f"{organ}__{enzyme}__activity") in names:
            without[:, names.index(name)] = left
    return bench.run(without, [], [0.0, 60 * DAY])


def test_inflammation_lowers_liver_nad_and_keeps_its_synthesis(bench: Bench, mice: np.ndarray) -> None:
    """Old mice: NAD+ -30 %, synthesis kept (10.21203/rs.3.rs-86538/v1, nad:B025); level 1 is theirs."""
    ill = mice.copy()
    ill[:, bench.engine.program.parameters.index("inflammation__level")] = 1.0
    run = bench.run(ill, [], [0.0, 90 * DAY])
    held = _held(run, "liver")[:, 1] / _held(run, "liver")[:, 0]
    made = run["liver__NMNAT"] + run["liver__NADSYN"]
    synthesis = made[:, 1] / made[:, 0]
    assert 0.55 <= held[0] <= 0.8 and 0.55 <= np.median(held) <= 0.8
    assert 0.95 <= synthesis[0] <= 1.1 and 0.95 <= np.median(synthesis) <= 1.1
    for organ in TISSUES:
        kept = _held(run, organ)
        assert np.all(kept[:, 1] < 1.02 * kept[:, 0]), organ
    blood = run["whole_blood_nad"]
    assert blood[:, 1] == pytest.approx(blood[:, 0], rel=0.03)  # CD38 of red cells is there and not inducible


def test_loss_of_cd38_raises_nad(bench: Bench, mice: np.ndarray) -> None:
    """nad:F010, nad:F011: sizes recalled, 1.3 to 20-fold; the sign in each tissue, a tenth where CD38 has a share."""
    run = _lost(bench, mice, "CD38", 0.0)
    for organ in TISSUES:
        held = _held(run, organ)
        assert np.median(held[:, 1] / held[:, 0]) > 1.0, organ
    for organ in ("liver", "adipose", "rest", "gut_wall"):
        held = _held(run, organ)
        assert np.median(held[:, 1] / held[:, 0]) >= 1.1, organ


def test_shares_of_cd38_leave_muscle_and_brain_below_a_tenth(bench: Bench, mice: np.ndarray) -> None:
    """A listed miss: with a share s of use gone NAD+ rises to 1/(1-s) at most, as more of it is used and no more made.

    Shares recalled: muscle 0.08, brain 0.12 of what is not used by mitochondria or SARM1.
    """
    values, run = bench.values(mice), _lost(bench, mice, "CD38", 0.0)
    for organ, highest in (("muscle", 1.1), ("brain", 1.12)):
        most = 1.0 / (1.0 - values[f"{organ}__CD38__J"] / values[f"{organ}__NAD__turnover"])
        assert 1.05 < np.median(most) < highest, organ
        held = _held(run, organ)
        assert 1.0 < np.median(held[:, 1] / held[:, 0]) < np.median(most), organ


def test_loss_of_parp1_raises_nad(bench: Bench, mice: np.ndarray) -> None:
    """nad:F012: direction read, size recalled. Nine tenths of PARP are PARP1 (nad:C063). Muscle is short of a tenth."""
    run = _lost(bench, mice, "PARP", 0.1)
    for organ in TISSUES:
        held = _held(run, organ)
        least = 1.03 if organ == "muscle" else 1.1
        assert np.median(held[:, 1] / held[:, 0]) >= least, organ


def test_loss_of_nampt_leaves_the_liver_what_it_leaves_mice(bench: Bench, mice: np.ndarray) -> None:
    """0.15 to 0.3 (recalled: nad:F015). A person's liver, fed less, keeps less."""
    names = bench.engine.program.parameters
    kept = []
    for people in (mice, bench.possible(24, seed=5)):
        without = people.copy()
        without[:, names.index("liver__NAMPT__activity")] = 0.0
        held = _held(bench.run(without, [], [0.0, 30 * DAY]), "liver")
        kept.append(np.median(held[:, 1] / held[:, 0]))
    assert 0.1 < kept[0] < 0.4
    assert kept[1] < kept[0]


def test_red_cells_use_nad_by_cd38_that_inflammation_does_not_raise(bench: Bench) -> None:
    people = np.vstack([bench.typical(), bench.typical(inflammation__level=1.0)])
    run = bench.run(people, [], [0.0])
    rate = run["red_cells__CD38"][:, 0]
    assert rate[0] > 0 and rate[1] == rate[0]
    assert run["immune_cells__CD38"][1, 0] > 1.5 * run["immune_cells__CD38"][0, 0]
