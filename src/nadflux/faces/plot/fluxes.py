"""Resting fluxes of NAD+ as a figure: amounts, half-lives, and synthesis and use of NAD+ in each organ."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from nadflux.faces.labels import place_name
from nadflux.faces.plot.captions import captioned
from nadflux.faces.plot.palette import BLUE, DARK_GREY, VERMILION
from nadflux.faces.plot.paths import save_figure
from nadflux.simulation.evidence_tier import weakest
from nadflux.simulation.resting_fluxes import RestingFluxes
from nadflux.simulation.summary import bounds_in_words, middle_and_bounds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito 2008, then greys: neighbours in a stack stay apart for colour-blind readers.
_STACK = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999", "#444444")


def write_fluxes(result: RestingFluxes, path: str) -> None:
    """Draw the fluxes and write the figure to ``path`` (.png, .svg or .pdf)."""
    save_figure(draw_fluxes(result), path)


def draw_fluxes(result: RestingFluxes) -> Figure:
    """Draw four panels by organ: turnover and half-life with 90 % interval, mean shares of synthesis and of use."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    organs = sorted(result.organs, key=lambda o: float(np.nanmedian(o.turnover)))
    names = [o.organ for o in organs]
    height = 0.36 * len(names) + 2.6
    figure = Figure(figsize=(12.5, height), layout=ConstrainedLayoutEngine(h_pad=0.06, w_pad=0.06))
    panels = figure.subplots(1, 4, sharey=True, width_ratios=(1.0, 1.0, 1.25, 1.25))
    _intervals(panels[0], [o.turnover for o in organs], "turnover of NAD+ (µmol/day)", VERMILION)
    _intervals(panels[1], [o.half_life for o in organs], "half-life of NAD+ (h)", BLUE)
    _shares(panels[2], result, names, "synthesis", "share of synthesis (%)")
    _shares(panels[3], result, names, "use", "share of use (%)")
    panels[0].set_yticks(range(len(names)), [place_name(name) for name in names])
    figure.suptitle(_title(result), fontsize=11, x=0.01, ha="left")
    figure.supxlabel(_caption(result), fontsize=8, color=DARK_GREY, x=0.01, ha="left")
    return figure


def _intervals(panel: Axes, values: list[np.ndarray], label: str, colour: str) -> None:
    for row, numbers in enumerate(values):
        middle, low, high = middle_and_bounds(numbers[np.isfinite(numbers)])
        panel.plot([low, high], [row, row], color=colour, alpha=0.35, linewidth=5, solid_capstyle="round")
        panel.plot(middle, row, "o", color=colour, markersize=5)
    panel.set_xscale("log")
    panel.xaxis.set_major_formatter("{x:g}")
    panel.tick_params(axis="x", labelsize=8)
    panel.set_xlabel(label)
    panel.grid(axis="x", color="#dddddd", linewidth=0.6)
    _bare(panel)


def _shares(panel: Axes, result: RestingFluxes, organs: list[str], role: str, label: str) -> None:
    chosen = [flux for flux in result.fluxes if flux.role == role]
    pathways = list(dict.fromkeys(flux.pathway for flux in chosen))
    left = np.zeros(len(organs))
    for number, pathway in enumerate(pathways):
        shares = np.zeros(len(organs))
        for row, organ in enumerate(organs):
            own = [flux.values for flux in chosen if flux.organ == organ and flux.pathway == pathway]
            whole = np.sum([flux.values for flux in chosen if flux.organ == organ], axis=0)
            if own:
                shares[row] = 100.0 * float(np.nanmean(np.sum(own, axis=0) / whole))
        colour = _STACK[number % len(_STACK)]
        panel.barh(range(len(organs)), shares, left=left, color=colour, label=pathway, height=0.72)
        left += shares
    panel.set_xlim(0, 100)
    panel.set_xlabel(label)
    columns = min(3, len(pathways))
    panel.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, fontsize=8, frameon=False,
                 handlelength=1.0, columnspacing=1.0)  # fmt: skip
    _bare(panel)


def _bare(panel: Axes) -> None:
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    panel.tick_params(axis="y", length=0)


def _title(result: RestingFluxes) -> str:
    whole = result.turnover[np.isfinite(result.turnover)]
    middle, low, high = middle_and_bounds(whole)
    return (
        f"{result.record['who']}, at rest\nwhole-body turnover of NAD+: {middle:.0f} mmol/day "
        f"({low:.0f} to {high:.0f}, {bounds_in_words(len(whole))}); tier {weakest({o.tier for o in result.organs})}"
    )


def _caption(result: RestingFluxes) -> str:
    main = ", ".join(f"{d.key} ({d.share:.0%})" for d in result.drivers[:3])
    notes = [str(note) for note in captioned(result.notes)]
    people = int(np.isfinite(result.turnover).sum())
    text = f"Dot: median; bar: {bounds_in_words(people)}. Shares: means. "
    text += f"The spread of the turnover goes with {main}: measuring these would narrow it. " if main else ""
    text += ". ".join(note[0].upper() + note[1:] for note in notes) + "."
    return "\n".join(textwrap.wrap(text, width=190))
