"""Forest plot of a validation: predicted interval and observed figure of every row, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nadflux.faces.plot.palette import INK, RUST, STEEL_BLUE
from nadflux.faces.plot.paths import save_figure
from nadflux.studies.published.result import Report, RowResult

# Rows whose predictions differ from the published figure by more than this fold end at the edge, with an arrow.
_EDGE = 50.0
_FIGURES = "Figures: predicted / observed (right where the bar crosses 1)"
_SIGNS = "Signs: predicted ratio to the reference (shaded: within ±20 %)"
_NARROW = 6.0  # axes over less than so many fold have more of their marks labelled
_BLUE, _ORANGE, _GREY = STEEL_BLUE, RUST, "#a0aec0"


def forest(report: Report, path: Path) -> int:
    """Draw all predicted rows; one that a fit used is above its prediction by the fit that left it out.

    Numeric rows are shown as predicted over observed on a logarithmic axis, so that concentrations, times
    and ratios share one scale: a row is right if its interval crosses 1. Signs are shown as predicted
    ratio to the reference with the published sign written next to it.

    Parameters
    ----------
    report : Report
    path : Path
        ``.png``, ``.svg`` or ``.pdf``.

    Returns
    -------
    int
        Rows drawn.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    numeric = [row for row in report.rows if _over_observed(row) is not None]
    signs = [row for row in report.rows if row.kind == "sign" and row.predicted_ratio is not None]
    kinds = [(numeric, _FIGURES, lambda row: _over_observed(row) or (1.0, 1.0, 1.0)), (signs, _SIGNS, _sign_ratio)]
    drawn = [kind for kind in kinds if kind[0]] or kinds[:1]
    heights = [max(len(_paired(rows)), 1) for rows, _, _ in drawn]
    size = (11, 1.2 + 0.5 * len(drawn) + 0.235 * sum(heights))
    figure, axes = plt.subplots(len(drawn), 1, figsize=size, height_ratios=heights, layout="constrained", squeeze=False)
    for axis, (rows, title, position) in zip(axes[:, 0], drawn, strict=True):
        _panel(axis, rows, title, position)
        if title == _SIGNS:
            axis.axvspan(0.8, 1.2, color=_GREY, alpha=0.25, lw=0)
    _legend(figure)
    part = f"PARTIAL ({report.finished} of {report.wanted} studies): " if report.interrupted else ""
    figure.suptitle(
        f"{part}Published trials: 90 % interval of the arm mean ({report.draws} draws × {report.people} people)",
        fontsize=11,
    )
    save_figure(figure, path, dpi=150)
    plt.close(figure)
    return len(numeric) + len(signs)


def _paired(rows: list[RowResult]) -> list[list[RowResult]]:
    """Return the rows of each published figure together: as fitted, and as predicted with its study left out."""
    found: dict[tuple[object, ...], list[RowResult]] = {}
    for row in rows:
        key = (row.study, row.arm, row.observable, row.matrix, row.kind, row.of, row.at, row.reference, row.observed)
        found.setdefault(key, []).append(row)
    return list(found.values())


def _panel(axis: Any, rows: list[RowResult], title: str, position: Any) -> None:
    axis.set_title(title, fontsize=10, loc="left")
    pairs = _paired(rows)
    for height, pair in enumerate(pairs):
        for step, row in enumerate(sorted(pair, key=lambda row: row.use != "calibration")):
            place = height + 0.3 * (step - 0.5 * (len(pair) - 1))
            middle, low, high = position(row)
            colour = _GREY if not row.scored else _BLUE if row.inside else _ORANGE
            unseen = row.use != "calibration"
            axis.plot([low, high], [place, place], color=colour, lw=2.2 if unseen else 1.0, solid_capstyle="butt")
            beyond = not 1 / _EDGE < middle < _EDGE
            marker = "o" if not beyond else ">" if middle > 1 else "<"
            axis.plot(
                min(max(middle, 1.05 / _EDGE), _EDGE / 1.05), place, marker, ms=5 if unseen else 4, color=colour,
                markerfacecolor=colour if unseen else "white",
            )  # fmt: skip
    if rows:
        ends = [value for row in rows for value in position(row)]
        axis.set_xlim(max(min(ends) / 1.1, 1 / _EDGE), min(max(ends) * 1.1, _EDGE))
    _fold_scale(axis)
    axis.axvline(1.0, color=INK, lw=0.8)
    axis.set_yticks(range(len(pairs)), [_label(pair[0]) for pair in pairs], fontsize=8)
    axis.set_ylim(len(pairs) - 0.4, -0.6)
    axis.grid(axis="x", color="#e2e8f0", lw=0.6, which="both")
    axis.set_axisbelow(True)
    axis.tick_params(axis="x", labelsize=8)
    for side in ("top", "right", "left"):
        axis.spines[side].set_visible(False)


def _fold_scale(axis: Any) -> None:
    """Make the axis logarithmic, with marks labelled as plain numbers."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    axis.set_xscale("log")
    low, high = axis.get_xlim()
    labelled = (1.0, 1.2, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0) if high / low < _NARROW else (1.0, 2.0, 5.0)
    axis.xaxis.set_major_locator(LogLocator(subs=labelled, numticks=30))
    axis.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.xaxis.set_minor_formatter(NullFormatter())


def _legend(figure: Any) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=_BLUE, lw=2.2, label="hit"),
        Line2D([], [], color=_ORANGE, lw=2.2, label="miss"),
        Line2D([], [], color=_GREY, lw=2.2, label="shown, not scored"),
        Line2D([], [], marker="o", ls="", color=INK, label="not fitted (validation, left out, seen)"),
        Line2D([], [], marker="o", ls="", color=INK, markerfacecolor="white", label="calibration, as fitted (thin)"),
    ]
    figure.legend(handles=handles, fontsize=8, ncols=5, loc="outside lower center", frameon=False)


def _label(row: RowResult) -> str:
    what = f"{row.observable}, {row.matrix}"
    kind = row.of if row.of != "value" else ""
    number = "+g" if row.of == "change" else "g"
    observed = row.observed if isinstance(row.observed, str) else f"{row.observed:{number}} {row.unit}"
    versus = f" vs {row.reference}" if row.reference not in ("", "baseline") else ""
    text = " ".join(part for part in (row.study, row.arm, what, kind, row.at) if part)
    return f"{text}{versus}: {observed}"


def _over_observed(row: RowResult) -> tuple[float, float, float] | None:
    """Return predicted, low and high over observed; None for rows without such a ratio."""
    if row.status != "predicted" or row.kind == "sign" or isinstance(row.observed, str):
        return None
    values = [row.predicted, row.low, row.high, row.observed]
    numbers = [float(v) for v in values if v is not None and not isinstance(v, str)]
    if len(numbers) < 4:
        return None
    if row.of == "change":
        numbers = [1 + number / 100 for number in numbers]
    if min(numbers) <= 0:
        return None
    middle, low, high, observed = numbers
    return middle / observed, low / observed, high / observed


def _sign_ratio(row: RowResult) -> tuple[float, float, float]:
    low, high = (1 + (value or 0.0) / 100 for value in (row.low, row.high))
    return row.predicted_ratio or 1.0, max(low, 1e-3), max(high, 1e-3)
