"""Styles of kinds: a level, a flux, a marker and an index differ in colour, line and glyph, and share no axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nadflux.kinds import KindError
from nadflux.simulation.run import Quantity
from nadflux.simulation.summary import tail_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class KindStyle:
    """Colour, line style and glyph of one kind."""

    colour: str
    line: str | tuple[float, tuple[float, ...]]
    glyph: str
    words: str


# Colour-blind safe (Okabe and Ito 2008).
STYLES = {
    "level": KindStyle("#0072B2", "-", "o", "level: solid line, circle"),
    "flux": KindStyle("#D55E00", (0.0, (5.0, 1.6)), ">", "flux: dashed line, arrowhead"),
    "cumulative": KindStyle(
        "#56B4E9", (0.0, (8.0, 1.5, 1.2, 1.5, 1.2, 1.5)), "^", "cumulative: dash-dot-dotted, triangle"
    ),
    "marker": KindStyle("#009E73", (0.0, (1.2, 1.2)), "s", "marker: dotted line, square"),
    "index": KindStyle("#CC79A7", (0.0, (5.0, 1.5, 1.2, 1.5)), "D", "index: dash-dotted line, diamond"),
}
_GLYPHS = 8


def claim(panel: Axes, quantity: Quantity) -> KindStyle:
    """Return the style of a quantity's kind, for an axis that from now on holds this kind and unit alone.

    Raises
    ------
    KindError
        If the axis holds another kind or unit.
    """
    mine = f"{quantity.kind} in {quantity.units}"
    held = panel.get_gid()
    if held is not None and held != mine:
        raise KindError(f"{quantity.id} is a {mine}; the axis holds a {held}: draw it on an axis of its own")
    panel.set_gid(mine)
    return STYLES[quantity.kind]


def draw_band(panel: Axes, x: np.ndarray, values: np.ndarray, quantity: Quantity, colour: str | None = None) -> float:
    """Draw the median and central band over people in the style of the kind; return the highest point drawn.

    Parameters
    ----------
    x : ndarray, shape (time,)
        In the unit of the time axis, h or days.
    values : ndarray, shape (person, time)
        In the unit of the quantity.

    Raises
    ------
    KindError
        If the axis holds another kind or unit.
    """
    style = claim(panel, quantity)
    tail = tail_of(len(values))
    known = np.isfinite(values).any(axis=0)
    if not known.any():
        return float("nan")
    low, middle, high = np.nanquantile(values[:, known], [tail, 0.5, 1.0 - tail], axis=0)
    colour = colour or style.colour
    if len(values) > 1:
        panel.fill_between(x[known], low, high, color=colour, alpha=0.18, linewidth=0)
    every = max(1, known.sum() // _GLYPHS)
    panel.plot(
        x[known], middle, color=colour, linestyle=style.line, linewidth=1.6, marker=style.glyph, markersize=3.6,
        markevery=(every // 2, every),
    )  # fmt: skip
    return float(np.nanmax(high))


def key_of(kinds: Iterable[str]) -> str:
    """Return the meaning of the styles of the kinds shown, for a caption."""
    return "; ".join(style.words for kind, style in STYLES.items() if kind in set(kinds))
