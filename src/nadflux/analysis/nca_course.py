"""Non-compartmental parameters of one course after one dose, or within one dosing interval."""

from __future__ import annotations

import numpy as np

from nadflux.analysis.areas import area_linear_up_log_down, value_at
from nadflux.analysis.terminal_phase import terminal_phase
from nadflux.errors import UnknownNameError

DROP, ZERO, HALF = "drop", "zero", "half"
BLQ_RULES = {
    DROP: "values below the limit are 0 before the first one above it and are dropped after",
    ZERO: "values below the limit are 0",
    HALF: "values below the limit are half of it",
}


def quantified(hours: np.ndarray, values: np.ndarray, lloq: float, rule: str = DROP) -> tuple[np.ndarray, np.ndarray]:
    """Return a course after the rule for values below the limit of quantification.

    Parameters
    ----------
    hours : ndarray, shape (time,), h
    values : ndarray, shape (time,), any unit
    lloq : float
        Limit in that unit; values at it count as measured, and none below 0 do.
    rule : str
        A key of `BLQ_RULES`.

    Returns
    -------
    ndarray, ndarray, each of shape (time left,), h and the unit of the values

    Raises
    ------
    UnknownNameError
        For another rule.
    """
    if rule not in BLQ_RULES:
        raise UnknownNameError("BLQ rule", rule, BLQ_RULES)
    known = np.isfinite(values)
    hours, values = hours[known], values[known]
    below = (values < lloq) | (values <= 0)
    if rule == DROP:
        first = int(np.argmax(~below)) if (~below).any() else values.size
        kept = ~below | (np.arange(values.size) < first)
        return hours[kept], np.where(below, 0.0, values)[kept]
    return hours, np.where(below, 0.0 if rule == ZERO else lloq / 2.0, values)


def after_one_dose(
    hours: np.ndarray, values: np.ndarray, *, lloq: float = 0.0, rule: str = DROP, dose: float | None = None
) -> dict[str, float]:
    """Return the parameters of a course from a dose on, with the extrapolation to infinity.

    Parameters
    ----------
    hours : ndarray, shape (time,), h
        After the dose, the first of them 0.
    values : ndarray, shape (time,), such as µM
    lloq : float
        Limit of quantification, in the same unit.
    rule : str
        For values below it, a key of `BLQ_RULES`.
    dose : float, optional
        In the amount of the unit, such as µmol for µM, for clearance and volume.

    Returns
    -------
    dict of str to float
        By the names of `nadflux.analysis.nca_result.PARAMETERS`; NaN for what the course does not show.

    Examples
    --------
    >>> import numpy as np
    >>> hours = np.linspace(0.0, 24.0, 49)
    >>> found = after_one_dose(hours, 10.0 * np.exp(-0.2 * hours), dose=100.0)
    >>> round(found["AUCinf_obs"], 9), round(found["CL_F"], 9), round(found["half_life"], 6)
    (50.0, 2.0, 3.465736)
    """
    start = float(hours[0]) if hours.size else 0.0
    found = dict.fromkeys(SINGLE, float("nan"))
    hours, values = quantified(hours, values, lloq, rule)
    measured = np.flatnonzero((values >= lloq) & (values > 0))
    if not measured.size:
        return found
    last = int(measured[-1])
    to_last = slice(None, last + 1)
    area, peak = area_linear_up_log_down(hours[to_last], values[to_last]), int(np.argmax(values))
    found |= {
        "Cmax": float(values[peak]), "Tmax": float(hours[peak]) - start, "Clast": float(values[last]),
        "Tlast": float(hours[last]) - start, "AUClast": area,
    }  # fmt: skip
    end = terminal_phase(hours[measured], values[measured])
    if end is None:
        return found
    beyond = values[last] / end.rate
    whole = area + float(beyond)
    found |= {
        "lambda_z": end.rate, "lambda_z_points": float(end.points), "lambda_z_start": end.start_h - start,
        "lambda_z_stop": end.stop_h - start, "lambda_z_R2adj": end.r2_adjusted, "lambda_z_span": end.span,
        "half_life": end.half_life_h, "AUCinf_obs": whole, "AUCpct_extrap": float(100.0 * beyond / whole),
    }  # fmt: skip
    if dose is not None:
        found |= {"CL_F": dose / whole, "Vz_F": dose / (whole * end.rate)}
    return found


def within_interval(
    hours: np.ndarray, values: np.ndarray, tau: float, *, lloq: float = 0.0, rule: str = DROP
) -> dict[str, float]:
    """Return the parameters of one dosing interval.

    Parameters
    ----------
    hours : ndarray, shape (time,), h
        From the dose on, the first of them its time.
    values : ndarray, shape (time,), such as µM
    tau : float, h
        Length of the interval; NaN is returned where the course does not reach its end.
    lloq : float
        Limit of quantification, in the same unit.
    rule : str
        For values below it, a key of `BLQ_RULES`.

    Returns
    -------
    dict of str to float
        By the names of `nadflux.analysis.nca_result.PARAMETERS`.
    """
    found = dict.fromkeys(INTERVAL, float("nan"))
    start = float(hours[0])
    stop = start + tau
    if hours[-1] < stop - 1e-6 or not np.isfinite(values[hours <= stop + 1e-6]).all():
        return found
    floor = lloq if rule != HALF else lloq / 2.0
    below = (values < lloq) | (values <= 0)
    course = np.where(below, floor if rule == HALF else 0.0, values)
    inside = hours < stop - 1e-9
    x = np.append(hours[inside], stop)
    trough = value_at(hours, course, min(stop, float(hours[-1])))
    y = np.append(course[inside], trough)
    area, peak = area_linear_up_log_down(x, y), int(np.argmax(y))
    low, high, mean = float(y.min()), float(y[peak]), area / tau
    with np.errstate(divide="ignore", invalid="ignore"):
        fluctuation = float(np.float64(100.0) * (high - low) / mean)
        swing = float(np.float64(100.0) * (high - low) / low)
    return {
        "Cmax": high, "Tmax": float(x[peak]) - start, "Cmin": low, "Ctrough": trough, "Cavg": mean, "AUCtau": area,
        "PTF": fluctuation, "swing": swing,
    }  # fmt: skip


SINGLE = (
    "Cmax", "Tmax", "Clast", "Tlast", "AUClast", "AUCinf_obs", "AUCpct_extrap", "half_life", "lambda_z",
    "lambda_z_points", "lambda_z_start", "lambda_z_stop", "lambda_z_R2adj", "lambda_z_span", "CL_F", "Vz_F",
)  # fmt: skip
"""Parameters of `after_one_dose`."""
INTERVAL = ("Cmax", "Tmax", "Cmin", "Ctrough", "Cavg", "AUCtau", "PTF", "swing")
"""Parameters of `within_interval`."""
