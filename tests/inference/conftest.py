"""Small problems whose posterior is known, as fixtures that make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from nadflux.inference.data import Array, Data, Prior


@dataclass(frozen=True)
class LinearProblem:
    """Normal prior, linear model, normal errors: the posterior is normal with a closed form."""

    matrix: Array
    prior: Prior
    data: Data
    mean: Array
    covariance: Array

    def forward(self, parameters: Array) -> Array:
        """(member, parameter) to (member, datum)."""
        return parameters @ self.matrix.T


def _linear_problem(parameters: int, data: int, informed: int | None = None, seed: int = 0) -> LinearProblem:
    """A random problem; only the first ``informed`` parameters reach the data."""
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((data, parameters))
    matrix[:, informed if informed is not None else parameters :] = 0.0
    prior = Prior(
        tuple(f"p{k}" for k in range(parameters)),
        rng.standard_normal(parameters),
        0.5 + rng.random(parameters),
    )
    sd = np.full(data, 0.5)
    truth = prior.mean + prior.sd * rng.standard_normal(parameters)
    values = matrix @ truth + sd * rng.standard_normal(data)
    studies = tuple(f"Study{k % 3}" for k in range(data))
    observed = Data(tuple(f"d{k}" for k in range(data)), studies, values, sd, ("value",) * data)
    mean, covariance = _normal_posterior(matrix, prior, values, sd)
    return LinearProblem(matrix, prior, observed, mean, covariance)


def _normal_posterior(matrix: Array, prior: Prior, values: Array, sd: Array) -> tuple[Array, Array]:
    """Exact mean (parameter,) and covariance (parameter, parameter) on the unconstrained scale."""
    precision = np.diag(prior.sd**-2) + (matrix.T / sd**2) @ matrix
    covariance = np.linalg.inv(precision)
    return covariance @ (prior.mean / prior.sd**2 + (matrix.T / sd**2) @ values), covariance


def _one_datum(value: float, sd: float, kind: str = "value") -> Data:
    """A single datum."""
    return Data(("d",), ("S",), np.array([value]), np.array([sd]), (kind,))  # type: ignore[arg-type]


@pytest.fixture
def linear_problem() -> Callable[..., LinearProblem]:
    return _linear_problem


@pytest.fixture
def normal_posterior() -> Callable[..., tuple[Array, Array]]:
    return _normal_posterior


@pytest.fixture
def one_datum() -> Callable[..., Data]:
    return _one_datum
