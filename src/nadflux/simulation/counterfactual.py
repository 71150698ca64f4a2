"""The usual life beside a plan: the same people without it, sharing what both have before they part."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nadflux.kernel.batch import Batch, EventArrays, Solution
from nadflux.kernel.integrate import integrate
from nadflux.plans.schedule import Schedule
from nadflux.simulation.progress import Progress, part_of

if TYPE_CHECKING:
    from nadflux.kernel.engine import Engine


@dataclass(frozen=True)
class UsualLife:
    """People in their usual days, and where the plan goes on from.

    Attributes
    ----------
    values : ndarray, shape (person, time, quantity)
        Of the usual days, over all times.
    shared : Solution
        The days before the plan parts from them.
    rest : Batch
        What the plan has left to integrate.
    progress : callable, optional
        For that rest.
    """

    values: np.ndarray
    shared: Solution
    rest: Batch
    progress: Progress | None

    def continued(self, rest: Solution) -> Solution:
        """The shared days and the rest of the plan as one solution."""
        return _joined(self.shared, rest)


def live_usual(
    engine: Engine,
    plan: Batch,
    usual: Batch,
    parting: float,
    rtol: float,
    threads: int | None,
    progress: Progress | None,
) -> UsualLife:
    """Integrate the shared days and the usual ones; the plan's rest is left to the caller.

    Parameters
    ----------
    plan, usual : Batch
        The same people, span and times; ``usual`` keeps the first outputs of ``plan``.
    parting : float
        Time before which both have the same events, h (`parting_of`).

    Notes
    -----
    Both go on from the state saved at the parting, which gives the bits of two whole runs with a stop there.
    """
    at = min(max(parting, plan.start), 0.0 if plan.peaks else plan.end)
    length = plan.end - plan.start
    first = (at - plan.start) / (length + plan.end - at)
    other = 0.5 * (1.0 - first)
    shared = integrate(engine, _before(plan, at), rtol=rtol, threads=threads, progress=part_of(progress, 0.0, first))
    rest = integrate(
        engine, _after(usual, at, shared), rtol=rtol, threads=threads, progress=part_of(progress, first, other)
    )
    assert usual.keep is not None
    values = np.concatenate([shared.outputs[:, :, : len(usual.keep)], rest.outputs], axis=1)
    return UsualLife(values, shared, _after(plan, at, shared), part_of(progress, first + other, other))


def parting_of(planned: Schedule) -> float:
    """First time at which a plan's events differ from those of usual days, h; infinite where they never do."""
    events, usual = planned.events, planned.usual
    for mine, theirs in zip(events, usual, strict=False):
        if mine != theirs:
            return min(mine.time_h, theirs.time_h)
    longer: Sequence = max(events, usual, key=len)
    common = min(len(events), len(usual))
    return longer[common].time_h if common < len(longer) else float("inf")


def _before(batch: Batch, at: float) -> Batch:
    events = None if batch.events is None else _chosen(batch.events, batch.events.time < at)
    return dataclasses.replace(batch, end=at, times=batch.times[batch.times < at], events=events, peaks=())


def _after(batch: Batch, at: float, shared: Solution) -> Batch:
    return dataclasses.replace(
        batch,
        start=at,
        times=batch.times[batch.times >= at],
        events=None if batch.events is None else _chosen(batch.events, batch.events.time >= at),
        initial=shared.final,
        initial_step=shared.final_step,
        initial_inputs=shared.final_inputs,
    )


def _chosen(events: EventArrays, wanted: np.ndarray) -> EventArrays:
    offsets = np.append(0, np.cumsum(wanted))[events.offsets]
    columns = (column[wanted] for column in (events.time, events.kind, events.target, events.value))
    return EventArrays(offsets, *columns)


def _joined(first: Solution, then: Solution) -> Solution:
    """Who failed in the first part is not blamed again for having no state to go on from."""
    failed = {failure.person for failure in first.failures}
    later = tuple(failure for failure in then.failures if failure.person not in failed)
    return dataclasses.replace(
        then,
        outputs=np.concatenate([first.outputs, then.outputs], axis=1),
        failures=tuple(sorted((*first.failures, *later), key=lambda failure: failure.person)),
        steps=first.steps + then.steps,
        attempts=first.attempts + then.attempts,
    )
