"""Two simple predictions that the model must beat: a power law in the dose, and the median of earlier studies.

Both know of a row what its reader knows: the dose taken at the time of sampling, how long it had been taken, analyte
and matrix. Both predict the logarithm of a ratio, are scored on the rows on which the model is scored, and have
intervals made in the same way: assay error, and heterogeneity and discrepancy learned from their own errors on studies
left out, by the estimator of the model (`nadflux.studies.published.learn_unexplained`). Neither predicts levels or
kinetics.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nadflux.network.tables import ParameterTable
from nadflux.studies.published.learn_unexplained import LeftOutFigure, learn
from nadflux.studies.published.unexplained import FigureKind, Unexplained

Array = NDArray[np.float64]

SMALLEST_RISE = 0.02
"""Least rise over baseline that the power law is fitted to; smaller ones and falls are taken as this."""
_PENALTY = 1.0
_FEWEST = 3


@dataclass(frozen=True)
class Ratio:
    """A published ratio to baseline, or to an untreated arm, as a baseline sees it.

    Attributes
    ----------
    study, analyte, matrix : str
    kind : FigureKind
    dose : float
        Taken at the time of sampling, µmol a day; 0 for none.
    days : float
        Since the first dose.
    noise : float
        Variance of the assay, natural log.
    observed : float
        Natural log of the ratio; NaN where only its sign was published.
    """

    study: str
    analyte: str
    matrix: str
    kind: FigureKind
    dose: float
    days: float
    noise: float
    observed: float = math.nan


class PowerLaw:
    """ln(ratio - 1) = a + b · ln(dose) + c · ln(days) + offset of the analyte + offset of the matrix.

    Ridge regression: slopes and offsets are penalised as if by one observation each of their absence.

    Parameters
    ----------
    rows : sequence of Ratio
        Rows without a dose, or of which only the sign is known, are ignored.

    Attributes
    ----------
    count : int
        Rows behind it.
    known : bool
        Whether these are enough for a law.
    """

    def __init__(self, rows: Sequence[Ratio]) -> None:
        kept = [row for row in rows if row.dose > 0 and math.isfinite(row.observed)]
        self.count = len(kept)
        self._analytes = tuple(dict.fromkeys(row.analyte for row in kept))
        self._matrices = tuple(dict.fromkeys(row.matrix for row in kept))
        self.known = self.count >= _FEWEST
        if not self.known:
            return
        logs = np.array([[math.log(row.dose), _log_days(row)] for row in kept])
        self._middle = logs.mean(axis=0)
        features = np.array([self._features(row) for row in kept])
        wanted = np.log([max(math.expm1(row.observed), SMALLEST_RISE) for row in kept])
        penalty = np.diag([0.0, *([_PENALTY] * (features.shape[1] - 1))])
        self._weights = np.linalg.solve(features.T @ features + penalty, features.T @ wanted)

    @property
    def exponent(self) -> float:
        """Power of the dose; 0 without a law."""
        return float(self._weights[1]) if self.known else 0.0

    @property
    def duration_exponent(self) -> float:
        """Power of the duration; 0 without a law."""
        return float(self._weights[2]) if self.known else 0.0

    def log_ratio(self, row: Ratio) -> float | None:
        """Return the predicted log ratio; None if nothing is known of the analyte, taken not to change."""
        if not self.known or row.analyte not in self._analytes:
            return None
        if row.dose <= 0:
            return 0.0
        return math.log1p(math.exp(float(np.array(self._features(row)) @ self._weights)))

    def _features(self, row: Ratio) -> list[float]:
        return [
            1.0,
            math.log(row.dose) - float(self._middle[0]),
            _log_days(row) - float(self._middle[1]),
            *(float(row.analyte == analyte) for analyte in self._analytes),
            *(float(row.matrix == matrix) for matrix in self._matrices),
        ]


class StudyMedian:
    """Median over earlier studies of the analyte, each by its row nearest in dose and duration.

    Studies of the same matrix are used where there are any, else those of all matrices. A study is never one of its own
    earlier studies.

    Parameters
    ----------
    rows : sequence of Ratio
        Rows without a dose, or of which only the sign is known, are ignored.
    """

    def __init__(self, rows: Sequence[Ratio]) -> None:
        self._rows = [row for row in rows if row.dose > 0 and math.isfinite(row.observed)]
        self.count = len(self._rows)

    def log_ratio(self, row: Ratio) -> float | None:
        """Return the predicted log ratio; None if nothing is known of the analyte, taken not to change."""
        known = [other for other in self._rows if other.analyte == row.analyte and other.study != row.study]
        if not known:
            return None
        if row.dose <= 0:
            return 0.0
        here = [other for other in known if other.matrix == row.matrix] or known
        nearest: dict[str, Ratio] = {}
        for other in sorted(here, key=lambda other: -_distance(other, row)):
            nearest[other.study] = other
        return float(np.median([other.observed for other in nearest.values()]))


LAW, MEDIAN = "law", "median"
BASELINES: dict[str, type[PowerLaw] | type[StudyMedian]] = {LAW: PowerLaw, MEDIAN: StudyMedian}
"""By the beginning of their names in results."""


@dataclass(frozen=True)
class Baseline:
    """A simple prediction with intervals.

    Attributes
    ----------
    centre : PowerLaw or StudyMedian
    known, unknown : Unexplained
        Of analytes that it was fitted to, and of the others.
    """

    centre: PowerLaw | StudyMedian
    known: Unexplained
    unknown: Unexplained

    @classmethod
    def of(cls, name: str, rows: Sequence[Ratio], table: ParameterTable, in_view: bool = False) -> Baseline:
        """Fit a baseline to calibration rows; its intervals come from its errors on studies left out.

        Parameters
        ----------
        name : {"law", "median"}
        rows : sequence of Ratio
        table : ParameterTable
            Priors of what is not explained.
        in_view : bool
            Whether studies in view are predicted, without the factors for new ones.
        """
        make = BASELINES[name]
        found: tuple[list[LeftOutFigure], list[LeftOutFigure]] = ([], [])
        for study in dict.fromkeys(row.study for row in rows):
            centre = make([row for row in rows if row.study != study])
            for row in rows:
                if row.study == study and math.isfinite(row.observed):
                    said = centre.log_ratio(row)
                    draws = np.array([said or 0.0])
                    found[said is None].append(LeftOutFigure(study, row.kind, row.observed, draws, row.noise))
        known, unknown = (replace(learn(part, table), in_view=in_view) for part in found)
        return cls(make(rows), known, unknown)

    def log_normal(self, row: Ratio) -> tuple[float, float]:
        """Return mean and standard deviation of the log ratio of a row."""
        said = self.centre.log_ratio(row)
        unexplained = self.unknown if said is None else self.known
        middle = said or 0.0
        parts = unexplained.variances(row.kind, middle)
        return middle, math.sqrt(row.noise + sum(parts.values()))


def _log_days(row: Ratio) -> float:
    return math.log(max(row.days, 1.0 / 24.0))


def _distance(one: Ratio, other: Ratio) -> float:
    return math.hypot(math.log(one.dose / other.dose), _log_days(one) - _log_days(other))
