"""Units with their scale: a rate per day taken for one per hour is a fault, which libSBML's check lets pass.

libSBML compares kinds and exponents of units and ignores multipliers. Here every formula is worked out as a
product of base kinds and a factor, and sums, comparisons, rules, assignments and rate laws must agree in both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nadflux.errors import UnitError
from nadflux.network.expression import COMPARISONS, Apply, Expression, Number, Symbol, Time
from nadflux.network.model import Model, UnitFactor
from nadflux.network.names import to_name
from nadflux.network.text_places import places_of

_EQUAL_WITHIN = 1e-9
_SHOWN = 8
_SAME = frozenset(("add", "sub", "min", "max"))
_KEEP = frozenset(("neg", "abs", "floor", "ceil"))
# kinds that are others with a factor
_COMPOSED = {"litre": ({"metre": 3.0}, 1e-3), "gram": ({"kilogram": 1.0}, 1e-3)}


@dataclass(frozen=True)
class _Unit:
    """Exponents of base kinds and the factor to them; ``kinds`` leaves out exponents of zero."""

    kinds: tuple[tuple[str, float], ...]
    factor: float

    def times(self, other: _Unit, sign: float = 1.0) -> _Unit:
        kinds = dict(self.kinds)
        for kind, exponent in other.kinds:
            kinds[kind] = kinds.get(kind, 0.0) + sign * exponent
        return _Unit(_clean(kinds), self.factor * other.factor**sign)

    def power(self, exponent: float) -> _Unit:
        return _Unit(_clean({k: e * exponent for k, e in self.kinds}), self.factor**exponent)

    def fits(self, other: _Unit) -> bool:
        same = len(self.kinds) == len(other.kinds) and all(
            a[0] == b[0] and abs(a[1] - b[1]) < _EQUAL_WITHIN for a, b in zip(self.kinds, other.kinds, strict=True)
        )
        return same and abs(math.log(self.factor / other.factor)) < _EQUAL_WITHIN


_ONE = _Unit((), 1.0)


def scale_diagnostics(model: Model) -> list[str]:
    """Return one line per fault of units or scale in the formulas of a model; empty where all agree.

    Parameters
    ----------
    model : Model
        Every quantity and literal has a unit.
    """
    return [_line(owner, fault) for owner, fault in unit_faults(model)]


def unit_faults(model: Model) -> list[tuple[str, str]]:
    """Return the faults of units or scale in the formulas of a model, each with the name whose formula it is.

    Parameters
    ----------
    model : Model
        Every quantity and literal has a unit.
    """
    checker = _Checker(model)
    for variable, formula in (*model.assignment_rules.items(), *model.initial_assignments.items()):
        checker.agree(variable, formula, checker.symbol(variable))
    for name, reaction in model.reactions.items():
        if reaction.law is not None:
            checker.agree(name, reaction.law, checker.symbol(name))
    for variable, formula in model.rate_rules.items():
        checker.agree(variable, formula, checker.rate(variable))
    return checker.faults


def refuse_unit_faults(model: Model, folder: Path) -> None:
    """Refuse a model whose formulas do not agree in their units, before it prints numbers.

    Parameters
    ----------
    model : Model
    folder : Path
        Of the biology that it was assembled from, for the places in its text.

    Raises
    ------
    UnitError
        With each formula, its place and the remedy.
    """
    faults = unit_faults(model)
    if not faults:
        return
    # one formula is in many organs: each place of the text is named once
    by_place = {"; ".join(places_of(folder, owner)) or to_name(owner): (owner, fault) for owner, fault in faults}
    lines = [f"  {place}: {_line(owner, fault)}" for place, (owner, fault) in by_place.items()]
    more = [f"  and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    raise UnitError(
        "\n".join(
            [
                "the units of the biology do not agree, so it is not run:",
                *lines[:_SHOWN],
                *more,
                "correct the formula, or give each number its unit; `nadflux check DIR` lists all faults",
            ]
        )
    )


def unit_of(model: Model, formula: Expression) -> tuple[dict[str, float], float] | None:
    """Return exponents of SBML's base kinds and the factor to them, of a formula over ids of a model.

    Parameters
    ----------
    model : Model
        Every quantity has a unit.
    formula : Expression
        A number without a unit counts as a plain number.

    Returns
    -------
    tuple of (dict of str to float, float), or None
        None where the formula is faulty.
    """
    checker = _Checker(model)
    unit = checker.of("formula", formula)
    return None if unit is None or checker.faults else (dict(unit.kinds), unit.factor)


def _line(owner: str, fault: str) -> str:
    return f"{to_name(owner)}{' ' if fault.startswith('is in') else ': '}{fault}"


class _Checker:
    def __init__(self, model: Model) -> None:
        self.faults: list[tuple[str, str]] = []
        self._units = {name: _product(factors) for name, factors in model.units.items()}
        substance, time = self._unit(model.substance_unit), self._unit(model.time_unit)
        extent = self._unit(model.extent_unit)
        self._symbols: dict[str, _Unit] = {}
        for name, compartment in model.compartments.items():
            self._symbols[name] = self._unit(compartment.unit or model.volume_unit)
        for name, species in model.species.items():
            own = self._unit(species.unit) if species.unit else substance
            volume = self._symbols[species.compartment]
            self._symbols[name] = own if species.only_substance_units else own.times(volume, -1.0)
        for name, parameter in model.parameters.items():
            self._symbols[name] = self._unit(parameter.unit)
        for name in model.reactions:
            self._symbols[name] = extent.times(time, -1.0)
        self._time = time

    def symbol(self, name: str) -> _Unit:
        return self._symbols[name]

    def _said(self, unit: _Unit) -> str:
        """Return a unit in the letters of the text where it defines it, else in SI units."""
        return next((name for name, known in self._units.items() if known.fits(unit)), _text(unit))

    def rate(self, name: str) -> _Unit:
        return self._symbols[name].times(self._time, -1.0)

    def agree(self, owner: str, formula: Expression, expected: _Unit) -> None:
        found = self.of(owner, formula)
        if found is not None and not found.fits(expected):
            self.faults.append((owner, f"is in {self._said(expected)}, its formula in {self._said(found)}"))

    def _unit(self, name: str | None) -> _Unit:
        if name is None:
            return _ONE
        return self._units.get(name) or _product((UnitFactor(name),))

    def of(self, owner: str, node: Expression) -> _Unit | None:
        """Return the unit of a formula; None where a part of it is faulty or has no one unit."""
        if isinstance(node, Number):
            return self._unit(node.unit)
        if isinstance(node, Symbol):
            return self._symbols[node.name]
        if isinstance(node, Time):
            return self._time
        if node.op == "piecewise":
            return self._choice(owner, node)
        if node.op in _SAME:
            return self._alike(owner, node.op, node.args)
        if node.op in COMPARISONS:
            self._alike(owner, node.op, node.args)
            return _ONE
        if node.op == "pow":
            return self._power(owner, node)
        return self._function(owner, node)

    def _choice(self, owner: str, node: Apply) -> _Unit | None:
        values, conditions = node.args[::2], node.args[1::2]
        for condition in conditions:
            self.of(owner, condition)
        return self._alike(owner, node.op, values)

    def _power(self, owner: str, node: Apply) -> _Unit | None:
        base = self.of(owner, node.args[0])
        exponent = node.args[1]
        if isinstance(exponent, Number):
            return base.power(exponent.value) if base else None
        return self._plain(owner, node.op, node.args)

    def _function(self, owner: str, node: Apply) -> _Unit | None:
        units = [self.of(owner, argument) for argument in node.args]
        known = [unit for unit in units if unit is not None]
        if len(known) < len(units):
            return None
        if node.op in _KEEP:
            return known[0]
        if node.op == "sqrt":
            return known[0].power(0.5)
        if node.op in ("mul", "div"):
            result = known[0]
            for unit in known[1:]:
                result = result.times(unit, 1.0 if node.op == "mul" else -1.0)
            return result
        return self._plain(owner, node.op, node.args)

    def _alike(self, owner: str, op: str, arguments: tuple[Expression, ...]) -> _Unit | None:
        units = [self.of(owner, argument) for argument in arguments]
        known = [unit for unit in units if unit is not None]
        for unit in known[1:]:
            if not unit.fits(known[0]):
                self.faults.append((owner, f"{op} of {self._said(known[0])} and {self._said(unit)}"))
                return None
        return known[0] if known else None

    def _plain(self, owner: str, op: str, arguments: tuple[Expression, ...]) -> _Unit | None:
        for argument in arguments:
            unit = self.of(owner, argument)
            if unit is not None and not unit.fits(_ONE):
                self.faults.append((owner, f"{op} of {self._said(unit)}, which needs a plain number"))
                return None
        return _ONE


def _product(factors: tuple[UnitFactor, ...]) -> _Unit:
    result = _ONE
    for factor in factors:
        if factor.kind in ("dimensionless", "item"):
            base = _Unit((), 1.0)
        elif factor.kind in _COMPOSED:
            kinds, scale = _COMPOSED[factor.kind]
            base = _Unit(_clean(kinds), scale)
        else:
            base = _Unit(((factor.kind, 1.0),), 1.0)
        scaled = _Unit(base.kinds, base.factor * factor.multiplier * 10.0**factor.scale)
        result = result.times(scaled.power(factor.exponent))
    return result


def _clean(kinds: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted((kind, e) for kind, e in kinds.items() if abs(e) > _EQUAL_WITHIN))


def _text(unit: _Unit) -> str:
    kinds = " ".join(f"{kind}^{exponent:g}" if exponent != 1 else kind for kind, exponent in unit.kinds)
    return f"{unit.factor:.6g} {kinds}".strip() if kinds or unit.factor != 1 else "plain numbers"
