"""Published facts of ageing next to what lives of the model give, hits and misses alike."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from nadflux.errors import StudyError, UnknownNameError
from nadflux.network.body_spec import LIFE
from nadflux.network.records import records
from nadflux.people import Person
from nadflux.shipped import BIOLOGY
from nadflux.simulation.experiments.life import OLDEST, LifeRun, simulate_life
from nadflux.studies.experiments.facts import MISSED, OUT_OF_SCOPE, SHOWN, Fact, FactPart
from nadflux.studies.life.ways import read_way

COLUMNS = (
    "id", "fact", "part", "sex", "way", "over", "quantity", "measure", "age", "since", "published", "low", "high",
    "unit", "use", "source", "why",
)  # fmt: skip
_OPTIONAL = ("way", "over", "quantity", "age", "since", "low", "high", "unit", "why")
PEOPLE = 256
_SPAN = 30.0  # years before an age, over which the doubling of the hazard is taken
_NO_MEASURE = "none"
Cells = Mapping[str, str]


def check_ageing(
    ids: tuple[str, ...] = (),
    *,
    people: int = PEOPLE,
    seed: int = 0,
    file: Path | None = None,
    biology: Path | None = None,
    progress: Callable[[int, int, str], bool] | None = None,
) -> tuple[Fact, ...]:
    """Check each fact of ``life/facts.csv`` against its tolerance, on medians and groups of simulated people.

    Parameters
    ----------
    ids : tuple of str
        Facts wanted, such as ``"A5"``; all by default.
    people, seed : int
    file : Path, optional
        Another table of facts.
    biology : Path, optional
        Folder of the biology; the shipped one by default.
    progress : callable, optional
        Called with (done, total, next fact); False stops and returns the finished facts.

    Raises
    ------
    UnknownNameError
        For a fact that does not exist.
    StudyError
        For a measure that does not exist.
    """
    rows = list(records(file or BIOLOGY / LIFE / "facts.csv", COLUMNS, _OPTIONAL))
    grouped: dict[str, list[tuple[str, Cells]]] = {}
    for place, cells in rows:
        grouped.setdefault(cells["id"], []).append((place, cells))
    for name in ids:
        if name not in grouped:
            raise UnknownNameError("fact", name, grouped)
    wanted = [name for name in grouped if not ids or name in ids]
    runs = functools.lru_cache(maxsize=None)(functools.partial(_run, people, seed, biology))
    found: list[Fact] = []
    for number, name in enumerate(wanted):
        first = grouped[name][0][1]
        if progress is not None and not progress(number, len(wanted), first["fact"]):
            break
        # One fact may hold parts of both uses: each use is a fact of its own in the totals.
        for use in dict.fromkeys(cells["use"] for _, cells in grouped[name]):
            parts = tuple(_part(place, cells, runs) for place, cells in grouped[name] if cells["use"] == use)
            sources = dict.fromkeys(cells["source"] for _, cells in grouped[name] if cells["use"] == use)
            found.append(Fact(name, first["fact"], "; ".join(sources), use, parts))
    return tuple(found)


def _part(place: str, cells: Cells, runs: Callable[..., LifeRun]) -> FactPart:
    if cells["measure"] == _NO_MEASURE:
        return FactPart(cells["part"], cells["published"], "", None, None, OUT_OF_SCOPE, cells["why"])
    if cells["measure"] not in _MEASURES:
        known = ", ".join((*_MEASURES, _NO_MEASURE))
        raise StudyError(f"{place}: measure {cells['measure']!r} does not exist; those are {known}")
    within = float(cells["low"]), float(cells["high"])
    begin = float(cells["since"])
    run = runs(cells["sex"], cells["way"], begin)
    over = runs(cells["sex"], cells["over"], begin)
    age = float(cells["age"]) if cells["age"] else OLDEST
    value = _MEASURES[cells["measure"]](run, over, cells["quantity"], age)
    shown = within[0] <= value <= within[1]
    note = "" if shown else cells["why"] or "a reason that is not known"
    return FactPart(cells["part"], cells["published"], cells["unit"], within, value, SHOWN if shown else MISSED, note)


def _run(people: int, seed: int, biology: Path | None, sex: str, way: str, begin: float) -> LifeRun:
    inputs = read_way(way).inputs if way else {}
    return simulate_life(Person(sex, begin), inputs, begin=begin, end=OLDEST, n=people, seed=seed, biology=biology)


def _at(run: LifeRun, name: str, age: float) -> np.ndarray:
    return run[name][:, int(np.argmin(np.abs(run.ages - age)))]


def _first(run: LifeRun, name: str) -> np.ndarray:
    return run[name][:, 0]


def _median(values: np.ndarray) -> float:
    return float(np.nanmedian(values))


def _value(run: LifeRun, over: LifeRun, name: str, age: float) -> float:
    return _median(_at(run, name, age))


def _ratio(run: LifeRun, over: LifeRun, name: str, age: float) -> float:
    return _median(_at(run, name, age) / _first(run, name))


def _slope(run: LifeRun, over: LifeRun, name: str, age: float) -> float:
    return 100.0 * (_ratio(run, over, name, age) - 1.0) / (age - float(run.ages[0]))


def _against(run: LifeRun, over: LifeRun, name: str, age: float) -> float:
    return _median(_at(run, name, age) / _at(over, name, age))


def _difference(run: LifeRun, over: LifeRun, name: str, age: float) -> float:
    return _median(_at(run, name, age) - _at(over, name, age))


def _cohort_hazard(run: LifeRun, over: LifeRun, name: str, age: float) -> float:
    return float(np.interp(age, run.ages, run.hazard_of_cohort))


def _cohort_ratio(run: LifeRun, over: LifeRun, name: str, age: float) -> float:
    return _cohort_hazard(run, over, name, age) / _cohort_hazard(over, over, name, age)


def _cohort_doubling(run: LifeRun, over: LifeRun, name: str, age: float) -> float:
    early, late = (_cohort_hazard(run, over, name, at) for at in (age - _SPAN, age))
    return _SPAN * math.log(2.0) / math.log(late / early)


def _cohort_median(run: LifeRun, over: LifeRun, name: str, age: float) -> float:
    return float(np.interp(-0.5, -np.nanmean(run.alive, axis=0), run.ages))


_MEASURES: Mapping[str, Callable[[LifeRun, LifeRun, str, float], float]] = {
    "value": _value, "ratio": _ratio, "slope": _slope, "against": _against, "difference": _difference,
    "cohort_hazard": _cohort_hazard, "cohort_ratio": _cohort_ratio, "cohort_doubling": _cohort_doubling,
    "cohort_median": _cohort_median,
}  # fmt: skip
