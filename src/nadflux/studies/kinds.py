"""Levels are not fluxes: readings of a cell as four types that cannot be mixed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nadflux.errors import NadfluxError, UnknownNameError
from nadflux.network.tables import Observable
from nadflux.simulation.cell import CellRun

MARKERS = ("pAMPK", "pULK1_S757", "pULK1_S555", "pS6K", "mTORC1", "TFEB")
SAME_WITHIN = 0.2
"""Two fluxes that differ by less than this share are called equal."""


class KindError(NadfluxError):
    """A reading used as what it is not, such as a level read as a flux."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One number with its name and unit; use the subclasses.

    Attributes
    ----------
    name, unit : str
    value : float
    """

    name: str
    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.name} {self.value:.3g} {self.unit} ({type(self).__name__.lower()})"


class Level(Reading):
    """How much there is: LC3-II, p62, a count, a concentration."""


class Flux(Reading):
    """How much passes in a time: J_init, J_seq, J_fus, J_deg."""


class Marker(Reading):
    """A sign of signalling or initiation: phosphorylation, nuclear share, mRNA."""


class Index(Reading):
    """A composite number without a unit of its own."""


class Change(StrEnum):
    """How a flux compares with another."""

    UP = "up"
    DOWN = "down"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class AutophagyReading:
    """What "autophagy" is at one time: three fluxes that stay apart, and the markers of initiation."""

    J_init: Flux
    J_seq: Flux
    J_deg: Flux
    markers: tuple[Marker, ...]


_TYPES: dict[str, type[Reading]] = {"level": Level, "flux": Flux, "marker": Marker, "index": Index}


def reading(observable: Observable, value: float) -> Reading:
    """The value of an observable as the type its table row gives it."""
    if observable.kind not in _TYPES:
        raise UnknownNameError("kind", observable.kind, _TYPES)
    return _TYPES[observable.kind](observable.id, float(value), observable.unit)


def read(run: CellRun, name: str, time: float, member: int = 0) -> Reading:
    """An observable of a run at a time (h)."""
    value = run.at(name, time)[member]
    return reading(run.observables[name], value)


def read_autophagy(run: CellRun, time: float, member: int = 0) -> AutophagyReading:
    """Autophagy at a time (h): J_init, J_seq, J_deg, and the markers of initiation beside them."""
    fluxes = {}
    for name in ("J_init", "J_seq", "J_deg"):
        one = read(run, name, time, member)
        if not isinstance(one, Flux):
            raise KindError(f"{name} is declared a {type(one).__name__.lower()}; it must be a flux")
        fluxes[name] = one
    markers = tuple(m for m in (read(run, n, time, member) for n in MARKERS) if isinstance(m, Marker))
    return AutophagyReading(**fluxes, markers=markers)


def flux_change(condition: Reading, reference: Reading, same_within: float = SAME_WITHIN) -> Change:
    """Whether a flux went up, down or stayed, against a reference.

    Raises
    ------
    KindError
        If either reading is not a flux, or the two are different fluxes or units.
    """
    for one in (condition, reference):
        if not isinstance(one, Flux):
            kind = type(one).__name__.lower()
            raise KindError(
                f"{one.name} is a {kind}, and a {kind} gives no verdict on flux; "
                "measure it with and without a block in each condition (nadflux assay), or read J_deg"
            )
    if (condition.name, condition.unit) != (reference.name, reference.unit):
        raise KindError(f"{condition.name} in {condition.unit} is not {reference.name} in {reference.unit}")
    ratio = np.divide(condition.value, reference.value) if reference.value else np.inf
    if ratio > 1.0 + same_within:
        return Change.UP
    return Change.DOWN if ratio < 1.0 - same_within else Change.EQUAL
