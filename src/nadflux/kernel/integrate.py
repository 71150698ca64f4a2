"""One integration: filling blocks of people, running them in threads, collecting what comes out."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import numpy as np

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.kernel.batch import ADD, Batch, EventArrays, Failure, IntegrationInterruptedError, Solution
from nadflux.kernel.engine import Engine
from nadflux.kernel.lanes import load_person, reset_lanes, set_scale
from nadflux.kernel.layout import FAILURES, Block

Progress = Callable[[float], object]
ROUNDS = 256  # steps between looks at the clock
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
        self.fractions = np.zeros(-(-persons // engine.width) if persons else 0)
        self._local = threading.local()

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

    # one group of people

    def _block(self) -> Block:
        """Return the memory of this thread."""
        if not hasattr(self._local, "block"):
            self._local.block = self.engine.block()
        block: Block = self._local.block
        return block

    def run_block(self, group: int) -> None:
        """Integrate the people ``group * width`` and following."""
        if self.cancelled[0]:
            return
        block = self._block()
        first = group * self.engine.width
        count = min(self.engine.width, self.persons - first)
        self._fill(block, first, count)
        self.engine.begin(block.address)
        span = self.batch.end - self.batch.start
        while self.engine.advance(block.address, ROUNDS) and not self.cancelled[0]:
            done = np.where(block.arrays["active"] != 0, block.arrays["t"][0] - self.batch.start, span)[:count]
            self.fractions[group] = float(np.mean(done)) / span if span else 1.0
        self._collect(block, first, count)
        self.fractions[group] = 1.0

    def _fill(self, block: Block, first: int, count: int) -> None:
        arrays, people = block.arrays, slice(first, first + count)
        lanes = np.minimum(np.arange(self.engine.width), count - 1) + first
        start, end = self.batch.start, self.batch.end
        load_person(self.engine, block, self.parameters[lanes], self.batch.origin)
        arrays["inputs"][: len(self.input_columns)] = (
            self.parameters[lanes][:, self.input_columns] if self.inputs is None else self.inputs[lanes]
        ).T
        set_scale(self.engine, block, None if self.scale is None else self.scale[0])
        if self.initial is not None:
            arrays["y"][: len(self.engine.order)] = self.initial[lanes][:, self.engine.order].T
        reset_lanes(block, start, end)
        arrays["active"][:count] = 1
        arrays["event"][:count], arrays["event_end"][:count] = (
            self.offsets[people],
            self.offsets[first + 1 :][:count],
        )
        if self.first_step is not None:
            known = np.isfinite(self.first_step[people])
            arrays["h"][0, :count] = np.where(known, self.first_step[people], 0.0)
            arrays["fresh"][:count] = ~known
        for name in ("event_time", "event_kind", "event_target", "event_value", "times"):
            block.point(name, getattr(self, name))
        block.point("cancel", self.cancelled)
        block.point("wanted", self.peak_columns)
        block.point("kept", self.kept_columns)
        block.point("outputs", self.outputs[people])
        block.set_integer("count_times", len(self.times))
        block.set_integer("most_steps", self.most_steps)
        block.set_integer("count_peaks", len(self.peak_columns))
        block.set_integer("count_kept", len(self.kept_columns))
        window = self.batch.peak_window or (start, end)
        # ``sunk`` counts tolerances of the size reached, of which the absolute one is a part
        deepest = (
            self.batch.deepest / (1.0 + self.rtol * self.batch.deepest) if np.isfinite(self.batch.deepest) else np.inf
        )
        for name, value in (("rtol", self.rtol), ("largest_step", self.largest_step), ("deepest", deepest),
                            ("peak_from", window[0]), ("peak_to", window[1])):  # fmt: skip
            block.set_double(name, value)

    def _collect(self, block: Block, first: int, count: int) -> None:
        arrays, people = block.arrays, slice(first, first + count)
        states, inputs = len(self.engine.order), len(self.input_columns)
        failed = (arrays["failure"][:count] != 0) | (arrays["active"][:count] != 0)
        final = arrays["y"][:states, :count].T[:, self.engine.position]
        self.final[people] = np.where(failed[:, None], np.nan, final)
        self.final_step[people] = np.where(failed, np.nan, arrays["h"][0, :count])
        self.final_step[people][arrays["fresh"][:count] != 0] = np.nan
        self.final_inputs[people] = arrays["inputs"][:inputs, :count].T
        self.steps[people], self.attempts[people] = arrays["steps"][:count], arrays["attempts"][:count]
        if len(self.peak_columns):
            self.peaks[people, :, 0] = np.where(failed[:, None], np.nan, arrays["peak"][self.peak_columns, :count].T)
            self.peaks[people, :, 1] = np.where(
                failed[:, None], np.nan, arrays["peak_time"][self.peak_columns, :count].T
            )
        for lane in np.flatnonzero(failed):
            failure = self.failures[first + int(lane)] = self._failure(block, first, int(lane))
            # what was stored at the very time of the failure comes from a state that has no rate of change
            self.outputs[failure.person, self.times >= failure.time] = np.nan

    def _failure(self, block: Block, first: int, lane: int) -> Failure:
        arrays = block.arrays
        code, time = int(arrays["failure"][lane]), float(arrays["t"][0, lane])
        state = self.program.states[self.engine.order[arrays["worst"][lane]]] if len(self.engine.order) else ""
        return Failure(first + lane, time, state if code else "", FAILURES.get(code, CANCELLED))

    # all of them

    def finish(
        self,
        threads: int | None,
        progress: Progress | None,
        cancel: Callable[[], bool] | None,
    ) -> Solution:
        """Run every group and put the results together.

        Raises
        ------
        IntegrationInterruptedError
            On Ctrl-C, with the people who were finished.
        """
        groups = len(self.fractions)
        workers = max(1, min(threads or os.cpu_count() or 1, groups))
        pool = ThreadPoolExecutor(workers, thread_name_prefix="nadflux")
        try:
            waiting: set[Future[None]] = {pool.submit(self.run_block, group) for group in range(groups)}
            # Until every group has finished; a round reports and looks for a cancellation.
            while waiting:
                done, waiting = wait(waiting, timeout=PATIENCE, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                if progress is not None and groups:
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
        if self.cancelled[0]:
            for person in range(self.persons):
                if self.fractions[person // self.engine.width] == 0.0:
                    self.failures.setdefault(person, Failure(person, self.batch.start, "", CANCELLED))


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
