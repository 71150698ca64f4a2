"""A flux assay as blot quantification: levels as bars, fluxes as arrowheads, so that they are never confused."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.faces.plot.palette import INK, RUST, STEEL_BLUE
from nadflux.faces.plot.paths import save_figure
from nadflux.faces.plot.style import STYLES
from nadflux.simulation.summary import middle_and_bounds
from nadflux.studies.experiments.assay import INCONCLUSIVE, INDETERMINATE, AssayResult, Blot, ConditionResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_OPEN, _BLOCKED, _READ, _TRUE = "#cbd5e0", STEEL_BLUE, RUST, "#276749"
_HEADROOM = 1.2  # for the text above the points


def assay_bars(result: AssayResult, path: Path) -> None:
    """Draw LC3-II and p62 with and without block, replicates as dots, and the flux read against the true one.

    Parameters
    ----------
    result : AssayResult
    path : Path
        ``.png``, ``.svg`` or ``.pdf``.
    """
    save_figure(draw_assay(result), path)


def draw_assay(result: AssayResult) -> Figure:
    """Draw LC3-II and p62 with and without block, replicates as dots, and the flux read against the true one."""
    from matplotlib.figure import Figure

    names = [one.condition.text for one in result.conditions]
    width = max(9.0, 2.6 + 2.4 * len(names))
    figure = Figure(figsize=(width, 4.4), layout="constrained")
    axes = figure.subplots(1, 3)
    _levels(axes[0], names, [(o.lc3, o.lc3_blocked) for o in result.conditions], "LC3-II / loading control (level, µM)")
    _levels(axes[1], names, [(o.p62, o.p62_blocked) for o in result.conditions], "p62 / loading control (level, µM)")
    _fluxes(axes[2], names, result)
    design = result.design
    block = f"with and without {design.block.text}" if design.block else "no block: indeterminate"
    figure.suptitle(f"{design.cell.replace('_', ' ')} ({design.species}), {block}", fontsize=11, color=INK)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=3, frameon=False, fontsize=9)
    handles, labels = axes[2].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=2, frameon=False, fontsize=9)
    return figure


def _levels(axis: Any, names: Sequence[str], blots: Sequence[tuple[Blot, Blot | None]], label: str) -> None:
    middle = np.arange(len(names), dtype=float)
    for k, (without, blocked) in enumerate(blots):
        for shift, blot, colour, text in ((-0.2, without, _OPEN, "no block"), (0.2, blocked, _BLOCKED, "block")):
            if blot is None:
                continue
            values = np.array(blot.replicates)
            x = middle[k] + (shift if blocked is not None else 0.0)
            axis.bar(x, values.mean(), 0.36, color=colour, edgecolor=INK, lw=0.8, label=text if k == 0 else None)
            spread = np.linspace(-0.09, 0.09, values.size)
            axis.plot(x + spread, values, "o", ms=3.2, mfc="white", mec=INK, mew=0.8)
            axis.errorbar(x, values.mean(), blot.error, color=INK, capsize=3, lw=1)
    _dress(axis, names, label)


def _fluxes(axis: Any, names: Sequence[str], result: AssayResult) -> None:
    middle = np.arange(len(names), dtype=float)
    first = result.conditions[0]
    true = np.array([one.true_flux.value for one in result.conditions]) / first.true_flux.value
    bars = {"capsize": 3, "lw": 1.2, "ls": "none"}
    if first.true_draws:
        ratios = [np.array(one.true_draws) / np.array(first.true_draws) for one in result.conditions]
        bounds = np.array([middle_and_bounds(r[np.isfinite(r)])[1:] for r in ratios]).T
        axis.errorbar(middle + 0.12, true, _lengths(true, bounds), color=_TRUE, **bars)
    axis.plot(middle + 0.12, true, STYLES["flux"].glyph, ms=9, color=_TRUE, label="true J_deg (flux; 90 % of draws)")
    if first.rate and first.rate_error:
        rates = np.array([np.nan if one.rate is None else one.rate for one in result.conditions])
        errors = np.array([np.nan if one.rate_error is None else one.rate_error for one in result.conditions])
        shares = rates / first.rate
        # Both errors of a ratio count; the reference is divided by itself and keeps the error of its own rate.
        own = np.where(middle == 0, 0.0, shares * first.rate_error / first.rate)
        axis.errorbar(middle - 0.12, shares, np.hypot(errors / first.rate, own), color=_READ, **bars)
        label = "ΔLC3-II per h (flux read; ± SE)"
        axis.plot(middle - 0.12, shares, STYLES["flux"].glyph, ms=9, mfc="white", mec=_READ, mew=1.6, label=label)
    axis.axhline(1.0, color=INK, lw=0.6, ls=":")
    for k, one in enumerate(result.conditions):
        if k:
            axis.text(
                middle[k], 0.99, _said(one), transform=axis.get_xaxis_transform(), ha="center", va="top", fontsize=8,
                color=_READ,
            )  # fmt: skip
    _dress(axis, names, f"flux over that of {names[0]} (ratio, no unit)")
    axis.set_ylim(0.0, axis.get_ylim()[1] * _HEADROOM)


def _said(one: ConditionResult) -> str:
    """Return the conclusion of the assay on flux, to print above a condition."""
    if one.assay_flux == INDETERMINATE:
        return INDETERMINATE
    p62 = "p62:\ninconclusive" if one.p62_flux == INCONCLUSIVE else f"p62: {one.p62_flux}"
    return f"LC3-II: {one.assay_flux}\n{p62}" + ("\nLC3-II misleads" if one.misleads else "")


def _lengths(middle: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Return the lengths of error bars below and above, shape (2, point); none below zero."""
    lengths: np.ndarray = np.maximum(np.stack([middle - bounds[0], bounds[1] - middle]), 0.0)
    return lengths


def _dress(axis: Any, names: Sequence[str], label: str) -> None:
    axis.set_xticks(
        range(len(names)),
        [textwrap.fill(n.replace(" h", "\N{NO-BREAK SPACE}h"), 12, break_long_words=False) for n in names],
        fontsize=9,
    )
    axis.set_xlim(-0.6, len(names) - 0.4)
    axis.set_ylim(0.0, axis.get_ylim()[1] * 1.12)
    axis.set_ylabel(label, fontsize=9)
    axis.spines[["top", "right"]].set_visible(False)
