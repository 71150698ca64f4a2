"""Covariates of people by name, drawn from their description and from the table of covariates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from nadflux.elementary import exp, log, log1p
from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.notes import Note, NoteCode
from nadflux.people.cohort import Cohort, Distribution
from nadflux.people.covariate_table import AGE, SEX, CovariateRow, CovariateTable
from nadflux.people.formula import evaluate, names_in
from nadflux.people.normal import normal_probability, normal_quantile
from nadflux.people.person import Person
from nadflux.people.read_covariates import shipped_covariates
from nadflux.people.streams import check_seed, uniforms

TYPICAL_PEOPLE = 400


class Covariates(Mapping[str, np.ndarray]):
    """Values of covariates by name, each of shape (person,), in the unit of its row of the table.

    Parameters
    ----------
    values : mapping of str to ndarray, shape (person,), each in the unit of its row
        ``female`` is 1 for a woman and 0 for a man.
    """

    def __init__(self, values: Mapping[str, np.ndarray]) -> None:
        self._values = {name: np.asarray(value, dtype=float) for name, value in values.items()}

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._values:
            raise UnknownNameError("covariate", name, self._values)
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Covariates({', '.join(self._values)})"

    def chosen(self, people: slice | np.ndarray) -> Covariates:
        """Return the same of some of the people.

        Parameters
        ----------
        people : slice, or ndarray of int, shape (chosen person,)
            Positions.
        """
        return Covariates({name: value[people] for name, value in self._values.items()})

    def repeated(self, count: int) -> Covariates:
        """Return each person ``count`` times, one after the other."""
        return Covariates({name: np.repeat(value, count) for name, value in self._values.items()})

    def replaced(self, values: Mapping[str, np.ndarray]) -> Covariates:
        """Return the same with other values of some.

        Parameters
        ----------
        values : mapping of str to ndarray, shape (person,), each in the unit of its row
        """
        return Covariates({**self._values, **values})


def draw_covariates(who: Person | Cohort, people: np.ndarray, seed: int) -> Covariates:
    """Draw the covariates of people; what is known is kept.

    Parameters
    ----------
    who : Person or Cohort
    people : ndarray of int, shape (person,), dimensionless
        Index of each: person 7 has the same values in any selection.
    seed : int

    Returns
    -------
    Covariates
        Those that drive numbers of the model. One that is neither described nor has a distribution is left out.
    """
    check_seed(seed)
    drawing = _Drawing(who, people, seed)
    return Covariates({row.name: drawing.value(row.name) for row in shipped_covariates() if drawing.has(row)})


def typical_covariates(who: Person | Cohort, seed: int, means: Collection[str] = ()) -> Covariates:
    """Return the covariates of the typical person, each of shape (1,): medians of 400 people, of sex the share.

    Parameters
    ----------
    who : Person or Cohort
    seed : int
    means : collection of str
        Names of covariates for which the mean stands instead of the median.
    """
    drawn = draw_covariates(who, np.arange(TYPICAL_PEOPLE), seed)
    typical = {name: float(np.mean(v) if name in means else np.median(v)) for name, v in drawn.items()}
    if isinstance(who, Cohort):
        typical[SEX] = who.female
    return Covariates({name: np.array([value]) for name, value in typical.items()})


def covariate_quantile(who: Person | Cohort, name: str, chance: np.ndarray, typical: Covariates) -> np.ndarray:
    """Return quantiles of one covariate between such people, others at their typical values.

    Parameters
    ----------
    who : Person or Cohort
    name : str
    chance : ndarray, shape (person,), dimensionless
        Between 0 and 1.
    typical : Covariates
        Of one person, see `typical_covariates`.

    Returns
    -------
    ndarray, shape (person,), in the unit of the covariate

    Raises
    ------
    UnknownNameError
        For a covariate that the table does not have.
    ValueOutOfRangeError
        For one in which these people do not differ.
    """
    row = shipped_covariates().row(name)
    known = who.described.get(name)
    if isinstance(known, Distribution) and known.sd > 0:
        return _bounded(row, known, chance)
    if known is not None or not (row.varies and row.laws):
        said = "they are described by it" if known is not None else "it follows from others or drives nothing itself"
        raise ValueOutOfRangeError(f"{name} does not differ between these people: {said}; leave it out")
    women = np.broadcast_to(typical[SEX] >= 0.5, chance.shape)
    medians = {other: float(typical[other][0]) for median in row.median for other in names_in(median)}
    return _about_median(row, women, medians, normal_quantile(chance))


def assumed_covariates(who: Person | Cohort) -> list[Note]:
    """Return what is taken for covariates that are not described, one note each."""
    if not isinstance(who, Person):
        return []
    table = shipped_covariates()
    sex = 0 if who.described[SEX] else 1
    notes = []
    for row in map(table.row, who.unknown):
        source = row if row.varies else _source(row, who.described, table)
        about, way = source.median[sex], "" if source is row else f" from a {source.words}"
        if _is_number(about):
            about = f"{float(about):g}{source.readable_unit}"
        text = f"{row.words} not given: drawn{way} about {about} with {source.cv[sex]:.0%} spread"
        notes.append(Note(NoteCode.COVARIATE_DRAWN, text, row.name))
    return notes


def _source(row: CovariateRow, known: Mapping[str, float], table: CovariateTable) -> CovariateRow:
    """Return the covariate whose spread a covariate has that only follows from others; itself if there is none."""
    free = [table.row(name) for median in row.median for name in names_in(median) if name not in known]
    return next((other for other in free if other.varies and not other.laws), row)


class _Drawing:
    """Values of covariates of the same people, each worked out once."""

    def __init__(self, who: Person | Cohort, people: np.ndarray, seed: int) -> None:
        self.people, self.seed = people, seed
        self.table: CovariateTable = shipped_covariates()
        self.given: dict[str, Distribution] = {}
        self.known: dict[str, np.ndarray] = {}
        if isinstance(who, Person):
            described = who.described
            self.known[SEX] = np.full(people.size, described.pop(SEX))
            self.given = {name: Distribution(value) for name, value in described.items()}
        else:
            self.given = who.described
            self.known[SEX] = (uniforms(seed, "trait:sex", people) < who.female).astype(float)

    def has(self, row: CovariateRow) -> bool:
        """Tell whether the covariate drives something and is known or drawn."""
        return bool(row.laws) and (row.drawn or row.name in (SEX, AGE) or row.name in self.given)

    def value(self, name: str) -> np.ndarray:
        """Return the values of a covariate, shape (person,), in its unit."""
        if name not in self.known:
            self.known[name] = self._value(self.table.row(name))
        return self.known[name]

    def _value(self, row: CovariateRow) -> np.ndarray:
        if row.name in self.given:
            given = self.given[row.name]
            if given.sd == 0:
                return np.full(self.people.size, given.mean)
            chance = self._chance(row)
            if row.correlated:
                chance = normal_probability(self._score(row, normal_quantile(chance), grouped=True))
            return _bounded(row, given, chance)
        names = names_in(row.follows) if row.follows else ()
        if names and all(name in self.known or name in self.given for name in names):
            found = evaluate(row.follows, {name: self.value(name) for name in names})
            followed: np.ndarray = np.clip(np.broadcast_to(found, self.people.shape), row.low, row.high)
            return followed
        others = {name: self.value(name) for median in row.median for name in names_in(median)}
        z = normal_quantile(self._chance(row)) if row.varies else np.zeros(self.people.size)
        if row.correlated:
            z = self._score(row, z, grouped=False)
        return _about_median(row, self.known[SEX] == 1.0, others, z)

    def _chance(self, row: CovariateRow) -> np.ndarray:
        return uniforms(self.seed, f"trait:{row.name}", self.people)

    def _score(self, row: CovariateRow, own: np.ndarray, grouped: bool) -> np.ndarray:
        """Return standard normal numbers that are correlated with those of another covariate."""
        rho = row.correlation
        score: np.ndarray = (
            rho * self._score_of(self.table.row(row.correlated), grouped) + np.sqrt(1.0 - rho * rho) * own
        )
        return score

    def _score_of(self, row: CovariateRow, grouped: bool) -> np.ndarray:
        """Return each person's standard normal score among people in general, or in the group if that is described."""
        value, given = self.value(row.name), self.given.get(row.name)
        if grouped and given is not None and given.sd > 0:
            return (value - given.mean) / given.sd
        women = self.known[SEX] == 1.0
        others = {name: self.value(name) for median in row.median for name in names_in(median)}
        median = _median(row, women, others)
        return np.asarray(log(value / median) / _log_sd(row, women))


