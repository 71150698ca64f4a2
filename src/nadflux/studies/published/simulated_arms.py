"""The arms of a study on the shipped body: population to cohort, plan to schedule, people to values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nadflux.counts import check_threads
from nadflux.errors import NadfluxError, StudyError, ValueOutOfRangeError
from nadflux.network.body_spec import WHOLE
from nadflux.network.dependencies import Dependencies
from nadflux.network.expression import symbols
from nadflux.network.infix import parse_infix
from nadflux.network.tables import Observable
from nadflux.people import Cohort, Distribution, Posterior, draw_covariates
from nadflux.people.covariate_table import AGE
from nadflux.plans.events import Dose
from nadflux.plans.language.sentence import parse_plan
from nadflux.plans.schedule import schedule
from nadflux.simulation import simulate
from nadflux.simulation.check_question import MOST_PEOPLE
from nadflux.simulation.compiled import prepare
from nadflux.simulation.select_posterior import DEFAULT, PRIORS, find_posterior
from nadflux.studies.published.freeze import Frozen
from nadflux.studies.published.measurement import Measurement, read_measurement
from nadflux.studies.published.schema import Arm, Spread, StudyPopulation
from nadflux.units import DAY_H

Array = NDArray[np.float64]

WEEK_DAYS = 7
# Days in the whole body take a hundred times as long as doses in the NAD body, so an arm has fewer people.
LIVED_PEOPLE, LIVED_DRAWS = 2, 16


class BodyValues:
    """Simulated people of one arm: values (draw, person, time) by observable id, and ages (draw, person) in years.

    ``counterfactual`` are the same people without the plan; None without habits.
    """

    def __init__(
        self,
        time: Array,
        values: Mapping[str, Array],
        doses: Sequence[Dose],
        age: Array,
        counterfactual: BodyValues | None = None,
    ) -> None:
        self.time = time
        self.age = age
        self.counterfactual = counterfactual
        self._values = values
        self._doses = doses

    def __getitem__(self, observable: str) -> Array:
        return self._values[observable]

    def dose(self, start: float, end: float) -> float:
        """Return the µmol given from ``start`` (included) to ``end`` (excluded), hours."""
        return math.fsum(dose.amount for dose in self._doses if start <= dose.time_h < end)


class BodySimulator:
    """Arms of studies as cohorts through `nadflux.simulation.simulate`.

    Parameters
    ----------
    people : int
        Simulated people per draw of the typical values; at least 2, for their spread.
    draws : int
        Draws of the typical values; the same in every arm and study.
    seed : int
    threads : int, optional
        All cores by default.
    switches : mapping of str to str, optional
        Options of contested links.
    progress : callable (fraction), optional
        Called during the simulation of an arm.
    posterior : Posterior, path, "shipped" or "none"
        Fitted typical values; the shipped ones by default; "none" for the tables' priors.
    """

    def __init__(
        self,
        people: int,
        draws: int,
        seed: int,
        *,
        threads: int | None = None,
        switches: Mapping[str, str] | None = None,
        progress: Callable[[float], object] | None = None,
        posterior: Posterior | Path | str | None = DEFAULT,
    ) -> None:
        if people < 2:
            raise ValueOutOfRangeError(f"{people} people per draw cannot show a spread; give at least 2")
        if draws < 2:
            raise ValueOutOfRangeError(f"{draws} draws cannot show an uncertainty; give at least 2")
        if people * draws > MOST_PEOPLE:
            raise ValueOutOfRangeError(
                f"{people} people in each of {draws} draws are {people * draws}; at most {MOST_PEOPLE} are simulated "
                "of an arm: give fewer people, or fewer draws"
            )
        check_threads(threads)
        self._people, self._draws, self._seed = people, draws, seed
        self._threads, self._switches, self._progress = threads, dict(switches or {}), progress
        self._body = prepare(self._switches).body
        self._posterior, self.note = find_posterior(self._body, posterior)
        self._record: dict[str, Any] = {}
        self._lived: dict[str, int] = {}
        self.failures: list[str] = []

    @property
    def observables(self) -> Sequence[Observable]:
        """Observables of the body of NAD+, then those of the whole body alone."""
        here = {observable.id for observable in self._body.observables}
        whole = prepare(self._switches, body=WHOLE).body.observables
        return (*self._body.observables, *(one for one in whole if one.id not in here))

    @property
    def record(self) -> dict[str, Any]:
        """Hashes, versions and tolerances of the runs, and people that failed."""
        return {**self._record, **({"lived": self._lived} if self._lived else {}), "failures": list(self.failures)}

    @property
    def frozen(self) -> Frozen:
        """Hashes of all that the predictions depend on."""
        return Frozen.of(self._posterior)

    @property
    def measurement(self) -> Measurement:
        """The measurement model, with the record of the posterior in use applied."""
        shipped = read_measurement()
        return shipped.fitted(self._posterior.record) if self._posterior is not None else shipped

    @property
    def fitted_to(self) -> tuple[str, ...]:
        """Studies to which the posterior in use was fitted."""
        return tuple(self._posterior.record.get("studies", ())) if self._posterior is not None else ()

    def without(self, study: str) -> BodySimulator | None:
        """Return the simulator with the fit without a study; None if there is no such fit."""
        if self._posterior is None or study not in self._posterior.left_out:
            return None
        return BodySimulator(
            self._people,
            self._draws,
            self._seed,
            threads=self._threads,
            switches=self._switches,
            progress=self._progress,
            posterior=self._posterior.without(study),
        )

    def left_out(self, study: str) -> tuple[BodySimulator, Measurement] | None:
        """Return simulator and measurement model of the fit without a study, or None."""
        other = self.without(study)
        return None if other is None else (other, other.measurement.of_study_in_view())

    def dose_at(self, plan: str, hours: float) -> float:
        """Return the µmol of precursor a day that are taken at a time, h since the first dose."""
        return dose_at(plan, hours)

    def is_trait(self, observable: Observable) -> bool:
        """Return whether an observable is a trait of a person, which nothing moves during a run."""
        behind, moving = self._behind_and_moving
        return moving.isdisjoint(behind.behind(symbols(parse_infix(observable.formula))))

    @cached_property
    def _behind_and_moving(self) -> tuple[Dependencies, frozenset[str]]:
        """The dependencies of the whole body, and the ids of its states, inputs and time."""
        body = prepare(self._switches, body=WHOLE).body
        model = body.model
        used = (part.species for one in model.reactions.values() for part in (*one.reactants, *one.products))
        return Dependencies.at_rest(model), frozenset((*used, *model.rate_rules, *body.inputs, "time"))

    def run(
        self, arm: Arm, population: StudyPopulation, observables: Sequence[str], times: Array, fewest: int = 2
    ) -> BodyValues:
        """Simulate the people of an arm.

        Parameters
        ----------
        arm : Arm
        population : StudyPopulation
            Description of the cohort; covariates it leaves open are drawn from the reference tables.
        observables : sequence of str
            Ids to keep.
        times : array (time,), h
            Increasing, from 0.
        fewest : int
            People per draw at least; an arm on the whole body then has fewer draws.

        Raises
        ------
        StudyError
            If the arm cannot be simulated.
        """
        plan = None if arm.untreated or arm.plan is None else parse_plan(arm.plan)
        days = max(float(times[-1]), 1.0) / DAY_H
        people, draws = max(self._people, fewest), self._draws
        known = {observable.id for observable in self._body.observables}
        if (plan is not None and plan.lifestyle) or population.habits or not known.issuperset(observables):
            people = max(min(people, LIVED_PEOPLE), fewest)
            draws = min(draws, max(2, LIVED_PEOPLE * LIVED_DRAWS // people))
            self._lived = {"people": people, "draws": draws}
        count = people * draws
        cohort = cohort_of(population, self._body.table.row("person.age").value, count, arm.id)
        try:
            run = simulate(
                cohort,
                plan,
                n=count,
                seed=self._seed,
                times=times,
                days=days,
                outputs=observables,
                group=people,
                set=arm.set,
                switches=self._switches,
                threads=self._threads,
                progress=self._progress,
                posterior=self._posterior if self._posterior is not None else PRIORS,
                research=True,
            )
        except NadfluxError as error:
            raise StudyError(f"arm {arm.id!r} cannot be simulated: {error}") from error
        self.failures += [
            f"arm {arm.id}: person {f.person} at {f.time:.4g} h, {f.state}: {f.reason}" for f in run.failures
        ]
        kept = ("text_hash", "table_hash", "switches", "versions", "rtol", "atol", "posterior")
        self._record = {key: run.record[key] for key in kept if key in run.record}
        shape = (draws, people, times.size)
        ids = [quantity.id for quantity in run.quantities]
        values, twin = (
            None if stored is None else {name: stored[:, :, ids.index(name)].reshape(shape) for name in observables}
            for stored in (run.values, run.counterfactual)
        )
        assert values is not None
        doses = schedule(plan, days=days).doses if plan is not None else ()
        age = draw_covariates(cohort, np.arange(count), self._seed)["age"].reshape(draws, people)
        counterfactual = values if twin is None and run.record["run_in_h"] else twin
        without = None if counterfactual is None else BodyValues(times, counterfactual, (), age)
        return BodyValues(times, values, doses, age, without)


def cohort_of(population: StudyPopulation, reference_age: float, count: int, name: str) -> Cohort:
    """Return the cohort a study describes; people are of ``reference_age`` (years) if it gives no age."""
    given = {name: _distribution(spread) for name, spread in population.spreads.items()}
    return Cohort(
        n=count,
        age=given.pop(AGE, Distribution(reference_age)),
        female=population.sex.female if population.sex else 0.5,
        name=name,
        habits=tuple(population.habits),
        covariates=given,
    )


def _distribution(spread: Spread) -> Distribution:
    """Return mean and SD; for a range alone, those of a uniform distribution."""
    mean, sd = spread.mean, spread.sd
    if spread.low is not None and spread.high is not None:
        mean = (spread.low + spread.high) / 2 if mean is None else mean
        sd = (spread.high - spread.low) / math.sqrt(12) if sd is None else sd
    assert mean is not None
    return Distribution(mean, sd or 0.0)


@lru_cache(maxsize=1024)
def dose_at(plan: str, hours: float) -> float:
    """Return the µmol a day that a plan gives at a time.

    That is what was given in the day before, an infusion as far as it has run. Without any, it is the mean of the week
    before if doses go on (every other day, weekly), and 0 if they are over.

    Parameters
    ----------
    plan : str
    hours : float
        Since the first dose.
    """
    if plan.lower() in ("none", "placebo"):
        return 0.0
    week = WEEK_DAYS * DAY_H
    doses = schedule(parse_plan(plan), days=(hours + week) / DAY_H).doses
    last = math.fsum(_given(dose, hours) for dose in doses if hours - DAY_H <= dose.time_h < hours)
    if last > 0 or not any(hours <= dose.time_h < hours + week for dose in doses):
        return last
    earlier = math.fsum(_given(dose, hours) for dose in doses if hours - week <= dose.time_h < hours)
    return earlier / min(WEEK_DAYS, max(1, math.ceil(hours / DAY_H)))


def _given(dose: Dose, hours: float) -> float:
    """Return the µmol of a dose that have been given by a time."""
    return dose.amount if dose.infusion_h <= 0 else dose.amount * min(1.0, (hours - dose.time_h) / dose.infusion_h)
