"""Ready-made engines on the same cohort: each gets the exported SBML with the doses as an event."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np

import _dosing
from _apart import Apart
from _own import Cohort
from nadflux.network.evaluate import initial_values
from nadflux.network.model import Model
from nadflux.network.numeric_rest import settled
from nadflux.network.write_sbml import write_sbml

ABSOLUTE = 1e-3  # absolute tolerance of peers relative to their relative one, in µM: as engine.md's runs


class Peer(Protocol):
    """An engine on some people of a cohort, one after the other."""

    people: int

    def __call__(self, rtol: float, days: int) -> tuple[np.ndarray, float, int]:
        """Return concentrations (person, day, state), seconds of processor time, and failures."""
        ...


def available(cohort: Cohort, people: int, wanted: Sequence[str], limit_s: float) -> Iterator[tuple[str, Peer | str]]:
    """Yield each peer by name, started, or why it cannot be."""
    makers: dict[str, Callable[[], Peer]] = {
        "pydiffsol": lambda: Apart(lambda: _diffsol(cohort, people), people, limit_s),
        "cvode_klu": lambda: _cvode(cohort, people),
        "roadrunner": lambda: RoadRunner(cohort, people),
        "amici": lambda: _amici(cohort),
    }
    for name, make in makers.items():
        if name in wanted:
            try:
                yield name, make()
            except (ImportError, OSError) as error:  # a time limit is an OSError too
                yield name, str(error)


def _diffsol(cohort: Cohort, people: int) -> Peer:
    from _diffsol import Diffsol

    return Diffsol(cohort, people)


def _cvode(cohort: Cohort, people: int) -> Peer:
    from _cvode import Cvode, library

    return Cvode(cohort, people, library())


def _amici(cohort: Cohort) -> Peer:
    from _amici import Amici

    return Amici(cohort)


def exported(cohort: Cohort) -> tuple[Model, list[dict[str, float]]]:
    """Return the model with doses, of person 0, and the settled numbers of every person."""
    model = _dosing.with_stops(settled(cohort.model, cohort.given), cohort.stops)
    everyone = initial_values(cohort.model, cohort.given)
    count = len(cohort.rows)
    columns = {
        name: np.broadcast_to(np.ravel(v), (count,)) if np.size(v) in (1, count) else v for name, v in everyone.items()
    }
    people = [{name: float(column[k]) for name, column in columns.items()} for k in range(count)]
    return model, people


class RoadRunner:
    """libRoadRunner with CVODE; people one after the other, numbers set between them (not timed)."""

    def __init__(self, cohort: Cohort, people: int) -> None:
        import roadrunner

        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
        model, numbers = exported(cohort)
        self.numbers = numbers[:people]
        self.people = len(self.numbers)
        self.species = cohort.species
        self.runner = roadrunner.RoadRunner(write_sbml(model))
        inner = self.runner.model
        self.starts = {
            stop.target if stop.always else _dosing.next_time(k): stop.value if stop.always else stop.first
            for k, stop in enumerate(cohort.stops)
        }
        self.parameters = [name for name in inner.getGlobalParameterIds() if name not in model.assignment_rules]
        self.compartments = list(inner.getCompartmentIds())
        self.floating = list(inner.getFloatingSpeciesIds())
        self.boundary = list(inner.getBoundarySpeciesIds())

    def __call__(self, rtol: float, days: int) -> tuple[np.ndarray, float, int]:
        found, seconds, failures = [], 0.0, 0
        for numbers in self.numbers:
            self._set(numbers)
            self.runner.integrator.relative_tolerance = rtol
            self.runner.integrator.absolute_tolerance = rtol * ABSOLUTE
            self.runner.integrator.maximum_num_steps = 1_000_000
            wanted = ["time", *(f"[{name}]" for name in self.species)]
            started = time.process_time()
            try:
                result = np.array(self.runner.simulate(0, days * 24, days + 1, wanted))
                seconds += time.process_time() - started
                found.append(result[:, 1:])
            except RuntimeError:
                failures += 1
                found.append(np.full((days + 1, len(self.species)), np.nan))
        return np.stack(found), seconds, failures

    def _set(self, numbers: dict[str, float]) -> None:
        inner = self.runner.model
        self.runner.reset()
        values = [self.starts.get(name, numbers.get(name)) for name in self.parameters]
        for name, value in zip(self.parameters, values, strict=True):
            inner[name] = value
        inner.setCompartmentVolumes([numbers[name] for name in self.compartments])
        inner.setFloatingSpeciesConcentrations([numbers[name] for name in self.floating])
        if self.boundary:
            inner.setBoundarySpeciesConcentrations([numbers[name] for name in self.boundary])
