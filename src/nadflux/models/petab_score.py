"""Score of a PEtab problem: simulation of its measurements, log-likelihood and chi-squared."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nadflux.errors import ModelError
from nadflux.models.petab_problem import LAPLACE, LIN, LOG10, Measurement, PetabPeriod, PetabProblem, filled
from nadflux.network.evaluate import evaluate
from nadflux.network.expression import Expression, symbols
from nadflux.network.infix import to_infix
from nadflux.network.model import Model
from nadflux.sbml.numbers import number_names, number_of, with_numbers
from nadflux.sbml.periods import Period, formulas_over_periods

if TYPE_CHECKING:
    import pandas as pd

PETAB_RTOL = 1e-9


@dataclass(frozen=True)
class PetabScore:
    """Simulation of a problem, compared with its measurements.

    Attributes
    ----------
    problem : PetabProblem
    simulated, noise : ndarray, shape (measurement,)
        Value and scale of the error of each measurement, in the units of the tables.
    log_likelihood : float
    chi2 : float
        Sum of squared standardised residuals.
    """

    problem: PetabProblem
    simulated: np.ndarray
    noise: np.ndarray
    log_likelihood: float
    chi2: float

    def frame(self) -> pd.DataFrame:
        """Return a row for each measurement, with its simulation, noise and standardised residual."""
        import pandas as pd

        rows = self.problem.measurements
        return pd.DataFrame(
            {
                "observable": [m.observable for m in rows],
                "experiment": [m.experiment for m in rows],
                "time": [m.time for m in rows],
                "measurement": [m.value for m in rows],
                "simulation": self.simulated,
                "noise": self.noise,
                "residual": residuals(self.problem, self.simulated, self.noise),
            }
        )

    def __str__(self) -> str:
        return (
            f"{self.problem!r}\nlog-likelihood {self.log_likelihood:.6f}, chi2 {self.chi2:.6f} over "
            f"{len(self.simulated)} measurements"
        )

    def __repr__(self) -> str:
        return str(self)


def score_petab(
    problem: PetabProblem,
    parameters: Mapping[str, float] | None = None,
    *,
    rtol: float = PETAB_RTOL,
    progress: Callable[[float], object] | None = None,
) -> PetabScore:
    """Simulate all experiments of a problem and compare them with the measurements.

    Parameters
    ----------
    problem : PetabProblem
    parameters : mapping of str to float, optional
        Values other than the nominal ones, on the linear scale.
    rtol : float
        Relative tolerance of the integration.
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    UnknownNameError
        For a parameter that the problem does not have.
    ModelError, SimulationError
        For a parameter without value, and what cannot be simulated.
    """
    values = problem.parameters(parameters)
    lacking = sorted(name for name, value in values.items() if not math.isfinite(value))
    if lacking:
        raise ModelError(f"no nominal value for {', '.join(lacking)}; give each one in parameters")
    own = number_names(problem.model)
    model = with_numbers(problem.model, {name: value for name, value in values.items() if name in own})
    formulas, keys = _formulas(problem)
    simulated = np.full(len(problem.measurements), np.nan)
    noise = np.full(len(problem.measurements), np.nan)
    # Experiment by experiment.
    for k, (name, periods) in enumerate(problem.experiments.items(), start=1):
        rows = [i for i, m in enumerate(problem.measurements) if m.experiment == name]
        if rows:
            times = np.unique(np.array([problem.measurements[i].time for i in rows]))
            found = formulas_over_periods(model, _periods(model, periods, values), formulas, times, rtol)
            place = {key: j for j, key in enumerate(formulas)}
            for i in rows:
                at = found[int(np.searchsorted(times, problem.measurements[i].time))]
                simulated[i], noise[i] = at[place[keys[i][0]]], at[place[keys[i][1]]]
        if progress is not None:
            progress(k / len(problem.experiments))
    return PetabScore(
        problem,
        simulated,
        noise,
        log_likelihood(problem, simulated, noise),
        float((residuals(problem, simulated, noise) ** 2).sum()),
    )


def log_likelihood(problem: PetabProblem, simulated: np.ndarray, noise: np.ndarray) -> float:
    """Return the log-likelihood of simulated values.

    Parameters
    ----------
    problem : PetabProblem
    simulated, noise : ndarray, shape (measurement,), in the units of the tables
    """
    left = residuals(problem, simulated, noise)
    total = 0.0
    # Measurement by measurement: the density of its error on its scale, with the slope of the scale.
    for one, residual, width in zip(problem.measurements, left, noise, strict=True):
        observable = problem.observables[one.observable]
        if observable.distribution == LAPLACE:
            total += -math.log(2.0 * width) - abs(residual)
        else:
            total += -0.5 * math.log(2.0 * math.pi * width**2) - 0.5 * residual**2
        if observable.scale != LIN:
            total -= math.log(one.value * (math.log(10.0) if observable.scale == LOG10 else 1.0))
    return float(total)


def residuals(problem: PetabProblem, simulated: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return standardised residuals, (measurement - simulation) / noise on the scale of each observable.

    Parameters
    ----------
    problem : PetabProblem
    simulated, noise : ndarray, shape (measurement,), in the units of the tables

    Returns
    -------
    ndarray, shape (measurement,), no unit
    """
    found = []
    with np.errstate(invalid="ignore", divide="ignore"):
        for one, value, width in zip(problem.measurements, simulated, noise, strict=True):
            scale = problem.observables[one.observable].scale
            found.append((_on_scale(one.value, scale) - _on_scale(float(value), scale)) / width)
    return np.array(found, dtype=np.float64)


def _on_scale(value: float, scale: str) -> float:
    if scale == LIN:
        return value
    return float(np.log10(value) if scale == LOG10 else np.log(value))


def _formulas(problem: PetabProblem) -> tuple[dict[str, Expression], list[tuple[str, str]]]:
    """Return every formula that a measurement needs, and for each measurement those of its value and noise."""
    formulas: dict[str, Expression] = {}
    keys = []
    for one in problem.measurements:
        pair = (_value(problem, one), _noise(problem, one))
        names = (to_infix(pair[0]), to_infix(pair[1]))
        formulas.update(zip(names, pair, strict=True))
        keys.append(names)
    return formulas, keys


def _value(problem: PetabProblem, one: Measurement) -> Expression:
    observable = problem.observables[one.observable]
    where = f"{one.observable} in {one.experiment} at {one.time:g}"
    return filled(observable.formula, observable.placeholders, one.parameters, where)


def _noise(problem: PetabProblem, one: Measurement) -> Expression:
    observable = problem.observables[one.observable]
    where = f"noise of {one.observable} in {one.experiment} at {one.time:g}"
    with_value = (
        filled(observable.noise, observable.placeholders, one.parameters, where)
        if (set(observable.placeholders) & symbols(observable.noise))
        else observable.noise
    )
    return filled(with_value, observable.noise_placeholders, one.noise_parameters, where)


def _periods(model: Model, periods: tuple[PetabPeriod, ...], values: Mapping[str, float]) -> list[Period]:
    """Return periods with their changes as numbers."""
    result = []
    for period in periods:
        changes = {}
        for name, formula in period.changes.items():
            known = {s: np.asarray(_number(model, s, values)) for s in symbols(formula)}
            changes[name] = float(evaluate(formula, known))
        result.append(Period(period.start, changes))
    return result


def _number(model: Model, name: str, values: Mapping[str, float]) -> float:
    if name in values:
        return values[name]
    found = number_of(model, name)
    if found is None:
        raise ModelError(f"a condition uses {name!r}, which has no number at the start; use a parameter")
    return found
