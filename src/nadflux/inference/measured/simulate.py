"""Simulation of a described person who has been measured: people are drawn, weighted, chosen, and simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nadflux.counts import check_count
from nadflux.errors import NotModelledError, UnknownNameError, ValueOutOfRangeError
from nadflux.inference.measured.reading import MeasuredValue, read_measured
from nadflux.inference.measured.weights import Weights, chosen_by_weight, weights_of
from nadflux.network.body_spec import WHOLE
from nadflux.notes import Note, NoteCode
from nadflux.people import Person
from nadflux.people.described import EXAMPLE
from nadflux.plans.plan import Plan
from nadflux.simulation.check_question import MOST_PEOPLE
from nadflux.simulation.numbers import DEFAULT_PEOPLE
from nadflux.simulation.pieces import Pieces
from nadflux.simulation.progress import Progress, part_of
from nadflux.simulation.run import Quantity, Run
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.settle import Settled, settle
from nadflux.simulation.simulate import simulate_settled
from nadflux.simulation.summary import FEWEST, middle_and_bounds, significant
from nadflux.studies.published.measurement import read_measurement

DRAWS, DRAWS_OF_WHOLE = 1000, 128
"""People drawn by default; fewer of the whole body, whose rest is ten quiet years of integration."""


def simulate_measured(
    who: Person | str,
    measured: str | Sequence[str | MeasuredValue],
    plan: Plan | str | None = None,
    *,
    n: int = DEFAULT_PEOPLE,
    draws: int | None = None,
    seed: int = 0,
    fewest: int = FEWEST,
    threads: int | None = None,
    progress: Progress | None = None,
    **asked: Any,
) -> Run:
    """Simulate a described person who has been measured at rest, before the plan.

    Many people of their description are drawn; those who would have given the measured values, by the errors of the
    assay, are chosen more often. Intervals, tables and figures of the run are then theirs.

    Parameters
    ----------
    who : Person or str
    measured : str or sequence
        ``"whole blood NAD+ 24 µM"``, several separated by ``;``; ``", frozen at -80 °C"`` where the sample was.
    plan : Plan or str, optional
    n : int
        People in the run; some are chosen more than once.
    draws : int, optional
        People drawn: 1000, of the whole body 128, as their rest takes far longer.
    seed : int
        Same seed, same people.
    fewest : int
        Least effective sample size; with fewer the question is refused.
    threads : int, optional
    progress : callable, optional
        Called with the fraction done.
    asked : Any
        As for `nadflux.simulate`, but for ``people`` and ``group``.

    Returns
    -------
    Run
        ``run.record["measured"]`` has the values, people drawn, effective sample size and who was chosen.

    Raises
    ------
    ValueOutOfRangeError
        For values that cannot be read, and where too few people agree with them: says how many would be needed.
    NotModelledError
        For a quantity that no assay measures in a living person.
    NadfluxError
        As `nadflux.simulate`.
    """
    values = read_measured(measured)
    for name in ("people", "group"):
        if name in asked:
            raise ValueOutOfRangeError(f"{name} is given beside measured values, which choose people; leave it out")
    settled = settle(Scenario.of(who, plan, n=n, seed=seed, **asked))
    return simulate_settled_measured(settled, values, draws=draws, fewest=fewest, threads=threads, progress=progress)


def simulate_settled_measured(
    settled: Settled,
    values: Sequence[MeasuredValue],
    *,
    draws: int | None = None,
    fewest: int = FEWEST,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Run:
    """Simulate a settled scenario of a measured person; arguments as for `simulate_measured`.

    Raises
    ------
    ValueOutOfRangeError
        For a cohort, and where too few people agree with what was measured.
    NadfluxError
        As `simulate_measured`.
    """
    scenario = settled.scenario
    if not isinstance(scenario.who, Person):
        raise ValueOutOfRangeError(f"measured values belong to one person, and {scenario.who} is a cohort; {EXAMPLE}")
    if draws is None:
        draws = DRAWS_OF_WHOLE if scenario.body == WHOLE else DRAWS
    check_count("draws", draws, MOST_PEOPLE)
    _refuse_unmeasurable(settled, values)
    rest = _at_rest(scenario, values, draws, threads, part_of(progress, 0, 1.0, 2))
    quantities = [rest.quantity(one.quantity) for one in values]
    own = [rest.at(one.quantity, 0.0) for one in values]
    weights = weights_of(values, quantities, own, read_measurement(), fewest)
    people = chosen_by_weight(weights.weights, scenario.index.size)
    once, places = np.unique(people, return_inverse=True)
    chosen = replace(settled, scenario=scenario.changed(people=tuple(once.tolist())))
    run = _repeated(simulate_settled(chosen, threads=threads, progress=part_of(progress, 1, 1.0, 2)), places)
    return _said(run, values, quantities, own, weights, people)


def _at_rest(
    scenario: Scenario, values: Sequence[MeasuredValue], draws: int, threads: int | None, progress: Progress | None
) -> Run:
    """Return the people drawn at rest, with what was measured."""
    names = tuple(one.quantity for one in values)
    asked = scenario.changed(plan=None, people=draws, times=(0.0,), days=None, outputs=names, peaks=())
    return simulate_settled(settle(asked), threads=threads, progress=progress)


def _refuse_unmeasurable(settled: Settled, values: Sequence[MeasuredValue]) -> None:
    known = {observable.id: observable for observable in settled.prepared.body.observables}
    for one in values:
        if one.quantity not in known:
            whole = f"the body {settled.scenario.body!r} of this question does not have it; take the whole body, "
            raise UnknownNameError("observable", one.quantity, known, f"({whole}--body whole)")
        found = known[one.quantity]
        if found.clinic:
            raise NotModelledError(
                f"{found.label} in {found.matrix} is {found.clinic} in a living person; "
                "give a level or an excretion that a laboratory reports"
            )


def _repeated(run: Run, places: np.ndarray) -> Run:
    """Return a run with people as often as they were chosen.

    Parameters
    ----------
    run : Run
    places : ndarray of int, shape (person,)
        Position in the run of each person of the result.
    """
    others = run.counterfactual
    failures = tuple(
        replace(failure, person=int(person))
        for failure in run.failures
        for person in np.flatnonzero(places == failure.person)
    )
    return run.changed(
        values=Pieces.of(run.values[places]),
        failures=failures,
        peaks={name: peak[places] for name, peak in run.peaks.items()},
        counterfactual=None if others is None else Pieces.of(others[places]),
    )


def _said(
    run: Run,
    values: Sequence[MeasuredValue],
    quantities: Sequence[Quantity],
    own: Sequence[np.ndarray],
    weights: Weights,
    people: np.ndarray,
) -> Run:
    """Return the run with what was measured in its record and notes."""
    drawn = weights.weights.size
    named = [one.said(quantity) for one, quantity in zip(values, quantities, strict=True)]
    record = {
        **run.record,
        "who": f"{run.record['who']}, measured: {'; '.join(named)}",
        "persons": run.persons,
        "measured": {
            "values": named, "drawn": drawn, "effective": weights.effective,
            "people": people.tolist(),
        },
    }  # fmt: skip
    parts = []
    for quantity, each in zip(quantities, own, strict=True):
        before, after = middle_and_bounds(each[np.isfinite(each)]), middle_and_bounds(each[people])
        what = f"{quantity.long_name} in {quantity.matrix}, {quantity.units}"
        parts.append(f"{what}: {_figures(before)} before, {_figures(after)} after")
    text = (
        f"chosen from {drawn} people drawn by what was measured, effective sample size {weights.effective:.0f}; at "
        f"rest: {'; '.join(parts)}; errors by biology/measurement/assays.csv, one laboratory's "
        "scale included"
    )
    note = Note(NoteCode.MEASURED, text)
    return run.changed(record=record, notes=(run.notes[0], note, *run.notes[1:]) if run.notes else (note,))


def _figures(figures: tuple[float, float, float]) -> str:
    middle, low, high = map(significant, figures)
    return f"{middle} ({low}–{high})"
