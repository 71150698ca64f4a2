"""Physiological ranges of all organs, checked on people of the tables in states of health and disease.

A state is an experiment on the whole body (``whole/states.yaml``), a limit a row of ``whole/ranges.csv``. The smallest
and largest value of each person within the window are compared with it, and people outside it counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.counts import check_count, check_threads
from nadflux.errors import StudyError, UnknownNameError
from nadflux.network.read_yaml import read_yaml
from nadflux.people import Cohort, Distribution
from nadflux.shipped import BIOLOGY
from nadflux.simulation.compiled import prepare
from nadflux.simulation.experiments.body_experiment import simulate_steps
from nadflux.simulation.experiments.experiment import CellRun, CellStep
from nadflux.simulation.limits import Limit, observables_of, read_limits

ALL = "all"
MOST_PEOPLE = 100_000
WHOLE = BIOLOGY / "whole"
ADULTS = Cohort(n=1, age=Distribution(50.0, 16.0), name="adults")
POINTS_PER_HOUR, FEWEST, MOST = 4, 49, 385


@dataclass(frozen=True, slots=True)
class RangeResult:
    """One limit in one state and place.

    Attributes
    ----------
    organ : str
        Empty for circulating quantities.
    lowest, highest : float
        Smallest and largest value over all people.
    low_tail, high_tail : float
        5th percentile of people's smallest values and 95th of their largest.
    people, outside : int
        Numbers of people simulated, and outside the limit.
    """

    state: str
    organ: str
    limit: Limit
    lowest: float
    low_tail: float
    high_tail: float
    highest: float
    people: int
    outside: int


@dataclass(frozen=True)
class Ranges:
    """All limits of all states, and the people who could not be simulated in each state."""

    results: tuple[RangeResult, ...]
    failures: Mapping[str, tuple[str, ...]]

    @property
    def broken(self) -> tuple[RangeResult, ...]:
        """Limits with people outside."""
        return tuple(result for result in self.results if result.outside)


def check_ranges(
    states: Iterable[str] = (),
    *,
    people: int = 256,
    seed: int = 0,
    threads: int | None = None,
    progress: Callable[[int, int, str], bool] | None = None,
) -> Ranges:
    """Check people drawn from tables and covariates in each state against every limit.

    Parameters
    ----------
    states : iterable of str
        Those of ``whole/states.yaml``; all by default.
    people, seed : int
    progress : callable, optional
        Called with (done, total, next state); False stops and returns the finished states.

    Raises
    ------
    UnknownNameError
        For a state that does not exist.
    ValueOutOfRangeError
        For fewer than one person.
    StudyError
        For a table with mistakes.
    ValueOutOfRangeError
        For a number of people or threads out of bounds.
    """
    check_count("people", people, MOST_PEOPLE, remedy="run seeds apart instead")
    check_threads(threads)
    content, limits = read_states(), read_limits()
    wanted = tuple(states) or tuple(content["states"])
    for name in wanted:
        if name not in content["states"]:
            raise UnknownNameError("state", name, content["states"])
    results: list[RangeResult] = []
    failures: dict[str, tuple[str, ...]] = {}
    for number, name in enumerate(wanted):
        if progress is not None and not progress(number, len(wanted), name):
            break
        spec = content["states"][name]
        run = _run(spec, content["meals"], _names(limits), people, seed, threads)
        failures[name] = run.failures
        results += _judged(name, run, float(spec["window"][0]), limits)
    return Ranges(tuple(results), failures)


def read_states(file: Path | None = None) -> dict[str, Any]:
    """Return the content of ``whole/states.yaml``: meals and states."""
    return read_yaml(file or WHOLE / "states.yaml", ("meals", "states"), StudyError)


def _names(limits: Iterable[Limit]) -> dict[str, tuple[str, str]]:
    """Return the observables to check, each with its organ and the quantity that limits name."""
    body = prepare(body="whole").body
    found: dict[str, tuple[str, str]] = {}
    for quantity in dict.fromkeys(limit.quantity for limit in limits):
        places = observables_of(body, quantity)
        if not places:
            raise UnknownNameError("quantity of ranges.csv", quantity, [o.id for o in body.observables])
        found.update({name: (organ, quantity) for name, organ in places.items()})
    return found


def _run(
    spec: Mapping[str, Any],
    meals: Mapping[str, Mapping[str, float]],
    names: Mapping[str, tuple[str, str]],
    people: int,
    seed: int,
    threads: int | None,
) -> CellRun:
    end = float(spec["window"][1])
    inside = int(np.clip((end - spec["window"][0]) * POINTS_PER_HOUR, FEWEST, MOST))
    grid = np.unique(np.concatenate([[0.0], np.linspace(spec["window"][0], end, inside)]))
    steps = list(_steps(spec, meals))
    return simulate_steps(
        ADULTS, steps, times=grid, n=people, seed=seed, uncertain=True, factors=spec.get("factors"),
        outputs=tuple(names), threads=threads,
    )  # fmt: skip


def _steps(spec: Mapping[str, Any], meals: Mapping[str, Mapping[str, float]]) -> Iterator[CellStep]:
    for name, value in spec.get("every_cell", {}).items():
        for organ in prepare(body="whole").body.cells:
            yield CellStep(0.0, f"{organ}.{name}", float(value))
    for entry in spec["steps"]:
        values = dict(meals[entry["meal"]]) if "meal" in entry else {}
        values |= {name: value for name, value in entry.items() if name not in ("at", "meal")}
        for name, value in values.items():
            yield CellStep(float(entry["at"]), name, float(value))


def _judged(state: str, run: CellRun, start: float, limits: Iterable[Limit]) -> Iterator[RangeResult]:
    names = _names(limits)
    window = run.times >= start
    for name, (organ, quantity) in names.items():
        for limit in _of(limits, quantity, state):
            values = run[name]
            whole = np.isfinite(values).all(axis=1)
            values = values[whole] / values[whole, :1] if limit.relative else values[whole]
            lowest, highest = values[:, window].min(axis=1), values[:, window].max(axis=1)
            outside = int(np.sum((lowest < limit.low) | (highest > limit.high)))
            yield RangeResult(
                state, organ, limit, float(lowest.min()), float(np.quantile(lowest, 0.05)),
                float(np.quantile(highest, 0.95)), float(highest.max()), int(whole.sum()), outside,
            )  # fmt: skip


def _of(limits: Iterable[Limit], quantity: str, state: str) -> list[Limit]:
    """Return the limits of a quantity in a state: its own, else those for all states; absolute and relative apart."""
    mine = [limit for limit in limits if limit.quantity == quantity]
    found = []
    for relative in (True, False):
        kind = [limit for limit in mine if limit.relative is relative]
        found += [x for x in kind if x.state == state] or [x for x in kind if x.state == ALL]
    return found
