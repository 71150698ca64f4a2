"""Time courses: the median and the 90 % band of each quantity, with doses marked."""

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
from nadflux.faces.plot.timeline import draw_strip, marks_of, rows_of, shade
from nadflux.simulation.run import Run
from nadflux.simulation.summary import SHORT, daily_mean
from nadflux.units import DAY_H

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FEWGREYS = 30  # drawn as triangles; more as ticks


def write_time_course(run: Run, names: Sequence[str], path: str) -> None:
    """Draw the named quantities of a run and write the figure to ``path`` (.png, .svg or .pdf)."""
    save_figure(draw_time_course(run, names), path)


def draw_time_course(run: Run, names: Sequence[str]) -> Figure:
    """One panel for each quantity; fluxes are shown as the mean over the 24 hours before each time.

    Parameters
    ----------
    run : Run
    names : sequence of str
        Ids of quantities of the run.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    columns = columns_for(len(names))
    rows = math.ceil(len(names) / columns)
    scale, unit = _scale(run)
    marks = (
        marks_of(run, float(run.times[0]), float(run.times[-1])) if run.record.get("timeline") and scale == 1 else []
    )
    strips = rows_of(marks)
    heights = [2.9] * rows + ([0.22 * len(strips) + 0.1] if strips else [])
    figure = Figure(figsize=(4.1 * columns, sum(heights) + 1.5), layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.08))
    grid = figure.add_gridspec(len(heights), columns, height_ratios=heights)
    for k, name in enumerate(names):
        panel = figure.add_subplot(grid[k // columns, k % columns])
        _panel(panel, run, name, doses=not strips)
        shade(panel, marks)
        if k >= len(names) - columns and not strips:
            panel.set_xlabel(f"time ({unit})")
    for column in range(columns if strips else 0):
        strip = figure.add_subplot(grid[rows, column])
        draw_strip(strip, marks, rows=strips)
        strip.set_xlim(float(run.times[0]), float(run.times[-1]))
        _every_half_day(strip, run)
        strip.set_xlabel(f"time ({unit}; 0 is 08:00)")
    figure.suptitle(title_of(run, columns), fontsize=11, x=0.01, ha="left")
    says = ("grey marks: doses" if run.record.get("doses_h") and not strips else "", key_of(_kinds(run, names)))
    shaded = "grey: the same people in usual life; shaded: sleep and exercise" if strips else ""
    text = caption_of(run, columns, (*says, shaded))
    figure.supxlabel(text, fontsize=8, color="#444444", x=0.01, ha="left")
    return figure


def _kinds(run: Run, names: Sequence[str]) -> list[str]:
    return [run.quantity(name).kind for name in names]


def _scale(run: Run) -> tuple[float, str]:
    """Hours per unit of the time axis, and its name: hours for short runs, else days."""
    return (1.0, "hours") if run.times[-1] <= SHORT else (DAY_H, "days")


def _panel(panel: Axes, run: Run, name: str, *, doses: bool) -> None:
    quantity = run.quantity(name)
    time = run.times / _scale(run)[0]
    values = run[name]
    if quantity.kind == "flux" and run.times[-1] > SHORT and not run.lived:
        values = daily_mean(run, name)
    known = np.isfinite(values).any(axis=0)
    if not known.any():
        panel.text(0.5, 0.5, "no person could be simulated", ha="center", transform=panel.transAxes)
        return
    tops = [] if not run.lived else [draw_band(panel, time, run.without_plan[name], quantity, GREY)]
    tops.append(draw_band(panel, time, values, quantity))
    panel.set_ylim(bottom=0.0, top=1.08 * float(np.nanmax(tops)) or 1.0)
    panel.set_xlim(min(0.0, time[0]), time[-1])
    if time[0] < 0:
        panel.axvline(0.0, color=GREY, linewidth=0.8, linestyle=":")
        if _scale(run)[0] == 1.0:
            _every_half_day(panel, run)
    panel.set_ylabel(axis_label(quantity, 36))
    if quantity.kind == "flux" and run.times[-1] > SHORT and not run.lived:
        panel.set_title("24-h mean", fontsize=8, color="#444444", loc="right")
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    if doses:
        _mark_doses(panel, run)


def _every_half_day(panel: Axes, run: Run) -> None:
    step = 12.0 if run.times[-1] - run.times[0] <= 3 * DAY_H else DAY_H
    panel.set_xticks(np.arange(-DAY_H, run.times[-1] + 1e-9, step))


def _mark_doses(panel: Axes, run: Run) -> None:
    doses = np.array(run.record.get("doses_h", ()), dtype=float) / _scale(run)[0]
    if doses.size:
        ticks = panel.get_xaxis_transform()
        if doses.size <= _FEWGREYS:
            across = panel.plot(doses, np.full(doses.size, 0.02), "^", color=GREY, markersize=6, transform=ticks)
            across[0].set_clip_on(False)
        else:
            panel.vlines(doses, 0.0, 0.035, color=GREY, linewidth=0.6, transform=ticks, zorder=0.5)
