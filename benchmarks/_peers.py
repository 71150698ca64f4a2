"""Ready-made engines on the same cohort: each gets the exported SBML with the doses as an event."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

import _dosing
from _own import Cohort
from nadflux.network.evaluate import initial_values
from nadflux.network.model import Model
from nadflux.network.numeric_rest import settled
from nadflux.network.write_sbml import write_sbml

if TYPE_CHECKING:
    from _amici import Amici

ABSOLUTE = 1e-3  # absolute tolerance of peers relative to their relative one, in µM: as engine.md's runs


def available(cohort: Cohort, people: int, notes: dict[str, str]) -> Iterator[tuple[str, RoadRunner | Amici]]:
    """Yield the peers that are installed; ``notes`` names those that are not."""
    if importlib.util.find_spec("roadrunner"):
        yield "libRoadRunner", RoadRunner(cohort, people)
    else:
        notes["libRoadRunner"] = "not installed (pip install '.[bench]')"
    if importlib.util.find_spec("amici"):
        from _amici import Amici

        yield "AMICI", Amici(cohort)
    else:
        notes["AMICI"] = "not installed here"


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
            started = time.perf_counter()
            try:
                result = np.array(self.runner.simulate(0, days * 24, days + 1, wanted))
                seconds += time.perf_counter() - started
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
