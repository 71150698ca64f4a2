"""The arms of calibration studies, run with given parameters: for a typical person, or for a spread of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.inference.data import Array
from nadflux.network.tables import Observable
from nadflux.people import Cohort, Covariates, Draws, Posterior, draw, draw_covariates
from nadflux.people.covariates import TYPICAL_PEOPLE, typical_covariates
from nadflux.plans import Plan, parse_plan
from nadflux.plans.schedule import schedule
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.ensemble import simulate_members
from nadflux.simulation.tolerances import FITS
from nadflux.studies.published.endpoint import times_needed
from nadflux.studies.published.predict import observables_needed
from nadflux.studies.published.schema import Arm, Observation, Study
from nadflux.studies.published.simulated_arms import BodyValues, cohort_of
from nadflux.studies.published.target import Target
from nadflux.units import DAY_H


@dataclass(frozen=True)
class ArmRun:
    """One arm, ready to be run.

    Attributes
    ----------
    cohort : Cohort
        People who took part.
    typical : Covariates
        Their mean age and share of women, the median of all other covariates; each of shape (1,).
    plan : Plan or None
    times : ndarray, shape (time,), h
    outputs : tuple of str
        Ids of the observables that rows of the study need.
    """

    cohort: Cohort
    typical: Covariates
    plan: Plan | None
    times: Array
    outputs: tuple[str, ...]

    @property
    def days(self) -> float:
        """Length of the run."""
        return max(float(self.times[-1]), 1.0) / DAY_H

    def typical_values(self, prepared: Prepared, draws: Draws, threads: int | None) -> BodyValues:
        """Return the values, shape (member, 1, time), of the typical person under each member's parameters."""
        count = len(draws.values)
        return self._values(prepared, draws, self.typical.repeated(count), (count, 1), threads)

    def spread_values(
        self, prepared: Prepared, reference: Posterior, people: int, seed: int, threads: int | None
    ) -> BodyValues:
        """Return the values, shape (1, person, time), of people who differ around one set of typical values."""
        index = np.arange(people)
        draws = draw(prepared.body.table, index, seed, uncertainty=False, posterior=reference)
        return self._values(prepared, draws, draw_covariates(self.cohort, index, seed), (1, people), threads)

    def _values(
        self, prepared: Prepared, draws: Draws, covariates: Covariates, shape: tuple[int, int], threads: int | None
    ) -> BodyValues:
        grid, values = simulate_members(
            draws,
            covariates,
            self.plan,
            prepared=prepared,
            times=self.times,
            days=self.days,
            outputs=self.outputs,
            rtol=FITS,
            threads=threads,
        )
        doses = schedule(self.plan, days=self.days).doses if self.plan is not None else ()
        by_id = {name: values[:, :, k].reshape(*shape, grid.size) for k, name in enumerate(self.outputs)}
        return BodyValues(grid, by_id, doses, np.broadcast_to(covariates["age"], values.shape[:1]).reshape(shape))


def arm_runs(
    study: Study,
    wanted: Sequence[tuple[Observation, Target]],
    observables: Sequence[Observable],
    reference_age: float,
    seed: int,
) -> dict[str, ArmRun]:
    """Return the arms of the wanted rows of a study, by id."""
    runs = {}
    for arm in study.arms:
        here = [(row, target) for row, target in wanted if arm.id in (row.arm, row.reference)]
        if not here:
            continue
        ids = tuple(dict.fromkeys(i for row, target in here for i in observables_needed(row, target, observables)))
        times = np.unique(np.concatenate([times_needed(row) for row, _ in here]))
        cohort = cohort_of(arm.population or study.population, reference_age, TYPICAL_PEOPLE, arm.id)
        runs[arm.id] = ArmRun(cohort, typical_covariates(cohort, seed, means=("age",)), _plan(arm), times, ids)
    return runs


def _plan(arm: Arm) -> Plan | None:
    return None if arm.untreated or arm.plan is None else parse_plan(arm.plan)
