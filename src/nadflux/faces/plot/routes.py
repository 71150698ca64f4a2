"""Routes side by side: intervals of each outcome in one row per route, and where a labelled dose is built in."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nadflux.faces.labels import axis_label, readable_unit
from nadflux.faces.plot.paths import save_figure
from nadflux.simulation.summary import bounds_in_words, middle_and_bounds
from nadflux.studies.compare_routes import RouteComparison, RouteResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

# Okabe and Ito 2008; one colour for each compound, one for each form.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444", "#999999")
_FORMS = ("#56B4E9", "#D55E00", "#0072B2", "#CC79A7", "#F0E442", "#009E73")
_DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))
_GREY = "#444444"
_LONG = 34


def write_routes(result: RouteComparison, organs: Sequence[str], path: str) -> None:
    """Draw the comparison and write the figure to ``path`` (.png, .svg or .pdf)."""
    save_figure(draw_routes(result, organs), path, dpi=150)


def draw_routes(result: RouteComparison, organs: Sequence[str]) -> Figure:
    """Above: outcomes of the first observable, one row for each route. Below: its course, and the tracer by organ.

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
    colours = _by_compound(routes)
    upper = 0.34 * len(routes) + 1.0
    figure = Figure(figsize=(15.0, 2 * upper + 2.0), layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.05))
    above, below = np.asarray(figure.subfigures(2, 1)).tolist()
    _outcomes(above, routes, name, colours)
    _below(below, result, routes, name, organs, colours)
    figure.suptitle(_title(result), fontsize=11, x=0.005, ha="left")
    figure.supxlabel(_caption(result), fontsize=8, color=_GREY, x=0.005, ha="left")
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
    panels = figure.subplots(1, len(columns) + 1, sharey=True, width_ratios=(*(1.0 for _ in columns), 1.7))
    for panel, (key, label) in zip(panels[:-1], columns, strict=True):
        for row, route in enumerate(reversed(routes)):
            values = getattr(route.outcomes[name], key).values
            middle, low, high = middle_and_bounds(values[np.isfinite(values)])
            colour = colours[route.compound]
            panel.plot([low, high], [row, row], color=colour, alpha=0.35, linewidth=5, solid_capstyle="round")
            panel.plot(middle, row, "o", color=colour, markersize=5, markerfacecolor="white" if route.flags else colour)
        panel.set_xlabel(label, fontsize=9)
        panel.set_xlim(left=min(0.0, panel.dataLim.x0))
        panel.set_ylim(-0.6, len(routes) - 0.4)
        panel.grid(axis="x", color="#dddddd", linewidth=0.6)
        _bare(panel)
    panels[0].set_yticks(range(len(routes)), [_wrapped(route.label) for route in reversed(routes)], fontsize=8)
    _usual(panels[-1], routes)


def _usual(panel: Axes, routes: Sequence[RouteResult]) -> None:
    """Usual practice in words, one line or two for each route."""
    panel.set_axis_off()
    panel.set_title("usual practice (tier)", fontsize=9, loc="left")
    for row, route in enumerate(reversed(routes)):
        use = route.typical
        words = f"{use.use} ({use.tier})" if use is not None else "none in the collected data"
        panel.text(0.0, row, textwrap.fill(words, 46), fontsize=7, va="center", color=_GREY,
                   transform=panel.get_yaxis_transform())  # fmt: skip


def _below(
    figure: SubFigure,
    result: RouteComparison,
    routes: Sequence[RouteResult],
    name: str,
    organs: Sequence[str],
    colours: dict[str, str],
) -> None:
    traced = [route for route in routes if route.reach is not None]
    widths = (0.38 * len(organs) + 0.6, *(1.0 for _ in organs))
    panels = figure.subplots(1, 1 + len(organs), width_ratios=widths)
    course, bars = panels[0], panels[1:]
    drawn: dict[str, int] = {}
    for route in routes:
        style = _DASHES[drawn.get(route.compound, 0) % len(_DASHES)]
        drawn[route.compound] = drawn.get(route.compound, 0) + 1
        middle = route.outcomes[name].course[1]
        course.plot(result.times / 24.0, middle, color=colours[route.compound], linestyle=style, linewidth=1.3,
                    label=f"{route.compound} {route.route}")  # fmt: skip
    course.set_xlabel("time (days)")
    course.set_ylabel(axis_label(routes[0].outcomes[name].quantity))
    course.set_xlim(0, result.days)
    course.set_ylim(bottom=0)
    course.legend(fontsize=7, frameon=False, ncols=2, loc="upper left", handlelength=2.6)
    course.set_ylim(top=course.get_ylim()[1] * 1.35)
    _bare(course)
    forms = _forms(traced)
    for number, (panel, organ) in enumerate(zip(bars, organs, strict=True)):
        _organ(panel, traced, organ, forms)
        labels = [_wrapped(route.label) for route in reversed(traced)] if number == 0 else []
        panel.set_yticks(range(len(traced)), labels or [""] * len(traced), fontsize=7)
    if len(bars):
        handles, labels = bars[0].get_legend_handles_labels()
        figure.legend(
            handles, labels, loc="outside upper right", ncols=len(forms), fontsize=8, frameon=False, handlelength=1.0,
            title="share of one dose built into NAD+ within a day, by the form taken in (median, %)", title_fontsize=9,
        )  # fmt: skip


def _forms(routes: Sequence[RouteResult]) -> list[str]:
    """Forms in which anything is built in, the largest first."""
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
                   label=f"as {form}")  # fmt: skip
        left += shares
    panel.set_title(organ.replace("_", " "), fontsize=9)
    panel.set_ylim(-0.6, len(routes) - 0.4)
    panel.set_xlim(0.0, 1.05 * float(left.max()) or 1.0)
    _bare(panel)


def _by_compound(routes: Sequence[RouteResult]) -> dict[str, str]:
    compounds = dict.fromkeys(route.compound for route in routes)
    return {compound: _COLOURS[k % len(_COLOURS)] for k, compound in enumerate(compounds)}


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
    tiers = sorted({o.rise.tier for route in result.routes for o in route.outcomes.values()})
    text = f"Dot: median; bar: {bounds_in_words(result.people)}; open dot: no PK data or beyond data. "
    text += f"Tier: {', '.join(tiers)}. Not screened. "
    text += "What leaves an organ and comes back is built in again, so that shares may pass 100%. "
    text += "A comparison of what the model computes, not a recommendation. Research model, not medical advice."
    return "\n".join(textwrap.wrap(text, width=240))
