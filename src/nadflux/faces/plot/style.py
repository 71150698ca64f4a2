"""How kinds are drawn: a level, a flux, a marker and an index differ in colour, line and glyph, and share no axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nadflux.kinds import KindError
from nadflux.simulation.run import Quantity
from nadflux.simulation.summary import INTERVAL

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
    "marker": KindStyle("#009E73", (0.0, (1.2, 1.2)), "s", "marker: dotted line, square"),
    "index": KindStyle("#CC79A7", (0.0, (5.0, 1.5, 1.2, 1.5)), "D", "index: dash-dotted line, diamond"),
}
GREY = "#777777"
_GLYPHS = 8


def kind_of(quantities: Iterable[Quantity]) -> str:
    """The one kind of quantities that share an axis.

    Raises
    ------
    KindError
        Where they are of two kinds, or of two units: these share no axis.
    """
    found = tuple(quantities)
    kinds = sorted({quantity.kind for quantity in found})
    if len(kinds) > 1:
        names = ", ".join(f"{quantity.id} ({quantity.kind})" for quantity in found)
        raise KindError(f"a {kinds[0]} and a {kinds[1]} share no axis: {names}; draw one panel for each kind")
    if len({quantity.units for quantity in found}) > 1:
        raise KindError(f"{', '.join(q.id for q in found)} have different units and share no axis")
    return kinds[0]


def draw_band(
    panel: Axes, x: np.ndarray, values: np.ndarray, kind: str, colour: str | None = None, label: str | None = None
) -> float:
    """Median and central band over people in the style of a kind; returns the highest point drawn.

    Parameters
    ----------
    x : ndarray, shape (time,)
    values : ndarray, shape (person, time)
    """
    style = STYLES[kind]
    tail = (1.0 - INTERVAL) / 2.0
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
        markevery=(every // 2, every), label=label,
    )  # fmt: skip
    return float(np.nanmax(high))


def key_of(kinds: Iterable[str]) -> str:
    """What the styles of the kinds shown mean, for a caption."""
    return "; ".join(style.words for kind, style in STYLES.items() if kind in set(kinds))
