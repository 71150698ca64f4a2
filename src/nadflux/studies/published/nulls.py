"""Published nulls: what a study could have detected, and whether a prediction lies within it.

A result of *no change* says that the change was smaller than what the study could tell from none, so a prediction
passes if its median lies within that. The detectable change is that of a two-sided test at 5 % with a power of 80 %:
2.8 standard errors of the mean change, from the study's n, the assay, and the differences between people as simulated,
or as published where the row gives a standard deviation of the change (percent).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy.special import ndtri

from nadflux.studies.published.derived_endpoints import AGAINST_AGE
from nadflux.studies.published.predict import Prediction
from nadflux.studies.published.schema import Observation, Study

Standing = Literal["informative", "uninformative", "by construction"]

LEAST, MOST = 10.0, 30.0
"""Percent: no study is asked for less than the first, and one that can detect no less than the second says nothing."""
MOST_CORRELATION = 50.0
"""The second, for a correlation in hundredths: a study of fewer than 29 people could not tell one of 0.5 from none."""
_ERRORS = float(ndtri(0.975) + ndtri(0.8))


@dataclass(frozen=True)
class Null:
    """Judgement of a published null.

    Attributes
    ----------
    standing : {"informative", "uninformative", "by construction"}
    detectable : float
        Smallest change that the study could tell from none, percent, at least `LEAST`.
    """

    standing: Standing
    detectable: float

    def passes(self, change: float) -> bool | None:
        """Return whether a predicted change (percent) lies within it; None if the row is uninformative."""
        return None if self.standing == "uninformative" else abs(change) <= self.detectable


def null_of(study: Study, row: Observation, prediction: Prediction) -> Null:
    """Return the judgement of a row that reports no change."""
    detectable = _detectable(row, study.people(row), prediction)
    if _untreated(study, row) or prediction.certain:
        return Null("by construction", detectable)
    most = MOST_CORRELATION if row.kind == "correlation" else MOST
    return Null("informative" if detectable <= most else "uninformative", detectable)


def _detectable(row: Observation, n: int, prediction: Prediction) -> float:
    if row.band is not None:
        return max(LEAST, row.band)
    if row.sd is not None:
        return max(LEAST, _ERRORS * row.sd / math.sqrt(n))
    error = _ERRORS * prediction.standard_error
    if row.kind == "correlation":
        return prediction.span * math.tanh(error)  # its error is that of Fisher's z
    return max(LEAST, error * prediction.span if prediction.linear else 100.0 * math.expm1(error))


def _untreated(study: Study, row: Observation) -> bool:
    """Return whether a row compares untreated people with themselves, or with others who differ in nothing."""
    arm = study.arm(row.arm)
    other = next((one for one in study.arms if one.id == row.reference), arm)
    same = (arm.population, arm.set) == (other.population, other.set)
    people_compared = row.kind == "correlation" or row.observable.endswith(AGAINST_AGE)
    return arm.untreated and other.untreated and same and not people_compared