def _bounded(row: CovariateRow, distribution: Distribution, chance: np.ndarray) -> np.ndarray:
    """Draw from a normal distribution truncated to what can be simulated."""
    limits = np.array([row.low, row.high])
    low, high = normal_probability((limits - distribution.mean) / distribution.sd)
    values = distribution.mean + distribution.sd * normal_quantile(low + chance * (high - low))
    bounded: np.ndarray = np.clip(values, row.low, row.high)
    return bounded


def _about_median(
    row: CovariateRow, women: np.ndarray, others: Mapping[str, np.ndarray | float], z: np.ndarray
) -> np.ndarray:
    """Draw from a lognormal distribution about the median of each sex."""
    values = np.broadcast_to(_median(row, women, others), z.shape)
    if row.varies:
        values = values * exp(_log_sd(row, women) * z)
    bounded: np.ndarray = np.clip(values, row.low, row.high)
    return bounded


def _median(row: CovariateRow, women: np.ndarray, others: Mapping[str, np.ndarray | float]) -> np.ndarray:
    of_women, of_men = (evaluate(median, others) for median in row.median)
    median: np.ndarray = np.where(women, of_women, of_men)
    return median


def _log_sd(row: CovariateRow, women: np.ndarray) -> np.ndarray:
    of_women, of_men = (np.sqrt(log1p(cv * cv)) for cv in row.cv)
    log_sd: np.ndarray = np.where(women, of_women, of_men)
    return log_sd


def _is_number(text: str) -> bool:
    return not names_in(text)
