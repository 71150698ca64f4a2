"""Non-compartmental analysis of a run: each person's parameters, and their spread over people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from nadflux.analysis.dosing_intervals import Intervals, dosing_intervals
from nadflux.analysis.nca_course import BLQ_RULES, DROP, INTERVAL, SINGLE, after_one_dose, within_interval
from nadflux.analysis.nca_result import FIRST, LAST, NCA, ONE, RATIO, NCARow
from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.kinds import KindError
from nadflux.simulation.acute import DIFFERS
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.views import view

START, NONE, USUAL = "start", "none", "usual life"
BASELINES = {
    START: "each person's value at time 0 is subtracted",
    NONE: "nothing is subtracted",
    USUAL: "each person's usual life at the same hour is subtracted",
}
_OF_DOSE = ("CL_F", "Vz_F")
_OF_TAIL = tuple(name for name in SINGLE if name.startswith(("half_life", "lambda_z")))
_RATIOS = {"AUC": "AUCtau", "Cmax": "Cmax", "Ctrough": "Ctrough"}
_SPAN = 2.0  # half-lives over which the points of λz should lie


def nca_of_run(
    run: Run,
    show: str | Sequence[str] | None = None,
    *,
    baseline: str | float | None = None,
    lloq: float | Mapping[str, float] | None = None,
    blq: str = DROP,
    dose: float | None = None,
) -> NCA:
    """Return the non-compartmental parameters of levels in every person of a run.

    Parameters
    ----------
    run : Run
        Give `nadflux.simulate` the ``times`` of your samples; the run's own are every quarter of an hour for four days,
        every hour for two weeks and every four hours beyond.
    show : str or sequence of str, optional
        Levels, as for `nadflux.Run.table`.
    baseline : str or float, optional
        ``"start"``, ``"none"``, ``"usual life"``, or a value in the unit of the quantity. The start by default; with
        lifestyle in the plan usual life.
    lloq : float or mapping of str to float, optional
        Limit of quantification after the correction, in the unit of the quantity; 1 % of the baseline by default,
        below which a difference may be the integration's error.
    blq : str
        Rule for values below it: ``"drop"``, ``"zero"`` or ``"half"``.
    dose : float, optional
        µmol, for ``CL_F`` and ``Vz_F``: meaningful only for the compound that was dosed.

    Raises
    ------
    KindError
        For a quantity that is no level.
    UnknownNameError
        For a quantity, a baseline or a rule that does not exist.
    ValueOutOfRangeError
        For a limit or a dose that is no number from 0 on, and usual life where none was simulated.
    """
    if blq not in BLQ_RULES:
        raise UnknownNameError("BLQ rule", blq, BLQ_RULES)
    for what, value in (("lloq", lloq), ("dose", dose)):
        if isinstance(value, int | float) and not (np.isfinite(value) and value >= 0):
            raise ValueOutOfRangeError(f"{what} {value:g} cannot be used; give a number from 0 on")
    names = _levels(run, show)
    kind = baseline if baseline is not None else (USUAL if run.lived else START)
    intervals = dosing_intervals(run.record.get("doses_h", ()), float(run.times[-1]))
    rows: list[NCARow] = []
    for name in names:
        corrected, level = _corrected(run, name, kind)
        limit = lloq.get(name, 0.0) if isinstance(lloq, Mapping) else lloq
        limits = DIFFERS * level if limit is None else np.full(run.persons, float(limit))
        rows += _rows(run.quantity(name), run.times, corrected, limits, intervals, blq, dose)
    said = BASELINES.get(str(kind), f"{kind} is subtracted")
    stated = "1 % of the baseline" if lloq is None else "as given"
    rules: tuple[str, ...] = (
        "areas: linear trapezoids where values rise, logarithmic where they fall",
        f"baseline: {said}", f"limit of quantification: {stated}; {BLQ_RULES[blq]}",
        "λz: the last three or more points after Cmax with the best adjusted R²; of equal fits (within 0.0001) the one "
        "over most points",
        f"values are those stored, {_spacing(run.times)}; give simulate(times=...) your own",
    )  # fmt: skip
    rules += _short_spans(rows)
    return NCA(
        tuple(rows), str(run.record.get("who", "")), str(run.record.get("plan", "")), run.persons, intervals, rules
    )


def _levels(run: Run, show: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the ids of the levels asked for, or those of the usual quantities."""
    names: tuple[str, ...] = view("names")(run, show)
    if show is None:
        return tuple(name for name in names if run.quantity(name).kind == "level")
    for name in names:
        if run.quantity(name).kind != "level":
            raise KindError(
                f"{name} is a {run.quantity(name).kind}, and these parameters are of levels; for an excretion take "
                "the amount, such as run['urine_mna_total']"
            )
    return names


