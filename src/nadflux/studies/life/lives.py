"""Lives side by side: the same people from an age on, in several ways of living."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.counts import check_count, check_threads
from nadflux.people import Person
from nadflux.simulation.experiments.life import GAIN, HAZARD, LifeRun, simulate_life
from nadflux.studies.life.ways import Way, read_life, read_way

MOST_LIVES = 100_000
TAIL = 0.05
NEVER_YEARS = (
    "hazard ratios are those of a model of cohorts, for research; nothing here is anybody's length of life, and no "
    "molecule acts on the mortality law"
)
AS_IF_ALIVE = "states are those of people as if nobody died; bands hold what is not known and how people differ"
PRECURSORS = "NAD+ precursors are no part of a life: what they did to function in people is null, small or unknown"


@dataclass(frozen=True, eq=False)
class OneLife:
    """One way of living and what comes of it."""

    way: Way
    run: LifeRun


@dataclass(frozen=True, eq=False)
class Lives:
    """Ways of living side by side on the same people.

    Attributes
    ----------
    person : Person
    begin, end : float, years
        Age at which the ways begin, and that at which the lives end.
    lives : tuple of OneLife
        The first is the one asked about.
    held : tuple of str
        Groups of states that stand still from ``begin`` on.
    notes : tuple of str
    """

    person: Person
    begin: float
    end: float
    lives: tuple[OneLife, ...]
    held: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def decades(self) -> tuple[float, ...]:
        """Ages of the table: the first, each full decade, and the last."""
        tens = [age for age in np.arange(0.0, self.end, 10.0) if self.begin < age < self.end]
        return (self.begin, *map(float, tens), self.end)


@dataclass(frozen=True, slots=True)
class HazardRatio:
    """Hazard of death in the first way over that in another, at an age.

    Attributes
    ----------
    against : str
    age : float, years
    median, low, high : float
        Over people, each compared with themself: median and central 90 %.
    group : float
        Of groups of such people, among those still alive: what a cohort study would see.
    """

    against: str
    age: float
    median: float
    low: float
    high: float
    group: float


def live_side_by_side(
    text: str,
    compare: Sequence[str] = (),
    *,
    begin: float = 25.0,
    end: float = 90.0,
    people: int = 64,
    seed: int = 0,
    hold: Sequence[str] = (),
    threads: int | None = None,
    progress: Callable[[float], bool] | None = None,
) -> Lives:
    """Simulate a person's life in their way of living and in others, with the same draws.

    Parameters
    ----------
    text : str
        The person with their way of living, such as ``"woman, trained"``.
    compare : sequence of str
        Other ways; what they do not name is as in the reference.
    begin, end : float, years
    people, seed : int
        Draws of what is not known and of how people differ.
    hold : sequence of str
        Groups of states that stand still from ``begin`` on, such as ``inflammation``.
    threads : int, optional
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    NadfluxError
        For words that are not understood, ages out of bounds, and counts out of bounds.
    """
    check_count("people", people, MOST_LIVES, remedy="run seeds apart instead")
    check_threads(threads)
    person, own, idle = read_life(text, begin)
    ways = [own, *map(read_way, compare)]
    lives = []
    for number, way in enumerate(ways):
        run = simulate_life(
            person, way.inputs, begin=begin, end=end, hold=hold, n=people, seed=seed, threads=threads,
            progress=_part(progress, number, len(ways)),
        )  # fmt: skip
        lives.append(OneLife(way, run))
    return Lives(person, begin, end, tuple(lives), tuple(hold), tuple(_notes(lives[0].run, idle, hold)))


def hazard_ratios(lives: Lives) -> tuple[HazardRatio, ...]:
    """Return the hazard ratios of the first way against each other, by decade from the first on."""
    first = lives.lives[0].run
    found = []
    for other in lives.lives[1:]:
        ratio = first[HAZARD] / other.run[HAZARD]
        group = first.hazard_of_cohort / other.run.hazard_of_cohort
        for age in lives.decades[1:]:
            column = _at(first, age)
            low, median, high = np.nanquantile(ratio[:, column], [TAIL, 0.5, 1.0 - TAIL])
            found.append(
                HazardRatio(other.way.words, age, float(median), float(low), float(high), float(group[column]))
            )
    return tuple(found)


def spread_at(run: LifeRun, name: str, age: float) -> tuple[float, float, float]:
    """Return the 5th percentile, the median and the 95th over people at an age, in the unit of the quantity."""
    low, median, high = np.nanquantile(run[name][:, _at(run, age)], [TAIL, 0.5, 1.0 - TAIL])
    return float(low), float(median), float(high)


def _at(run: LifeRun, age: float) -> int:
    return int(np.argmin(np.abs(run.ages - age)))


def _notes(run: LifeRun, idle: Sequence[str], hold: Sequence[str]) -> list[str]:
    people = len(run[GAIN])
    notes = [AS_IF_ALIVE, NEVER_YEARS, PRECURSORS]
    notes.append(
        f"{run.drawn_again} of {people} people were drawn again: their slow states had nothing to settle at by an age "
        "at which they must (biology/life/life.yaml)"
    )
    if idle:
        notes.append(f"known of the person, and without effect on a life here: {', '.join(idle)}")
    if hold:
        notes.append(f"stands still from the first age on: {', '.join(hold)}")
    return [*notes, *run.failures[:3]]


def _part(progress: Callable[[float], bool] | None, number: int, of: int) -> Callable[[float], bool] | None:
    if progress is None:
        return None
    return lambda done: progress((number + done) / of)
