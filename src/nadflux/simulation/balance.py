"""Mass balance: what went in is compared in every run with what came out and what is stored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nadflux.simulation.compiled import Prepared
from nadflux.simulation.event_arrays import Scales, ScheduledEvent, amount_given


def balance_error(
    prepared: Prepared,
    totals: np.ndarray,
    moieties: Sequence[str],
    schedule: Sequence[ScheduledEvent],
    times: np.ndarray,
    scales: Scales | None = None,
) -> dict[str, float]:
    """Return the largest imbalance of each moiety over people and times, relative to the amount that is in the body.

    The weighted amounts of a moiety, less what came in by diet and infusion according to the ledgers, change by the
    doses alone. The amount in the body is less than its turnover over any run of a day or more, so this is the
    stricter measure.

    Parameters
    ----------
    totals : ndarray, shape (person, time, moiety), µmol
        Weighted amount of each of the moieties.
    times : ndarray, shape (time,), h

    Returns
    -------
    mapping of str to float
        By moiety; NaN where no person was finished.
    """
    result = {}
    for column, moiety in enumerate(moieties):
        total = totals[:, :, column]
        weights = {weight.name: weight.weight for weight in prepared.body.moieties if weight.moiety == moiety}
        given = amount_given(schedule, times, weights, len(total), scales or {})
        given = given - given[:, :1]
        whole = np.isfinite(total).all(axis=1)
        if not whole.any():
            result[moiety] = float("nan")
            continue
        stored = np.abs(total[whole, :1])
        result[moiety] = float(np.max(np.abs(total[whole] - total[whole, :1] - given[whole]) / stored))
    return result
