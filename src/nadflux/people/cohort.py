"""People known by the means of a group, such as an arm of a trial."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from nadflux.errors import ValueOutOfRangeError
from nadflux.people.covariate_table import AGE
from nadflux.people.person import check_habits, gathered, refuse_surplus
from nadflux.people.read_covariates import shipped_covariates

FIELDS = ("age", "weight", "height", "bmi")
"""Covariates that are fields of a cohort of their own."""


@dataclass(frozen=True)
class Distribution:
    """Mean and standard deviation of a covariate between people, in its unit."""

    mean: float
    sd: float = 0.0

    def __post_init__(self) -> None:
        if not (_is_number(self.mean) and _is_number(self.sd) and self.sd >= 0):
            raise ValueOutOfRangeError(
                f"mean {self.mean!s} with sd {self.sd!s} is no distribution; give finite numbers and sd ≥ 0"
            )

    def __str__(self) -> str:
        return f"{self.mean:g} ± {self.sd:g}" if self.sd else f"{self.mean:g}"


_LEFT_OUT = cast(Distribution, None)  # an error in words, where Python's own would name a method


@dataclass(frozen=True)
class Cohort:
    """People known by the means of a group, such as an arm of a trial.

    Attributes
    ----------
    n : int
        Number of people.
    age : Distribution
        Years.
    female : float
        Share of women, 0 to 1.
    weight, height, bmi : Distribution or None
        kg, cm, kg/m². At most two of the three; what is left is drawn by the table of covariates.
    name : str
        Shown in tables and plots.
    habits : tuple of str
        How all of them usually live, as sentences of the plan language; read by `nadflux.plans.language.person`.
    covariates : mapping of str to Distribution
        What else is known, by the names of the table of covariates (``biology/covariates.csv``), in its units.
    """

    n: int = 0
    age: Distribution = _LEFT_OUT
    female: float = 0.5
    weight: Distribution | None = None
    height: Distribution | None = None
    bmi: Distribution | None = None
    name: str = "cohort"
    habits: tuple[str, ...] = ()
    covariates: Mapping[str, Distribution] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "habits", check_habits(self.habits))
        if isinstance(self.n, bool) or not isinstance(self.n, int) or self.n < 1:
            raise ValueOutOfRangeError(f"a cohort of {self.n!s} people cannot be simulated; give n of 1 or more")
        if not (_is_number(self.female) and 0.0 <= self.female <= 1.0):
            raise ValueOutOfRangeError(f"share of women {self.female!s} is not between 0 and 1; give a fraction")
        table = shipped_covariates()
        given = gathered({name: getattr(self, name) for name in FIELDS}, self.covariates, table)
        if AGE not in given:
            raise ValueOutOfRangeError("a cohort without age cannot be simulated; give age=Distribution(mean, sd)")
        for name, distribution in given.items():
            if not isinstance(distribution, Distribution):
                raise ValueOutOfRangeError(f"{name} {distribution!r} is no distribution; give Distribution(mean, sd)")
            table.row(name).check(distribution.mean)
        refuse_surplus(given, table)
        for name in FIELDS:
            object.__setattr__(self, name, given.pop(name, None))
        object.__setattr__(self, "covariates", given)

    def __str__(self) -> str:
        women = f"{self.female:.0%} women"
        who = f"{self.name}: {self.n} people, {self.age.mean:g} ± {self.age.sd:g} y, {women}"
        given = self.described
        rows = [row for row in shipped_covariates() if row.said and row.name in given and row.name != AGE]
        others = [row.say(given[row.name]) for row in rows]
        return ", ".join((who, *others, *self.habits))

    @property
    def described(self) -> dict[str, Distribution]:
        """All that is known of the group but sex, by the names of the table of covariates and in its units."""
        known = {name: value for name in FIELDS if (value := getattr(self, name)) is not None}
        return {**known, **self.covariates}


def _is_number(value: object) -> bool:
    """Tell whether it is a finite number of Python or NumPy, and no truth value."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        return False
    return bool(abs(float(value)) <= sys.float_info.max) if not isinstance(value, int) else abs(value) < 2**1000
