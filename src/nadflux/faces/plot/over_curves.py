"""Measured values over the curves of a figure: a point for each, with its bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nadflux.faces.plot.palette import INK
from nadflux.simulation.run import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from nadflux.analysis.observed import Observed

_MARGIN = 1.08


def lay_over(
    panel: Axes,
    observed: Sequence[Observed],
    quantity: Quantity,
    scale: float,
    colours: Mapping[str, str] | None = None,
) -> None:
    """Draw the measured values of a quantity over its curve, and make room for them.

    Parameters
    ----------
    panel : Axes
    observed : sequence of Observed
    quantity : Quantity
    scale : float
        Hours in one unit of the time axis.
    colours : mapping of str to str, optional
        By arm; all others are black.
    """
    mine = [one for one in observed if one.quantity == quantity.id]
    if not mine:
        return
    x = np.array([one.hour / scale for one in mine])
    values, low, high = np.array([one.within(quantity) for one in mine]).T
    edges = [(colours or {}).get(one.arm, INK) for one in mine]
    bounded = high > low
    panel.vlines(
        x[bounded], low[bounded], high[bounded], colors=np.array(edges)[bounded].tolist(), linewidth=1.0, clip_on=False
    )
    panel.scatter(x, values, s=20, facecolors="white", edgecolors=edges, linewidths=1.2, zorder=5, clip_on=False)
    left, right = panel.get_xlim()
    panel.set_xlim(min(left, float(x.min())), max(right, float(x.max())))
    panel.set_ylim(top=max(panel.get_ylim()[1], _MARGIN * float(high.max())))


def meaning_of(observed: Sequence[Observed]) -> str:
    """Return the words for a caption; empty where nothing was measured."""
    if not observed:
        return ""
    bounds = ", lines their bounds" if any(one.high > one.low for one in observed) else ""
    return f"open circles: measured values{bounds}"
