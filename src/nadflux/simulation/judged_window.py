"""The hours by which a run is judged, the same for its table, its verdicts and its figures."""

from __future__ import annotations

import math
from typing import NamedTuple

from nadflux.errors import ValueOutOfRangeError
from nadflux.plans.language.moments import read_window
from nadflux.simulation.run import Run
from nadflux.units import DAY_H, WEEK_H

_ROUNDING = 1e-9  # h


class Window(NamedTuple):
    """Hours of a run over which figures are means, from one to another; a moment where both are the same."""

    start_h: float
    stop_h: float

    @property
    def name(self) -> str:
        """``day 56``, ``days 3 to 5``, ``hours 4 to 28`` or ``hour 6``."""
        first, last = self.start_h / DAY_H + 1.0, self.stop_h / DAY_H
        if self.start_h == self.stop_h:
            return f"hour {self.stop_h:g}"
        if not (first.is_integer() and last.is_integer()):
            return f"hours {self.start_h:g} to {self.stop_h:g}"
        return f"day {last:g}" if first == last else f"days {first:g} to {last:g}"

    @property
    def hours(self) -> float:
        """Its length, h."""
        return self.stop_h - self.start_h


AnyWindow = Window | tuple[float, float] | str
"""What a window may be given as: hours of the run, or words such as ``"6 h to 12 h"`` and ``"day 2"``."""


def judged_window(run: Run, window: AnyWindow | None = None) -> Window:
    """Return the hours by which a run is judged.

    Those asked for; else the last day of the run (all of a shorter one), or the last 24 hours of a fast that ends the
    plan, as the day after it is a day with food.

    Parameters
    ----------
    run : Run
    window : Window, (float, float), h, or str, optional

    Raises
    ------
    ValueOutOfRangeError
        For a window that does not lie within the stored times.
    PlanError
        For words that are no window.
    """
    first, end = float(run.times[0]), float(run.times[-1])
    if window is None:
        stop = float(run.record.get("judged_h", end))
        return Window(max(first, 0.0, stop - DAY_H), stop)
    start, stop = read_window(window) if isinstance(window, str) else (float(hour) for hour in window)
    if not (math.isfinite(start) and math.isfinite(stop) and start <= stop):
        raise ValueOutOfRangeError(f"window {start:g} h to {stop:g} h; give one that starts before it ends")
    if start < first - _ROUNDING or stop > end + _ROUNDING:
        raise ValueOutOfRangeError(
            f"window {start:g} h to {stop:g} h is not within the run, {first:g} h to {end:g} h; "
            "give hours within it, or make the run longer (days)"
        )
    return Window(start, stop)


def day_before(run: Run, time: float) -> Window:
    """Return the day before a time (h), or the part of it within the run."""
    return Window(min(max(float(run.times[0]), time - DAY_H), time), time)


def own_usual_life(run: Run) -> bool:
    """Tell whether people live their usual days and nothing else, so that no plan changes them."""
    return not run.lived and run.record.get("run_in_h", 0.0) > 0.0


def compared(run: Run, window: AnyWindow | None = None) -> tuple[str, str]:
    """Return the heads of the two columns between which a change is."""
    end = judged_window(run, window).name
    return (f"usual life, {end}", f"plan, {end}") if run.lived else ("baseline", end)


def days_of_drift(run: Run) -> tuple[float, float] | None:
    """Return an early day and the day that counts as the end: of the same weekday, from a week on."""
    start, end = judged_window(run)
    if not (run.lived or own_usual_life(run)) or start < DAY_H:
        return None
    return (start % WEEK_H if start >= WEEK_H else 0.0) / DAY_H + 1.0, end / DAY_H
