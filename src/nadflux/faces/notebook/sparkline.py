"""A course as a small figure within a table: inline SVG, drawn without any library."""

from __future__ import annotations

from html import escape

import numpy as np

from nadflux.faces.courses import band_of, course_of, time_scale
from nadflux.faces.labels import readable_unit
from nadflux.faces.plot.palette import GREY
from nadflux.faces.plot.style import STYLES
from nadflux.simulation.run import Run
from nadflux.simulation.summary import significant

WIDTH, HEIGHT = 150, 34  # pixels
_MARGIN = 2.0
_MOST_POINTS = 140
_DOSES_DRAWN = 40


def sparkline(run: Run, name: str) -> str:
    """Return the median and band of a quantity over time as SVG; from 0 upwards, as the figures of a run are.

    The grey line is usual life; ticks below are doses.
    """
    course, quantity = course_of(run, name), run.quantity(name)
    inside = course.hours >= 0
    hours, band = course.hours[inside], band_of(course.values[:, inside])
    top = float(np.nanmax(band)) if np.isfinite(band).any() else 0.0
    if not top > 0:
        return ""
    at = _thinned(hours.size)
    scale = _Scale(float(hours[0]), float(hours[-1]), top)
    colour = STYLES[quantity.kind].colour
    low, middle, high = band[:, at]
    parts = []
    if run.persons > 1:
        edge = [*scale.points(hours[at], high), *reversed(scale.points(hours[at], low))]
        parts.append(f'<polygon points="{" ".join(edge)}" fill="{colour}" fill-opacity="0.2"/>')
    if course.reference is not None:
        parts.append(_line(scale.points(hours[at], band_of(course.reference[:, inside])[1][at]), GREY))
    parts.append(_line(scale.points(hours[at], middle), colour))
    parts.append(_doses(run, scale))
    return (
        f'<svg width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{escape(_words(run, name, top))}</title>{''.join(parts)}</svg>"
    )


class _Scale:
    """Pixels of hours and values."""

    def __init__(self, start: float, stop: float, top: float) -> None:
        self.start, self.span, self.top = start, max(stop - start, 1e-9), top

    def x(self, hours: np.ndarray) -> np.ndarray:
        """Return pixels from the left, shape (time,), of hours, shape (time,), h."""
        return _MARGIN + (WIDTH - 2 * _MARGIN) * (hours - self.start) / self.span

    def points(self, hours: np.ndarray, values: np.ndarray) -> list[str]:
        """Return the points of a line, without those that have no number.

        Parameters
        ----------
        hours, values : ndarray, shape (time,), h and the unit of the quantity
        """
        y = HEIGHT - _MARGIN - (HEIGHT - 2 * _MARGIN) * values / self.top
        return [f"{a:.1f},{b:.1f}" for a, b in zip(self.x(hours), y, strict=True) if np.isfinite(b)]


def _line(points: list[str], colour: str) -> str:
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="1.3"/>'


def _doses(run: Run, scale: _Scale) -> str:
    doses = [time for time in run.record.get("doses_h", ()) if time >= scale.start]
    if not doses or len(doses) > _DOSES_DRAWN:
        return ""
    ticks = "".join(f"M{x:.1f},{HEIGHT}v-4" for x in scale.x(np.array(doses, dtype=float)))
    return f'<path d="{ticks}" stroke="{GREY}" stroke-width="0.8"/>'


def _words(run: Run, name: str, top: float) -> str:
    quantity, (hours, unit) = run.quantity(name), time_scale(run)
    return (
        f"{quantity.long_name}, {quantity.matrix}: 0 to {significant(top)} {readable_unit(quantity.units)} over "
        f"{run.times[-1] / hours:g} {unit}"
    )


def _thinned(count: int) -> np.ndarray:
    """Return the positions of at most so many points, shape (point,)."""
    return np.unique(np.linspace(0, count - 1, min(count, _MOST_POINTS)).round().astype(int))
