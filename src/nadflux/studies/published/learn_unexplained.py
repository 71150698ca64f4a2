"""Heterogeneity and discrepancy learned from leave-one-study-out errors, and the test whether intervals are honest.

Estimator. Let r be the errors of all left-out figures: natural log, observed minus the mean of the prediction by a fit
without the study. They are taken as normal with mean zero and covariance

    V = C + sum over scales s of  h_s² · H_s + d_s² · D_s,

where C is the covariance of each study's own predictive draws plus the noise of people and assay; H_s couples figures
of one study and one analyte, D_s figures of one analyte under one class of compounds in all studies, each by the
product of the figures' sizes (`nadflux.studies.published.unexplained.size_of`). The standard deviations h and d
maximise the normal likelihood of r times their lognormal priors (rows of ``unexplained.csv``): a marginal posterior
mode, so that few figures leave a prior nearly as it was. The discrepancy of a kind of figure that was fitted is then
the root of the second moment of its effect given r, as in a linear mixed model; it widens and moves no centre.

Test. Each study's figures are judged with what was learned from the other studies alone. Their probability integral
transform (share of the predictive distribution below what was observed) should be uniform, and its normal quantiles
should have a standard deviation of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from nadflux.network.tables import ParameterTable
from nadflux.people.normal import Z95
from nadflux.studies.published.unexplained import FigureKind, Unexplained, names, prior_rows, size_of

Array = NDArray[np.float64]

HONEST_SD = (0.7, 1.3)
"""Bounds of the standard deviation of standardised errors: below them intervals are wider than needed."""
FEWEST_ERRORS = 10
"""Fewer errors say nothing of their standard deviation."""
COVERAGES = (50, 80, 90)
_BINS = 10
_SAFE = 1e-6
_FAR = 6.0  # natural log from the median of a prior


@dataclass(frozen=True)
class LeftOutFigure:
    """A published figure beside its prediction without its study.

    Attributes
    ----------
    study : str
    kind : FigureKind
    observed : float
        Natural log.
    draws : ndarray, shape (draw,)
        Predicted natural log, without people, assay and what is not explained; the draws of one study belong together.
    noise : float
        Variance from people and assay.
    """

    study: str
    kind: FigureKind
    observed: float
    draws: Array
    noise: float


@dataclass(frozen=True)
class Honesty:
    """The test of predictive intervals on studies that were left out.

    Attributes
    ----------
    figures, studies : int
    sd : float
        Root mean square of the standardised errors; 1 if the intervals are as wide as the errors.
    coverage : tuple of float
        Percent of figures inside the central 50, 80 and 90 % intervals.
    pit : tuple of int
        Histogram of the probability integral transform in ten equal parts.
    """

    figures: int
    studies: int
    sd: float
    coverage: tuple[float, ...]
    pit: tuple[int, ...]

    @property
    def too_narrow(self) -> bool:
        """True if enough errors show that the intervals are narrower than they are."""
        return self.figures >= FEWEST_ERRORS and self.sd > HONEST_SD[1]

    def record(self) -> dict[str, Any]:
        """Return what a posterior file keeps."""
        return {
            "figures": self.figures,
            "studies": self.studies,
            "sd": round(self.sd, 4),
            "coverage": dict(zip(map(str, COVERAGES), self.coverage, strict=True)),
            "pit": list(self.pit),
        }


def learn(figures: Sequence[LeftOutFigure], table: ParameterTable) -> Unexplained:
    """Fit heterogeneity and discrepancy to the errors; the estimator is that of the module.

    Parameters
    ----------
    figures : sequence of LeftOutFigure
        None leave the priors.
    table : ParameterTable
        Priors, of ``biology/measurement``.

    Returns
    -------
    Unexplained
    """
    prior = Unexplained.prior(table)
    if not figures:
        return prior
    wanted = names([figure.kind.scale for figure in figures])
    errors, covariance, loadings = _model(figures, prior, wanted)
    rows = prior_rows(table)
    centre = np.log([rows[name].value for name in wanted])
    width = np.log([rows[name].high / rows[name].low for name in wanted]) / (2.0 * Z95)

    def loss(logs: Array) -> tuple[float, Array]:
        sd = np.exp(logs)
        factor = _factored(_covariance(covariance, loadings, sd))
        inverse = cho_solve(factor, np.eye(len(errors)))
        solved = inverse @ errors
        value = 0.5 * float(errors @ solved) + float(np.log(np.diag(factor[0])).sum())
        value += 0.5 * float((((logs - centre) / width) ** 2).sum())
        slopes = [
            one**2 * (float((inverse * loading).sum()) - float(solved @ loading @ solved))
            for one, loading in zip(sd, loadings.values(), strict=True)
        ]
        return value, np.array(slopes) + (logs - centre) / width**2

    # One thread in linear algebra: its sums, and so the bits, depend on the number of threads.
    with threadpool_limits(1, "blas"):
        found = minimize(loss, centre, jac=True, method="L-BFGS-B", bounds=[(log - _FAR, log + _FAR) for log in centre])
    sd = np.exp(found.x)
    factor = _factored(_covariance(covariance, loadings, sd))
    learned = {**prior.sd, **dict(zip(wanted, map(float, sd), strict=True))}
    pairs = {
        kind.name: _second_moment(figures, kind, prior.floor, learned[f"discrepancy.{kind.scale}"], errors, factor)
        for kind in dict.fromkeys(figure.kind for figure in figures)
    }
    return replace(prior, sd=learned, pairs=pairs, learned=True)


def judge(figures: Sequence[LeftOutFigure], table: ParameterTable) -> tuple[Honesty, dict[str, Unexplained]]:
    """Check the intervals of each study by what the other studies teach.

    Parameters
    ----------
    figures : sequence of LeftOutFigure
        At least one.
    table : ParameterTable

    Returns
    -------
    honesty : Honesty
    without : dict of str to Unexplained
        What was learned without each study.
    """
    studies = tuple(dict.fromkeys(figure.study for figure in figures))
    without = {study: learn([f for f in figures if f.study != study], table) for study in studies}
    return honesty_of([transform(figure, without[figure.study]) for figure in figures], len(studies)), without


def honesty_of(transforms: Sequence[float], studies: int) -> Honesty:
    """Return the test of probability integral transforms, each from 0 to 1."""
    shares = np.clip(np.asarray(transforms, dtype=np.float64), _SAFE, 1.0 - _SAFE)
    distance = np.abs(2.0 * shares - 1.0)
    counts, _ = np.histogram(shares, bins=_BINS, range=(0.0, 1.0))
    return Honesty(
        len(shares),
        studies,
        float(np.sqrt(np.mean(ndtri(shares) ** 2))),
        tuple(round(100.0 * float(np.mean(distance <= c / 100.0)), 1) for c in COVERAGES),
        tuple(int(n) for n in counts),
    )


def transform(figure: LeftOutFigure, unexplained: Unexplained) -> float:
    """Return the share of a figure's predictive distribution below what was observed, its study being in view."""
    parts = unexplained.of_study_in_view().variances(figure.kind, float(np.median(figure.draws)))
    sd = np.sqrt(figure.noise + sum(parts.values()))
    return float(np.mean(ndtr((figure.observed - figure.draws) / sd)))


