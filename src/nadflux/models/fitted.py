"""Numbers of any model fitted to data, with the inference that calibrates the body."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nadflux.errors import NadfluxError, SimulationError, UnknownNameError, ValueOutOfRangeError
from nadflux.inference.data import Data, Kind, Prior
from nadflux.inference.fit import Fit, fit
from nadflux.network.model import Model
from nadflux.network.unit_text import quantity_unit
from nadflux.people.normal import Z95
from nadflux.sbml.numbers import number_of, with_numbers
from nadflux.sbml.simulate import run_model
from nadflux.sbml.steady_state import REST_RTOL
from nadflux.sbml.table import NamedTable

if TYPE_CHECKING:
    import pandas as pd

TIME = "time"
_MEDIAN, _LOW, _HIGH = 50.0, 2.5, 97.5


@dataclass(frozen=True)
class ModelFit:
    """Samples of the posterior of numbers of a model.

    Attributes
    ----------
    names : tuple of str
    samples : ndarray, shape (sample, number)
        In the units of the model.
    predictions : ndarray, shape (sample, datum)
        In the units of the data.
    data : Data
        What was fitted, as logarithms.
    result : Fit
        The fit as the inference returns it, with its diagnostics.
    model : Model
    """

    names: tuple[str, ...]
    samples: np.ndarray
    predictions: np.ndarray
    data: Data
    result: Fit
    model: Model

    @property
    def table(self) -> NamedTable:
        """Median and 95 % interval of each number, with the share of the prior's variance that the data removed."""
        low, median, high = np.percentile(self.samples, (_LOW, _MEDIAN, _HIGH), axis=0)
        columns = ("median", "2.5 %", "97.5 %", "shrinkage", "effective samples")
        values = np.stack([median, low, high, self.result.shrinkage, self.result.effective], axis=1)
        units = tuple(quantity_unit(self.model, name) for name in self.names)
        return NamedTable("fitted numbers", "number", "figure", self.names, columns, values, row_units=units)

    @property
    def best(self) -> dict[str, float]:
        """The sample of the highest posterior density, for `Model.set`."""
        scores = self.result.scores
        logs = self.data.log_likelihood(np.log(self.predictions)).sum(axis=1) - 0.5 * (scores**2).sum(axis=1)
        return dict(zip(self.names, self.samples[int(np.argmax(logs))].tolist(), strict=True))

    def __getitem__(self, name: str) -> np.ndarray:
        """Return the samples of one number, shape (sample,), in its unit."""
        if name not in self.names:
            raise UnknownNameError("fitted number", name, self.names)
        found: np.ndarray = self.samples[:, self.names.index(name)]
        return found

    def __str__(self) -> str:
        return str(self.table)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        html: str = self.table._repr_html_()
        return html


def fit_model(
    model: Model,
    data: pd.DataFrame,
    ranges: Mapping[str, tuple[float, float]],
    *,
    error: float | Mapping[str, float] = 0.1,
    members: int = 200,
    seed: int = 0,
    progress: Callable[[str, int, int], object] | None = None,
) -> ModelFit:
    """Return samples of the posterior of some numbers of a model given data.

    Parameters
    ----------
    model : Model
    data : DataFrame
        A column ``time`` and a column for each measured quantity, above zero; NaN where nothing was measured.
    ranges : mapping of str to (float, float)
        Numbers to fit, each with the range that holds 90 % of its lognormal prior, as in the tables of the body.
    error : float or mapping of str to float
        Relative standard deviation of the data, or of each quantity.
    members : int
    seed : int
    progress : callable, optional

    Raises
    ------
    UnknownNameError, ValueOutOfRangeError
        For unknown names, and data or ranges that are not above zero.
    SimulationError
        If most members cannot be simulated.
    """
    prior = prior_of(model, ranges)
    times, names, observed = observed_data(data, error)
    start = np.unique(np.concatenate([[0.0], times]))
    places = np.searchsorted(start, times)
    run_model(model, start, select=names, rtol=REST_RTOL)  # refuses unknown names before the fit begins
    measured = np.isfinite(np.asarray(data[list(names)], dtype=np.float64))

    def forward(parameters: np.ndarray) -> np.ndarray:
        rows = []
        # Member by member: a run that fails is a row of NaN.
        for numbers in np.exp(parameters):
            try:
                changed = with_numbers(model, dict(zip(prior.names, numbers.tolist(), strict=True)))
                values = run_model(changed, start, select=names, rtol=REST_RTOL).values[places]
                with np.errstate(invalid="ignore", divide="ignore"):
                    rows.append(np.where(values > 0.0, np.log(values), np.nan)[measured])
            except (SimulationError, NadfluxError):
                rows.append(np.full(len(observed.values), np.nan))
        return np.array(rows)

    result = fit(forward, prior, observed, members=members, seed=seed, progress=progress)
    return ModelFit(prior.names, np.exp(result.samples), np.exp(result.predictions), observed, result, model)


