"""Endpoints of cell experiments: values, slopes, half-lives, lines through several runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nadflux.errors import StudyError, UnknownNameError
from nadflux.simulation.experiments.experiment import CellRun

Runs = Callable[[str], CellRun]


def measure(spec: Mapping[str, Any], runs: Runs) -> float:
    """Measure one number, e.g. ``{slope: [leupeptin, vacuole_volume, 0, 2]}``.

    Raises
    ------
    UnknownNameError
        For a measure, experiment or observable that does not exist.
    StudyError
        If the specification is not one measure with its arguments.
    """
    if len(spec) != 1:
        raise StudyError(f"a measure is one name with its arguments, found {dict(spec)!r}")
    ((name, arguments),) = spec.items()
    if name not in _MEASURES:
        raise UnknownNameError("measure", name, _MEASURES)
    try:
        return float(_MEASURES[name](runs, *arguments))
    except TypeError as error:
        raise StudyError(f"measure {name!r} does not take {arguments!r}: {error}") from error


def _window(runs: Runs, experiment: str, observable: str, start: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    run = runs(experiment)
    chosen = (run.times >= start) & (run.times <= end)
    return run.times[chosen], run[observable][0, chosen]


def _at(runs: Runs, experiment: str, observable: str, time: float) -> float:
    return float(runs(experiment).at(observable, time)[0])


def _mean(runs: Runs, experiment: str, observable: str, start: float, end: float) -> float:
    t, y = _window(runs, experiment, observable, start, end)
    return float(np.trapezoid(y, t) / (t[-1] - t[0]))


def _lowest(runs: Runs, experiment: str, observable: str, start: float, end: float) -> float:
    return float(np.min(_window(runs, experiment, observable, start, end)[1]))


def _slope(runs: Runs, experiment: str, observable: str, start: float, end: float) -> float:
    t, y = _window(runs, experiment, observable, start, end)
    return float(np.polyfit(t, y, 1)[0])


def _straight(runs: Runs, experiment: str, observable: str, start: float, end: float) -> float:
    return _r2(*_window(runs, experiment, observable, start, end))


def _clearance(runs: Runs, experiment: str, observable: str, start: float, end: float) -> float:
    """Return the half-life (h) of the fall between 80 % and 20 % of the excess over the end of the window."""
    t, y = _window(runs, experiment, observable, start, end)
    excess = (y - y[-1]) / (y[0] - y[-1])
    late, early = _crossing(t, excess, 0.2), _crossing(t, excess, 0.8)
    half_life: float = (late - early) * np.log(2.0) / np.log(4.0)
    return half_life


def _halfway(runs: Runs, experiment: str, observable: str, start: float, end: float) -> float:
    """Return the time (h) at which half of the change between the window's ends is reached."""
    t, y = _window(runs, experiment, observable, start, end)
    return _crossing(t, 1.0 - (y - y[0]) / (y[-1] - y[0]), 0.5)


def _line(runs: Runs, experiments: Sequence[str], x: str, y: str, time: float, what: str) -> float:
    """Return r² of y against x over several experiments, or the intercept as a share of y in the first one."""
    xs = np.array([_at(runs, e, x, time) for e in experiments])
    ys = np.array([_at(runs, e, y, time) for e in experiments])
    if what == "r2":
        return _r2(xs, ys)
    slope, intercept = np.polyfit(xs, ys, 1)
    if what == "intercept":
        return float(intercept / (intercept + slope * xs[0]))
    raise UnknownNameError("property of a line", what, ("r2", "intercept"))


def _steepest(runs: Runs, experiments: Sequence[str], x: str, y: str, time: float) -> float:
    """Return the largest response coefficient |Δ ln y / Δ ln x| between neighbours; above 1 it is a switch."""
    xs = np.log([_at(runs, e, x, time) for e in experiments])
    ys = np.log([_at(runs, e, y, time) for e in experiments])
    return float(np.max(np.abs(np.diff(ys) / np.diff(xs))))


def _crossing(t: np.ndarray, falling: np.ndarray, level: float) -> float:
    below = np.flatnonzero(falling <= level)
    if not below.size or below[0] == 0:
        return float("nan")
    k = int(below[0])
    share = (falling[k - 1] - level) / (falling[k - 1] - falling[k])
    return float(t[k - 1] + share * (t[k] - t[k - 1]))


def _r2(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.corrcoef(x, y)[0, 1] ** 2)


_MEASURES: Mapping[str, Callable[..., float]] = {
    "at": _at,
    "mean": _mean,
    "lowest": _lowest,
    "slope": _slope,
    "straight": _straight,
    "clearance": _clearance,
    "halfway": _halfway,
    "line": _line,
    "steepest": _steepest,
}
