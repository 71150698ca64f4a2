"""A flux assay as blot quantification: levels as bars, fluxes as diamonds, so that they are never confused."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.faces.plot.paths import save_figure
from nadflux.studies.assay import AssayResult, Blot

_OPEN, _BLOCKED, _INK, _READ, _TRUE = "#cbd5e0", "#2b6cb0", "#1a202c", "#c05621", "#276749"


def assay_bars(result: AssayResult, path: Path) -> None:
    """Draw LC3-II and p62 with and without block, replicates as dots, and the flux read against the true one.

    Parameters
    ----------
    result : AssayResult
    path : Path
        ``.png``, ``.svg`` or ``.pdf``.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    names = [one.condition.text for one in result.conditions]
    width = max(9.0, 2.6 + 2.4 * len(names))
    figure, axes = plt.subplots(1, 3, figsize=(width, 4.4), layout="constrained")
    _levels(axes[0], names, [(o.lc3, o.lc3_blocked) for o in result.conditions], "LC3-II / loading control (level, µM)")
    _levels(axes[1], names, [(o.p62, o.p62_blocked) for o in result.conditions], "p62 / loading control (level, µM)")
    _fluxes(axes[2], names, result)
    design = result.design
    block = f"with and without {design.block.text}" if design.block else "no block: indeterminate"
    figure.suptitle(f"{design.cell.replace('_', ' ')} ({design.species}), {block}", fontsize=11, color=_INK)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=3, frameon=False, fontsize=9)
    handles, labels = axes[2].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=2, frameon=False, fontsize=9)
    save_figure(figure, path)
    plt.close(figure)


def _levels(axis: Any, names: Sequence[str], blots: Sequence[tuple[Blot, Blot | None]], label: str) -> None:
    middle = np.arange(len(names), dtype=float)
    for k, (without, blocked) in enumerate(blots):
        for shift, blot, colour, text in ((-0.2, without, _OPEN, "no block"), (0.2, blocked, _BLOCKED, "block")):
            if blot is None:
                continue
            values = np.array(blot.replicates)
            x = middle[k] + shift
            axis.bar(x, values.mean(), 0.36, color=colour, edgecolor=_INK, lw=0.8, label=text if k == 0 else None)
            spread = np.linspace(-0.09, 0.09, values.size)
            axis.plot(x + spread, values, "o", ms=3.2, mfc="white", mec=_INK, mew=0.8)
            axis.errorbar(x, values.mean(), values.std(ddof=1) / np.sqrt(values.size), color=_INK, capsize=3, lw=1)
    _dress(axis, names, label)


def _fluxes(axis: Any, names: Sequence[str], result: AssayResult) -> None:
    middle = np.arange(len(names), dtype=float)
    first = result.conditions[0]
    true = np.array([one.true_flux.value for one in result.conditions]) / first.true_flux.value
    axis.plot(middle + 0.12, true, "D", ms=8, color=_TRUE, label="true J_deg (flux)")
    if first.rate:
        rates = [one.rate for one in result.conditions]
        shares = np.array([np.nan if rate is None else rate / first.rate for rate in rates])
        axis.plot(middle - 0.12, shares, "D", ms=8, mfc="none", mec=_READ, mew=1.6, label="ΔLC3-II per h (flux read)")
    axis.axhline(1.0, color=_INK, lw=0.6, ls=":")
    for k, one in enumerate(result.conditions):
        if k:
            words = f"reads: {one.assay_flux}" + ("\nmisleads" if one.misleads else "")
            axis.text(
                middle[k], 0.04, words, transform=axis.get_xaxis_transform(), ha="center", fontsize=8, color=_READ
            )
    _dress(axis, names, f"flux over {names[0]}")


def _dress(axis: Any, names: Sequence[str], label: str) -> None:
    axis.set_xticks(range(len(names)), [textwrap.fill(n, 12, break_long_words=False) for n in names], fontsize=9)
    axis.set_xlim(-0.6, len(names) - 0.4)
    axis.set_ylim(0.0, axis.get_ylim()[1] * 1.12)
    axis.set_ylabel(label, fontsize=9)
    axis.spines[["top", "right"]].set_visible(False)
