"""Plans side by side: the course of each quantity under every plan, one colour for each plan."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nadflux.faces.labels import axis_label
from nadflux.faces.plot.captions import caption_of, captioned, columns_for
from nadflux.faces.plot.over_curves import lay_over, meaning_of
from nadflux.faces.plot.palette import PLANS
from nadflux.faces.plot.paths import save_figure
from nadflux.faces.plot.style import draw_band
from nadflux.simulation.run import Run
from nadflux.simulation.summary import SHORT, daily_mean
from nadflux.studies.experiments.compare_plans import LETTERS, PlanComparison
from nadflux.units import DAY_H

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nadflux.analysis.observed import Observed


def write_plan_comparison(
    comparison: PlanComparison, names: Sequence[str], path: str, observed: Sequence[Observed] = ()
) -> None:
    """Draw the named quantities under every plan and write the figure to ``path`` (.png, .svg or .pdf)."""
    save_figure(draw_plan_comparison(comparison, names, observed=observed), path)


def draw_plan_comparison(
    comparison: PlanComparison, names: Sequence[str], *, observed: Sequence[Observed] = ()
) -> Figure:
    """Draw a panel for each quantity; fluxes of longer runs are means over the 24 hours before each time.

    Parameters
    ----------
    comparison : PlanComparison
    names : sequence of str
        Ids of quantities of the runs.
    observed : sequence of Observed
        Measured values, laid over the curves; an ``arm`` is the letter of a plan.
    """
    runs = comparison.runs
    keys = [f"{letter}: {run.record['plan']}" for letter, run in zip(LETTERS, runs, strict=False)]
    by_letter = dict(zip(LETTERS, keys, strict=False))
    mine = [replace(one, arm=by_letter.get(one.arm, one.arm)) for one in observed]
    return draw_runs(runs, names, keys, observed=mine)


def draw_runs(
    runs: Sequence[Run], names: Sequence[str], keys: Sequence[str], *, observed: Sequence[Observed] = ()
) -> Figure:
    """Draw a panel for each quantity with every run over the others; fluxes as in `draw_plan_comparison`.

    Parameters
    ----------
    runs : sequence of Run
    names : sequence of str
        Ids of quantities of the runs.
    keys : sequence of str
        What each run is, for the legend.
    observed : sequence of Observed
        Measured values, laid over the curves; those with an ``arm`` take the colour of the key it names.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.lines import Line2D

    columns = columns_for(len(names))
    rows = math.ceil(len(names) / columns)
    wide = [textwrap.fill(key, width=44 * columns, subsequent_indent="    ") for key in keys]
    height = 2.9 * rows + 1.2 + 0.2 * sum(key.count("\n") + 1 for key in wide)
    width = max(6.0, 4.1 * columns)
    figure = Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.08))
    grid = figure.add_gridspec(rows, columns)
    for k, name in enumerate(names):
        panel = figure.add_subplot(grid[k // columns, k % columns])
        _panel(panel, runs, name)
        lay_over(panel, observed, runs[0].quantity(name), _scale(runs), dict(zip(keys, PLANS, strict=False)))
        if k >= len(names) - columns:
            panel.set_xlabel("time (hours)" if _scale(runs) == 1.0 else "time (days)")
    lines = [Line2D([], [], color=PLANS[k % len(PLANS)], linewidth=1.8) for k in range(len(runs))]
    people = list(dict.fromkeys(str(run.record.get("who", "")) for run in runs))
    legend = figure.legend(
        lines, wide, title=people[0] if len(people) == 1 else None, loc="outside upper left", fontsize=8, frameon=False
    )
    legend.set_alignment("left")
    figure.supxlabel(
        caption_of(runs[0], width / 4.1, (meaning_of(observed), *_of_the_others(runs, keys))),
        fontsize=8, color="#444444", x=0.01, ha="left",
    )  # fmt: skip
    return figure


def _of_the_others(runs: Sequence[Run], keys: Sequence[str]) -> Iterator[str]:
    """Yield the required notes of all runs but the first that the first does not have, each with its key."""
    known = {str(note) for note in captioned(runs[0].notes, runs[0].record.get("flags", ()))}
    for run, key in zip(runs[1:], keys[1:], strict=True):
        for note in captioned(run.notes, run.record.get("flags", ())):
            if str(note) not in known:
                yield f"{key.partition(':')[0]}: {note}"


def _scale(runs: Sequence[Run]) -> float:
    """Return the hours per unit of the time axis."""
    return 1.0 if max(run.times[-1] for run in runs) <= SHORT else DAY_H


def _panel(panel: Axes, runs: Sequence[Run], name: str) -> None:
    scale, quantity = _scale(runs), runs[0].quantity(name)
    averaged = quantity.kind == "flux" and scale == DAY_H
    tops = []
    for k, run in enumerate(runs):
        inside = run.times >= 0
        values = daily_mean(run, name) if averaged else run[name]
        tops.append(draw_band(panel, run.times[inside] / scale, values[:, inside], quantity, PLANS[k % len(PLANS)]))
    top = float(np.nanmax(tops)) if np.isfinite(tops).any() else 0.0
    panel.set_ylim(bottom=0.0, top=1.08 * top or 1.0)
    panel.set_xlim(0.0, max(run.times[-1] for run in runs) / scale)
    panel.set_ylabel(axis_label(quantity, 36))
    if averaged:
        panel.set_title("24-h mean", fontsize=8, color="#444444", loc="right")
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
