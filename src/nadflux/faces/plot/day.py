"""The last day of a plan with habits over the same day in usual life, hour by hour, with the timeline below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nadflux.faces.labels import axis_label
from nadflux.faces.plot.captions import caption_of, columns_for, title_of
from nadflux.faces.plot.palette import GREY
from nadflux.faces.plot.paths import save_figure
from nadflux.faces.plot.style import draw_band, key_of
from nadflux.faces.plot.timeline import Mark, draw_strip, marks_of, rows_of, shade
from nadflux.simulation.judged_window import judged_window
from nadflux.simulation.run import Run
from nadflux.simulation.summary import summarise
from nadflux.units import DAY_H

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLOCK_AT_START = 8
_TICK_HOURS = 4


def write_day(run: Run, names: Sequence[str], path: str) -> None:
    """Draw the last day over the same day in usual life and write the figure to ``path`` (.png, .svg or .pdf)."""
    save_figure(draw_day(run, names), path)


def draw_day(run: Run, names: Sequence[str]) -> Figure:
    """Draw a panel for each quantity over 24 h of the clock; usual life in grey, the plan in the colour of the kind.

    Parameters
    ----------
    run : Run
        With lifestyle in its plan, hence with `Run.counterfactual`.
    names : sequence of str
        Ids of quantities of the run.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    columns = columns_for(len(names))
    rows = math.ceil(len(names) / columns)
    last = _start_of_last_day(run)
    days = [_usual_marks(run, last), [_moved(mark, -last) for mark in marks_of(run, last, last + DAY_H)]]
    strip_rows = rows_of([mark for day in days for mark in day])
    tall = 0.22 * len(strip_rows) + 0.1
    figure = Figure(
        figsize=(4.1 * columns, 2.7 * rows + 2 * tall + 1.7), layout=ConstrainedLayoutEngine(h_pad=0.05, w_pad=0.08)
    )
    grid = figure.add_gridspec(rows + 2, columns, height_ratios=[*[2.6] * rows, tall, tall])
    change = {row.quantity.id: row.change_percent for row in summarise(run, names)}
    for k, name in enumerate(names):
        panel = figure.add_subplot(grid[k // columns, k % columns])
        _panel(panel, run, name, last, change[name])
        shade(panel, days[1])
    for column in range(columns):
        for row, (marks, words) in enumerate(zip(days, ("usual life", _day_name(run)), strict=True)):
            strip = figure.add_subplot(grid[rows + row, column])
            draw_strip(strip, marks, rows=strip_rows)
            _hours(strip, last, labels=row == 1)
            strip.set_title(words, fontsize=8, loc="left", color=GREY if row == 0 else "black", pad=2)
    figure.suptitle(title_of(run, columns), fontsize=11, x=0.01, ha="left")
    kinds = [run.quantity(name).kind for name in names]
    first = f"{_day_name(run)}. Grey: the same people in usual life; colour: under the plan; shaded: sleep and exercise"
    figure.supxlabel(caption_of(run, columns, (first, key_of(kinds))), fontsize=8, color="#444444", x=0.01, ha="left")
    return figure


def _panel(panel: Axes, run: Run, name: str, last: float, change: tuple[float, float, float]) -> None:
    quantity = run.quantity(name)
    times, values = run.times, run[name]
    if not np.isfinite(values).any():
        panel.text(0.5, 0.5, "no person could be simulated", ha="center", transform=panel.transAxes)
        return
    today = (times >= last) & (times <= last + DAY_H)
    counterfactual = run.without_plan[name]
    tops = [
        draw_band(panel, times[today] - last, counterfactual[:, today], quantity, GREY),
        draw_band(panel, times[today] - last, values[:, today], quantity),
    ]
    panel.set_ylim(0.0, 1.1 * float(np.nanmax(tops)) or 1.0)
    panel.set_ylabel(axis_label(quantity, 34), fontsize=9)
    _hours(panel, last, labels=True)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    if np.isfinite(change[0]):
        spread = f" ({change[1]:+.0f} to {change[2]:+.0f})" if run.persons > 1 else ""
        panel.set_title(f"{quantity.kind}; mean of the day {change[0]:+.0f} %{spread}", fontsize=8, loc="right")


def _start_of_last_day(run: Run) -> float:
    return judged_window(run).start_h


def _day_name(run: Run) -> str:
    return judged_window(run).name.capitalize()


def _usual_marks(run: Run, last: float) -> list[Mark]:
    """Return the marks of the usual day before time 0, in hours after the time of day at which the last day starts."""
    turn = last % DAY_H
    early = [_moved(mark, DAY_H - turn) for mark in marks_of(run, turn - DAY_H, 0.0)]
    late = [_moved(mark, 2 * DAY_H - turn) for mark in marks_of(run, -DAY_H, turn - DAY_H)] if turn else []
    return [*early, *late]


def _moved(mark: Mark, hours: float) -> Mark:
    start, stop, what, label = mark
    return start + hours, stop + hours, what, label


def _hours(panel: Axes, start: float, *, labels: bool) -> None:
    """Set ticks at whole multiples of four hours of the clock; ``start`` is the hour of the run at the left end."""
    opens = (CLOCK_AT_START + start) % DAY_H
    ticks = [tick for tick in range(0, 2 * int(DAY_H) + 1, _TICK_HOURS) if opens <= tick <= opens + DAY_H]
    panel.set_xlim(0.0, DAY_H)
    clock = [f"{tick % 24:02d}:00" if labels else "" for tick in ticks]
    panel.set_xticks([tick - opens for tick in ticks], clock, fontsize=7)
