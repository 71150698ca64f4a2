"""Visual predictive check: percentiles of measured people against those that simulated people would give.

Simulated people are drawn in groups as large as those measured, and their values have the error of one measurement
(``biology/measurement/assays.csv``); the spread of a percentile over many such groups is what chance alone gives
(Holford 2005, PAGE 14, abstract 738; Karlsson and Holford 2008, PAGE 17, abstract 1434).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.analysis.observed import Observed, known_in
from nadflux.elementary import exp
from nadflux.errors import ValueOutOfRangeError
from nadflux.people.normal import normal_quantile
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.summary import INTERVAL
from nadflux.studies.published.measurement import read_measurement

PERCENTILES = (5.0, 50.0, 95.0)
GROUPS = 500
_LEAST_VALUES = 3  # measured values of a bin
_SAME_H = 0.5  # h within which measurements are one bin, or a twentieth of the hours since the start
_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class Bin:
    """Measurements of about one time.

    Attributes
    ----------
    hour : float
        Mean of their times, h.
    values : ndarray, shape (value,), in the unit of the quantity
    observed : ndarray, shape (percentile,)
        Percentiles of them.
    low, middle, high : ndarray, shape (percentile,)
        Median and 90 % interval over simulated groups of as many people.
    """

    hour: float
    values: np.ndarray
    observed: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class PredictiveCheck:
    """Visual predictive check of a run.

    Attributes
    ----------
    run : Run
    panels : tuple of (Quantity, tuple of Bin)
    """

    run: Run
    panels: tuple[tuple[Quantity, tuple[Bin, ...]], ...]

    @property
    def inside(self) -> tuple[int, int]:
        """The number of observed percentiles within the interval of simulated ones, and of all."""
        bins = [one for _, each in self.panels for one in each]
        within = sum(int(((one.observed >= one.low) & (one.observed <= one.high)).sum()) for one in bins)
        return within, len(PERCENTILES) * len(bins)


def visual_predictive_check(
    run: Run, observed: Sequence[Observed], names: Sequence[str], *, groups: int = GROUPS, seed: int = 0
) -> PredictiveCheck:
    """Compare percentiles of measured people with those of simulated ones, time by time.

    Parameters
    ----------
    run : Run
        Of the people who were measured, under their plan.
    observed : sequence of Observed
        One value for each measurement of each person.
    names : sequence of str
        Ids of quantities.
    groups : int
        Simulated groups.
    seed : int

    Raises
    ------
    TableError
        For a quantity that the run does not have, or a unit that does not fit.
    ValueOutOfRangeError
        Where fewer than three values were measured about any time.
    """
    inside = known_in(run, tuple(one for one in observed if one.quantity in names))
    stream = np.random.default_rng(np.random.SeedSequence(seed))
    panels = []
    for name in names:
        quantity, mine = run.quantity(name), sorted((o for o in inside if o.quantity == name), key=lambda o: o.hour)
        bins = tuple(
            _bin(run, quantity, group, groups, stream) for group in _binned(mine) if len(group) >= _LEAST_VALUES
        )
        if bins:
            panels.append((quantity, bins))
    if not panels:
        raise ValueOutOfRangeError(
            f"{len(inside)} measured values of {', '.join(names)} within the run, never {_LEAST_VALUES} at one time; a "
            "predictive check needs values of several people (means of a group are laid over the figure instead)"
        )
    return PredictiveCheck(run, tuple(panels))


def _binned(mine: Sequence[Observed]) -> list[list[Observed]]:
    """Return measurements in order of time as groups that are close together."""
    found: list[list[Observed]] = []
    for one in mine:
        near = max(_SAME_H, _SHARE * abs(one.hour))
        if found and one.hour - found[-1][0].hour <= near:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _bin(run: Run, quantity: Quantity, group: Sequence[Observed], groups: int, stream: np.random.Generator) -> Bin:
    values = np.array([one.within(quantity)[0] for one in group])
    hour = float(np.mean([one.hour for one in group]))
    own = run.at(quantity.id, hour)
    own = own[np.isfinite(own)]
    sd = read_measurement().repeat_sd(quantity.matrix)
    chosen = own[stream.integers(own.size, size=(groups, values.size))]
    error = exp(sd * normal_quantile(stream.uniform(1e-12, 1.0 - 1e-12, size=chosen.shape)))
    simulated = np.percentile(chosen * error, PERCENTILES, axis=1)
    tail = 50.0 * (1.0 - INTERVAL)
    low, middle, high = np.percentile(simulated, (tail, 50.0, 100.0 - tail), axis=1)
    return Bin(hour, values, np.percentile(values, PERCENTILES), low, middle, high)
