"""Failures of people: numbers that contradict each other at rest, or an error of the integration."""

from __future__ import annotations

import numpy as np

from nadflux.kernel.batch import Solution
from nadflux.network.capacities import names_of_faults, resting_faults
from nadflux.network.names import to_name
from nadflux.simulation.compiled import Prepared, at_rest_of
from nadflux.simulation.run import PersonFailure

AT_REST = "the resting state"


def faults_at_rest(
    prepared: Prepared, rows: np.ndarray, origin: float = 0.0
) -> tuple[dict[str, np.ndarray], dict[int, str]]:
    """Return every quantity at rest by id, and the people without a resting state, each with the reason.

    The numbers are those of machine code to the last bit.

    Parameters
    ----------
    prepared : Prepared
    rows : ndarray, shape (person, parameter), each in its own unit
        As from `nadflux.simulation.parameters.parameter_rows`.
    origin : float
        Time of the resting state, h.

    Returns
    -------
    dict of str to ndarray, shape (person,), each in the unit of its id
    dict of int to str
    """
    model = prepared.body.model
    names = [*model.compartments, *model.species, *model.parameters, *model.reactions]
    values = at_rest_of(prepared).values(names, prepared.program.parameters, rows, origin)
    return values, dict(resting_faults(model, values))


def without_rest(prepared: Prepared, rows: np.ndarray) -> np.ndarray:
    """Return who has no resting state, as their numbers contradict each other: shape (person,), bool.

    Parameters
    ----------
    rows : ndarray, shape (person, parameter), each in its own unit
    """
    model = prepared.body.model
    values = at_rest_of(prepared).values(names_of_faults(model), prepared.program.parameters, rows, 0.0)
    found = np.zeros(len(rows), dtype=bool)
    found[[person for person, _ in resting_faults(model, values)]] = True
    return found


def failures_of(prepared: Prepared, rows: np.ndarray, solution: Solution, start: float) -> tuple[PersonFailure, ...]:
    """Return the failures of a solution; for those at the start the reason is that of the resting state.

    Parameters
    ----------
    rows : ndarray, shape (person, parameter), each in its own unit
        Of the people of the solution.
    start : float
        Start of the integration, h.
    """
    early = [failure.person for failure in solution.failures if failure.time <= start]
    found: dict[int, str] = {}
    if early:
        model = prepared.body.model
        at_rest = at_rest_of(prepared).values(names_of_faults(model), prepared.program.parameters, rows[early], start)
        found = dict(resting_faults(model, at_rest))
    reasons = {early[k]: reason for k, reason in found.items()}
    return tuple(
        PersonFailure(
            f.person,
            f.time,
            AT_REST if f.person in reasons else to_name(f.state),
            reasons.get(f.person, f.reason),
        )
        for f in solution.failures
    )
