"""Usual life that repeats itself is, as the counterfactual, what integration gives; bits are a person's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import nadflux as nf
from nadflux.kernel.batch import Batch, Solution
from nadflux.kernel.engine import Engine
from nadflux.kernel.integrate import integrate
from nadflux.notes import NoteCode
from nadflux.simulation import known_periods, repeated_period
from nadflux.simulation.counterfactual import COUNTERFACTUAL
from nadflux.simulation.forward import run_chunk
from nadflux.simulation.resolve import Resolved, resolve
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.settle import settle
from nadflux.simulation.tolerances import PLANS, REPEATS

WHO = "woman, 62 y, 70 kg"
PLAN = "NR chloride 500 mg oral daily for 3 d + fast 24 h at 20:00"
FEW = ("plasma_insulin", "liver_nad", "urine_2py_total", "body_fat")


def resolved(who: str = WHO, plan: str | None = PLAN, n: int = 3, **options: object) -> Resolved:
    return resolve(settle(Scenario.of(who, plan, n=n, seed=1, **options)))  # type: ignore[arg-type]


def without_shortcut(found: Resolved) -> Resolved:
    segments = tuple(replace(segment, again=None) for segment in found.course.segments)
    return replace(found, course=replace(found.course, segments=segments))


@pytest.mark.parametrize("who", [WHO, "man, 55 y, 130 kg, sleeps 02:00-09:00"])
def test_the_repeated_day_is_what_integration_gives(who: str) -> None:
    """Every output of several people at all times, within the tolerance of the run as a share of its largest value."""
    asked = resolved(who)
    people = np.arange(3)
    found = run_chunk(asked.prepared, asked.course, people, threads=1)
    whole = run_chunk(asked.prepared, without_shortcut(asked).course, people, threads=1)
    assert (
        found.usual is not None and found.usual.repeats.all() and np.all(found.usual.change <= REPEATS * PLANS["whole"])
    )
    repeated, integrated = (chunk.courses[COUNTERFACTUAL].outputs for chunk in (found, whole))
    size = np.max(np.abs(integrated), axis=1, keepdims=True)
    error = np.abs(repeated - integrated) / np.where(size > 0, size, 1.0)
    assert np.max(error) < PLANS["whole"] and np.median(error) < 0.01 * PLANS["whole"]
    assert np.array_equal(found.outputs, whole.outputs) and not np.array_equal(repeated, integrated)


@pytest.fixture(scope="module")
def three() -> nf.Run:
    return nf.simulate(WHO, PLAN, n=3, outputs=FEW, posterior="none")


def test_totals_of_usual_life_grow_by_the_same_amount_every_day(three: nf.Run) -> None:
    run = three
    total = run.without_plan["urine_2py_total"]
    days = [total[:, np.searchsorted(run.times, 24.0 * day)] for day in range(1, 4)]
    growth = np.diff(days, axis=0)
    assert np.all(growth > 0) and np.allclose(growth, growth[0], rtol=1e-9)
    fat = run.without_plan["body_fat"]
    assert np.all(np.abs(fat[:, -1] - fat[:, 0]) > 1e-6 * fat[:, 0])


def test_days_before_the_parting_are_those_of_the_plan_and_later_ones_not() -> None:
    run = nf.simulate(WHO, "fast 24 h at 20:00", n=1, days=1, outputs=FEW, posterior="none")
    assert run.counterfactual is not None
    before = run.times <= 12.0
    assert np.array_equal(run.values[:, before], run.counterfactual[:, before])
    assert not np.array_equal(run.values, run.counterfactual)


def test_bits_are_a_persons_own(three: nf.Run) -> None:
    alone = nf.simulate(WHO, PLAN, people=np.array([2]), outputs=FEW, posterior="none", threads=1)
    assert np.array_equal(three.values[2:], alone.values)
    assert np.array_equal(three.counterfactual[2:], alone.counterfactual)  # type: ignore[index]


def test_the_record_says_how_usual_life_was_found(three: nf.Run) -> None:
    lives = three.record["usual_life"]
    assert lives["counterfactual"] == "repeated" and lives["repeats_after_h"] == 24.0 and lives["people"] == 3
    assert 3 <= lives["periods"] <= 15 and 0 < lives["change"] <= REPEATS * PLANS["whole"]
    doses = nf.simulate(WHO, "NR chloride 500 mg oral daily for 1 d", n=2, outputs=["liver_nad"], posterior="none")
    assert doses.record["usual_life"] is None


def test_a_drug_from_time_0_makes_another_life_of_the_counterfactual() -> None:
    run = nf.simulate(WHO, "fast 24 h", n=1, set={"drugs.rapamycin": "0.1 µM"}, outputs=FEW, posterior="none")
    assert run.record["usual_life"]["counterfactual"] == "integrated" and run.record["usual_life"]["people"] == 1


def test_a_clock_of_another_length_does_not_repeat_with_the_day() -> None:
    """The day before time 0 could be found, but it is not the next one: people live the run-in and go on."""
    run = nf.simulate(WHO, "fast 24 h", n=2, set={"clock.period": "25 h"}, outputs=FEW, posterior="none")
    assert run.record["usual_life"]["people"] == 0 and not run.failures
    assert NoteCode.USUAL_LIFE_GOES_ON in [note.code for note in run.notes]
    assert np.isfinite(run.counterfactual).all()  # type: ignore[arg-type]


def test_one_person_who_cannot_live_leaves_the_others_their_days() -> None:
    asked = resolved(n=2, outputs=("liver_nad",))
    rows, draws = asked.course.numbers.of(asked.prepared, np.arange(2))

    class Broken:
        def of(self, compiled: object, people: np.ndarray) -> tuple[np.ndarray, object]:
            mine = rows[people].copy()
            mine[people == 0] = np.nan
            return mine, draws.of(people)

    course = replace(asked.course, numbers=Broken())  # type: ignore[arg-type]
    found = run_chunk(asked.prepared, course, np.arange(2), threads=1)
    alone = run_chunk(asked.prepared, course, np.array([1]), threads=1)
    assert [failure.person for failure in found.failures] == [0]
    assert found.usual is not None and found.usual.repeats.tolist() == [False, True]
    for mine, theirs in zip(found.courses, alone.courses, strict=True):
        assert np.array_equal(mine.outputs[1:], theirs.outputs)


def test_known_people_are_found_again_with_the_same_bits(three: nf.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later run, here with another plan, takes one period; one that knows nobody gives the same numbers."""
    lived: list[tuple[float, float]] = []

    def counted(engine: Engine, batch: Batch, **options: object) -> Solution:
        lived.append((batch.start, batch.end))
        return integrate(engine, batch, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(repeated_period, "integrate", counted)
    again = nf.simulate(WHO, "fast 24 h", n=3, outputs=FEW, posterior="none")
    assert lived == [(-24.0, 0.0)]
    known_periods.forget()
    new = nf.simulate(WHO, "fast 24 h", n=3, outputs=FEW, posterior="none")
    assert len(lived) > 5 and np.array_equal(again.values, new.values)
    assert np.array_equal(again.counterfactual, new.counterfactual)  # type: ignore[arg-type]
    assert again.record["usual_life"] == new.record["usual_life"] == three.record["usual_life"]
