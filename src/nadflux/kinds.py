"""Levels are not fluxes: four types of reading that cannot be mixed.

A level is how much there is (LC3-II, p62, a concentration); a flux how much passes in a time (J_deg); a marker a sign
of signalling (pS6K); an index a composite number. Readings of two kinds are neither added nor compared, and what a
flux does is never concluded from anything but a flux (10.1080/15548627.2020.1797280).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np

from nadflux.errors import NadfluxError, UnknownNameError

SAME_WITHIN = 0.2
"""Two fluxes that differ by less than this share are called equal."""
RULE = "no flux verdict without a with/without pair in each condition"
"""The rule of the assay table that a verdict from one level breaks."""


class KindError(NadfluxError):
    """A reading used as what it is not, such as a level read as a flux."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A number, or an array of numbers, with its name and unit; use the subclasses.

    Attributes
    ----------
    name : str
    value : float or ndarray
    unit : str
    """

    name: str
    value: Any
    unit: str

    @property
    def kind(self) -> str:
        """``level``, ``flux``, ``cumulative``, ``marker`` or ``index``."""
        return type(self).__name__.lower()

    def __str__(self) -> str:
        return f"{self.name} {_short(self.value)} {self.unit} ({self.kind})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reading):
            return NotImplemented
        same = (type(self), self.name, self.unit) == (type(other), other.name, other.unit)
        return same and bool(np.array_equal(self.value, other.value, equal_nan=True))

    def __hash__(self) -> int:
        return hash((type(self), self.name, self.unit))

    def __add__(self, other: Reading) -> Self:
        return self._with(self.value + self._fitting(other, "added to"))

    def __sub__(self, other: Reading) -> Self:
        return self._with(self.value - self._fitting(other, "taken from"))

    def __mul__(self, factor: float) -> Self:
        if isinstance(factor, Reading):
            raise KindError(f"{self} is not multiplied by {factor}; take a plain number")
        return self._with(self.value * factor)

    __rmul__ = __mul__

    def __truediv__(self, other: Reading | float) -> Any:
        """Divide by a number, which gives a reading, or by a reading of the same kind, which gives a plain ratio."""
        if isinstance(other, Reading):
            return np.divide(self.value, self._fitting(other, "divided by"))
        return self._with(self.value / other)

    def __lt__(self, other: Reading) -> Any:
        return self.value < self._fitting(other, "compared with")

    def __gt__(self, other: Reading) -> Any:
        return self.value > self._fitting(other, "compared with")

    def _with(self, value: Any) -> Self:
        return type(self)(self.name, value, self.unit)

    def _fitting(self, other: object, done: str) -> Any:
        if not isinstance(other, Reading):
            raise KindError(f"{self.name} is a {self.kind} and is not {done} the bare number {other!r}")
        if type(other) is not type(self):
            raise KindError(f"{self.name} is a {self.kind}, {other.name} a {other.kind}: one is not {done} the other")
        if other.unit != self.unit:
            raise KindError(f"{self.name} in {self.unit} is not {done} {other.name} in {other.unit}; convert one first")
        return other.value


class Level(Reading):
    """Amount or concentration at a time: LC3-II, p62, a count."""

    __slots__ = ()


class Flux(Reading):
    """Amount that passes per time: J_init, J_seq, J_fus, J_deg, an excretion."""

    __slots__ = ()


class Cumulative(Reading):
    """Amount that has passed since the start: the integral of a flux, such as an amount excreted."""

    __slots__ = ()


class Marker(Reading):
    """A sign of signalling or initiation: phosphorylation, nuclear share, mRNA."""

    __slots__ = ()


class Index(Reading):
    """A composite number without a unit of its own."""

    __slots__ = ()


class Change(StrEnum):
    """Result of comparing a flux with another."""

    UP = "up"
    DOWN = "down"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class AutophagyReading:
    """Reading of autophagy: three fluxes, never one number, and the markers of initiation."""

    J_init: Flux
    J_seq: Flux
    J_deg: Flux
    markers: tuple[Marker, ...]

    @classmethod
    def of(cls, readings: Mapping[str, Reading]) -> AutophagyReading:
        """Return the readings of one place, by name without the place.

        Raises
        ------
        KindError
            If a reading is of the wrong kind.
        """
        fluxes = {}
        for name in ("J_init", "J_seq", "J_deg"):
            one = readings[name]
            if not isinstance(one, Flux):
                raise KindError(f"{name} is declared a {one.kind}; it must be a flux")
            fluxes[name] = one
        return cls(**fluxes, markers=tuple(one for one in readings.values() if isinstance(one, Marker)))


TYPES: dict[str, type[Reading]] = {
    "level": Level, "flux": Flux, "cumulative": Cumulative, "marker": Marker, "index": Index,
}  # fmt: skip
"""Type of each kind that an observables table may give."""


def reading(kind: str, name: str, value: Any, unit: str) -> Reading:
    """Return a number as the type of its kind.

    Raises
    ------
    UnknownNameError
        If the kind does not exist.
    """
    if kind not in TYPES:
        raise UnknownNameError("kind", kind, TYPES)
    return TYPES[kind](name, value, unit)


def flux_change(condition: Reading, reference: Reading, same_within: float = SAME_WITHIN) -> Change:
    """Tell whether a flux went up, down or stayed, against a reference.

    Raises
    ------
    KindError
        If either reading is not a flux, or the two are different fluxes or units; names the rule.
    """
    for one in (condition, reference):
        if not isinstance(one, Flux):
            raise KindError(
                f"{one.name} is a {one.kind}, and a {one.kind} gives no verdict on flux (rule: {RULE}); "
                "measure it with and without a block in each condition (nadflux assay), or read J_deg"
            )
    if (condition.name, condition.unit) != (reference.name, reference.unit):
        raise KindError(f"{condition.name} in {condition.unit} is not {reference.name} in {reference.unit}")
    ratio = np.divide(condition.value, reference.value) if reference.value else np.inf
    if ratio > 1.0 + same_within:
        return Change.UP
    return Change.DOWN if ratio < 1.0 - same_within else Change.EQUAL


def _short(value: Any) -> str:
    array = np.asarray(value)
    return f"{float(array):.3g}" if array.ndim == 0 else f"{array.shape} median {float(np.nanmedian(array)):.3g}"
