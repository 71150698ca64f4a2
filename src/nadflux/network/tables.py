"""Tables of the biology: parameters, observables, compounds, routes and moiety weights.

A row that lacks unit, source or tier, repeats another or holds a text in place of a number does not load; the error
names file, line and column.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nadflux.errors import TableError, UnknownNameError
from nadflux.network.records import records, required

TIERS = ("measured", "derived", "fitted", "assumed")
DISTRIBUTIONS = ("fixed", "normal", "lognormal", "uniform", "loguniform", "logitnormal")
KINDS = ("level", "flux", "cumulative", "marker", "index")
PARAMETER_COLUMNS = (
    "name", "organ", "species", "value", "unit", "low", "high", "distribution", "between_cv", "tier",
    "source", "note",
)  # fmt: skip
OBSERVABLE_COLUMNS = ("id", "label", "matrix", "kind", "unit", "formula", "note")
OBSERVABLE_EXTRA = ("analyte", "integral_of", "clinic")
CLINIC = ("", "not measurable")
COMPOUND_COLUMNS = ("compound", "aliases", "salt", "moiety_species", "molar_mass", "unit", "tier", "source")
ROUTE_COLUMNS = ("compound", "route", "kind", "target", "fraction", "kinetics", "tier", "source", "note")
KINETICS = ("some", "none")
MOIETY_COLUMNS = ("name", "moiety", "weight", "note")


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One number of the biology with its spread and source.

    Attributes
    ----------
    name : str
        Name within the organ, e.g. ``NAMPT.Km``.
    organ : str
        The organ, or ``all``: drawn once per person and used by every organ that has no row of its own.
    value, low, high : float
        Typical value and the 5th and 95th percentile of what the typical value may be, in ``unit``.
    distribution : str
        ``fixed`` (never drawn), ``normal``, ``lognormal``, ``uniform``, ``loguniform`` or ``logitnormal``
        (within 0–1).
    between_cv : float
        Coefficient of variation between people; for ``logitnormal`` the standard deviation of the logit.
    """

    name: str
    organ: str
    species: str
    value: float
    unit: str
    low: float
    high: float
    distribution: str
    between_cv: float
    tier: str
    source: str
    note: str
    place: str = ""

    @property
    def key(self) -> str:
        """Canonical name with organ, e.g. ``liver.NAMPT.Km`` or ``all.SIRT.Km``."""
        return f"{self.organ}.{self.name}"


@dataclass(frozen=True)
class ParameterTable:
    """All parameter rows, and the model parameters each row sets.

    Attributes
    ----------
    rows : tuple of ParameterRow
    targets : mapping of str to tuple of str
        Key of a row to the SBML ids it gives their value; filled by the assembler.
    """

    rows: tuple[ParameterRow, ...]
    targets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[ParameterRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, key: str) -> ParameterRow:
        """Return the row with this key.

        Raises
        ------
        UnknownNameError
            If there is none, with the nearest match.
        """
        for row in self.rows:
            if row.key == key:
                return row
        raise UnknownNameError("parameter row", key, (row.key for row in self.rows))

    def row_of(self, identifier: str) -> ParameterRow:
        """Return the row that gives a model parameter its value, by SBML id.

        Raises
        ------
        UnknownNameError
            If no row does.
        """
        for row in self.rows:
            if identifier in self.targets.get(row.key, ()):
                return row
        raise UnknownNameError("table parameter", identifier, (i for ids in self.targets.values() for i in ids))

    def values(self) -> dict[str, float]:
        """Return the typical value of every model parameter that the table sets, by SBML id."""
        return {i: row.value for row in self.rows for i in self.targets.get(row.key, ())}


