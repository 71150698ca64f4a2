from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from nadflux.errors import ValueOutOfRangeError
from nadflux.inference.data import Data, Prior

DATA = Data(
    ("a", "b", "c"),
    ("S", "S", "T"),
    np.array([1.0, 2.0, 3.0]),
    np.array([0.5, 0.1, 2.0]),
    ("value", "at least", "at most"),
)


def test_log_likelihood_is_normal_for_values_and_its_tail_for_bounds() -> None:
    logs = DATA.log_likelihood(np.array([[1.3, 2.05, 3.5]]))
    assert logs[0, 0] == pytest.approx(norm.logpdf(1.0, 1.3, 0.5))
    assert logs[0, 1] == pytest.approx(norm.logcdf((2.05 - 2.0) / 0.1))
    assert logs[0, 2] == pytest.approx(norm.logcdf((3.0 - 3.5) / 2.0))


def test_failed_prediction_is_impossible_not_good() -> None:
    logs = DATA.log_likelihood(np.array([[np.nan, np.nan, np.nan], [1.0, 3.0, 0.0]]))
    assert (logs[0] == -np.inf).all()
    assert np.isfinite(logs[1]).all()


def test_residual_of_a_bound_that_holds_is_zero() -> None:
    residuals = DATA.residuals(np.array([[1.0, 5.0, 0.0], [2.0, 1.9, 5.0]]))
    np.testing.assert_allclose(residuals, [[0.0, 0.0, 0.0], [2.0, -1.0, 1.0]])


def test_studies_and_masks() -> None:
    assert DATA.studies == ("S", "T")
    assert DATA.of("T").tolist() == [False, False, True]


def test_prior_scores_round_trip() -> None:
    prior = Prior(("x", "y"), np.array([1.0, -2.0]), np.array([0.5, 3.0]))
    values = np.array([[0.2, 7.0]])
    np.testing.assert_allclose(prior.to_parameters(prior.to_scores(values)), values)
    np.testing.assert_allclose(prior.to_scores(np.array([[1.5, 1.0]])), [[1.0, 1.0]])


@pytest.mark.parametrize("sd", [0.0, -1.0, np.nan])
def test_refuses_errors_that_are_no_errors(sd: float) -> None:
    with pytest.raises(ValueOutOfRangeError, match="sd above zero"):
        Data(("a",), ("S",), np.array([1.0]), np.array([sd]), ("value",))
    with pytest.raises(ValueOutOfRangeError, match="above zero"):
        Prior(("a",), np.array([1.0]), np.array([sd]))