def _model(
    figures: Sequence[LeftOutFigure], prior: Unexplained, wanted: Sequence[str]
) -> tuple[Array, Array, dict[str, Array]]:
    """Return errors (figure,), covariance without what is learned, and what each standard deviation couples."""
    errors = np.array([figure.observed - float(np.mean(figure.draws)) for figure in figures])
    size = np.array([size_of(f.kind.scale, float(np.median(f.draws)), prior.floor) for f in figures])
    studies = [figure.study for figure in figures]
    covariance = np.diag([figure.noise for figure in figures])
    for study in dict.fromkeys(studies):
        here = [k for k, other in enumerate(studies) if other == study]
        draws = np.stack([figures[k].draws for k in here])
        if draws.shape[1] > 1:
            covariance[np.ix_(here, here)] += np.atleast_2d(np.cov(draws))
    product = np.outer(size, size)
    loadings = {}
    for name in wanted:
        part, scale = name.split(".")
        keys = [
            (f.kind.analyte, f.study if part == "heterogeneity" else f.kind.compound)
            if f.kind.scale == scale
            else (k, "")
            for k, f in enumerate(figures)
        ]
        of_scale = np.array([f.kind.scale == scale for f in figures])
        same = np.array([[one == other for other in keys] for one in keys])
        loadings[name] = product * (same & np.outer(of_scale, of_scale))
    return errors, covariance, loadings


def _covariance(base: Array, loadings: dict[str, Array], sd: Array) -> Array:
    total = base + np.diag(np.full(len(base), _SAFE))
    for loading, one in zip(loadings.values(), sd, strict=True):
        total = total + one**2 * loading
    return total


def _factored(matrix: Array) -> tuple[Array, bool]:
    factor, lower = cho_factor(matrix, lower=True)
    return factor, lower


def _second_moment(
    figures: Sequence[LeftOutFigure],
    kind: FigureKind,
    floor: float,
    sd: float,
    errors: Array,
    factor: tuple[Array, bool],
) -> float:
    """Return the root of the second moment of a kind's discrepancy given the errors."""
    loading = np.array(
        [size_of(f.kind.scale, float(np.median(f.draws)), floor) if f.kind == kind else 0.0 for f in figures]
    )
    solved = cho_solve(factor, loading)
    mean = sd**2 * float(solved @ errors)
    variance = sd**2 - sd**4 * float(loading @ solved)
    return float(np.sqrt(max(variance, 0.0) + mean**2))
