"""Dosing options in words: compounds with salt and molar mass, and the data on each route."""

from __future__ import annotations

from dataclasses import dataclass

from nadflux import units
from nadflux.plans.catalogue import NO_DATA, Catalogue, shipped
from nadflux.plans.dose_limits import DAILY, DOSE, DURATION, NO_KINETICS, RATE, shipped_studied

_UP_TO = {DOSE: "at once up to", DAILY: "up to", RATE: "up to", DURATION: "for"}


@dataclass(frozen=True, slots=True)
class Doseable:
    """One compound.

    Attributes
    ----------
    compound, salt : str
        Canonical name and salt; doses are mg of this salt.
    names : tuple of str
        Other names that plans understand.
    molar_mass : float
        g/mol.
    routes : mapping of str to str
        By route, a summary of the collected data: the highest studied dose and rate and the longest course, or
        that there are none.
    """

    compound: str
    salt: str
    names: tuple[str, ...]
    molar_mass: float
    routes: dict[str, str]


def doseable(catalogue: Catalogue | None = None) -> tuple[Doseable, ...]:
    """Return every compound of the catalogue (the shipped one by default) with its routes."""
    catalogue = catalogue or shipped()
    return tuple(
        Doseable(
            c.compound,
            c.salt,
            c.aliases,
            units.convert(c.molar_mass, "mg/µmol", "g/mol"),
            {route: _known(catalogue, c.compound, route) for route in catalogue.routes_of(c.compound)},
        )
        for c in catalogue.compounds.values()
    )


def refused_routes() -> tuple[str, ...]:
    """Return the routes that are refused for every compound, because no human data exist."""
    return NO_DATA


def _known(catalogue: Catalogue, compound: str, route: str) -> str:
    limits = [s for s in shipped_studied() if (s.compound, s.route) == (compound, route)]
    said = [f"{limit.kind} {_UP_TO[limit.quantity]} {limit}" for limit in limits]
    if not limits and catalogue.routes[compound, route].kind != "diet":
        said.append("no human dose in the collected data")
    if catalogue.routes[compound, route].without_kinetics:
        said.append(NO_KINETICS)
    return ", ".join(said)
