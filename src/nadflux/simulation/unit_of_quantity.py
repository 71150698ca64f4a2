"""Units of quantities: molar ones as masses and masses as molar ones, by the molar mass of the analyte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from nadflux import units
from nadflux.errors import UnitError
from nadflux.network.records import records
from nadflux.shipped import BIOLOGY
from nadflux.simulation.output_labels import ids_of
from nadflux.simulation.pieces import Pieces
from nadflux.simulation.run import Quantity, Run

COLUMNS = ("analyte", "labels", "formula", "molar_mass", "unit", "tier", "source")


@lru_cache(maxsize=1)
def molar_masses() -> dict[str, float]:
    """Read the molar masses, g/mol, of the analytes of ``biology/analytes.csv`` by the labels of their quantities."""
    found = {}
    for _, row in records(BIOLOGY / "analytes.csv", COLUMNS):
        mass = units.convert(float(row["molar_mass"]), row["unit"], "g/mol")
        found.update(dict.fromkeys(row["labels"].split(";"), mass))
    return found


def units_in(unit: str, quantity: Quantity) -> float:
    """Return the number of ``unit`` in one unit of a quantity.

    Raises
    ------
    UnitError
        For a unit that does not exist or does not fit, or a mass where the quantity has no molar mass.

    Examples
    --------
    >>> nad = Quantity("plasma_nad", "NAD+", "uM", "plasma", "level", "assumed")
    >>> units_in("ng/mL", nad), units_in("nM", nad)
    (663.43, 1000.0)
    """
    if units.compatible(unit, quantity.units):
        return units.factor(quantity.units, unit)
    mass = molar_masses().get(quantity.long_name)
    for turned, times in (("g/mol", mass), ("mol/g", None if mass is None else 1.0 / mass)):
        if units.compatible(f"{quantity.units} {turned}", unit):
            if times is None:
                raise UnitError(
                    f"{quantity.long_name} ({quantity.id}) has no molar mass, so {quantity.units} is not turned into "
                    f"{unit}; leave the unit, or add the analyte to biology/analytes.csv"
                )
            return float(f"{times * units.factor(f'{quantity.units} {turned}', unit):.15g}")
    raise UnitError(
        f"{unit!r} does not fit {quantity.long_name} ({quantity.id}), a {quantity.kind} in {quantity.units}; "
        f"give a unit like {_like(quantity)}"
    )


def in_unit(value: float, unit: str, quantity: Quantity) -> float:
    """Return a value that is given in ``unit`` in the unit of the quantity; raises `UnitError` as `units_in`."""
    return value / units_in(unit, quantity)


def with_units(run: Run, asked: str | Sequence[str] | Mapping[str, str]) -> Run:
    """Return a run with quantities in other units.

    Parameters
    ----------
    run : Run
    asked : str, sequence of str, or mapping of str to str
        ``"ng/mL"`` for all quantities that it fits, or a unit for each by id or label: ``{"plasma_nad": "ng/mL"}``,
        ``["plasma_nad=ng/mL", "nM"]``. One by name comes before one for all.

    Raises
    ------
    UnitError
        For a unit that fits nothing, or not the quantity that it is for.
    UnknownNameError
        For a quantity that the run does not have.
    """
    named, free = _asked(asked)
    wanted = {}
    for name, unit in named.items():
        wanted[run.quantity(name).id] = unit
        units_in(unit, run.quantity(name))
    for unit in free:
        fitting = [q.id for q in run.quantities if q.id not in wanted and _fits(unit, q)]
        if not fitting:
            few = ", ".join(f"{q.id} ({q.units})" for q in run.quantities[:6])
            raise UnitError(f"{unit!r} fits none of the quantities: {few}; give a unit like theirs")
        wanted.update(dict.fromkeys(fitting, unit))
    wanted = {**_integrals(run, wanted), **wanted}
    scales = np.array([units_in(wanted[q.id], q) if q.id in wanted else 1.0 for q in run.quantities])
    quantities = tuple(replace(q, units=wanted.get(q.id, q.units)) for q in run.quantities)
    peaks = {name: peak * np.array([scales[run.position(name)], 1.0]) for name, peak in run.peaks.items()}
    other = run.counterfactual_pieces
    return run.changed(
        values=_scaled(run.pieces, scales),
        quantities=quantities,
        peaks=peaks,
        counterfactual=None if other is None else _scaled(other, scales),
        record={**run.record, "units": {**run.record.get("units", {}), **wanted}},
    )


def _integrals(run: Run, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the units of the amounts that are integrals of fluxes in another unit: mg of mg/day.

    A table takes the mean of a flux from its integral, so that both need the same amount.
    """
    found = {}
    for quantity in run.quantities:
        amount, per, _ = wanted.get(quantity.integral_of, "").rpartition("/")
        if per and _fits(amount, quantity):
            found[quantity.id] = amount
    return found


def _asked(asked: str | Sequence[str] | Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return units by the id of their quantity, and those for all that they fit."""
    if isinstance(asked, Mapping):
        return {ids_of([name])[0]: unit for name, unit in asked.items()}, []
    named, free = {}, []
    for one in (asked,) if isinstance(asked, str) else asked:
        name, equals, unit = one.rpartition("=")
        if equals:
            named[ids_of([name.strip()])[0]] = unit.strip()
        else:
            free.append(one.strip())
    return named, free


def _fits(unit: str, quantity: Quantity) -> bool:
    units.compatible(unit, "g")  # raises for a unit that does not exist
    try:
        units_in(unit, quantity)
    except UnitError:
        return False
    return True


def _scaled(pieces: Pieces, scales: np.ndarray) -> Pieces:
    return Pieces.of(pieces.whole() * scales)


def _like(quantity: Quantity) -> str:
    if quantity.long_name not in molar_masses():
        return f"{quantity.units!r}"
    return "'µmol/day' or 'mg/day'" if quantity.kind == "flux" else "'µM' or 'ng/mL'"
