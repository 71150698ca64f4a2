"""The own engine on a cohort of the shipped body."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import _dosing
from _dosing import Stop
from nadflux.kernel import integrate
from nadflux.kernel.batch import Batch, EventArrays
from nadflux.kernel.engine import compile_program
from nadflux.kernel.lower import lower
from nadflux.network.assemble import Body
from nadflux.network.expression import Symbol
from nadflux.people import Person, draw, draw_covariates
from nadflux.simulation import prepare
from nadflux.simulation.parameters import parameter_rows

SEED = 1
REFERENCE_RTOL = 1e-9
PERSON = Person("woman", 62.0, 70.0)


def drawn_rows(people: int, body: str = "nad") -> np.ndarray:
    """Return parameters of drawn people, shape (person, parameter), in order and units of the body's program."""
    prepared = prepare(body=body)
    index = np.arange(people)
    return parameter_rows(prepared, draw(prepared.body.table, index, SEED), draw_covariates(PERSON, index, SEED), {})


class Cohort:
    """People with their spread, doses and lifestyle as stops, all states sampled daily.

    Attributes
    ----------
    states : int
    model : Model
        The body, once or twice, with its initial assignments.
    stops : tuple of Stop
        What happens again and again, for every copy of the body.
    given : dict of str to ndarray, shape (person,)
        Constants of the people by id.
    attempts : int
        Steps of the last run, of all people, with those that were rejected.
    """

    def __init__(
        self, body: Body, people: int, copies: int, stops: Sequence[Stop] = _dosing.TWICE_DAILY, name: str = "nad"
    ) -> None:
        base = prepare(body=name).program
        rows = drawn_rows(people, name)
        self.model = body.model if copies == 1 else _dosing.doubled(body.model)
        self.given = {name: rows[:, k] for k, name in enumerate(base.parameters)}
        self.stops = tuple(stops)
        if copies == 2:
            self.given |= {f"twin__{name}": column for name, column in self.given.items()}
            self.stops += tuple(map(_dosing.on_twin, stops))
        names = [s.id for s in self.model.species.values() if not s.boundary and not s.constant]
        inputs = list(dict.fromkeys(stop.target for stop in self.stops if stop.kind == "set"))
        self.program = lower(self.model, {name: Symbol(name) for name in names}, inputs=inputs)
        self.species = tuple(names)
        self.states = len(self.program.states)
        self.rows = np.stack([self.given[name] for name in self.program.parameters], axis=1)
        self._engine = compile_program(self.program)
        self.width = self._engine.width
        self.attempts = 0

    def run(self, rtol: float, days: int, people: int | None = None) -> tuple[np.ndarray, float, int]:
        """Return concentrations (person, day, state), seconds of processor time on one thread, and failures."""
        rows = self.rows[:people]
        batch = Batch(rows, 0.0, days * 24.0, np.arange(days + 1) * 24.0, events=self.events(len(rows), days))
        started = time.process_time()
        solution = integrate(self._engine, batch, rtol=rtol, threads=1)
        seconds = time.process_time() - started
        self.attempts = int(solution.attempts.sum())
        return solution.outputs, seconds, len(solution.failures)

    def events(self, people: int, days: int) -> EventArrays:
        """Return the same stops for everybody, in order of time."""
        order = {"add": self.program.states, "set": self.program.inputs}
        one = sorted(
            (t, int(stop.kind == "set"), order[stop.kind].index(stop.target), stop.value)
            for stop in self.stops
            for t in stop.times(days * 24.0)
        )
        when, kind, target, value = (np.tile(column, people) for column in zip(*one, strict=True))
        return EventArrays(np.arange(people + 1) * len(one), when, kind, target, value)

    def reference(self, days: int, people: int = 8) -> np.ndarray:
        """Return the first people at a very tight tolerance."""
        return self.run(REFERENCE_RTOL, days, people)[0]


def growth_with_people(sizes: tuple[int, ...], days: int) -> list[dict[str, float]]:
    """Return seconds and peak memory of `simulate` for cohorts of several sizes, each in a new process, two threads."""
    return [_in_new_process(people, days) for people in sizes]


def _in_new_process(people: int, days: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, str(people), str(days)], capture_output=True, text=True, check=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _simulate_once(people: int, days: int) -> dict[str, float]:
    from nadflux.simulation import simulate

    plan = f"NR chloride 500 mg oral twice daily for {days} days"
    simulate(PERSON, plan, n=1, seed=SEED, threads=2)  # machine code and imports are there
    started = time.perf_counter()
    run = simulate(PERSON, plan, n=people, seed=SEED, threads=2, times=np.arange(days + 1) * 24.0)
    seconds = time.perf_counter() - started
    peak = _peak_megabytes()
    return {
        "people": people,
        "failed": len(run.failures),
        "seconds": seconds,
        "ms_per_person": 1e3 * seconds / people,
        "peak_mb": peak,
    }


def _peak_megabytes() -> float:
    """Return the largest resident memory of this process; getrusage would include that of the parent before."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    return next(float(line.split()[1]) / 1024.0 for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    print(json.dumps(_simulate_once(int(sys.argv[1]), int(sys.argv[2]))))
