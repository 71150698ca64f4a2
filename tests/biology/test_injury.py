"""SARM1 of the brain: asleep in health and in inflammation, awake when an axon loses NMNAT; all else comes back."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench

DAY = 24.0
ORGANS = ("liver", "kidney", "gut_wall", "muscle", "heart", "brain", "skin", "adipose", "rest", "immune_cells")


def _kept(bench: Bench, organ: str, run: dict[str, np.ndarray]) -> np.ndarray:
    """NAD+ of an organ over that at the start, shape (person, time)."""
    held = run[f"{organ}__NAD"] + run[f"{organ}__NAD_mito"]
    return held / held[:, :1]


def _with(bench: Bench, people: np.ndarray, **changes: float) -> np.ndarray:
    return bench._changed(people.copy(), changes)


def test_sarm1_is_placed_relative_to_rest(bench: Bench) -> None:
    """Its share of healthy use is small in everybody (10.1016/j.expneurol.2020.113252) and follows from the switch."""
    values = bench.values(bench.possible(512, seed=9))
    share = values["brain__SARM1__J"] / values["brain__NAD__turnover"]
    assert share.max() < 0.2 and np.median(share) < 0.03
    rest = values["brain__NMN"] / values["brain__NAD__free"]
    assert np.min(values["brain__SARM1__half"] / rest) > 3.0
    wake, full, n = (values[f"brain__SARM1__{name}"] for name in ("wake", "full", "n"))
    raised = share * (1 + values["brain__SARM1__margin"] ** n) / (1 + (values["brain__SARM1__margin"] / wake) ** n)
    assert np.allclose(raised, full / (1 + full), rtol=1e-9)


def test_inflammation_takes_no_more_from_the_brain_for_sarm1(bench: Bench) -> None:
    """Whoever loses half loses it to CD38 and to less NAMPT, whose ranges are wide: as in every other organ."""
    people = bench.possible(256, seed=2)
    ill = _with(bench, people, inflammation__level=1.0)
    times = [0.0, 30 * DAY, 180 * DAY]
    awake = _kept(bench, "brain", bench.run(ill, [], times))[:, 1:]
    asleep = _kept(bench, "brain", bench.run(_with(bench, ill, brain__SARM1__activity=0.0), [], times))[:, 1:]
    assert np.max(asleep - awake) < 0.2
    assert np.mean((awake < 0.5) & (asleep >= 0.5)) <= 0.01
    assert np.mean(awake < 0.3) <= 0.01
    muscle = _kept(bench, "muscle", bench.run(ill, [], times))[:, -1]
    assert np.median(awake[:, -1]) == pytest.approx(np.median(muscle), abs=0.1)


@pytest.mark.parametrize(("left", "least", "most"), [(0.5, 0.9, 1.0), (0.1, 0.0, 0.4)])
def test_half_of_nmnat_is_borne_and_its_loss_wakes_sarm1(bench: Bench, left: float, least: float, most: float) -> None:
    """10.1101/2024.03.14.584798: mice with less than half their NMNAT2 stay well; without it axons die by SARM1."""
    people = bench.possible(128, seed=2)
    injured = _with(bench, people, brain__NMNAT__activity=left)
    kept = _kept(bench, "brain", bench.run(injured, [], [0.0, 7 * DAY]))[:, 1]
    assert least < np.median(kept) < most
    without = _kept(bench, "brain", bench.run(_with(bench, injured, brain__SARM1__activity=0.0), [], [0.0, 7 * DAY]))
    assert np.median(without[:, 1]) > np.median(kept)


def test_every_organ_comes_back_and_none_has_two_resting_states(bench: Bench) -> None:
    """FK866 for twenty days (brain at a quarter), inflammation for sixty; SARM1 stays awake in a few brains at most.

    What was lost with urine is eaten again: who turns over much and eats little needs more than a year.
    """
    people = bench.possible(96, seed=3)
    plans = (
        [(0.0, "drugs.FK866", 0.01), (20 * DAY, "drugs.FK866", 0.0)],
        [(0.0, "inflammation.level", 1.0), (60 * DAY, "inflammation.level", 0.0)],
    )
    for steps, few in zip(plans, (0.05, 0.0), strict=True):
        run = bench.run(people, steps, [0.0, 400 * DAY, 1500 * DAY])
        for organ in ORGANS:
            kept = _kept(bench, organ, run)[:, -1]
            if organ == "brain":
                assert np.mean(kept < 0.98) <= few
            else:
                assert np.all(np.abs(kept - 1) < 0.02), (organ, kept.min(), kept.max())
