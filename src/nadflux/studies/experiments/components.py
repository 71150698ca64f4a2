"""Components of the interval of a simulated person: uncertain parameters, differences between people, the assay.

Three runs of the same plan: all together; one typical person under the draws of the typical values; people who
differ around one set of typical values. The assay is that of ``biology/measurement``: one sample, one laboratory.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nadflux.people import Cohort, Distribution, Person
from nadflux.people.covariate_table import AGE, SEX
from nadflux.people.covariates import typical_covariates
from nadflux.plans import Plan
from nadflux.plans.language.person import read_person
from nadflux.simulation import Run, simulate
from nadflux.simulation.run import Quantity
from nadflux.simulation.summary import FEWEST, INTERVAL, SummaryRow, baseline, final, summarise
from nadflux.studies.published.measurement import Measurement, read_measurement

Array = NDArray[np.float64]
Bounds = tuple[float, float]

FIGURES = ("baseline", "end", "change_percent")
_NOISE_STEPS = 64


@dataclass(frozen=True)
class ComponentRow:
    """One figure of one quantity with the ends of its interval from each source of spread.

    Attributes
    ----------
    quantity : Quantity
    figure : {"baseline", "end", "change_percent"}
    median : float
        Median over all people and draws, without assay error.
    person : (float, float)
        Interval from parameters and people together, as `simulate` prints it.
    parameters, people, assay : (float, float)
        Interval if that source were the only one; NaN for the assay of a quantity that is not measured.
    measured : (float, float)
        Interval of one measurement, from all three together.
    """

    quantity: Quantity
    figure: str
    median: float
    person: Bounds
    parameters: Bounds
    people: Bounds
    assay: Bounds
    measured: Bounds


def components(
    who: Person | Cohort | str,
    plan: Plan | str | None = None,
    *,
    outputs: Sequence[str],
    measurement: Measurement | None = None,
    run: Run | None = None,
    **options: Any,
) -> tuple[ComponentRow, ...]:
    """Compute the interval of `nadflux.simulate` for each source of spread alone.

    Parameters
    ----------
    who, plan, options
        As for `nadflux.simulate`.
    outputs : sequence of str
        Ids of observables.
    measurement : Measurement, optional
        The shipped assay table by default.
    run : Run, optional
        The simulation of all sources together, if it exists already.

    Raises
    ------
    NadfluxError
        As `nadflux.simulate`.
    """
    who = read_person(who) if isinstance(who, str) else who
    measurement = measurement or read_measurement()
    settings: Mapping[str, Any] = {**options, "outputs": tuple(outputs), "peaks": ()}
    whole = run if run is not None else simulate(who, plan, **settings)
    unknown = simulate(
        _typical(who, int(options.get("seed", 0))), plan, **{**settings, "spread": False, "n": whole.persons}
    )
    people = simulate(who, plan, **{**settings, "uncertainty": False, "n": whole.persons})
    rows = []
    summaries = zip(*(summarise(part, outputs) for part in (whole, unknown, people)), strict=True)
    for name, parts in zip(outputs, summaries, strict=True):
        rows += [_row(whole, name, figure, parts, measurement) for figure in FIGURES]
    return tuple(rows)


def _typical(who: Person | Cohort, seed: int) -> Person | Cohort:
    """Return the typical person of a description: median size, the more frequent sex."""
    typical = {name: float(value[0]) for name, value in typical_covariates(who, seed, means=(AGE,)).items()}
    share, known = typical.pop(SEX), who.described
    if isinstance(who, Person):
        return replace(who, covariates={**who.covariates, **{n: v for n, v in typical.items() if n not in known}})
    age = typical.pop(AGE)
    return Cohort(
        n=who.n,
        age=Distribution(age),
        female=float(share >= 0.5),
        name=who.name,
        habits=who.habits,
        covariates={name: Distribution(value) for name, value in typical.items()},
    )


def _row(whole: Run, name: str, figure: str, parts: Sequence[SummaryRow], measurement: Measurement) -> ComponentRow:
    from scipy.special import ndtri  # slow to import, and tables of any run import this module

    everybody, unknown, people = (getattr(part, figure) for part in parts)
    quantity = parts[0].quantity
    values = _values(whole, name, figure)
    error = _assay_sd(quantity, figure, measurement)
    assay, measured = (math.nan, math.nan), (everybody[1], everybody[2])
    if error is not None and math.isfinite(everybody[0]):
        offset = 100.0 if figure == "change_percent" else 0.0
        reach = float(ndtri(0.5 + INTERVAL / 2)) * error
        ends = ((-1, everybody[1]), (1, everybody[2]))
        assay = _ends([(everybody[0] + offset) * math.exp(sign * reach) - offset for sign, _ in ends])
        # For few people the range is shown; as measured, it is widened by the 90 % interval of one sample.
        measured = _ends([(end + offset) * math.exp(sign * reach) - offset for sign, end in ends])
        if len(values) >= FEWEST:
            steps = np.exp(error * ndtri((np.arange(_NOISE_STEPS) + 0.5) / _NOISE_STEPS))
            seen = ((values[:, None] + offset) * steps - offset).ravel()
            measured = _ends(np.quantile(seen, [0.5 - INTERVAL / 2, 0.5 + INTERVAL / 2]))
    return ComponentRow(
        quantity, figure, everybody[0], _ends(everybody[1:]), _ends(unknown[1:]), _ends(people[1:]), assay, measured
    )


def _values(run: Run, name: str, figure: str) -> Array:
    first, last = baseline(run, name), final(run, name)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {"baseline": first, "end": last, "change_percent": 100.0 * (last / first - 1.0)}[figure]
    return np.asarray(found[np.isfinite(found)], dtype=np.float64)


def _assay_sd(quantity: Quantity, figure: str, measurement: Measurement) -> float | None:
    """Return the log standard deviation added by one measurement; a change has two samples and no laboratory scale."""
    if quantity.kind not in ("level", "flux"):
        return None
    repeat = measurement.repeat_sd(quantity.matrix)
    if figure == "change_percent":
        return math.sqrt(2.0) * repeat
    return math.hypot(repeat, measurement.laboratory_sd(quantity.matrix))


def _ends(pair: Sequence[float] | Array) -> Bounds:
    return float(pair[0]), float(pair[1])
