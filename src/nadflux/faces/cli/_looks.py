"""Times and hours that the answer to `nadflux simulate` shows: ``--at`` and ``--window``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.cli._options import AGAIN, listed

if TYPE_CHECKING:
    from nadflux.simulation.settle import Settled

AtOption = Annotated[
    list[str] | None,
    typer.Option("--at", help=f"Show the values at a time as well: '6 h', 'day 2 14:00'; {AGAIN}"),
]
WindowOption = Annotated[
    str | None,
    typer.Option(
        "--window", help="Show means over these hours instead of the last day: '6 h to 12 h', 'day 2 14:00 to 20:00'."
    ),
]
_FINE = 0.25  # h: between stored times while a plan of a few days acts and the day after


@dataclass(frozen=True)
class Looks:
    """Times, h, at which values are shown, and the hours over which figures are means; None for the run's own."""

    at: tuple[float, ...] = ()
    window: tuple[float, float] | None = None

    @classmethod
    def read(cls, at: Sequence[str] | None, window: str | None) -> Looks:
        """Read the two options.

        Raises
        ------
        PlanError
            For words that are not a time.
        """
        from nadflux.plans.language.moments import read_window
        from nadflux.simulation.at_times import hours_of

        times = hours_of(listed(at, "--at")) if at else ()
        return cls(times, None if window is None else read_window(window))

    def stored_for(self, settled: Settled) -> tuple[float, ...]:
        """Return the times, h, to store so that the answer can show them.

        Raises
        ------
        ValueOutOfRangeError
            For a time after the end of the run.
        """
        import numpy as np

        from nadflux.simulation.at_times import check_within
        from nadflux.simulation.summary import SHORT
        from nadflux.units import DAY_H

        planned, given = settled.planned, settled.scenario.times
        end = planned.end_h if given is None else given[-1]
        check_within(self.at, end)
        if self.window is not None and self.window[1] > end:
            raise ValueOutOfRangeError(
                f"--window ends at {self.window[1]:g} h, after the run, which ends at {end:g} h; give hours within it, "
                "or make the run longer (--days)"
            )
        fine = np.arange(0.0, min(end, planned.over_h + DAY_H), _FINE) if planned.over_h <= SHORT < end else ()
        return tuple(float(hour) for hour in (*self.at, *(self.window or ()), *fine))
