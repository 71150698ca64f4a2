"""Part of ``docs/autophagy.md``: the three fluxes in every organ of a person who fasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from _text import figure, number, table, words

import nadflux as nf
from nadflux.faces.plot.palette import GREY
from nadflux.faces.plot.style import STYLES
from nadflux.network.assemble import assemble
from nadflux.network.names import to_name

WHO, PLAN = "man, 40 y, 75 kg", "fast 36 h"
FLUXES = {"J_init": "initiation", "J_seq": "sequestration", "J_deg": "completed degradation"}
DAY = 24.0
DRAWN = ("liver", "muscle", "heart", "brain", "kidney", "adipose")


def body_part(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return table and figure; the figure is written to ``folder``."""
    model = assemble(body="whole").model
    organs = [to_name(name).partition(".")[0] for name in model.rate_rules if name.endswith("__phagophore")]
    people = 2 if quick else 64
    times = np.arange(0.0, 72.1, 12.0 if quick else 1.0)
    run = nf.simulate(
        WHO, PLAN, n=people, seed=1, times=times, outputs=[f"{organ}_{flux}" for organ in organs for flux in FLUXES]
    )
    say("a fast in every organ")
    _draw(run, folder / "autophagy_organs.png")
    begin, end = _fast(run)
    return "\n\n".join(
        (
            "## In every organ of a person",
            "The same text runs in ten organs of the whole body, joined with its blood, food, sleep and work "
            '(`nadflux simulate … --output "autophagy of all organs"`). Below: '
            f"{WHO}, `{PLAN}`, {people} people, mean of the last {DAY:g} of the {end - begin:g} hours of the fast over "
            "the mean of the same hours of usual life, as `nadflux simulate` judges a fast: a whole day, meals and "
            "night. Median and 90 % interval over parameters and people.",
            table(
                ("organ", "J_deg in usual life, %/h", *(f"{flux} ({says}), ratio" for flux, says in FLUXES.items())),
                _rows(run, organs),
            ),
            figure(
                "autophagy_organs.png",
                "Completed degradation over a fast. J_deg as % of cell protein an hour, median and 90 % interval; "
                "grey: the same people in usual life; shaded: the fast; dotted: from here the table compares.",
            ),
            "What holds of energy, redox, pH and fuels in every organ, fed, fasted, at work and ill: `nadflux ranges`.",
        )
    )


def _rows(run: nf.Run, organs: list[str]) -> Iterator[tuple[str, ...]]:
    end = _fast(run)[1]
    inside = (run.times >= end - DAY) & (run.times <= end)
    hours = run.times[inside]
    for organ in organs:
        cells: list[str] = []
        for flux in FLUXES:
            name = f"{organ}_{flux}"
            fasting = np.trapezoid(_of(run, name)[:, inside], hours, axis=1) / DAY
            usual = np.trapezoid(_of(run.without_plan, name)[:, inside], hours, axis=1) / DAY
            if flux == "J_deg":
                cells.insert(0, _interval(usual))
            cells.append(_interval(fasting / usual))
        yield (words(organ), *cells)


def _fast(run: nf.Run) -> tuple[float, float]:
    """Return start and end of the fast, h."""
    return next((float(start), float(stop)) for start, stop, what, _ in run.record["timeline"] if what == "fast")


def _of(run: nf.Run, name: str) -> np.ndarray:
    """Return the values of one quantity, shape (person, time), in its unit."""
    return run.values[:, :, [quantity.id for quantity in run.quantities].index(name)]


def _interval(values: np.ndarray) -> str:
    low, middle, high = np.nanquantile(values, (0.05, 0.5, 0.95))
    return f"{number(middle, 2)} ({number(low, 2)}–{number(high, 2)})"


def _draw(run: nf.Run, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    style = STYLES["flux"]
    figure, axes = plt.subplots(2, 3, figsize=(10, 5.2), sharex=True, layout="constrained")
    for axis, organ in zip(axes.flat, DRAWN, strict=True):
        for source, colour, name in ((run.without_plan, GREY, "usual life"), (run, STYLES["flux"].colour, PLAN)):
            low, middle, high = np.nanquantile(_of(source, f"{organ}_J_deg"), (0.05, 0.5, 0.95), axis=0)
            axis.fill_between(run.times, low, high, color=colour, alpha=0.2, lw=0)
            axis.plot(run.times, middle, color=colour, ls=style.line, marker=style.glyph, ms=4, markevery=8, label=name)
        for start, stop, what, _ in run.record["timeline"]:
            if what == "fast":
                axis.axvspan(start, stop, color="#eef0f5", zorder=-1, label="hours of the fast")
        end = _fast(run)[1]
        axis.axvline(
            end - DAY, color="#4a5568", lw=0.8, ls=":", label="the table compares from here to the end of the fast"
        )
        axis.set_title(words(organ), fontsize=10, loc="left")
        axis.set_ylim(bottom=0)
        axis.set_xticks(range(0, 73, 12))
    for axis in axes[:, 0]:
        axis.set_ylabel("J_deg (%/h)")
    for axis in axes[1]:
        axis.set_xlabel("h from 08:00")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=9, frameon=False)
    figure.savefig(path, dpi=130)
    plt.close(figure)
