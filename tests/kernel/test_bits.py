"""The bits of a person depend on her inputs, the tolerances and the stops, and on nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from kernel_models import body_batch, body_events, body_people, body_program

from nadflux.kernel import Batch, Engine, EventArrays, Solution, compile_program, integrate

COUNT = 11


@pytest.fixture(scope="module")
def engine() -> Engine:
    return compile_program(body_program(), cache=False)


@pytest.fixture(scope="module")
def solution(engine: Engine) -> Solution:
    result = integrate(engine, body_batch(engine.program, COUNT), threads=1)
    assert result.failures == ()
    return result


def same(a: Solution, b: Solution, people: slice = slice(None)) -> None:
    assert np.array_equal(a.final[people], b.final)
    assert np.array_equal(a.outputs[people], b.outputs)
    assert np.array_equal(a.final_step[people], b.final_step)
    assert np.array_equal(a.steps[people], b.steps)


def chosen(events: EventArrays, person: int) -> EventArrays:
    part = slice(events.offsets[person], events.offsets[person + 1])
    count = part.stop - part.start
    return EventArrays(
        np.array([0, count]), events.time[part], events.kind[part], events.target[part], events.value[part]
    )


def test_neighbours_and_split(engine: Engine, solution: Solution) -> None:
    people, events = body_people(engine.program, COUNT), body_events(engine.program, COUNT)
    for person in (0, 5, COUNT - 1):
        batch = Batch(people[person : person + 1], 0.0, 48.0, np.linspace(0, 48, 25), events=chosen(events, person))
        same(solution, integrate(engine, batch), slice(person, person + 1))


def test_peaks_beside_others_and_alone(engine: Engine) -> None:
    """Whoever joins late, beside people in the midst of their own course, has the peaks they have alone."""
    names = list(engine.program.outputs[:2])
    together = integrate(engine, body_batch(engine.program, 3 * engine.width + 1, peaks=names), threads=1)
    people, events = (
        body_people(engine.program, 3 * engine.width + 1),
        body_events(engine.program, 3 * engine.width + 1),
    )
    for person in (1, engine.width, 2 * engine.width + 1, 3 * engine.width):
        mine = chosen(events, person)
        alone = integrate(engine, Batch(people[person : person + 1], 0.0, 48.0, events=mine, peaks=names))
        assert np.array_equal(together.peaks[person : person + 1], alone.peaks)
        assert np.array_equal(together.final[person : person + 1], alone.final)


def test_people_differ(solution: Solution) -> None:
    assert len(np.unique(solution.final[:, 2])) == COUNT


def test_threads(engine: Engine, solution: Solution) -> None:
    for threads in (2, 5):
        same(solution, integrate(engine, body_batch(engine.program, COUNT), threads=threads))


@pytest.mark.parametrize("opt", [0, 1])
@pytest.mark.parametrize("width", [8, 4, 2, 1])
def test_vector_width_and_optimisation_level(engine: Engine, solution: Solution, opt: int, width: int) -> None:
    other = compile_program(engine.program, cache=False, opt=opt, width=width)
    assert other.width == width
    same(solution, integrate(other, body_batch(engine.program, COUNT)))


def test_requested_outputs(solution: Solution) -> None:
    other = compile_program(body_program(("fast", "take", "urine")), cache=False)
    result = integrate(other, body_batch(other.program, COUNT, times=np.linspace(0.0, 48.0, 97), peaks=["fast"]))
    assert np.array_equal(result.final, solution.final)
    assert np.array_equal(result.steps, solution.steps)
    assert np.array_equal(result.outputs[:, ::4, 2], solution.outputs[:, :, 2])


def test_failing_neighbour(engine: Engine, solution: Solution) -> None:
    people = body_people(engine.program, COUNT)
    people[3, engine.program.parameters.index("ka")] = np.nan
    people[6, engine.program.parameters.index("kf")] = np.inf
    result = integrate(engine, body_batch(engine.program, COUNT, parameters=people))
    assert [failure.person for failure in result.failures] == [3, 6]
    assert np.all(np.isnan(result.final[[3, 6]]))
    others = [k for k in range(COUNT) if k not in (3, 6)]
    assert np.array_equal(result.final[others], solution.final[others])
    assert np.array_equal(result.outputs[others], solution.outputs[others])


@pytest.mark.parametrize("stop", [20.0, 13.0])
def test_going_on_from_a_stop(engine: Engine, stop: float) -> None:
    """At a dose shared by all, and at a stop without any event."""
    program = engine.program
    people, events = body_people(program, 3), body_events(program, 3)
    rows = []
    for person in range(3):
        mine = chosen(events, person)
        row = list(zip(mine.time, mine.kind, mine.target, mine.value, strict=True))
        rows.append(sorted([*row, (stop, 2, 0, 0.0)], key=lambda r: r[0]))

    def arrays(keep: object) -> EventArrays:
        kept = [[r for r in row if keep(r[0])] for row in rows]  # type: ignore[operator]
        flat = [r for row in kept for r in row]
        columns = [np.array([r[k] for r in flat]) for k in range(4)]
        return EventArrays(np.cumsum([0, *(len(row) for row in kept)]), *columns)

    whole = integrate(engine, Batch(people, 0.0, 48.0, events=arrays(lambda t: True)))
    first = integrate(engine, Batch(people, 0.0, stop, events=arrays(lambda t: t <= stop)))
    second = integrate(
        engine, Batch(
            people, stop, 48.0, initial=first.final, initial_step=first.final_step,
            initial_inputs=first.final_inputs, events=arrays(lambda t: t >= stop),
        )
    )  # fmt: skip
    assert np.array_equal(second.final, whole.final)
    assert np.array_equal(second.final_step, whole.final_step)
    assert np.array_equal(first.steps + second.steps, whole.steps)
