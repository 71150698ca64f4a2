"""Units of a model's quantities in words such as ``umol/L``, from their definitions."""

from __future__ import annotations

from nadflux.network.model import Model, UnitFactor

_SYMBOLS = {
    "mole": "mol", "litre": "L", "gram": "g", "metre": "m", "second": "s", "kilogram": "kg", "item": "items",
}  # fmt: skip
_PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "u", -3: "m", -2: "c", 3: "k", 6: "M"}
_TIMES = {60.0: "min", 3600.0: "h", 86400.0: "day"}


def unit_text(model: Model, identifier: str | None) -> str:
    """Return a unit of the model in words; empty where it declares none.

    Parameters
    ----------
    identifier : str or None
        Id of a unit definition, or one of SBML's own units.
    """
    if not identifier:
        return ""
    factors = model.units.get(identifier, (UnitFactor(identifier),))
    over = [_factor(f) for f in factors if f.kind != "dimensionless" and f.exponent > 0]
    under = [_factor(f) for f in factors if f.kind != "dimensionless" and f.exponent < 0]
    number = "".join(f"{f.multiplier * 10.0**f.scale:g} " for f in factors if f.kind == "dimensionless" and not _one(f))
    if not over and not under:
        return number.strip() or "dimensionless"
    return number + "*".join(over or ["1"]) + "".join(f"/{part}" for part in under)


def quantity_unit(model: Model, name: str) -> str:
    """Return the unit of an id in the model's formulas: a concentration for most species; may be empty."""
    if name in model.species:
        return amount_unit(model, name, concentration=not model.species[name].only_substance_units)
    if name in model.compartments:
        return _size_unit(model, name)
    if name in model.reactions:
        return _over(unit_text(model, model.extent_unit), unit_text(model, model.time_unit))
    return unit_text(model, model.parameters[name].unit) if name in model.parameters else ""


def amount_unit(model: Model, species: str, *, concentration: bool) -> str:
    """Return the unit of the amount or concentration of a species; empty where the model does not declare it."""
    found = model.species[species]
    amount = unit_text(model, found.unit or model.substance_unit)
    return _over(amount, _size_unit(model, found.compartment)) if concentration else amount


def _size_unit(model: Model, compartment: str) -> str:
    found = model.compartments[compartment]
    shared = {3.0: model.volume_unit, 2.0: model.area_unit, 1.0: model.length_unit}
    return unit_text(model, found.unit or shared.get(found.dimensions))


def _over(above: str, below: str) -> str:
    if above and below in ("dimensionless", above):
        return above if below == "dimensionless" else "dimensionless"
    return f"{'1' if above == 'dimensionless' else above}/{below}" if above and below else ""


def _one(factor: UnitFactor) -> bool:
    return factor.multiplier == 1.0 and factor.scale == 0


def _factor(factor: UnitFactor) -> str:
    """Return one factor with the size of its exponent, such as ``umol`` or ``m^2``."""
    symbol = _SYMBOLS.get(factor.kind, factor.kind)
    size = factor.multiplier * 10.0**factor.scale
    if factor.kind == "second" and size in _TIMES:
        symbol = _TIMES[size]
    else:
        prefix = next((p for power, p in _PREFIXES.items() if abs(size / 10.0**power - 1.0) < 1e-12), None)
        if size != 1.0:
            symbol = f"{prefix}{symbol}" if prefix else f"({size:g} {symbol})"
    exponent = abs(factor.exponent)
    return symbol if exponent == 1 else f"{symbol}^{exponent:g}"
