"""Courses as an interactive figure: zoom, values on hover, arms on and off; drawn by plotly where it is installed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nadflux.errors import NadfluxError, SimulationError
from nadflux.faces.courses import band_of, course_of, time_scale
from nadflux.faces.labels import axis_label
from nadflux.faces.plot.captions import caption_of, columns_for
from nadflux.faces.plot.palette import GREY, INK, PLANS
from nadflux.faces.plot.style import STYLES
from nadflux.simulation.run import Run

if TYPE_CHECKING:
    from nadflux.analysis.observed import Observed

_PANEL = 260  # pixels of height
_DASHES = {"level": "solid", "flux": "dash", "cumulative": "longdashdot", "marker": "dot", "index": "dashdot"}
_CAPTION_PX = 15  # of a line below the panels


class PlotlyMissingError(NadfluxError):
    """An interactive figure was asked for where plotly is not installed."""


def interactive_courses(
    runs: Sequence[Run],
    names: Sequence[str],
    labels: Sequence[str] = ("",),
    *,
    path: str | None = None,
    observed: Sequence[Observed] = (),
) -> Any:
    """Draw the median and band of each quantity with plotly, a panel each; usual life in grey.

    Parameters
    ----------
    runs : sequence of Run
    names : sequence of str
        Ids of quantities.
    labels : sequence of str
        One for each run.
    path : str, optional
        ``.html`` file to write as well, complete in itself.
    observed : sequence of Observed
        Measured values, laid over the curves.

    Returns
    -------
    plotly Figure

    Raises
    ------
    PlotlyMissingError
        Where plotly is not installed.
    SimulationError
        For a path that is no ``.html``.
    """
    graph, make_subplots = _plotly()
    if path is not None and not path.endswith(".html"):
        raise SimulationError(f"an interactive figure is written as .html, not {path!r}; name it so")
    columns = columns_for(len(names))
    rows = math.ceil(len(names) / columns)
    scale, unit = max((time_scale(run) for run in runs), key=lambda found: found[0])
    figure = make_subplots(rows=rows, cols=columns, shared_xaxes="all", vertical_spacing=0.16 / rows)
    for k, name in enumerate(names):
        place = {"row": k // columns + 1, "col": k % columns + 1}
        for r, (run, label) in enumerate(zip(runs, labels, strict=True)):
            alone = len(runs) == 1
            colour = STYLES[run.quantity(name).kind].colour if alone else PLANS[r % len(PLANS)]
            for trace in _traces(graph, run, name, label, colour, scale, shown=k == 0 and not alone):
                figure.add_trace(trace, **place)
        for trace in _points(graph, observed, runs[0], name, scale):
            figure.add_trace(trace, **place)
        averaged = "<br>24-h mean" if course_of(runs[0], name).averaged else ""
        words = axis_label(runs[0].quantity(name), 30).replace("\n", "<br>")
        figure.update_yaxes(title_text=f"{words}{averaged}", **place)
        figure.update_yaxes(rangemode="tozero", title_font_size=11, **place)
    figure.update_xaxes(title_text=f"time ({unit})", row=rows)
    caption = caption_of(runs[0], max(2, columns)).split("\n")
    people = " · ".join(dict.fromkeys(str(run.record.get("who", "")) for run in runs))
    title = people if len(runs) > 1 else f"{people}<br>{runs[0].record.get('plan', '')}"
    figure.update_layout(
        template="plotly_white", height=_PANEL * rows + 140 + _CAPTION_PX * len(caption),
        title={"text": title, "font": {"size": 14}}, hovermode="x unified",
        margin={"b": 60 + _CAPTION_PX * len(caption)}, legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"},
    )  # fmt: skip
    figure.add_annotation(
        text="<br>".join(caption), xref="paper", yref="paper", x=0, y=0, yshift=-45, xanchor="left", yanchor="top",
        align="left", showarrow=False, font={"size": 10, "color": GREY},
    )  # fmt: skip
    if path is not None:
        _write(figure, path)
    return figure


def _plotly() -> tuple[Any, Any]:
    try:
        from plotly import graph_objects
        from plotly.subplots import make_subplots
    except ImportError as error:
        raise PlotlyMissingError(
            "an interactive figure needs plotly, which is not installed; pip install 'nadflux[interactive]', "
            "or leave out interactive"
        ) from error
    return graph_objects, make_subplots


def _traces(graph: Any, run: Run, name: str, label: str, colour: str, scale: float, *, shown: bool) -> list[Any]:
    """Return the band, the median and, where there is usual life, its median."""
    course, quantity = course_of(run, name), run.quantity(name)
    inside = course.hours >= 0
    x = course.hours[inside] / scale
    low, middle, high = band_of(course.values[:, inside])
    found = []
    if run.persons > 1:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        found.append(
            graph.Scatter(
                x=[*x, *x[::-1]], y=[*high, *low[::-1]], fill="toself", mode="lines", line={"width": 0},
                fillcolor=f"rgba({red},{green},{blue},0.18)", hoverinfo="skip", showlegend=False, legendgroup=label,
            )
        )  # fmt: skip
    if course.reference is not None:
        usual = band_of(course.reference[:, inside])[1]
        line = {"color": GREY, "width": 1.2}
        found.append(graph.Scatter(x=x, y=usual, mode="lines", line=line, name="usual life", showlegend=False))
    found.append(
        graph.Scatter(
            x=x, y=middle, mode="lines", line={"color": colour, "width": 2, "dash": _DASHES[quantity.kind]},
            name=label or quantity.long_name,
            legendgroup=label, showlegend=shown, customdata=np.stack([low, high], axis=-1),
            hovertemplate="%{y:.3g} (%{customdata[0]:.3g} to %{customdata[1]:.3g})",
        )
    )  # fmt: skip
    return found


def _points(graph: Any, observed: Sequence[Observed], run: Run, name: str, scale: float) -> list[Any]:
    mine = [one for one in observed if one.quantity == name]
    if not mine:
        return []
    values, low, high = np.array([one.within(run.quantity(name)) for one in mine]).T
    bars = {"array": high - values, "arrayminus": values - low, "color": INK, "width": 0}
    return [
        graph.Scatter(
            x=[one.hour / scale for one in mine], y=values, error_y=bars, mode="markers", name="measured",
            marker={"symbol": "circle-open", "color": INK, "size": 7}, showlegend=False,
        )
    ]  # fmt: skip


def _write(figure: Any, path: str) -> None:
    from nadflux.files import check_place, replacing

    check_place(path)
    with replacing(Path(path)) as part:
        Path(part).write_text(figure.to_html(include_plotlyjs=True), encoding="utf-8")
