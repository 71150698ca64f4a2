"""Global sensitivity of any forward model: Morris screening, then Sobol indices with intervals.

Sampling and estimators are SALib's (Iwanaga, Usher & Herman 2022, doi 10.18174/sesmo.18155): Sobol' sequences with the
first-order and total estimators of Saltelli et al. 2010 (doi 10.1016/j.cpc.2009.09.018); elementary effects of
Morris 1991 (doi 10.1080/00401706.1991.10484804).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nadflux.errors import NadfluxError, SimulationError, ValueOutOfRangeError
from nadflux.inference.data import Array

Model = Callable[[Array], Array]
"""Chances (run, input), each in (0, 1), to one figure per run (run,); NaN where the run failed."""

MOST_FAILED = 0.1
WIDEST = 0.1  # half-width of an interval
_EDGE = 1e-6


@dataclass(frozen=True)
class Indices:
    """Sobol indices of the varied inputs; arrays of shape (input,).

    Attributes
    ----------
    names : tuple of str
    first, total : ndarray
        Share of the variance by the input alone, and with all its interactions.
    first_error, total_error : ndarray
        Half-widths of the bootstrap interval at ``confidence``.
    confidence : float
    variance : float
        Variance of the figure over the varied inputs.
    runs, failed : int
        All runs, and runs dropped because one of their block failed.
    """

    names: tuple[str, ...]
    first: Array
    first_error: Array
    total: Array
    total_error: Array
    confidence: float
    variance: float
    runs: int
    failed: int

    @property
    def converged(self) -> Array:
        """Mask, shape (input,), of total indices known to within 0.1.

        A threshold on the width of the bootstrap interval, as in Sarrazin et al. 2016
        (doi 10.1016/j.envsoft.2016.02.005).
        """
        return np.asarray(self.total_error <= WIDEST)

    def ranked(self) -> list[int]:
        """Return the positions of the inputs, largest total index first."""
        return [int(k) for k in np.argsort(-self.total, kind="stable")]


def sobol_indices(
    model: Model,
    names: Sequence[str],
    *,
    base: int = 128,
    seed: int = 0,
    resamples: int = 400,
    confidence: float = 0.95,
) -> Indices:
    """Return first-order and total indices of ``model`` for independent inputs.

    Parameters
    ----------
    model : callable
    names : sequence of str
        One per input.
    base : int
        Base samples, a power of two; ``base * (inputs + 2)`` runs are made.
    seed : int
    resamples : int
        Bootstrap resamples.
    confidence : float
        Coverage of the intervals.

    Raises
    ------
    SimulationError
        If more than a tenth of the runs fail, or the figure does not vary.
    """
    check_base(base)
    problem = _problem(names)
    sample = _salib("sample.sobol").sample(problem, base, calc_second_order=False, seed=seed)
    figures = model(np.clip(sample, _EDGE, 1.0 - _EDGE))
    blocks = figures.reshape(base, len(names) + 2)
    whole = np.asarray(np.isfinite(blocks).all(axis=1))
    _refuse(figures, whole)
    kept = blocks[whole].ravel()
    if not np.ptp(kept) > 1e-12 * np.abs(kept).max():
        raise SimulationError("the figure does not vary with these inputs: there is nothing to share out")
    found = _salib("analyze.sobol").analyze(
        problem,
        kept,
        calc_second_order=False,
        num_resamples=resamples,
        conf_level=confidence,
        seed=seed,
    )
    return Indices(
        names=tuple(names),
        first=np.asarray(found["S1"], dtype=np.float64),
        first_error=np.asarray(found["S1_conf"], dtype=np.float64),
        total=np.asarray(found["ST"], dtype=np.float64),
        total_error=np.asarray(found["ST_conf"], dtype=np.float64),
        confidence=confidence,
        variance=float(np.var(blocks[whole][:, [0, -1]])),
        runs=figures.size,
        failed=int(figures.size - kept.size),
    )


def screen(model: Model, names: Sequence[str], count: int, *, trajectories: int = 10, seed: int = 0) -> tuple[str, ...]:
    """Return the ``count`` inputs with the largest mean absolute elementary effect, most important first.

    Raises
    ------
    SimulationError
        If too many runs fail.
    """
    if count >= len(names):
        return tuple(names)
    problem = _problem(names)
    sample = _salib("sample.morris").sample(problem, trajectories, num_levels=4, seed=seed)
    # Levels 0 and 1 are the 5th and 95th percentile, the range that a row states.
    figures = model(0.05 + 0.9 * sample)
    blocks = figures.reshape(trajectories, len(names) + 1)
    whole = np.isfinite(blocks).all(axis=1)
    if whole.sum() < max(2, trajectories // 3):
        raise SimulationError(f"{int(np.isnan(figures).sum())} of {figures.size} screening runs failed")
    chosen = np.repeat(whole, len(names) + 1)
    found = _salib("analyze.morris").analyze(problem, sample[chosen], figures[chosen], num_levels=4, seed=seed)
    order = np.argsort(-np.asarray(found["mu_star"], dtype=float), kind="stable")
    return tuple(names[k] for k in order[:count])


def check_base(base: int) -> None:
    """Refuse a ``base`` that is not a power of two of at least 8; raises `ValueOutOfRangeError`."""
    if base < 8 or base & (base - 1):
        raise ValueOutOfRangeError(f"{base} base samples; give a power of two of at least 8")


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _refuse(figures: Array, whole: NDArray[np.bool_]) -> None:
    failed = int(np.isnan(figures).sum())
    if failed > MOST_FAILED * figures.size or whole.sum() < 8:
        raise SimulationError(
            f"{failed} of {figures.size} runs failed or have no such figure; indices from the rest would mislead"
        )


def _salib(name: str) -> ModuleType:
    import importlib

    try:
        return importlib.import_module(f"SALib.{name}")
    except ImportError as error:
        raise NadfluxError("sensitivity needs SALib: pip install 'nadflux[sensitivity]'") from error
