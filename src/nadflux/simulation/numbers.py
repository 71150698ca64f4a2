"""Numbers of people: their indices, and the source of the parameters of each.

An object with a method ``of`` (see `Numbers`) is all that `nadflux.simulation.forward.run_chunk` needs of people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from nadflux.errors import UnknownNameError
from nadflux.network.names import to_id, to_name
from nadflux.people import Cohort, Covariates, Draws, Person, Posterior, draw, draw_covariates
from nadflux.people.streams import seed_again
from nadflux.simulation.check_question import check_question
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.failures import without_rest
from nadflux.simulation.parameters import parameter_rows

DEFAULT_PEOPLE = 64
MOST_ATTEMPTS = 16
"""How often a person is drawn again at most. Who contradicts themself still is kept as first drawn, and fails."""
_OWN_ATTEMPTS = 8


class Numbers(Protocol):
    """The source of the parameters of people."""

    def of(self, compiled: Prepared, people: np.ndarray) -> tuple[np.ndarray, Draws]:
        """Return the parameters of people, shape (person, parameter), each in its own unit, and what was drawn.

        Parameters
        ----------
        compiled : Prepared
        people : ndarray of int, shape (person,)
            Index of each person in the cohort.
        """


@dataclass(frozen=True, eq=False)
class DrawnNumbers:
    """Numbers of people who are described, drawn by seed and index.

    Attributes
    ----------
    who : Person or Cohort
    seed : int
    uncertainty, spread : bool
        Whether typical values and people's departures from them are drawn.
    group : int
        Consecutive people who share one draw of the typical values.
    posterior : Posterior or None
        Fitted typical values; None for the tables' priors.
    constants : mapping of str to float
        Parameters set by hand, by id, in the model's unit.
    factors : mapping of str to float
        Parameters that are multiplied, each person's own, by name.
    """

    who: Person | Cohort
    seed: int
    uncertainty: bool = True
    spread: bool = True
    group: int = 1
    posterior: Posterior | None = None
    constants: Mapping[str, float] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)

    def of(self, compiled: Prepared, people: np.ndarray) -> tuple[np.ndarray, Draws]:
        """Draw the parameters of people, shape (person, parameter), each in its own unit; see `Numbers`.

        Rows are drawn one by one, so that a few people's contradict each other. Such a person is drawn again, by a
        seed that follows from the first and the attempt, until they have a resting state: this is drawing from the
        rows on the condition that they agree. Nothing is clipped. Where a group shares its typical values, the
        person's departures are drawn again first, and their typical values only if that does not help.

        Parameters
        ----------
        people : ndarray of int, shape (person,)

        Raises
        ------
        UnknownNameError
            For a factor of a name that is no parameter.
        """
        rows, draws = self._drawn(compiled, people, self.seed, self.seed)
        if not (self.uncertainty or self.spread):
            return rows, draws
        again = np.zeros(people.size, dtype=np.int64)
        waiting = np.flatnonzero(without_rest(compiled, rows))
        for attempt in range(1, MOST_ATTEMPTS + 1):
            if not waiting.size:
                break
            seed = seed_again(self.seed, attempt)
            shared = self.group > 1 and self.spread and attempt <= _OWN_ATTEMPTS
            other, drawn = self._drawn(compiled, people[waiting], self.seed if shared else seed, seed)
            rests = ~without_rest(compiled, other)
            found = waiting[rests]
            rows[found], draws.values[found], again[found] = other[rests], drawn.values[rests], attempt
            waiting = waiting[~rests]
        return rows, Draws(draws.names, draws.values, again)

    def _drawn(
        self, compiled: Prepared, people: np.ndarray, seed: int, departures_seed: int
    ) -> tuple[np.ndarray, Draws]:
        """Draw people once, whether their numbers agree or not; traits that are not described keep the first seed."""
        draws = draw(
            compiled.body.table, people, seed, uncertainty=self.uncertainty, spread=self.spread, group=self.group,
            posterior=self.posterior, departures_seed=departures_seed,
        )  # fmt: skip
        rows = parameter_rows(compiled, draws, draw_covariates(self.who, people, self.seed), self.constants)
        for name, factor in self.factors.items():
            if to_id(name) not in compiled.program.parameters:
                raise UnknownNameError("parameter", name, map(to_name, compiled.program.parameters))
            rows[:, compiled.program.parameters.index(to_id(name))] *= factor
        return rows, draws


@dataclass(frozen=True, eq=False)
class GivenNumbers:
    """Numbers that the caller chose, one row for each member of an ensemble.

    Attributes
    ----------
    draws : Draws
        Rows of the tables that are not named stay at their typical values.
    covariates : Covariates
        One value for each member.
    """

    draws: Draws
    covariates: Covariates

    def of(self, compiled: Prepared, people: np.ndarray) -> tuple[np.ndarray, Draws]:
        """Return the parameters of members, shape (member, parameter), each in its own unit; see `Numbers`.

        Parameters
        ----------
        people : ndarray of int, shape (person,)
        """
        draws = self.draws.of(people)
        return parameter_rows(compiled, draws, self.covariates.chosen(people), {}), draws


def chosen_people(
    who: Person | Cohort, n: int | None = None, people: Sequence[int] | np.ndarray | None = None
) -> np.ndarray:
    """Return the indices of the people asked for, shape (person,).

    Parameters
    ----------
    who : Person or Cohort
    n : int, optional
        How many: the cohort's own number, or 64 of a described person.
    people : ndarray of int, shape (person,), optional
        The indices themselves.

    Raises
    ------
    ValueOutOfRangeError
        For indices or a number that are not whole, for none at all, or for more than one run takes.
    """
    if people is not None:
        check_question({"people": people})
        return np.asarray(people).astype(np.int64)
    count = n if n is not None else who.n if isinstance(who, Cohort) else DEFAULT_PEOPLE
    check_question({"n": count})
    return np.arange(int(count), dtype=np.int64)
