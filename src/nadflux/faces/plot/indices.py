"""Sobol indices as dots with intervals: the inputs that decide an output, and whether the indices have converged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nadflux.faces.plot.palette import BLUE, GREY, VERMILION
from nadflux.inference.sobol import Indices

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TOTAL, _FIRST, _OPEN = VERMILION, BLUE, GREY


@dataclass(frozen=True)
class Share:
    """Share of one input in the variance of an output.

    Attributes
    ----------
    label : str
    first, total : tuple of float
        Index and half-width of its interval.
    converged : bool
    """

    label: str
    first: tuple[float, float]
    total: tuple[float, float]
    converged: bool


def shares_of(indices: Indices, labels: Sequence[str]) -> list[Share]:
    """Return the shares by falling total index; ``labels`` in the order of ``indices.names``."""
    return [
        Share(
            labels[k],
            (float(indices.first[k]), float(indices.first_error[k])),
            (float(indices.total[k]), float(indices.total_error[k])),
            bool(indices.converged[k]),
        )
        for k in indices.ranked()
    ]


def draw_indices(panels: Sequence[tuple[str, Sequence[Share]]], most: int = 12) -> Figure:
    """Draw a panel for each output; filled dot: total index, open dot: first order, bars: intervals.

    Parameters
    ----------
    panels : sequence of (title, shares)
        Shares by falling total index.
    most : int
        Inputs drawn in each panel.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    rows = max(min(len(shares), most) for _, shares in panels)
    figure, axes = plt.subplots(
        1, len(panels), figsize=(0.4 + 5.6 * len(panels), 1.5 + 0.3 * rows), squeeze=False, layout="constrained"
    )
    for axis, (title, shares) in zip(axes[0], panels, strict=True):
        drawn = list(shares)[:most]
        for row, share in enumerate(drawn):
            colour = _TOTAL if share.converged else _OPEN
            axis.errorbar(share.total[0], row + 0.12, xerr=share.total[1], fmt="o", color=colour, ms=6, lw=1.4)
            axis.errorbar(
                share.first[0], row - 0.12, xerr=share.first[1], fmt="o", color=_FIRST, mfc="white", ms=5, lw=1
            )
        axis.axvline(0.0, color="black", lw=0.8)
        axis.set_yticks(range(len(drawn)), [share.label for share in drawn])
        axis.set_ylim(len(drawn) - 0.5, -0.5)
        axis.set_xlabel("share of the variance")
        axis.set_title(title, loc="left", fontsize=11)
        axis.grid(axis="x", color="#e2e8f0", lw=0.6)
        axis.set_axisbelow(True)
        axis.spines[["top", "right"]].set_visible(False)
    for colour, face, words in (
        (_TOTAL, _TOTAL, "total, with interactions"),
        (_FIRST, "white", "first order, alone"),
        (_OPEN, _OPEN, "total, not yet known to ±0.1"),
    ):
        axes[0][-1].plot([], [], "o", color=colour, mfc=face, label=words)
    handles, labels = axes[0][-1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    return figure
