"""One integration: the queue of people, workers that take them from it in threads, and what comes out."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import numpy as np

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.kernel.batch import ADD, Batch, EventArrays, Failure, IntegrationInterruptedError, Solution
from nadflux.kernel.engine import Engine
from nadflux.kernel.layout import FAILURES
from nadflux.kernel.worker import Worker

Progress = Callable[[float], object]
PATIENCE = 0.1  # seconds between looks at the keyboard
CANCELLED = "the run was stopped before this person was finished"


def integrate(
    engine: Engine,
    batch: Batch,
    rtol: float = 1e-6,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
    scale: np.ndarray | None = None,
    largest_step: float = np.inf,
    most_steps: int = 2_000_000,
) -> Solution:
    """Integrate all people of a batch.

    Parameters
    ----------
    engine : Engine
        Machine code of the model.
    batch : Batch
        The people, their events and what is wanted of them.
    rtol : float
        Error per step relative to the size of each state, or to 1e-3 of its scale if that is more.
    threads : int, optional
        Threads to use; all cores by default. Does not influence any bit of the result.
    progress : callable, optional
        Called now and then with the fraction done.
    cancel : callable, optional
        Called now and then; ``True`` stops the run, whose unfinished people are then failures.
    scale : ndarray, shape (state,), in the units of the states, optional
        Usual magnitude of each state. By default the size of the person's own initial state (as the model
        gives it); where that is zero, 1e-3 of the largest.
    largest_step : float
        Bound on the step, for models with sudden changes the solver cannot foresee.
    most_steps : int
        Steps after which a person is given up.

    Raises
    ------
    ValueOutOfRangeError
        For arrays of the wrong shape, times outside the span, or a tolerance out of (0, 0.1].
    """
    if not 0 < rtol <= 0.1:
        raise ValueOutOfRangeError(f"rtol is {rtol}; choose a tolerance above 0 and up to 0.1, such as 1e-6")
    return Integration(engine, batch, rtol, scale, largest_step, most_steps).finish(threads, progress, cancel)


class Integration:
    """Arrays of one call of ``integrate``; every thread writes only the rows of its own people."""

    def __init__(
        self,
        engine: Engine,
        batch: Batch,
        rtol: float,
        scale: np.ndarray | None,
        largest_step: float,
        most_steps: int,
    ) -> None:
        self.engine = engine
        self.batch = batch
        self.rtol, self.largest_step, self.most_steps = rtol, largest_step, most_steps
        self.program = program = engine.program
        self.parameters = _table(batch.parameters, None, len(program.parameters), "parameters")
        self.persons = persons = len(self.parameters)
        states, inputs = len(program.states), len(program.inputs)
        self.initial = _optional(batch.initial, persons, states, "initial")
        self.inputs = _optional(batch.initial_inputs, persons, inputs, "initial_inputs")
        self.first_step = _optional(batch.initial_step, persons, None, "initial_step")
        self.scale = _optional(None if scale is None else np.atleast_2d(scale), 1, states, "scale")
        self.times = np.ascontiguousarray(batch.times, dtype=np.float64)
        self._check_times()
        self._set_events(persons, states, inputs)
        self.peak_columns = self._columns(batch.peaks)
        self.kept_columns = self._columns(program.outputs if batch.keep is None else batch.keep)
        self.input_columns = np.array([program.parameters.index(name) for name in program.inputs], dtype=np.int64)
        self.outputs = np.full((persons, len(self.times), len(self.kept_columns)), np.nan)
        self.final = np.full((persons, states), np.nan)
        self.final_step = np.full(persons, np.nan)
        self.final_inputs = np.full((persons, inputs), np.nan)
        self.steps = np.zeros(persons, dtype=np.int64)
        self.attempts = np.zeros(persons, dtype=np.int64)
        self.peaks = np.full((persons, len(self.peak_columns), 2), np.nan)
        self.failures: dict[int, Failure] = {}
        self.cancelled = np.zeros(1, dtype=np.int64)
        self.fractions = np.zeros(persons)
        self._lock, self._next = threading.Lock(), 0

    def _check_times(self) -> None:
        batch = self.batch
        if not (np.isfinite(batch.start) and np.isfinite(batch.end) and batch.end >= batch.start):
            raise ValueOutOfRangeError(f"the time span {batch.start} to {batch.end} is not an interval")
        if self.times.ndim != 1 or not np.all(np.isfinite(self.times)) or np.any(np.diff(self.times) < 0):
            raise ValueOutOfRangeError("output times must be finite numbers in increasing order")
        if len(self.times) and (self.times[0] < batch.start or self.times[-1] > batch.end):
            raise ValueOutOfRangeError(
                f"output times {self.times[0]} to {self.times[-1]} leave the span {batch.start} to {batch.end}"
            )

    def _set_events(self, persons: int, states: int, inputs: int) -> None:
        events = self.batch.events
        if events is None:
            none = np.zeros(0)
            events = EventArrays(np.zeros(persons + 1, dtype=np.int64), none, none, none, none)
        else:
            events.check(persons, states, inputs)
        self.offsets = np.ascontiguousarray(events.offsets, dtype=np.int64)
        self.event_time = np.append(np.asarray(events.time, dtype=np.float64), np.inf)
        self.event_kind = np.append(np.asarray(events.kind, dtype=np.int64), 0)
        target = np.append(np.asarray(events.target, dtype=np.int64), 0)
        adds = self.event_kind == ADD
        adds[-1] = False
        target[adds] = self.engine.position[target[adds]]
        self.event_target = target
        self.event_value = np.append(np.asarray(events.value, dtype=np.float64), 0.0)

    def _columns(self, names: Sequence[str]) -> np.ndarray:
        """Return the columns of the named outputs in the program."""
        column = {name: k for k, name in enumerate(self.program.outputs)}
        for name in names:
            if name not in column:
                raise UnknownNameError("output", name, self.program.outputs)
        return np.array([column[name] for name in names], dtype=np.int64)

    # people, as workers take and return them

    def take(self, count: int) -> np.ndarray:
        """Return the next people of the queue, at most so many; dimensionless, shape (person,)."""
        with self._lock:
            first = self._next
            self._next = min(first + count, self.persons)
            return np.arange(first, self._next)

    @property
    def waiting(self) -> bool:
        """True as long as people are in the queue."""
        return self._next < self.persons

    def fail(self, person: int, code: int, time: float, worst: int) -> None:
        """Note that a person failed, at a time and with the state at a position of the elimination order."""
        state = self.program.states[self.engine.order[worst]] if code and len(self.engine.order) else ""
        self.failures[person] = Failure(person, time, state, FAILURES.get(code, CANCELLED))
        # what was stored at the very time of the failure comes from a state that has no rate of change
        self.outputs[person, self.times >= time] = np.nan

    # all of them

    def finish(
        self,
        threads: int | None,
        progress: Progress | None,
        cancel: Callable[[], bool] | None,
    ) -> Solution:
        """Run everybody and put the results together.

        Raises
        ------
        IntegrationInterruptedError
            On Ctrl-C, with the people who were finished.
        """
        vectors = -(-self.persons // self.engine.width)
        workers = max(1, min(threads or os.cpu_count() or 1, vectors))
        pool = ThreadPoolExecutor(workers, thread_name_prefix="nadflux")
        try:
            waiting: set[Future[None]] = {pool.submit(lambda: Worker(self).run()) for _ in range(workers)}
            # Until every worker has finished; a round reports and looks for a cancellation.
            while waiting:
                done, waiting = wait(waiting, timeout=PATIENCE, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                if progress is not None and self.persons:
                    progress(float(np.mean(self.fractions)))
                if cancel is not None and not self.cancelled[0] and cancel():
                    self.cancelled[0] = 1
        except KeyboardInterrupt:
            self.cancelled[0] = 1
            pool.shutdown(wait=True, cancel_futures=True)
            solution = self._solution()
            stopped = {failure.person for failure in solution.failures if failure.reason == CANCELLED}
            finished = np.array([p for p in range(self.persons) if p not in stopped], dtype=np.int64)
            raise IntegrationInterruptedError(solution, finished) from None
        except BaseException:
            self.cancelled[0] = 1
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=self.cancelled[0] != 0)
        return self._solution()

    def _solution(self) -> Solution:
        self._name_unfinished()
        failures = tuple(self.failures[person] for person in sorted(self.failures))
        return Solution(
            self.outputs,
            self.final,
            self.final_step,
            self.final_inputs,
            failures,
            self.steps,
            self.attempts,
            self.peaks,
        )

    def _name_unfinished(self) -> None:
        """Count the people whom no worker took before the run was stopped as failures."""
        for person in range(self._next, self.persons):
            self.failures[person] = Failure(person, self.batch.start, "", CANCELLED)


def _table(array: np.ndarray, rows: int | None, columns: int | None, name: str) -> np.ndarray:
    table = np.ascontiguousarray(array, dtype=np.float64)
    expected = 1 if columns is None else 2
    shape = (rows,) if columns is None else (rows, columns)
    wrong = table.ndim != expected or any(
        want is not None and want != have for want, have in zip(shape, table.shape, strict=False)
    )
    if wrong:
        raise ValueOutOfRangeError(f"{name} has shape {table.shape}, expected {shape} (None: any number of people)")
    return table


def _optional(array: np.ndarray | None, rows: int, columns: int | None, name: str) -> np.ndarray | None:
    return None if array is None else _table(array, rows, columns, name)
