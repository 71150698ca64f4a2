"""Windows: the hours of a run in which a habit holds, and the times at which it happens within them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from nadflux.plans.day.contribution import Stretch
from nadflux.plans.day.input_steps import inside
from nadflux.plans.occurrences import TINY, phase_times
from nadflux.plans.timing import Timed

T = TypeVar("T", bound=Timed)


@dataclass(frozen=True)
class Window:
    """The hours in which a habit holds.

    Attributes
    ----------
    spans : tuple of (start, stop)
    start_h, end_h : float
        Start and end of the run; the start precedes time 0 by the run-in.
    usual : bool
        Whether the habit belongs to the person's usual life, which began before the run.
    """

    spans: tuple[Stretch, ...]
    start_h: float
    end_h: float
    usual: bool = False

    def times(self, name: str, phases: Sequence[T]) -> list[tuple[float, T]]:
        """Return the times (h) of phases, each with its phase; for usual life, from the run-in on.

        Raises
        ------
        PlanError
            For a phase that starts before the previous one ends; the message begins with ``name``.
        """
        origin = self.start_h if self.usual else 0.0
        every = ((time + origin, phase) for time, phase in phase_times(name, phases, self.end_h - origin))
        return [
            (time, phase)
            for time, phase in every
            if time < self.end_h - TINY and (not self.usual or inside(time, self.spans))
        ]
