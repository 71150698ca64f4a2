"""The catalogue of compounds and routes of dosing, with the names people use for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from nadflux.errors import PlanError
from nadflux.network.body_spec import BODIES, read_body_spec
from nadflux.network.tables import Compound, Route, read_compounds, read_routes
from nadflux.notes import Note, NoteCode
from nadflux.plans.table_numbers import applied
from nadflux.shipped import BIOLOGY

_ROUTE_WORDS = {
    "oral": "oral", "orally": "oral", "po": "oral", "by mouth": "oral",
    "iv": "IV", "intravenous": "IV", "intravenously": "IV",
    "subcutaneous": "subcutaneous", "sc": "subcutaneous",
    "intramuscular": "intramuscular", "im": "intramuscular",
    "food": "food", "ne": "food",
    "topical": "topical", "sublingual": "sublingual", "intranasal": "intranasal", "nasal": "intranasal",
}  # fmt: skip
# Routes without human kinetics for any NAD+ precursor; they cannot be simulated honestly.
NO_DATA = ("sublingual", "intranasal")
# A name that people use for a salt without naming it.
_SALT_ASSUMED = {"nr": "NR", "nicotinamide riboside": "nicotinamide riboside"}


@dataclass(frozen=True)
class Catalogue:
    """Compounds and routes of the tables.

    Attributes
    ----------
    compounds : mapping of str to Compound
        By canonical name.
    routes : mapping of (str, str) to Route
        By compound and route.
    film : float or None
        Product spread on skin per application, mg/cm².
    """

    compounds: Mapping[str, Compound]
    routes: Mapping[tuple[str, str], Route]
    names: Mapping[str, str] = field(default_factory=dict)
    film: float | None = None

    @classmethod
    def of(cls, compounds: Iterable[Compound], routes: Iterable[Route], film: float | None = None) -> Catalogue:
        """Return the catalogue of rows of the tables."""
        by_name = {compound.compound: compound for compound in compounds}
        names: dict[str, str] = {}
        for compound in by_name.values():
            for name in (compound.compound, *compound.aliases):
                names.setdefault(name.casefold(), compound.compound)
        return cls(by_name, {(route.compound, route.route): route for route in routes}, names, film)

    def routes_of(self, compound: str) -> tuple[str, ...]:
        """Return the routes by which a compound can be simulated."""
        return tuple(route for name, route in self.routes if name == compound)

    def route(self, compound: str, route: str) -> Route:
        """Return the row of a compound and route.

        Raises
        ------
        PlanError
            If there is none; the message names the routes there are.
        """
        row = self.routes.get((compound, route))
        if row is None:
            raise PlanError(no_route(self, compound, route))
        return row


def no_route(catalogue: Catalogue, compound: str, route: str) -> str:
    """Return why a compound cannot be simulated by a route."""
    there = ", ".join(catalogue.routes_of(compound)) or "none"
    if route in NO_DATA:
        return f"{compound} {route} is refused: no human data exist for this route; there is: {there}"
    return f"{compound} {route} is not modelled; there is: {there}"


def input_of(words: str) -> str:
    """Return the model input that ``words`` name if they name no compound, or an empty string.

    Inhibitors and activators have no dose: they are set as the concentration around the cells.
    """
    wanted = re.match(r"[\w-]+(?:\s+(?:inhibitor|activator))?", words)
    if wanted is None:
        return ""
    name = wanted.group().casefold().replace(" ", "_").replace("-", "_")
    return next((entry for entry in _drugs() if entry.partition(".")[2].casefold() in (name, f"compound_{name}")), "")


@lru_cache(maxsize=1)
def _drugs() -> tuple[str, ...]:
    inputs = dict.fromkeys(name for body in BODIES for name in read_body_spec(BIOLOGY, body).inputs)
    return tuple(name for name in inputs if name.startswith("drugs."))


def route_word(word: str) -> str | None:
    """Return the route a word means, or None."""
    return _ROUTE_WORDS.get(word.casefold())


def route_words() -> tuple[str, ...]:
    """Return all words for routes."""
    return tuple(_ROUTE_WORDS) + tuple(set(_ROUTE_WORDS.values()))


def salt_note(written: str, compound: Compound) -> Note | None:
    """Return a note on the salt assumed where a name leaves it open, else None."""
    if written.casefold() in _SALT_ASSUMED:
        text = f"{written} is read as {compound.compound}: doses are mg of the {compound.salt}"
        return Note(NoteCode.SALT_ASSUMED, text, compound.compound)
    return None


@lru_cache(maxsize=1)
def shipped() -> Catalogue:
    """Return the catalogue of the shipped biology."""
    film = read_film(BIOLOGY / "application.csv")
    return Catalogue.of(read_compounds(BIOLOGY / "compounds.csv"), read_routes(BIOLOGY / "routes.csv"), film)


def read_film(file: Path) -> float:
    """Read the amount of product spread on skin per application, mg/cm²; raises `TableError` if the table lacks it."""
    from nadflux import units

    value, unit = applied(file, "topical", "film")
    return units.convert(value, unit, "mg/cm²")