@dataclass(frozen=True, slots=True)
class Observable:
    """Reading of an instrument: a formula over model ids, with matrix, kind and unit.

    Attributes
    ----------
    kind : str
        ``level``, ``flux``, ``cumulative``, ``marker`` or ``index``.
    analyte : str
        Of an excretion, what is excreted; empty where the label says it.
    integral_of : str
        Of a cumulative amount, the id of the flux that it is the integral of.
    clinic : str
        ``not measurable`` where no assay sees it in a living person; else empty.
    """

    id: str
    label: str
    matrix: str
    kind: str
    unit: str
    formula: str
    note: str
    analyte: str = ""
    integral_of: str = ""
    clinic: str = ""


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound that can be dosed; ``molar_mass`` in mg/µmol of the salt named."""

    compound: str
    aliases: tuple[str, ...]
    salt: str
    moiety_species: str
    molar_mass: float
    unit: str
    tier: str
    source: str


@dataclass(frozen=True, slots=True)
class Route:
    """Place where a dose enters.

    ``kind`` is bolus (an amount to a species), infusion (a rate parameter) or diet (mg/day).

    ``kinetics`` is ``none`` where nothing measured in people says how the dose enters, else ``some``, also where it is
    taken from another salt or route.
    """

    compound: str
    route: str
    kind: str
    target: str
    fraction: float
    kinetics: str
    tier: str
    source: str
    note: str
    place: str = ""

    @property
    def without_kinetics(self) -> bool:
        """True if every number of the route must be flagged as one without kinetic data."""
        return self.kinetics == "none"


@dataclass(frozen=True, slots=True)
class MoietyWeight:
    """Number of units of a moiety that a species carries; ledgers of what came in carry −1."""

    name: str
    moiety: str
    weight: float
    note: str


def read_parameters(folder: Path) -> ParameterTable:
    """Read all ``*.csv`` of a folder as one table.

    Raises
    ------
    TableError
        For an empty folder, a missing column, unit, source or tier, a text in place of a number, low above high,
        a value outside low–high, or a row that is given twice.
    """
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise TableError(f"no parameter table in {folder}; put at least one .csv file there")
    rows: list[ParameterRow] = []
    seen: dict[tuple[str, str], str] = {}
    for file in files:
        for place, cells in records(file, PARAMETER_COLUMNS, ("species", "low", "high", "between_cv", "note")):
            row = _parameter(place, cells)
            twin = seen.setdefault((row.key, row.species), place)
            if twin is not place:
                raise TableError(f"{place}: {row.key} stands already in {twin}; keep one row")
            rows.append(row)
    return ParameterTable(tuple(rows))


def read_observables(file: Path) -> tuple[Observable, ...]:
    """Read the observables table.

    Raises
    ------
    TableError
        For an unknown kind, an id that is there twice, a row without matrix, unit or formula, and a cumulative amount
        that is not the integral of a flux of the table.
    """
    result = []
    for place, cells in records(file, OBSERVABLE_COLUMNS, ("note",), OBSERVABLE_EXTRA):
        _one_of(place, "kind", cells["kind"], KINDS)
        _one_of(place, "clinic", cells.get("clinic", ""), CLINIC)
        result.append(Observable(**cells))
    _unique(file, [o.id for o in result])
    _check_integrals(file, result)
    return tuple(result)


def _check_integrals(file: Path, observables: Sequence[Observable]) -> None:
    kinds = {o.id: o.kind for o in observables}
    for o in observables:
        if (o.kind == "cumulative") != bool(o.integral_of):
            raise TableError(
                f"{file.name}: {o.id!r} is a {o.kind} with integral_of {o.integral_of!r}; a cumulative amount names "
                "the flux that it is the integral of, and nothing else does"
            )
        if o.integral_of and kinds.get(o.integral_of) != "flux":
            raise TableError(
                f"{file.name}: {o.id!r} is the integral of {o.integral_of!r}, which is no flux of the table; "
                "name the id of a flux"
            )


def read_compounds(file: Path) -> tuple[Compound, ...]:
    """Read the compounds table; aliases are separated by ``;``.

    Raises
    ------
    TableError
        For a missing column, an unknown tier, or a molar mass that is not above 0.
    """
    result = []
    for place, cells in records(file, COMPOUND_COLUMNS, ("aliases", "salt")):
        _one_of(place, "tier", cells["tier"], TIERS)
        mass = _number(place, "molar_mass", cells["molar_mass"])
        if mass <= 0:
            raise TableError(f"{place}: molar_mass is {mass:g}; it must be above 0 mg/µmol")
        aliases = tuple(a.strip() for a in cells["aliases"].split(";") if a.strip())
        result.append(Compound(**{**cells, "aliases": aliases, "molar_mass": mass}))
    _unique(file, [c.compound for c in result])
    return tuple(result)


def read_routes(file: Path) -> tuple[Route, ...]:
    """Read the routes table; one row per compound and route.

    Raises
    ------
    TableError
        For a missing column, an unknown tier, kind or kinetics, or a fraction outside (0, 1].
    """
    result = []
    for place, cells in records(file, ROUTE_COLUMNS, ("note",)):
        _one_of(place, "tier", cells["tier"], TIERS)
        _one_of(place, "kind", cells["kind"], ("bolus", "infusion", "diet"))
        _one_of(place, "kinetics", cells["kinetics"], KINETICS)
        fraction = _number(place, "fraction", cells["fraction"])
        if not 0 < fraction <= 1:
            raise TableError(f"{place}: fraction is {fraction:g}; it must lie in (0, 1]")
        result.append(Route(**{**cells, "fraction": fraction}, place=place))
    _unique(file, [f"{r.compound} {r.route}" for r in result])
    return tuple(result)


def read_moieties(file: Path) -> tuple[MoietyWeight, ...]:
    """Read the table of moiety weights, by canonical species name."""
    result = []
    for place, cells in records(file, MOIETY_COLUMNS, ("note",)):
        result.append(MoietyWeight(**{**cells, "weight": _number(place, "weight", cells["weight"])}))
    _unique(file, [f"{m.moiety} {m.name}" for m in result])
    return tuple(result)


def _parameter(place: str, cells: dict[str, Any]) -> ParameterRow:
    _one_of(place, "tier", cells["tier"], TIERS)
    _one_of(place, "distribution", cells["distribution"], DISTRIBUTIONS)
    if cells["distribution"] != "fixed":
        required(place, cells, ("low", "high"))
    value = _number(place, "value", cells["value"])
    low = _number(place, "low", cells["low"] or cells["value"])
    high = _number(place, "high", cells["high"] or cells["value"])
    spread = _number(place, "between_cv", cells["between_cv"] or "0")
    if not low <= value <= high:
        raise TableError(f"{place}: value {value:g} lies outside low {low:g} to high {high:g} {cells['unit']}")
    if cells["distribution"] != "fixed" and low == high:
        raise TableError(f"{place}: distribution {cells['distribution']!r} needs low below high; or write 'fixed'")
    if cells["distribution"] in ("lognormal", "loguniform") and low <= 0:
        raise TableError(f"{place}: {cells['distribution']} needs low above 0, found {low:g} {cells['unit']}")
    if cells["distribution"] == "logitnormal" and (low <= 0 or high >= 1):
        raise TableError(f"{place}: logitnormal needs low and high within 0 and 1, found {low:g} and {high:g}")
    if spread < 0:
        raise TableError(f"{place}: between_cv is {spread:g}; it must not be negative")
    given = {**cells, "species": cells["species"] or "human"}
    numbers: dict[str, Any] = {"value": value, "low": low, "high": high, "between_cv": spread}
    return ParameterRow(**{**given, **numbers}, place=place)


def _one_of(place: str, column: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise TableError(f"{place}: {column} {value!r} is not one of {', '.join(allowed)}")


def _number(place: str, column: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TableError(f"{place}: {column} {text!r} is not a finite number")
    return value


def _unique(file: Path, keys: Sequence[str]) -> None:
    for i, key in enumerate(keys):
        if key in keys[:i]:
            raise TableError(f"{file.name}: {key!r} is given twice; keep one row")
