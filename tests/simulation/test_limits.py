"""Physiological limits: every run of a whole body is held against them, and leaving one is said."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.notes import NoteCode
from nadflux.simulation import simulate
from nadflux.simulation.compiled import prepare
from nadflux.simulation.limits import Checked, joined_counts, left_by, limits_of, notes_on_limits
from nadflux.simulation.run import Run

TIMES = np.array([-1.0, 0.0, 1.0, 2.0])
ATP = Checked("brain_ATP", "ATP, brain", "of time 0", relative=True, low=0.4, high=1.25)
PH = Checked("liver_lysosome_pH", "lysosomal pH, liver", "pH", relative=False, low=4.2, high=5.6)


def outside(run: Run) -> list[str]:
    return [str(note) for note in run.notes if note.code is NoteCode.OUTSIDE_LIMITS]


def values(*people: list[float]) -> np.ndarray:
    """One limit's values, shape (person, time, 1)."""
    return np.array(people)[:, :, None]


def test_relative_limits_are_multiples_of_time_0_and_what_was_before_does_not_count() -> None:
    found = left_by([ATP], values([0.0, 2.0, 2.0, 2.0], [9.0, 2.0, 0.5, 2.0], [2.0, 2.0, 2.0, 2.4]), TIMES)
    assert found == {"0": {"people": 1, "value": 0.25}}


def test_people_without_a_number_count_nowhere() -> None:
    assert left_by([PH], values([5.0, 5.0, np.nan, np.nan]), TIMES) == {}


def test_counts_of_chunks_add_up_and_keep_the_value_furthest_out() -> None:
    high, higher = values([5.0, 5.0, 6.0, 5.0]), values([5.0, 5.0, 6.5, 5.0], [5.0, 5.0, 5.0, 6.1])
    parts = [left_by([PH], part, TIMES) for part in (high, higher)]
    assert joined_counts(parts, [PH]) == left_by([PH], np.concatenate([high, higher]), TIMES)
    (note,) = notes_on_limits([PH], joined_counts(parts, [PH]), 10)
    assert str(note) == (
        "outside physiological limits: lysosomal pH, liver 6.5 pH (limits 4.2 to 5.6) in 3 of 10 people: "
        "read these people's figures with care"
    )
    (note,) = notes_on_limits([PH], joined_counts(parts, [PH]), 4)
    assert "not survivable: do not read the rest" in str(note)


def test_every_organ_of_the_whole_body_has_limits_and_the_nad_body_none() -> None:
    body = prepare(body="whole").body
    checked = {limit.id for limit in limits_of(body)}
    assert {f"{organ}_ATP" for organ in body.cells} <= checked
    assert {f"{organ}_working_share" for organ in body.cells} <= checked
    assert limits_of(prepare(body="nad").body) == ()


@pytest.mark.parametrize("plan", ["fast 24 h", "NR chloride 500 mg oral daily for 2 days"])
def test_typical_people_stay_within(plan: str) -> None:
    run = simulate("man, 40 y, 75 kg", plan, n=2, body="whole", uncertainty=False, spread=False, outputs=["body_J_deg"])
    assert not run.failures
    assert outside(run) == []


def test_a_body_without_acid_lysosomes_is_said_not_to_survive() -> None:
    run = simulate(
        "man, 40 y", n=4, days=20, set={"drugs.bafilomycin": "0.1 µM"}, outputs=["body_J_deg"], uncertainty=False
    )
    assert not run.failures
    (said,) = outside(run)
    assert "lysosomal pH, liver" in said and "not survivable: do not read the rest" in said
    assert run.record["outside_limits"]


def test_a_heart_without_autophagy_fails() -> None:
    """10.1038/nm1574."""
    run = simulate(
        "man, 40 y", n=1, days=40, set={"heart.conjugation.activity": "0"}, outputs=["heart_working_share"],
        uncertainty=False, spread=False,
    )  # fmt: skip
    assert run["heart_working_share"][0, -1] < 0.5
    (said,) = outside(run)
    assert said.startswith("outside physiological limits: working share of protein, heart")
