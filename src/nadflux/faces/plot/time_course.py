"""Time courses: the median and the 90 % band of each quantity, with doses marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nadflux.faces.labels import axis_label
from nadflux.faces.plot.captions import caption_of, columns_for, title_of
from nadflux.faces.plot.over_curves import lay_over, meaning_of
from nadflux.faces.plot.palette import GREY
from nadflux.faces.plot.paths import save_figure
from nadflux.faces.plot.style import draw_band, key_of
from nadflux.faces.plot.timeline import draw_strip, marks_of, rows_of, shade
from nadflux.simulation.acute import acute_rows, differing_window, is_acute, reference_of
from nadflux.simulation.judged_window import Window
from nadflux.simulation.run import Run
from nadflux.simulation.summary import SHORT, daily_mean
from nadflux.units import DAY_H

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nadflux.analysis.observed import Observed

_MARGIN, _MARGIN_H = 0.05, 1.0  # around the hours in which a plan makes a difference: a share of them, and at least
_IN_HOURS = 7 * DAY_H
_FEWGREYS = 30  # drawn as triangles; more as ticks


def write_time_course(run: Run, names: Sequence[str], path: str) -> None:
    """Draw the named quantities of a run and write the figure to ``path`` (.png, .svg or .pdf)."""
    save_figure(draw_time_course(run, names), path)


def draw_time_course(run: Run, names: Sequence[str], *, observed: Sequence[Observed] = ()) -> Figure:
    """Draw a panel for each quantity; fluxes are shown as the mean over the 24 hours before each time.

    Parameters
    ----------
    run : Run
    names : sequence of str
        Ids of quantities of the run.
    observed : sequence of Observed
        Measured values, laid over the curves.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    columns = columns_for(len(names))
    rows = math.ceil(len(names) / columns)
    hours = shown_hours(run, names)
    scale, unit = _scale(run, hours)
    marks = marks_of(run, *hours) if run.record.get("timeline") and scale == 1 else []
    strips = rows_of(marks)
    heights = [2.9] * rows + ([0.22 * len(strips) + 0.1] if strips else [])
    figure = Figure(figsize=(4.1 * columns, sum(heights) + 1.5), layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.08))
    grid = figure.add_gridspec(len(heights), columns, height_ratios=heights)
    for k, name in enumerate(names):
        panel = figure.add_subplot(grid[k // columns, k % columns])
        _panel(panel, run, name, hours, doses=not strips)
        lay_over(panel, observed, run.quantity(name), scale)
        shade(panel, marks)
        if k >= len(names) - columns and not strips:
            panel.set_xlabel(f"time ({unit})")
    for column in range(columns if strips else 0):
        strip = figure.add_subplot(grid[rows, column])
        draw_strip(strip, marks, rows=strips)
        strip.set_xlim(*hours)
        _hours(strip, hours)
        strip.set_xlabel(f"time ({unit}; 0 is 08:00)")
    figure.suptitle(title_of(run, columns), fontsize=11, x=0.01, ha="left")
    says: tuple[str, ...] = (
        "grey marks: doses" if run.record.get("doses_h") and not strips else "",
        key_of(_kinds(run, names)),
    )
    says = (*says, _grey(run), "shaded: sleep and exercise" if strips else "", meaning_of(observed))
    text = caption_of(run, columns, says)
    figure.supxlabel(text, fontsize=8, color="#444444", x=0.01, ha="left")
    return figure


def shown_hours(run: Run, names: Sequence[str]) -> Window:
    """Return the hours that a figure shows: those with a difference for a plan of a few days, otherwise all."""
    whole = Window(float(run.times[0]), float(run.times[-1]))
    found = differing_window(run, acute_rows(run, names)) if is_acute(run) else None
    if found is None:
        return whole
    margin = max(_MARGIN_H, _MARGIN * found.hours)
    start, stop = math.floor(found.start_h - margin), math.ceil(found.stop_h + margin)
    return Window(max(whole.start_h, start), min(whole.stop_h, stop))


def _kinds(run: Run, names: Sequence[str]) -> list[str]:
    return [run.quantity(name).kind for name in names]


def _grey(run: Run) -> str:
    """Return the meaning of the grey curve, if there is one."""
    if run.lived:
        return "grey: the same people in usual life"
    return "grey: the same people at rest" if is_acute(run) else ""


def _scale(run: Run, hours: Window) -> tuple[float, str]:
    """Return the hours per unit of the time axis, and its name: hours for short runs and few lived days, else days."""
    longest = _IN_HOURS if run.lived and is_acute(run) else SHORT
    return (1.0, "hours") if hours.stop_h <= longest else (DAY_H, "days")


def _panel(panel: Axes, run: Run, name: str, hours: Window, *, doses: bool) -> None:
    quantity, scale = run.quantity(name), _scale(run, hours)[0]
    inside = (run.times >= hours.start_h) & (run.times <= hours.stop_h)
    time = run.times[inside] / scale
    values = run[name]
    averaged = quantity.kind == "flux" and scale == DAY_H and not run.lived and not is_acute(run)
    if averaged:
        values = daily_mean(run, name)
    if not np.isfinite(values[:, inside]).any():
        panel.text(0.5, 0.5, "no person could be simulated", ha="center", transform=panel.transAxes)
        return
    tops = []
    if run.lived or is_acute(run):
        tops.append(draw_band(panel, time, reference_of(run, name)[:, inside], quantity, GREY))
    tops.append(draw_band(panel, time, values[:, inside], quantity))
    panel.set_ylim(bottom=0.0, top=1.08 * float(np.nanmax(tops)) or 1.0)
    panel.set_xlim(hours.start_h / scale if is_acute(run) else min(0.0, time[0]), time[-1])
    if hours.start_h < 0:
        panel.axvline(0.0, color=GREY, linewidth=0.8, linestyle=":")
    if scale == 1.0 and (run.lived or hours.start_h < 0):
        _hours(panel, hours)
    panel.set_ylabel(axis_label(quantity, 36))
    if averaged:
        panel.set_title("24-h mean", fontsize=8, color="#444444", loc="right")
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    if doses:
        _mark_doses(panel, run, scale)


def _hours(panel: Axes, hours: Window) -> None:
    """Set ticks at multiples of a day, of half a day, or of less if fewer hours are shown."""
    step = next((step for step in (1.0, 2.0, 6.0, 12.0) if hours.hours <= 6.0 * step), DAY_H)
    first = math.ceil(hours.start_h / step - 1e-9) * step
    panel.set_xticks(np.arange(first, hours.stop_h + 1e-9, step))


def _mark_doses(panel: Axes, run: Run, scale: float) -> None:
    doses = np.array(run.record.get("doses_h", ()), dtype=float) / scale
    doses = doses[doses <= panel.get_xlim()[1]]
    if doses.size:
        ticks = panel.get_xaxis_transform()
        if doses.size <= _FEWGREYS:
            across = panel.plot(doses, np.full(doses.size, 0.02), "^", color=GREY, markersize=6, transform=ticks)
            across[0].set_clip_on(False)
        else:
            panel.vlines(doses, 0.0, 0.035, color=GREY, linewidth=0.6, transform=ticks, zorder=0.5)
