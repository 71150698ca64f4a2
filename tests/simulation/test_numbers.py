"""Numbers of people: who contradicts themself is drawn again, by seed and person alone, and nothing is biased."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.notes import NoteCode
from nadflux.people import draw
from nadflux.people.streams import seed_again
from nadflux.plans.language.person import read_person
from nadflux.simulation import simulate
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.failures import without_rest
from nadflux.simulation.notes import drawn_again_note
from nadflux.simulation.numbers import DrawnNumbers

WHO = read_person("man, 45 y, 75 kg")
FIRST = 2048


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare()


@pytest.fixture(scope="module")
def first(prepared: Prepared) -> tuple[np.ndarray, np.ndarray]:
    """Rows of people as first drawn, and who of them has no resting state."""
    numbers = DrawnNumbers(WHO, 0)
    rows, _ = numbers._drawn(prepared, np.arange(FIRST), 0, 0)
    return rows, without_rest(prepared, rows)


def test_of_ten_thousand_default_people_none_fails_at_rest(prepared: Prepared) -> None:
    rows, draws = DrawnNumbers(WHO, 1).of(prepared, np.arange(10_000))
    assert not without_rest(prepared, rows).any()
    assert 0 < draws.drawn_again <= 100  # less than one in a hundred


def test_of_people_of_the_whole_body_none_fails_at_rest() -> None:
    whole = prepare(body="whole")
    rows, _ = DrawnNumbers(WHO, 2).of(whole, np.arange(1024))
    assert not without_rest(whole, rows).any()


def test_only_who_contradicts_themself_is_drawn_again(prepared: Prepared, first: tuple[np.ndarray, np.ndarray]) -> None:
    before, faulty = first
    rows, draws = DrawnNumbers(WHO, 0).of(prepared, np.arange(FIRST))
    assert faulty.any() and draws.again is not None
    assert np.array_equal(draws.again > 0, faulty)
    assert np.array_equal(rows[~faulty], before[~faulty])
    assert np.all(np.any(rows[faulty] != before[faulty], axis=1))


def test_a_person_is_the_same_in_any_selection(prepared: Prepared, first: tuple[np.ndarray, np.ndarray]) -> None:
    some = np.flatnonzero(first[1])[:2]
    numbers = DrawnNumbers(WHO, 0)
    whole, draws = numbers.of(prepared, np.arange(FIRST))
    alone, own = numbers.of(prepared, some[::-1].copy())
    assert np.array_equal(alone, whole[some[::-1]])
    assert np.array_equal(own.values, draws.values[some[::-1]])


def test_it_is_drawing_on_the_condition_that_rows_agree(
    prepared: Prepared, first: tuple[np.ndarray, np.ndarray]
) -> None:
    """Those who took the place of others come from the rows like those who needed no other draw.

    Over rows and people the ranks of either are uniform but for the condition; the mean rank of a row over all people
    moves by no more than chance allows (4.5 standard errors in some 500 rows).
    """
    rows, _ = DrawnNumbers(WHO, 0).of(prepared, np.arange(FIRST))
    varied = np.ptp(first[0], axis=0) > 0
    before, after = first[0][:, varied], rows[:, varied]
    order = np.sort(before, axis=0)
    ranks = np.stack([np.searchsorted(order[:, k], after[:, k]) for k in range(after.shape[1])], axis=1) / FIRST
    assert np.max(np.abs(ranks.mean(axis=0) - 0.5)) < 4.5 / np.sqrt(12 * FIRST)
    placed = ranks[first[1]]
    assert abs(placed.mean() - 0.5) < 4.5 / np.sqrt(12 * placed.shape[0] * 50)  # rows share draws: some 50 are counted


def test_in_a_group_departures_are_drawn_before_typical_values(prepared: Prepared) -> None:
    """An arm shares one draw of the typical values; who is drawn again leaves it only if nothing else helps."""
    numbers = DrawnNumbers(WHO, 0, group=32)
    _, draws = numbers.of(prepared, np.arange(FIRST))
    assert draws.again is not None and draws.again.any()
    own = np.flatnonzero((draws.again > 0) & (draws.again <= 8))
    fixed = [k for k, row in enumerate(prepared.body.table) if not row.between_cv]
    original = draw(prepared.body.table, np.arange(FIRST), 0, group=32).values
    assert np.array_equal(draws.values[own][:, fixed], original[own][:, fixed])


def test_numbers_that_agree_for_nobody_fail_with_their_reason(prepared: Prepared) -> None:
    run = simulate(
        "man, 40 y", n=3, days=1, set={"plasma.NAM.fasting": "300 uM"}, posterior="none", outputs=["plasma_nam"]
    )
    assert len(run.failures) == 3 and "resting" in run.failures[0].state
    assert run.record["drawn_again"] == 0
    assert NoteCode.PEOPLE_FAILED in {note.code for note in run.notes}


def test_one_in_a_hundred_is_said() -> None:
    assert drawn_again_note(0, 64) == [] and drawn_again_note(9, 1000) == []
    (note,) = drawn_again_note(10, 1000)
    assert note.code == NoteCode.DRAWN_AGAIN and "10 of 1000" in note.text


def test_another_seed_is_another_draw() -> None:
    seeds = {seed_again(seed, attempt) for seed in range(50) for attempt in range(1, 20)}
    assert len(seeds) == 50 * 19 and seed_again(3, 1) == seed_again(3, 1)
