"""A scenario: one complete question about people, as the record of its run keeps it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.errors import ValueOutOfRangeError
from nadflux.people import Cohort, Person, Posterior
from nadflux.people.streams import check_seed
from nadflux.plans.language.person import read_person
from nadflux.plans.plan import Plan
from nadflux.simulation.check_question import check_question
from nadflux.simulation.numbers import chosen_people
from nadflux.simulation.output_labels import ids_of
from nadflux.simulation.select_posterior import DEFAULT, PRIORS

VERSION = 1
"""Of the document; it changes where an older one would be read in another sense."""
IN_MEMORY = "in memory: "
"""Prefix, in the document, of the version of a posterior that is no file."""


@dataclass(frozen=True)
class Scenario:
    """People and their plan, the numbers they are drawn from, and the outputs to keep.

    Attributes
    ----------
    who : Person or Cohort
    plan : Plan or None
        None where nothing is taken.
    people : int or tuple of int
        How many people, or which: their indices.
    seed : int
    settings : mapping of str to str or float
        Numbers of the model that are changed, e.g. ``{"liver.NAMPT.Km": "0.3 µM"}``.
    switches : mapping of str to str
        Options of contested links.
    body : str or None
        ``nad`` or ``whole``; None for the smallest that has all that is named.
    outputs : tuple of str or None
        Observables to keep; None for all.
    peaks : tuple of str
        Observables whose peak and its time are wanted.
    times : tuple of float, h, or None
        When to store.
    days : float or None
        Length; that of the times or of the plan where None.
    uncertainty, spread : bool
        Whether typical values and people's departures from them are drawn.
    group : int
        Consecutive people who share one draw of the typical values.
    posterior : Posterior or str
        ``shipped``, ``none`` for the tables' priors, a path, or a posterior in memory.
    rtol : float, optional
        Relative tolerance of the integration; that of the body if left out.
    research : bool
        Whether a plan that screening stops is simulated all the same; every output then says so.
    supervised : bool
        Whether close supervision is stated; nobody verifies it.
    """

    who: Person | Cohort
    plan: Plan | None = None
    people: int | tuple[int, ...] = 1
    seed: int = 0
    settings: Mapping[str, str | float] = field(default_factory=dict)
    switches: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    outputs: tuple[str, ...] | None = None
    peaks: tuple[str, ...] = ()
    times: tuple[float, ...] | None = None
    days: float | None = None
    uncertainty: bool = True
    spread: bool = True
    group: int = 1
    posterior: Posterior | str = DEFAULT
    rtol: float | None = None
    research: bool = False
    supervised: bool = False

    @classmethod
    def of(
        cls,
        who: Person | Cohort | str,
        plan: Plan | str | None = None,
        *,
        n: int | None = None,
        seed: int = 0,
        people: Sequence[int] | np.ndarray | None = None,
        set: Mapping[str, str | float] | None = None,
        switches: Mapping[str, str] | None = None,
        outputs: Sequence[str] | None = None,
        peaks: Sequence[str] = (),
        times: Sequence[float] | np.ndarray | None = None,
        posterior: Posterior | Path | str | None = DEFAULT,
        **others: Any,
    ) -> Scenario:
        """Return the scenario of the arguments of `nadflux.simulate`.

        Parameters
        ----------
        people : ndarray of int, shape (person,), optional
        times : array, shape (time,), h, optional
        who, plan, n, seed, set, switches, outputs, peaks, posterior, others
            As for `nadflux.simulate`.

        Raises
        ------
        NadfluxError
            For people or a plan that cannot be read, and for indices or times that are no list of numbers.
        """
        asked = {
            "who": who, "plan": plan, "seed": seed, "set": set, "switches": switches, "outputs": outputs,
            "peaks": peaks, "times": times, "posterior": posterior,
        }  # fmt: skip
        check_question({**asked, **others})
        who = read_person(who) if isinstance(who, str) else who
        plan = planned_for(Plan.parse(plan) if isinstance(plan, str) else plan, who)
        index = chosen_people(who, n, people)
        return cls(
            who,
            plan,
            people=index.size if people is None else tuple(index.tolist()),
            seed=check_seed(seed),
            settings=dict(set or {}),
            switches=dict(switches or {}),
            outputs=None if outputs is None else ids_of(outputs),
            peaks=ids_of(peaks),
            times=None if times is None else _hours(times),
            posterior=_named(posterior),
            **others,
        )

    @property
    def index(self) -> np.ndarray:
        """Indices of the people, shape (person,), dimensionless."""
        if isinstance(self.people, int):
            return np.arange(self.people, dtype=np.int64)
        return np.array(self.people, dtype=np.int64)

    def changed(self, **fields: Any) -> Scenario:
        """Return the same scenario with other values of some fields."""
        return dataclasses.replace(self, **fields)


def document_of(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as JSON values; `nadflux.simulation.scenario_file` reads it back, equal."""
    document: dict[str, Any] = {"version": VERSION}
    for each in dataclasses.fields(scenario):
        document[each.name] = getattr(scenario, each.name)
    document["who"] = _who(scenario.who)
    document["plan"] = None if scenario.plan is None else str(scenario.plan)
    if not isinstance(scenario.posterior, str):
        document["posterior"] = f"{IN_MEMORY}{scenario.posterior.version}"
    return {name: _plain(value) for name, value in document.items()}


def planned_for(plan: Plan | None, who: Person | Cohort) -> Plan | None:
    """Return a plan with its doses by weight as those of a person of known weight; None where nothing is planned."""
    if plan is None or plan.empty:
        return None
    if plan.by_weight and isinstance(who, Person) and who.weight is not None:
        return plan.of_weight(who.weight)
    return plan


def _hours(times: Sequence[float] | np.ndarray) -> tuple[float, ...]:
    given = np.asarray(times, dtype=float)
    if given.ndim != 1 or not given.size:
        raise ValueOutOfRangeError("times must be a list of finite hours, none negative")
    return tuple(given.tolist())


def _named(posterior: Posterior | Path | str | None) -> Posterior | str:
    if isinstance(posterior, Posterior):
        return posterior
    return PRIORS if posterior is None else str(posterior)


def _who(who: Person | Cohort) -> str | dict[str, Any]:
    """Return people as a sentence where that is complete; else as their fields."""
    if isinstance(who, Person) and not who.covariates and not any("," in h or ";" in h for h in who.habits):
        return str(who)
    fields = dataclasses.asdict(who)
    return {key: value for key, value in fields.items() if value is not None and (key != "health" or value)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value.item() if isinstance(value, np.generic) else value
