"""The competitor: a power law in the daily dose for whole-blood NAD+, and no change of anything else.

It is the simplest reasonable prediction, fitted to the calibration rows on whole-blood NAD+ only and scored on the
same rows as the model, with the same interval score. It predicts no absolute levels or kinetics.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

NULL_BAND = 1.25
"""Ends of the 90 % interval of no change are 1/1.25 and 1.25, the ±20 % by which a null result is judged."""


@dataclass(frozen=True)
class PowerLaw:
    """ln(ratio − 1) = intercept + exponent · ln(daily dose in µmol), with its uncertainty.

    Attributes
    ----------
    intercept, exponent : float
    residual_sd : float
    count : int
        Number of calibration rows; 0 means that no law was fitted and no change is predicted everywhere.
    """

    intercept: float
    exponent: float
    residual_sd: float
    count: int
    mean_log_dose: float
    dose_spread: float

    def interval(self, daily_dose: float, whole_blood_nad: bool) -> tuple[float, float, float]:
        """Return median and 90 % interval of the ratio to baseline."""
        null_sd = math.log(NULL_BAND)
        if not whole_blood_nad or daily_dose <= 0 or self.count < 3:
            return 1.0, math.exp(-null_sd), math.exp(null_sd)
        x = math.log(daily_dose)
        rise = math.exp(self.intercept + self.exponent * x)
        ratio = 1.0 + rise
        error = self.residual_sd * math.sqrt(1 + 1 / self.count + (x - self.mean_log_dose) ** 2 / self.dose_spread)
        # On ln(ratio): d ln(ratio) = rise / ratio · d ln(rise).
        reach = float(student.ppf(0.95, self.count - 2)) * error * rise / ratio
        reach = math.hypot(reach, null_sd)
        return ratio, ratio * math.exp(-reach), ratio * math.exp(reach)


def fit_power_law(doses: Sequence[float], ratios: Sequence[float]) -> PowerLaw:
    """Fit the law by least squares on the logarithms of (ratio − 1) and daily dose.

    Parameters
    ----------
    doses : sequence of float
        Daily dose, µmol.
    ratios : sequence of float
        Whole-blood NAD+ over baseline; rows without a rise are ignored.
    """
    pairs = [(math.log(d), math.log(r - 1)) for d, r in zip(doses, ratios, strict=True) if d > 0 and r > 1]
    x = np.array([p[0] for p in pairs])
    y = np.array([p[1] for p in pairs])
    if len(pairs) < 3 or np.ptp(x) == 0:
        return PowerLaw(0.0, 0.0, 0.0, 0, 0.0, 1.0)
    spread = float(((x - x.mean()) ** 2).sum())
    exponent = float(((x - x.mean()) * (y - y.mean())).sum() / spread)
    intercept = float(y.mean() - exponent * x.mean())
    residual = y - intercept - exponent * x
    sd = math.sqrt(float((residual**2).sum()) / (len(pairs) - 2))
    return PowerLaw(intercept, exponent, sd, len(pairs), float(x.mean()), spread)
