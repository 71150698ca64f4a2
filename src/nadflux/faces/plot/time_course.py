"""Time courses: the median and the 90 % band of each quantity, with doses marked."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nadflux.faces.labels import axis_label
from nadflux.faces.plot.paths import save_figure
from nadflux.simulation.run import Run
from nadflux.simulation.summary import INTERVAL, daily_mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DAY = 24.0
_HOURS_UP_TO = 4 * DAY
# Colour-blind safe (Okabe and Ito 2008): levels blue, fluxes vermilion; a level is never drawn as a flux.
_COLOURS = {"level": "#0072B2", "flux": "#D55E00", "marker": "#009E73", "index": "#CC79A7"}
_DOSE = "#777777"
_FEW_DOSES = 30  # drawn as triangles; more as ticks


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

    columns = min(3, len(names))
    rows = math.ceil(len(names) / columns)
    figure = Figure(figsize=(4.1 * columns, 2.9 * rows + 1.5), layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.08))
    panels = figure.subplots(rows, columns, squeeze=False)
    for panel, name in zip(panels.flat, names, strict=False):
        _panel(panel, run, name)
    for empty in panels.flat[len(names) :]:
        empty.set_visible(False)
    for panel in panels[-1]:
        panel.set_xlabel(f"time ({_scale(run)[1]})")
    figure.suptitle(_title(run, columns), fontsize=11, x=0.01, ha="left")
    figure.supxlabel(_caption(run, columns), fontsize=8, color="#444444", x=0.01, ha="left")
    return figure


def _scale(run: Run) -> tuple[float, str]:
    """Hours per unit of the time axis, and its name: hours for short runs, else days."""
    return (1.0, "hours") if run.times[-1] <= _HOURS_UP_TO else (DAY, "days")


def _panel(panel: Axes, run: Run, name: str) -> None:
    quantity = run.quantity(name)
    time = run.times / _scale(run)[0]
    values = run[name]
    if quantity.kind == "flux" and run.times[-1] > _HOURS_UP_TO:
        values = daily_mean(run, name)
    tail = (1.0 - INTERVAL) / 2.0
    known = np.isfinite(values).any(axis=0)
    if not known.any():
        panel.text(0.5, 0.5, "no person could be simulated", ha="center", transform=panel.transAxes)
        return
    low, middle, high = np.nanquantile(values[:, known], [tail, 0.5, 1.0 - tail], axis=0)
    colour = _COLOURS[quantity.kind]
    if run.persons > 1:
        panel.fill_between(time[known], low, high, color=colour, alpha=0.2, linewidth=0)
    panel.plot(time[known], middle, color=colour, linewidth=1.6)
    panel.set_ylim(bottom=0.0, top=1.08 * float(np.nanmax(high)) or 1.0)
    panel.set_xlim(0.0, time[-1])
    panel.set_ylabel(axis_label(quantity))
    if quantity.kind == "flux" and run.times[-1] > _HOURS_UP_TO:
        panel.set_title("24-h mean", fontsize=8, color="#444444", loc="right")
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    doses = np.array(run.record.get("doses_h", ()), dtype=float) / _scale(run)[0]
    if doses.size:
        ticks = panel.get_xaxis_transform()
        if doses.size <= _FEW_DOSES:
            across = panel.plot(doses, np.full(doses.size, 0.02), "^", color=_DOSE, markersize=6, transform=ticks)
            across[0].set_clip_on(False)
        else:
            panel.vlines(doses, 0.0, 0.035, color=_DOSE, linewidth=0.6, transform=ticks, zorder=0.5)


def _title(run: Run, columns: int) -> str:
    plan = textwrap.fill(str(run.record["plan"]), width=34 * columns)
    return f"{run.record['who']}\n{plan}"


def _caption(run: Run, columns: int) -> str:
    band = f"Median and {INTERVAL:.0%} band of {run.persons} people" if run.persons > 1 else "One person"
    doses = "; grey marks: doses" if run.record.get("doses_h") else ""
    shown = ("interval is over", "not screened", "advice", *run.record.get("flags", ()))
    notes = [note for note in run.notes if any(words in note for words in shown)]
    text = f"{band}{doses}. " + ". ".join(note[0].upper() + note[1:] for note in notes) + "."
    return "\n".join(textwrap.wrap(text, width=62 * columns))
