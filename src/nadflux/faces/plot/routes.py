"""Routes side by side: intervals of each outcome in one row per route, and where a labelled dose is built in."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nadflux.faces.labels import axis_label, compound_name, place_name, readable_unit
from nadflux.faces.plot.palette import DARK_GREY
from nadflux.faces.plot.paths import save_figure
from nadflux.plans.catalogue import shipped
from nadflux.simulation.summary import bounds_in_words, middle_and_bounds
from nadflux.studies.experiments.compare_routes import RouteComparison, RouteResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

# Okabe and Ito 2008; one colour for each moiety, one for each form.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444", "#999999")
_FORMS = ("#56B4E9", "#D55E00", "#0072B2", "#CC79A7", "#F0E442", "#009E73")
_DASHES = ("-", "--", ":", "-.")
_LEAST = {"rise": 1.0, "between_people": 1.0, "exposure": 1.0, "ripple": 0.1}
"""An axis is linear up to here and logarithmic beyond: routes differ by orders of magnitude."""
_LONG = 34


def write_routes(result: RouteComparison, organs: Sequence[str], path: str) -> None:
    """Draw the comparison and write the figure to ``path`` (.png, .svg or .pdf)."""
    save_figure(draw_routes(result, organs), path, dpi=150)


def draw_routes(result: RouteComparison, organs: Sequence[str]) -> Figure:
    """Draw the outcomes of the first observable, one row for each route; below its course, and the tracer by organ.

    Parameters
    ----------
    result : RouteComparison
    organs : sequence of str
        Organs of the tracer panels.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    routes = [route for route in result.routes if route.outcomes]
    name = next(iter(routes[0].outcomes))
    colours = _by_moiety(routes)
    upper = 0.36 * len(routes) + 1.2
    figure = Figure(figsize=(15.0, 2 * upper + 1.5), layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.05))
    above, below = np.asarray(figure.subfigures(2, 1)).tolist()
    _outcomes(above, routes, name, colours)
    _below(below, result, routes, name, organs, colours)
    figure.suptitle(_title(result), fontsize=12, x=0.005, ha="left")
    figure.supxlabel(_caption(result), fontsize=9, color=DARK_GREY, x=0.005, ha="left")
    return figure


def _outcomes(figure: SubFigure, routes: Sequence[RouteResult], name: str, colours: dict[str, str]) -> None:
    quantity = routes[0].outcomes[name].quantity
    what = f"{quantity.long_name}, {quantity.matrix}"
    columns = (
        ("rise", f"rise of {what} (%)"),
        ("between_people", "rise, people alone (%)"),
        ("time_to_half", "time to half of it (days)"),
        ("exposure", f"exposure ({readable_unit(quantity.units)}·day)"),
        ("ripple", "ripple within a day (%)"),
    )
    panels = figure.subplots(1, len(columns) + 1, sharey=True, width_ratios=(*(1.0 for _ in columns), 1.9))
    for panel, (key, label) in zip(panels[:-1], columns, strict=True):
        for row, route in enumerate(reversed(routes)):
            values = getattr(route.outcomes[name], key).values
            there = values[np.isfinite(values)]
            if key == "time_to_half" and 2 * len(there) <= len(values):
                continue
            middle, low, high = middle_and_bounds(there)
            colour = colours[route.compound]
            panel.plot([low, high], [row, row], color=colour, alpha=0.35, linewidth=5, solid_capstyle="round")
            panel.plot(middle, row, "o", color=colour, markersize=5, markerfacecolor="white" if route.flags else colour)
        panel.set_xlabel(label, fontsize=9)
        if key in _LEAST:
            _orders(panel, _LEAST[key])
        panel.set_xlim(left=min(0.0, panel.dataLim.x0))
        panel.set_ylim(-0.6, len(routes) - 0.4)
        panel.grid(axis="x", color="#dddddd", linewidth=0.6)
        _separated(panel, routes)
        _bare(panel)
    panels[0].set_yticks(range(len(routes)), [_wrapped(route.label) for route in reversed(routes)], fontsize=9)
    _usual(panels[-1], routes, name)


def _orders(panel: Axes, least: float) -> None:
    """Set an axis that shows zero, and orders of magnitude beyond ``least``, with plain numbers."""
    from matplotlib.ticker import FuncFormatter

    panel.set_xscale("symlog", linthresh=least, linscale=0.4)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.minorticks_off()


def _separated(panel: Axes, routes: Sequence[RouteResult]) -> None:
    """Put a thin line between one route of entry and the next."""
    for row in range(1, len(routes)):
        if routes[row].route != routes[row - 1].route:
            panel.axhline(len(routes) - row - 0.5, color="#999999", linewidth=0.6)


def _usual(panel: Axes, routes: Sequence[RouteResult], name: str) -> None:
    """Write the tier of the figures and usual practice in words, one line or two for each route."""
    panel.set_axis_off()
    panel.set_title("tier         usual practice (its tier)", fontsize=9, loc="left")
    for row, route in enumerate(reversed(routes)):
        use = route.typical
        words = f"{use.use} ({use.tier})" if use is not None else "none in the collected data"
        for place, said in ((0.0, route.outcomes[name].rise.tier), (0.21, textwrap.fill(words, 42))):
            panel.text(
                place, row, said, fontsize=8, va="center", color=DARK_GREY, transform=panel.get_yaxis_transform()
            )