def prior_of(model: Model, ranges: Mapping[str, tuple[float, float]]) -> Prior:
    """Return lognormal priors of numbers of a model, as normal ones of their logarithms.

    Parameters
    ----------
    model : Model
    ranges : mapping of str to (float, float)
        Each holds 90 % of its prior.

    Raises
    ------
    UnknownNameError, ValueOutOfRangeError
        For names that the model does not have, and ranges that are not above zero.
    """
    if not ranges:
        raise ValueOutOfRangeError("nothing to fit: give ranges, e.g. {'k': (0.1, 10)}")
    for name, (low, high) in ranges.items():
        number_of(model, name)
        if not 0.0 < low < high < math.inf:
            raise ValueOutOfRangeError(
                f"the range of {name!r} is {low:g} to {high:g}; give two numbers above 0, rising"
            )
    logs = np.log(np.array([ranges[name] for name in ranges], dtype=np.float64))
    return Prior(tuple(ranges), logs.mean(axis=1), (logs[:, 1] - logs[:, 0]) / (2.0 * Z95))


def observed_data(data: pd.DataFrame, error: float | Mapping[str, float]) -> tuple[np.ndarray, tuple[str, ...], Data]:
    """Return times, quantities and the data as logarithms.

    Parameters
    ----------
    data : DataFrame
        A column ``time`` and a column for each measured quantity, above zero.
    error : float or mapping of str to float
        Relative standard deviation of the data, or of each quantity.

    Returns
    -------
    (ndarray, tuple of str, Data)
        Times, shape (time,), in the time unit of the model, with the names and the data.

    Raises
    ------
    UnknownNameError, ValueOutOfRangeError
        For data without times, and values or errors that are not above zero.
    """
    if TIME not in data.columns:
        raise UnknownNameError("column", TIME, [str(c) for c in data.columns], "(the data need a column of times)")
    names = tuple(str(column) for column in data.columns if column != TIME)
    times = np.asarray(data[TIME], dtype=np.float64)
    values = np.asarray(data[list(names)], dtype=np.float64)
    if np.any(values[np.isfinite(values)] <= 0.0):
        raise ValueOutOfRangeError("data must be above 0, as their error is relative; leave out rows at or below 0")
    sizes = np.array([error.get(n, 0.1) if isinstance(error, Mapping) else error for n in names], dtype=np.float64)
    if not np.all(sizes > 0.0):
        raise ValueOutOfRangeError(f"error is {error}; give a relative standard deviation above 0, such as 0.1")
    rows, columns = np.nonzero(np.isfinite(values))
    labels = tuple(f"{names[j]} at {times[i]:g}" for i, j in zip(rows, columns, strict=True))
    spread = np.sqrt(np.log1p(sizes**2))
    kinds: tuple[Kind, ...] = tuple("value" for _ in labels)
    data_ = Data(labels, tuple(names[j] for j in columns), np.log(values[rows, columns]), spread[columns], kinds)
    return times, names, data_
