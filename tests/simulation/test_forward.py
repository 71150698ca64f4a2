"""The forward path: one pure function from people to a chunk, which can be pickled and sent elsewhere."""

from __future__ import annotations

import ast
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

import nadflux
from nadflux.people import Person, draw, draw_covariates
from nadflux.plans import parse_plan
from nadflux.plans.schedule import schedule
from nadflux.simulation import prepare, simulate
from nadflux.simulation.course import Chunk, Course, Segment
from nadflux.simulation.event_arrays import Step
from nadflux.simulation.forward import ChunkInterruptedError, run_chunk, run_chunks
from nadflux.simulation.numbers import DrawnNumbers, GivenNumbers
from nadflux.simulation.tolerances import PLANS

WHO = Person("woman", 62.0, 70.0)
SOURCE = Path(nadflux.__file__).parent
TIMES = np.array([0.0, 12.0, 24.0])
EVENTS = schedule(parse_plan("NR chloride 500 mg oral once"), days=1).events


def course(*segments: Segment) -> Course:
    wanted = segments or (Segment(0.0, 24.0, TIMES, EVENTS, ("plasma_nam",)),)
    return Course(DrawnNumbers(WHO, seed=3), wanted, rtol=PLANS["nad"])


def same(one: Chunk, other: Chunk) -> bool:
    return one.outputs.tobytes() == other.outputs.tobytes() and one.rows.tobytes() == other.rows.tobytes()


def test_arguments_and_chunk_can_be_pickled_and_give_the_same_bits() -> None:
    arguments = (prepare(), course(), np.arange(3))
    chunk = run_chunk(*arguments)
    there = run_chunk(*pickle.loads(pickle.dumps(arguments)), threads=1)
    back = pickle.loads(pickle.dumps(there))
    assert same(chunk, there) and same(chunk, back)
    assert back.failures == () and back.people.tolist() == [0, 1, 2]


def test_a_person_is_the_same_in_any_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run_chunk(prepare(), course(), np.arange(5))
    monkeypatch.setattr("nadflux.simulation.forward.CHUNK", 2)
    parts = list(run_chunks(prepare(), course(), np.arange(5)))
    assert [part.people.tolist() for part in parts] == [[0, 1], [2, 3], [4]]
    assert np.concatenate([part.outputs for part in parts]).tobytes() == whole.outputs.tobytes()


def test_it_is_what_simulate_gives() -> None:
    run = simulate(WHO, "NR chloride 500 mg oral once", n=3, seed=3, posterior="none", times=TIMES)
    assert run["plasma_nam"].tobytes() == run_chunk(prepare(), course(), np.arange(3)).outputs[:, :, 0].tobytes()


def test_a_segment_goes_on_from_the_state_of_the_one_it_names() -> None:
    """A stop at 10 h in both, so that the second segment changes no step."""
    stop = Step(10.0, "gut_lumen.NAM", "add", 0.0)
    events = (*EVENTS, stop)
    one = Segment(0.0, 24.0, TIMES, events, ("plasma_nam", "plasma_na"))
    two = (
        Segment(0.0, 10.0, TIMES[:1], EVENTS, ("plasma_na", "plasma_nam")),
        Segment(10.0, 24.0, TIMES[1:], (stop,), ("plasma_nam", "plasma_na"), after=0),
    )
    whole, parts = (run_chunk(prepare(), course(*segments), np.arange(2)) for segments in ((one,), two))
    assert whole.outputs.tobytes() == parts.outputs.tobytes()
    assert whole.courses[-1].steps.tolist() == parts.courses[-1].steps.tolist()


def test_a_step_may_have_a_value_for_each_person() -> None:
    steps = (Step(1.0, "gut_lumen.NAM", "add", np.array([100.0, 200.0, 300.0])),)
    wanted = Segment(0.0, 24.0, TIMES, steps, ("plasma_nam",))
    some = run_chunk(prepare(), course(wanted), np.array([2, 0]))
    for place, dose in enumerate((300.0, 100.0)):
        alone = Segment(0.0, 24.0, TIMES, (Step(1.0, "gut_lumen.NAM", "add", dose),), ("plasma_nam",))
        person = run_chunk(prepare(), course(alone), some.people[[place]])
        assert person.outputs[0].tobytes() == some.outputs[place].tobytes()


def test_without_segments_people_are_at_rest() -> None:
    chunk = run_chunk(prepare(), Course(DrawnNumbers(WHO, seed=3)), np.arange(4))
    assert chunk.courses == () and chunk.rows.shape[0] == 4 and chunk.draws.values.shape[0] == 4


def test_given_numbers_are_those_of_the_people_asked_for() -> None:
    draws, covariates = draw(prepare().body.table, 4, 3), draw_covariates(WHO, np.arange(4), 3)
    given = Course(GivenNumbers(draws, covariates), course().segments, rtol=PLANS["nad"])
    assert same(run_chunk(prepare(), given, np.array([3, 1])), run_chunk(prepare(), course(), np.array([3, 1])))


def test_ctrl_c_gives_those_who_were_finished_and_nobody_before_the_last_segment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Reports come so many seconds apart, and the run itself takes a moment.
    monkeypatch.setattr(sys.modules["nadflux.kernel.integrate"], "PATIENCE", 0.002)

    def interrupt(fraction: float) -> None:
        if fraction > 0.3:
            raise KeyboardInterrupt

    whole = run_chunk(prepare(), course(), np.arange(96))
    with pytest.raises(ChunkInterruptedError) as caught:
        run_chunk(prepare(), course(), np.arange(96), threads=1, progress=interrupt)
    kept = caught.value.chunk
    assert kept is not None and 0 < kept.people.size < 96
    assert kept.outputs.tobytes() == whole.outputs[kept.people].tobytes()
    long = Segment(0.0, 2400.0, TIMES[:1], EVENTS, ("plasma_nam",))
    short = Segment(2400.0, 2401.0, TIMES[:0], (), ("plasma_nam",), after=0)
    with pytest.raises(ChunkInterruptedError) as caught:
        run_chunk(prepare(), course(long, short), np.arange(96), threads=1, progress=interrupt)
    assert caught.value.chunk is None


def test_people_meet_the_kernel_in_one_place_only() -> None:
    """Only the forward path, its quiet years and its usual life call `integrate`; none imports a private name."""
    rooms = [SOURCE / room for room in ("simulation", "studies", "inference", "faces")]
    callers, private = [], []
    for path in (path for room in rooms for path in room.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = [alias.name for alias in node.names]
                callers += [path.name] if node.module == "nadflux.kernel.integrate" and "integrate" in names else []
                private += [f"{path.name}: {name}" for name in names if name.startswith("_") and name[1] != "_"]
    assert sorted(callers) == ["forward.py", "quiet_years.py", "repeated_period.py"] and private == []
