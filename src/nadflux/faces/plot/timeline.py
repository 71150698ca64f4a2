"""The lived day under the curves: meals, loads, fasts, sleep, exercise and doses on a strip, and shading above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nadflux.faces.plot.palette import GREY
from nadflux.simulation.run import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = {
    "meal": "#E69F00", "load": "#CC3311", "drink": "#882255", "fast": "#BBBBBB", "sleep": "#3B4A6B",
    "endurance": "#009E73", "resistance": "#117733", "dose": "#333333",
}  # fmt: skip
_SHADES = {"sleep": ("#3B4A6B", 0.09), "endurance": ("#009E73", 0.16), "resistance": ("#117733", 0.16)}
_ROWS = {
    "sleep": "sleep", "endurance": "exercise", "resistance": "exercise",
    "fast": "food", "meal": "food", "load": "food", "drink": "food", "dose": "doses",
}  # fmt: skip
_OTHER, _OTHER_COLOUR = "other habits", GREY
_NAMES = ("sleep", "exercise", _OTHER, "food", "doses")
_SHARE = re.compile(r"([\d.]+) %")
_USUAL_MEAL = 33.0

Mark = tuple[float, float, str, str]
"""Start and stop, h; kind; label."""


def marks_of(run: Run, start: float, stop: float) -> list[Mark]:
    """Return the intervals and moments of lived days within hours, from the record of a run."""
    return list(_marks(run, start, stop))


def rows_of(marks: Sequence[Mark]) -> list[str]:
    """Return the rows of the strip that have something to show, from below."""
    shown = {_row_of(what) for _, _, what, _ in marks}
    return [name for name in _NAMES if name in shown]


def _row_of(what: str) -> str:
    return _ROWS.get(what, _OTHER)


def shade(panel: Axes, marks: Sequence[Mark], offset: float = 0.0, scale: float = 1.0) -> None:
    """Shade sleep and exercise behind curves; ``x = (hours - offset) / scale``."""
    for start, stop, what, _ in marks:
        if what in _SHADES:
            colour, alpha = _SHADES[what]
            panel.axvspan((start - offset) / scale, (stop - offset) / scale, color=colour, alpha=alpha, linewidth=0)


def draw_strip(
    panel: Axes, marks: Sequence[Mark], offset: float = 0.0, scale: float = 1.0, rows: Sequence[str] = _NAMES
) -> None:
    """Draw a row each for sleep, exercise, food and doses; the height of a meal is its share of the day."""
    panel.set_ylim(-0.1, len(rows))
    panel.set_yticks([k + 0.4 for k in range(len(rows))], rows, fontsize=7)
    panel.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        panel.spines[side].set_visible(False)
    for start, stop, what, label in marks:
        name = _row_of(what)
        if name not in rows:
            continue
        base, left, right = rows.index(name), (start - offset) / scale, (stop - offset) / scale
        colour = _COLOURS.get(what, _OTHER_COLOUR)
        if what == "fast":
            panel.broken_barh([(left, right - left)], (base + 0.1, 0.55), color=colour, alpha=0.6, linewidth=0)
            panel.text((left + right) / 2, base + 0.38, "fast", fontsize=6, ha="center", va="center", clip_on=True)
        elif right > left:
            panel.broken_barh([(left, right - left)], (base + 0.1, 0.6), color=colour, linewidth=0)
        elif what == "meal":
            panel.vlines(left, base + 0.05, base + 0.05 + _height(label), color=colour, linewidth=4.0)
        else:
            glyph = {"load": "v", "drink": "P", "dose": "^"}.get(what, "o")
            panel.plot([left], [base + 0.35], glyph, color=colour, markersize=5, clip_on=False)


def _height(label: str) -> float:
    """Return the height of a meal on its row: two thirds for a third of a usual day, 1 if its size has another form."""
    share = _SHARE.match(label)
    return min(0.85, 0.6 * float(share.group(1)) / _USUAL_MEAL) if share else 0.85


def _marks(run: Run, start: float, stop: float) -> Iterator[Mark]:
    for begin, end, what, label in run.record.get("timeline", ()):
        if begin < stop and (end > start or (begin == end and begin >= start)):
            yield max(float(begin), start), min(float(end), stop), str(what), str(label)
    for time in run.record.get("doses_h", ()):
        if start <= time < stop:
            yield float(time), float(time), "dose", "dose"
