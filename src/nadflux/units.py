"""Unit algebra: read a quantity, compare dimensions, convert.

The units of the tables and of a regimen (µM, µmol/h, mg, L/h, h, d …) are resolved here by a small exact
grammar so that a program start does not pay for pint; everything else is handed to pint, imported only then.
Molar concentration is written ``M``; ``m`` alone is the metre and ``min``, ``h``, ``d``, ``yr`` are times.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

from nadflux.errors import UnitError, ValueOutOfRangeError, nearest

DAY_H, WEEK_H, YEAR_H = 24.0, 168.0, 8766.0  # hours of a day, a week and a year

Dimension = tuple[Fraction, ...]

# Exponents of (amount of substance, mass, length, time), with the factor to µmol, mg, dm, h.
_BASE: dict[str, tuple[float, tuple[int, int, int, int]]] = {
    "mol": (1e6, (1, 0, 0, 0)),
    "g": (1e3, (0, 1, 0, 0)),
    "L": (1.0, (0, 0, 3, 0)),
    "l": (1.0, (0, 0, 3, 0)),
    "M": (1e6, (1, 0, -3, 0)),
    "m": (10.0, (0, 0, 1, 0)),
    "s": (1.0 / 3600.0, (0, 0, 0, 1)),
}
_PREFIX = {
    "": 1.0, "k": 1e3, "d": 1e-1, "c": 1e-2, "m": 1e-3,
    "µ": 1e-6, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15,
}  # fmt: skip
_PLAIN: dict[str, tuple[float, tuple[int, int, int, int]]] = {
    "min": (1.0 / 60.0, (0, 0, 0, 1)),
    "h": (1.0, (0, 0, 0, 1)),
    "hour": (1.0, (0, 0, 0, 1)),
    "d": (24.0, (0, 0, 0, 1)),
    "day": (24.0, (0, 0, 0, 1)),
    "week": (168.0, (0, 0, 0, 1)),
    "month": (720.0, (0, 0, 0, 1)),
    "y": (8766.0, (0, 0, 0, 1)),
    "yr": (8766.0, (0, 0, 0, 1)),
    "year": (8766.0, (0, 0, 0, 1)),
    "litre": (1.0, (0, 0, 3, 0)),
    "liter": (1.0, (0, 0, 3, 0)),
    "mole": (1e6, (1, 0, 0, 0)),
    "gram": (1e3, (0, 1, 0, 0)),
    "second": (1.0 / 3600.0, (0, 0, 0, 1)),
    "minute": (1.0 / 60.0, (0, 0, 0, 1)),
    "%": (0.01, (0, 0, 0, 0)),
    "percent": (0.01, (0, 0, 0, 0)),
    "dimensionless": (1.0, (0, 0, 0, 0)),
    "fraction": (1.0, (0, 0, 0, 0)),
    "1": (1.0, (0, 0, 0, 0)),
}
_TOKEN = re.compile(r"\s*(?:(\*\*|\^)\s*(-?\d+)|([()*/·×])|([^\W\d_]+|%|1(?![\d.])))")
_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf(?:inity)?))", re.I)
_LONGEST, _HIGHEST_POWER = 80, 12
_POWER = re.compile(r"(?:\*\*|\^)\s*[-+]?\d{1,2}(?:\.\d+)?(?![\d.])")
# Powers of powers or numbers, such as 9**9**9, which take for ever; § stands for a small one.
_TOWER = re.compile(r"\*\*|\^|//|§\s*§|[\d)]\s*§")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def parse_quantity(text: str) -> tuple[float, str]:
    """Split ``"0.3 µM"`` into value and unit.

    Parameters
    ----------
    text : str
        A number, optionally followed by a unit; without one the quantity is dimensionless.

    Returns
    -------
    (float, str)
        The value and the unit as written (``"dimensionless"`` where none is given).

    Raises
    ------
    UnitError
        If there is no number or the unit does not exist.
    ValueOutOfRangeError
        If the number is not finite.
    """
    match = _NUMBER.match(text)
    if match is None:
        raise UnitError(f"{text!r} is not a quantity; write a number and a unit, e.g. '0.3 µM'")
    value = float(match.group(1))
    if not math.isfinite(value):
        raise ValueOutOfRangeError(f"{text.strip()!r} is not a finite number; give a finite value")
    unit = text[match.end() :].strip() or "dimensionless"
    _resolve(_normal(unit))
    return value, unit


def convert(value: float, unit: str, target: str) -> float:
    """Return the value in ``target`` of a quantity given in ``unit``.

    Raises
    ------
    UnitError
        If either unit does not exist or the two have different dimensions.
    ValueOutOfRangeError
        If a finite value is too large for a number in ``target``.
    """
    if unit == target:
        return value
    converted = value * factor(unit, target)
    if math.isinf(converted) and math.isfinite(value):
        raise ValueOutOfRangeError(f"{value:g} {unit} is too large for a number in {target!r}; give a smaller value")
    return converted


@lru_cache(maxsize=512)
def factor(unit: str, target: str) -> float:
    """Return the number of ``target`` in one ``unit``.

    Raises
    ------
    UnitError
        If their dimensions differ.
    """
    scale, dimension = _resolve(_normal(unit))
    target_scale, target_dimension = _resolve(_normal(target))
    if dimension != target_dimension:
        raise UnitError(f"{unit!r} does not fit here; a unit like {target!r} is needed")
    # Whole ratios such as mg→g stay exact to the bit where the decimal is.
    ratio = scale / target_scale
    return float(f"{ratio:.15g}")


def compatible(unit: str, other: str) -> bool:
    """Tell whether two units have the same dimension.

    Raises
    ------
    UnitError
        If one does not exist.
    """
    return _resolve(_normal(unit))[1] == _resolve(_normal(other))[1]


def _normal(unit: str) -> str:
    """Return one spelling: the micro sign U+00B5, no superscripts, single spaces."""
    text = unit.replace("\N{GREEK SMALL LETTER MU}", "\N{MICRO SIGN}").strip()
    text = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: "^" + m.group().translate(_SUPERSCRIPT), text)
    return text or "dimensionless"


@lru_cache(maxsize=512)
def _resolve(unit: str) -> tuple[float, Dimension]:
    """Return the factor to µmol, mg, dm, h and the exponents of amount, mass, length and time (or what pint adds)."""
    if len(unit) > _LONGEST:
        raise UnitError(f"{unit[:40]!r}… is no unit: {len(unit)} characters; units look like 'µM', 'mg', 'µmol/h'")
    known = _small_grammar(unit)
    scale, dimension = known if known is not None else _ask_pint(unit)
    if not 0.0 < scale < math.inf or any(abs(power) > _HIGHEST_POWER for power in dimension[:4]):
        raise UnitError(f"{unit!r} has powers out of range for a unit; units look like 'µM', 'mg', 'µmol/h', 'L/h'")
    return scale, dimension


def _small_grammar(unit: str) -> tuple[float, Dimension] | None:
    """Resolve products, quotients, powers and brackets of the common units; return None if pint is needed."""
    tokens: list[str | int] = []
    position = 0
    # From token to token; None as soon as one is unknown.
    while position < len(unit):
        match = _TOKEN.match(unit, position)
        if match is None:
            return None
        if match.group(2):
            tokens += ["^", int(match.group(2))]
        else:
            tokens.append(match.group(3) or match.group(4))
        position = match.end()
    try:
        scale, dimension, rest = _product(tokens)
    except (KeyError, IndexError, OverflowError):
        return None
    return None if rest else (scale, tuple(Fraction(d) for d in dimension))


def _product(tokens: list[str | int]) -> tuple[float, list[int], list[str | int]]:
    scale, dimension = 1.0, [0, 0, 0, 0]
    sign = 1
    rest = list(tokens)
    # Multiplies and divides in the order of the text, up to a closing bracket.
    while rest and rest[0] != ")":
        head = rest.pop(0)
        if head in ("*", "·", "×", "/"):
            if not rest or rest[0] in ("*", "·", "×", "/", ")"):
                raise KeyError(head)
            sign = -1 if head == "/" else 1
            continue
        if head == "(":
            one, exponents, rest = _product(rest)
            if rest.pop(0) != ")":
                raise KeyError(")")
        else:
            one, fixed = _atom(str(head))
            exponents = list(fixed)
        power = sign
        if rest and rest[0] == "^":
            power = sign * int(rest[1])
            del rest[:2]
        scale *= one**power
        dimension = [d + power * e for d, e in zip(dimension, exponents, strict=True)]
        sign = 1
    return scale, dimension, rest


@lru_cache(maxsize=256)
def _atom(name: str) -> tuple[float, tuple[int, int, int, int]]:
    if name in _PLAIN:
        return _PLAIN[name]
    if name.endswith("s") and len(name) > 3 and name[:-1] in _PLAIN:
        return _PLAIN[name[:-1]]
    for base, (scale, dimension) in _BASE.items():
        if name.endswith(base) and name[: -len(base)] in _PREFIX:
            return _PREFIX[name[: -len(base)]] * scale, dimension
    raise KeyError(name)


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(cache_folder=None, on_redefinition="ignore")
    registry.define("month = 30 * day")
    registry.define("fraction = 1")
    return registry


def _ask_pint(unit: str) -> tuple[float, Dimension]:
    if _TOWER.search(_POWER.sub("§", unit)):
        raise _unknown(unit)
    try:
        return _from_pint(unit.replace("·", "*").replace("×", "*"))
    except Exception as bad:  # pint reads units as Python, and fails in all the ways that Python's reader does
        raise _unknown(unit) from bad


def _from_pint(unit: str) -> tuple[float, Dimension]:
    with_base = _registry().Unit(unit)
    base = (1 * with_base).to_base_units()
    exponents = dict(with_base.dimensionality)
    order = ("[substance]", "[mass]", "[length]", "[time]")
    first = [Fraction(exponents.pop(key, 0)).limit_denominator(64) for key in order]
    # pint's base is mol, kg, m, s; ours µmol, mg, dm, h.
    scale = float(base.magnitude)
    for one, power in zip((1e6, 1e6, 10.0, 1.0 / 3600.0), first, strict=True):
        scale *= one ** float(power)
    extra = tuple(
        Fraction(int.from_bytes(key.encode(), "big")) * Fraction(value).limit_denominator(64)
        for key, value in sorted(exponents.items())
    )
    return scale, tuple(first) + extra


def _unknown(unit: str) -> UnitError:
    names = [prefix + base for base in _BASE for prefix in _PREFIX] + list(_PLAIN)
    close = nearest(unit, names)
    hint = f"; did you mean {', '.join(repr(c) for c in close)}?" if close else ""
    return UnitError(f"unknown unit {unit!r}{hint} (units look like 'µM', 'mg', 'µmol/h', 'L/h')")
