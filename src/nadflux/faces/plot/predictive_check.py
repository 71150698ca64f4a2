"""Figure of a visual predictive check: measured percentiles as lines over the bands of simulated ones."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Literal

import numpy as np

from nadflux.analysis.visual_predictive_check import PERCENTILES, Bin, PredictiveCheck
from nadflux.faces.courses import time_scale
from nadflux.faces.labels import axis_label
from nadflux.faces.plot.captions import captioned, columns_for, title_of
from nadflux.faces.plot.palette import INK
from nadflux.faces.plot.style import STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nadflux.simulation.run import Quantity

_WIDTH = 0.03  # of the band of a single time, as a share of the time axis
_LINES: dict[float, Literal["-", "--"]] = {5.0: "--", 50.0: "-", 95.0: "--"}


def draw_predictive_check(check: PredictiveCheck) -> Figure:
    """Draw a panel for each quantity: bands of the 5th, 50th and 95th percentile, measured ones as lines."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    columns = columns_for(len(check.panels))
    rows = math.ceil(len(check.panels) / columns)
    figure = Figure(
        figsize=(max(8.4, 4.6 * columns), 3.2 * rows + 1.9), layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.08)
    )
    scale, unit = time_scale(check.run)
    for k, (quantity, bins) in enumerate(check.panels):
        panel = figure.add_subplot(rows, columns, k + 1)
        _panel(panel, quantity, bins, scale, float(check.run.times[-1]))
        panel.set_xlabel(f"time ({unit})")
    figure.suptitle(title_of(check.run, max(2, columns)), fontsize=11, x=0.01, ha="left")
    within, everything = check.inside
    says = (
        "Bands: 90 % interval of the 5th, 50th and 95th percentile of simulated groups as large as the measured one, "
        "with the error of one measurement",
        "circles: measured people; lines: their percentiles",
        f"{within} of {everything} measured percentiles are within their band",
    )
    notes = captioned(check.run.notes, check.run.record.get("flags", ()))
    text = ". ".join(f"{one[0].upper()}{one[1:]}" for one in (*says, *map(str, notes)))
    figure.supxlabel(textwrap.fill(f"{text}.", 62 * max(2, columns)), fontsize=8, color="#444444", x=0.01, ha="left")
    return figure


def _panel(panel: Axes, quantity: Quantity, bins: tuple[Bin, ...], scale: float, end_h: float) -> None:
    colour = STYLES[quantity.kind].colour
    x = np.array([one.hour for one in bins]) / scale
    half = _WIDTH * end_h / scale / 2.0
    for k, percentile in enumerate(PERCENTILES):
        low, high, seen = (np.array([getattr(one, part)[k] for one in bins]) for part in ("low", "high", "observed"))
        alpha = 0.35 if percentile == 50.0 else 0.18
        if x.size == 1:
            panel.fill_between([x[0] - half, x[0] + half], [low[0]] * 2, [high[0]] * 2, color=colour, alpha=alpha, lw=0)
            panel.hlines(seen, x - half, x + half, colors=INK, linestyles=_LINES[percentile], linewidth=1.4)
        else:
            panel.fill_between(x, low, high, color=colour, alpha=alpha, linewidth=0)
            panel.plot(x, seen, color=INK, linestyle=_LINES[percentile], linewidth=1.4)
    for place, one in zip(x, bins, strict=True):
        panel.scatter(np.full(one.values.size, place), one.values, s=12, facecolors="none", edgecolors=INK, alpha=0.6)
    panel.set_ylim(bottom=0.0)
    panel.set_ylabel(axis_label(quantity, 36))
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