def _corrected(run: Run, name: str, kind: str | float) -> tuple[np.ndarray, np.ndarray]:
    """Return the course less its baseline, shape (person, time), and the baseline, shape (person,), in its unit."""
    values = run[name]
    zero = values[:, int(np.searchsorted(run.times, 0.0))]
    if isinstance(kind, int | float):
        return values - float(kind), np.full(run.persons, float(kind))
    if kind == START:
        return values - zero[:, None], zero
    if kind == USUAL:
        if not run.lived:
            raise ValueOutOfRangeError("no usual life was simulated in this run; give baseline='start' or 'none'")
        return values - run.without_plan[name], zero
    if kind == NONE:
        return values, np.zeros(run.persons)
    raise UnknownNameError("baseline", kind, BASELINES)


def _rows(
    quantity: Quantity,
    times: np.ndarray,
    values: np.ndarray,
    limits: np.ndarray,
    intervals: Intervals,
    blq: str,
    dose: float | None,
) -> list[NCARow]:
    """Return the parameters of one quantity.

    Parameters
    ----------
    times : ndarray, shape (time,), h
    values : ndarray, shape (person, time), less the baseline
    limits : ndarray, shape (person,), in the same unit
    """

    def from_dose(start: float) -> list[dict[str, float]]:
        inside = times >= start - 1e-9
        return [
            after_one_dose(times[inside], one[inside], lloq=limit, rule=blq, dose=dose)
            for one, limit in zip(values, limits, strict=True)
        ]

    def of_interval(start: float, tau: float) -> list[dict[str, float]]:
        inside = (times >= start - 1e-9) & (times <= start + tau + 1e-9)
        return [
            within_interval(times[inside], one[inside], tau, lloq=limit, rule=blq)
            for one, limit in zip(values, limits, strict=True)
        ]

    def named(people: list[dict[str, float]], interval: str, names: Iterable[str]) -> list[NCARow]:
        return [NCARow(quantity, interval, name, np.array([person[name] for person in people])) for name in names]

    if intervals.tau_h is None:
        names = [name for name in SINGLE if dose is not None or name not in _OF_DOSE]
        return named(from_dose(intervals.last_dose_h), ONE, names)
    first = named(of_interval(intervals.first_h, intervals.tau_h), FIRST, INTERVAL)
    last = named(of_interval(intervals.last_h, intervals.tau_h), LAST, INTERVAL)
    tail = named(from_dose(intervals.last_dose_h), LAST, _OF_TAIL)
    rate = next(row.values for row in tail if row.parameter == "lambda_z")
    return [*first, *last, *tail, *_ratios(quantity, first, last, rate, intervals.tau_h)]


def _ratios(
    quantity: Quantity, first: Sequence[NCARow], last: Sequence[NCARow], rate: np.ndarray, tau: float
) -> list[NCARow]:
    """Return each accumulation ratio by its name.

    Parameters
    ----------
    rate : ndarray, shape (person,), 1/h
    """
    before, after = ({row.parameter: row.values for row in rows} for rows in (first, last))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {f"Rac_{short}": after[name] / before[name] for short, name in _RATIOS.items()}
        found["Rac_pred"] = 1.0 / -np.expm1(-rate * tau)
    return [NCARow(quantity, RATIO, name, values) for name, values in found.items()]


def _short_spans(rows: Sequence[NCARow]) -> tuple[str, ...]:
    """Return the quantities whose terminal phase is read over too few half-lives."""
    found = []
    for row in rows:
        short = int(np.count_nonzero(row.known < _SPAN))
        if row.parameter == "lambda_z_span" and short:
            found.append(f"{row.quantity.id} in {short} of {row.known.size} people")
    if not found:
        return ()
    return (f"λz is read over fewer than {_SPAN:g} half-lives, so that half-lives may be longer: {', '.join(found)}",)


def _spacing(times: np.ndarray) -> str:
    steps = np.diff(times[times >= 0])
    if not steps.size:
        return "one time"
    low, high = float(steps.min()), float(steps.max())
    return f"every {low:g} h" if high - low < 1e-9 else f"every {low:g} to {high:g} h"
