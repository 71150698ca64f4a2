"""Fan charts of lives side by side: median and central 90 % of people by age, one colour for each way of living."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nadflux.faces.labels import NOT_ADVICE
from nadflux.faces.plot.captions import columns_for
from nadflux.faces.plot.palette import DARK_GREY, GREY, PLANS
from nadflux.faces.plot.paths import save_figure
from nadflux.simulation.experiments.life import HAZARD, LifeRun
from nadflux.studies.life.lives import TAIL, Lives

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INNER = 0.25  # tail of the inner band
_FINE = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.4, 1.7, 2.0, 2.5)  # ticks of a narrow axis of ratios
_COARSE = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)  # and of a wide one
_COARSE_FROM = 3.0  # highest over lowest ratio
_WIDE = 46  # letters of a line of the legend, for each panel


def write_life(lives: Lives, names: Sequence[str], path: str) -> None:
    """Draw the named quantities and the hazard ratio and write the figure to ``path`` (.png, .svg or .pdf)."""
    save_figure(draw_life(lives, names), path)


def draw_life(lives: Lives, names: Sequence[str]) -> Figure:
    """Draw a fan chart for each quantity, and one of the hazard ratio where there is another way of living.

    Parameters
    ----------
    lives : Lives
    names : sequence of str
        Quantities of a life.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.lines import Line2D

    panels = len(names) + (len(lives.lives) > 1)
    columns = columns_for(panels)
    rows = math.ceil(panels / columns)
    keys = [textwrap.fill(lived.way.words, _WIDE * columns) for lived in lives.lives]
    size = (max(6.0, 3.4 * columns), 2.5 * rows + 0.8 + 0.2 * len(keys))
    figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.08))
    grid = figure.add_gridspec(rows, columns)
    for k in range(panels):
        panel = figure.add_subplot(grid[k // columns, k % columns])
        if k < len(names):
            _quantity(panel, lives, names[k])
        else:
            _ratios(panel, lives)
        panel.set_xlim(lives.begin, lives.end)
        if k >= panels - columns:
            panel.set_xlabel("age (years)")
        for side in ("top", "right"):
            panel.spines[side].set_visible(False)
    lines = [Line2D([], [], color=_colour(k), linewidth=1.8) for k in range(len(keys))]
    title = f"{lives.person.sex}, {len(lives.lives[0].run[names[0]])} people"
    legend = figure.legend(lines, keys, title=title, loc="outside upper left", fontsize=8, frameon=False)
    legend.set_alignment("left")
    says = (
        "Line: median; bands: central 50 and 90 % of people, from what is not known and how people differ; as if "
        f"nobody died. Twins share their draws. {NOT_ADVICE.capitalize()}."
    )
    figure.supxlabel("\n".join(textwrap.wrap(says, 56 * columns)), fontsize=8, color=DARK_GREY, x=0.01, ha="left")
    return figure


def _quantity(panel: Axes, lives: Lives, name: str) -> None:
    observable = lives.lives[0].run.observables[name]
    for k, lived in enumerate(lives.lives):
        _fan(panel, lived.run, lived.run[name], _colour(k))
    panel.set_ylim(bottom=0.0)
    place = "" if observable.matrix == "body" else f" in {observable.matrix}"
    panel.set_title(f"{observable.label}{place}", fontsize=9, loc="left")
    panel.set_ylabel(observable.unit, fontsize=8)


def _ratios(panel: Axes, lives: Lives) -> None:
    """Draw the hazard of the first way over that of each other one, person by person."""
    first = lives.lives[0].run
    for k, lived in enumerate(lives.lives[1:], start=1):
        _fan(panel, first, first[HAZARD] / lived.run[HAZARD], _colour(k))
    panel.axhline(1.0, color=GREY, linewidth=0.8)
    panel.set_yscale("log")
    low, high = panel.get_ylim()
    ticks = [tick for tick in (_COARSE if high > _COARSE_FROM * low else _FINE) if low <= tick <= high]
    panel.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    panel.minorticks_off()
    panel.set_title("hazard ratio of the first way against", fontsize=9, loc="left")
    panel.set_ylabel("ratio", fontsize=8)


def _fan(panel: Axes, run: LifeRun, values: np.ndarray, colour: str) -> None:
    """Draw median and two bands of values, shape (person, age), in the unit of the panel."""
    low, inner, middle, upper, high = np.nanquantile(values, [TAIL, _INNER, 0.5, 1.0 - _INNER, 1.0 - TAIL], axis=0)
    panel.fill_between(run.ages, low, high, color=colour, alpha=0.13, linewidth=0)
    panel.fill_between(run.ages, inner, upper, color=colour, alpha=0.22, linewidth=0)
    panel.plot(run.ages, middle, color=colour, linewidth=1.6)


def _colour(k: int) -> str:
    return PLANS[k % len(PLANS)]