def _below(
    figure: SubFigure,
    result: RouteComparison,
    routes: Sequence[RouteResult],
    name: str,
    organs: Sequence[str],
    colours: dict[str, str],
) -> None:
    traced = [route for route in routes if route.reach is not None]
    left, right = np.asarray(figure.subfigures(1, 2, width_ratios=(1.0, 0.34 * len(organs) + 0.7))).tolist()
    _courses(left, result, routes, name, colours)
    bars = np.atleast_1d(right.subplots(1, max(1, len(organs)), sharey=True))[: len(organs)]
    forms = _forms(traced)
    for number, (panel, organ) in enumerate(zip(bars, organs, strict=True)):
        _organ(panel, traced, organ, forms)
        _separated(panel, traced)
        if number == 0:
            panel.set_yticks(range(len(traced)), [_wrapped(route.label) for route in reversed(traced)], fontsize=8)
    if len(bars):
        handles, labels = bars[0].get_legend_handles_labels()
        right.legend(
            handles, labels, loc="outside upper right", ncols=len(forms), fontsize=9, frameon=False, handlelength=1.0,
            title="share of one dose built into NAD+ within a day, by the form taken in (median, %; tier assumed)",
            title_fontsize=9,
        )  # fmt: skip


def _courses(
    figure: SubFigure, result: RouteComparison, routes: Sequence[RouteResult], name: str, colours: dict[str, str]
) -> None:
    """Draw a panel for each route of entry, all on one scale: medians under daily dosing."""
    entries = list(dict.fromkeys(route.route for route in routes))
    panels = np.atleast_1d(figure.subplots(len(entries), 1, sharex=True, sharey=True))
    for panel, entry in zip(panels, entries, strict=True):
        own = [route for route in routes if route.route == entry]
        drawn: dict[str, int] = {}
        for route in own:
            colour = colours[route.compound]
            style = _DASHES[drawn.get(colour, 0) % len(_DASHES)]
            drawn[colour] = drawn.get(colour, 0) + 1
            panel.plot(result.times / 24.0, route.outcomes[name].course[1], color=colour, linestyle=style,
                       linewidth=1.4, label=route.compound)  # fmt: skip
        flags = next(iter({route.flags for route in own})) if len({route.flags for route in own}) == 1 else ()
        panel.set_title(f"{entry}" + (f" ({', '.join(flags)})" if flags else ""), fontsize=9, loc="left")
        panel.legend(fontsize=7, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=2.2)
        panel.set_ylim(bottom=0)
        _bare(panel)
        panel.tick_params(axis="y", labelsize=8)
    panels[-1].set_xlabel("time (days)", fontsize=9)
    panels[-1].set_xlim(0, result.days)
    figure.supylabel(axis_label(routes[0].outcomes[name].quantity) + ", median", fontsize=9)


def _forms(routes: Sequence[RouteResult]) -> list[str]:
    """Return the forms in which anything is built in, the largest first."""
    total: dict[str, float] = {}
    for route in routes:
        if route.reach is not None:
            for number, form in enumerate(route.reach.forms):
                values = np.nanmedian(route.reach.built[:, -1, :, number], axis=0)
                total[form] = total.get(form, 0.0) + float(values.sum())
    return sorted((form for form, value in total.items() if value > 0), key=lambda form: -total[form])


def _organ(panel: Axes, routes: Sequence[RouteResult], organ: str, forms: Sequence[str]) -> None:
    left = np.zeros(len(routes))
    for number, form in enumerate(forms):
        shares = np.zeros(len(routes))
        for row, route in enumerate(reversed(routes)):
            reach = route.reach
            if reach is not None and organ in reach.organs and form in reach.forms:
                values = reach.built[:, -1, reach.organs.index(organ), reach.forms.index(form)]
                shares[row] = 100.0 * float(np.nanmedian(values))
        panel.barh(range(len(routes)), shares, left=left, color=_FORMS[number % len(_FORMS)], height=0.72,
                   label=f"as {compound_name(form)}")  # fmt: skip
        left += shares
    panel.set_title(place_name(organ), fontsize=9)
    panel.set_ylim(-0.6, len(routes) - 0.4)
    panel.set_xlim(0.0, 1.05 * float(left.max()) or 1.0)
    _bare(panel)


def _by_moiety(routes: Sequence[RouteResult]) -> dict[str, str]:
    """Return a colour for each compound, the same for all with the same moiety, such as salts of one compound."""
    carried = {route.compound: shipped().compounds[route.compound].moiety_species for route in routes}
    order = list(dict.fromkeys(carried.values()))
    return {compound: _COLOURS[order.index(moiety) % len(_COLOURS)] for compound, moiety in carried.items()}


def _wrapped(label: str) -> str:
    return label.replace(" (", "\n(") if len(label) > _LONG else label


def _bare(panel: Axes) -> None:
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    panel.tick_params(axis="y", length=0)
    panel.tick_params(axis="x", labelsize=8)


def _title(result: RouteComparison) -> str:
    return f"{result.who}: {result.dose}, once a day for {result.days} days by every route, the same people each time"


def _caption(result: RouteComparison) -> str:
    flagged = sorted({flag for route in result.routes for flag in route.flags})
    text = f"Dot: median; bar: {bounds_in_words(result.people)}"
    text += f"; open dot: {' or '.join(flagged)}. " if flagged else ". "
    text += "Axes are linear up to the first mark, logarithmic beyond. Where most people rise by less than 1 % there "
    text += "is no time. What leaves an organ and comes back is built in again, so that shares may pass 100%. "
    text += "Screened, which is no clearance. A comparison of what the model computes, not a recommendation. "
    text += "Research model, not medical advice."
    return "\n".join(textwrap.wrap(text, width=205))
