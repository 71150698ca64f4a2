"""One thread's vector of people: whoever comes to an end leaves their lane to the next of the queue.

Lanes are computed apart: the bits of a person do not depend on whom they share a vector with, or when they joined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nadflux.kernel.lanes import load_person, move_lanes, reset_lanes, set_scale
from nadflux.kernel.layout import Block

if TYPE_CHECKING:
    from nadflux.kernel.integrate import Integration

ROUNDS = 256  # steps between looks at the clock


class Worker:
    """Memory of one thread of an integration: the people who run, and those about to join them."""

    def __init__(self, task: Integration) -> None:
        self._task, self._engine = task, task.engine
        self._running, self._joining = (self._connected(self._engine.block()) for _ in range(2))
        self._taken = np.zeros(self._engine.width, dtype=bool)

    def run(self) -> None:
        """Integrate people until the queue is empty, or until the run is stopped."""
        task = self._task
        self._join()
        while self._taken.any():
            self._advance()
            self._leave()
            if not task.cancelled[0]:
                self._join()

    def _connected(self, block: Block) -> Block:
        """Let a block know the arrays of the integration and what is wanted."""
        task, batch = self._task, self._task.batch
        for name in ("event_time", "event_kind", "event_target", "event_value", "times", "outputs"):
            block.point(name, getattr(task, name))
        block.point("cancel", task.cancelled)
        block.point("wanted", task.peak_columns)
        block.point("kept", task.kept_columns)
        block.set_integer("count_times", len(task.times))
        block.set_integer("most_steps", task.most_steps)
        block.set_integer("count_peaks", len(task.peak_columns))
        block.set_integer("count_kept", len(task.kept_columns))
        window = batch.peak_window or (batch.start, batch.end)
        # ``sunk`` counts tolerances of the size reached, of which the absolute one is a part
        deepest = batch.deepest / (1.0 + task.rtol * batch.deepest) if np.isfinite(batch.deepest) else np.inf
        for name, value in (("rtol", task.rtol), ("largest_step", task.largest_step), ("deepest", deepest),
                            ("peak_from", window[0]), ("peak_to", window[1])):  # fmt: skip
            block.set_double(name, value)
        return block

    def _join(self) -> None:
        """Begin the next people of the queue and give them the lanes that are free."""
        free = np.flatnonzero(~self._taken)
        people = self._task.take(free.size) if free.size else free
        if not people.size:
            return
        self._load(people)
        self._engine.begin(self._joining.address)
        move_lanes(self._joining, self._running, free)
        self._taken[free[: people.size]] = True

    def _load(self, people: np.ndarray) -> None:
        """Put people, at most as many as lanes, at their start; lanes left over hold the last of them, not active."""
        task, batch, block, count = self._task, self._task.batch, self._joining, people.size
        arrays = block.arrays
        lanes = people[np.minimum(np.arange(self._engine.width), count - 1)]
        load_person(self._engine, block, task.parameters[lanes], batch.origin)
        inputs = task.parameters[lanes][:, task.input_columns] if task.inputs is None else task.inputs[lanes]
        arrays["inputs"][: len(task.input_columns)] = inputs.T
        set_scale(self._engine, block, None if task.scale is None else task.scale[0])
        if task.initial is not None:
            arrays["y"][: len(self._engine.order)] = task.initial[lanes][:, self._engine.order].T
        reset_lanes(block, batch.start, batch.end)
        arrays["active"][:count] = 1
        arrays["person"][:] = lanes
        arrays["event"][:], arrays["event_end"][:] = task.offsets[lanes], task.offsets[lanes + 1]
        if task.first_step is not None:
            known = np.isfinite(task.first_step[lanes])
            arrays["h"][0] = np.where(known, task.first_step[lanes], 0.0)
            arrays["fresh"][:] = ~known

    def _advance(self) -> None:
        """Take some steps; fewer if someone ends while others wait."""
        arrays, batch = self._running.arrays, self._task.batch
        least = int(arrays["active"].sum()) if self._task.waiting else 1
        self._engine.advance(self._running.address, ROUNDS, max(least, 1))
        span = batch.end - batch.start
        done = (arrays["t"][0] - batch.start) / span if span else np.ones(self._engine.width)
        self._task.fractions[arrays["person"][self._taken]] = done[self._taken]

    def _leave(self) -> None:
        """Take the results of people who came to an end, and of all once the run was stopped."""
        task, arrays = self._task, self._running.arrays
        over = self._taken & ((arrays["active"] == 0) | (task.cancelled[0] != 0))
        lanes = np.flatnonzero(over)
        if not lanes.size:
            return
        people = arrays["person"][lanes]
        failed = (arrays["failure"][lanes] != 0) | (arrays["active"][lanes] != 0)
        final = arrays["y"][: len(self._engine.order), lanes].T[:, self._engine.position]
        task.final[people] = np.where(failed[:, None], np.nan, final)
        task.final_step[people] = np.where(failed | (arrays["fresh"][lanes] != 0), np.nan, arrays["h"][0, lanes])
        task.final_inputs[people] = arrays["inputs"][: len(task.input_columns), lanes].T
        task.steps[people], task.attempts[people] = arrays["steps"][lanes], arrays["attempts"][lanes]
        for k, name in enumerate(("peak", "peak_time")):
            task.peaks[people, :, k] = np.where(failed[:, None], np.nan, arrays[name][task.peak_columns][:, lanes].T)
        task.fractions[people] = 1.0
        for lane in lanes[failed]:
            code, time = int(arrays["failure"][lane]), float(arrays["t"][0, lane])
            task.fail(int(arrays["person"][lane]), code, time, int(arrays["worst"][lane]))
        arrays["active"][lanes] = 0
        self._taken[lanes] = False
