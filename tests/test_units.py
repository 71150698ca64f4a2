"""Units: the small grammar agrees with pint, and mistakes are named."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nadflux import units
from nadflux.errors import UnitError, ValueOutOfRangeError


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("0.3 µM", "µM", 0.3),
        ("0.3 μM", "nM", 300.0),
        ("0.3 uM", "µmol/L", 0.3),
        ("1 mM", "µM", 1000.0),
        ("500 mg", "g", 0.5),
        ("2 g", "mg", 2000.0),
        ("8 weeks", "d", 56.0),
        ("1 d", "h", 24.0),
        ("60 µmol/min", "µmol/h", 3600.0),
        ("1 mL/min", "L/h", 0.06),
        ("24 1/d", "1/h", 1.0),
        ("5 h^-1", "1/h", 5.0),
        ("5 h⁻¹", "1/h", 5.0),
        ("10 µmol/(L·h)", "µM/h", 10.0),
        ("10 µmol/L/h", "µM/h", 10.0),
        ("50 %", "dimensionless", 0.5),
        ("3", "dimensionless", 3.0),
        ("1 nmol/mL", "µM", 1.0),
        ("1e-3 mol", "µmol", 1000.0),
    ],
)
def test_conversion(text: str, target: str, expected: float) -> None:
    value, unit = units.parse_quantity(text)
    assert units.convert(value, unit, target) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("unit", ["µM", "mM", "mg", "µmol/h", "L/h", "1/h", "mL/min", "µmol/(L*h)", "kg"])
def test_small_grammar_agrees_with_pint(unit: str) -> None:
    fast = units._small_grammar(unit)
    assert fast is not None
    scale, dimension = units._ask_pint(unit)
    assert fast[0] == pytest.approx(scale, rel=1e-12)
    assert fast[1] == dimension[:4]


def test_uncommon_units_go_to_pint_and_still_compare() -> None:
    assert units.convert(1.0, "pound", "mg") == pytest.approx(453592.37)
    assert units.convert(1.0, "kcal/d", "kJ/h") == pytest.approx(4.184 / 24)
    assert not units.compatible("kcal", "mg")


@pytest.mark.parametrize("text", ["0.3 µMM", "5 mgs2x", "1 florp"])
def test_unknown_unit_is_named(text: str) -> None:
    with pytest.raises(UnitError, match=text.split()[1]):
        units.parse_quantity(text)


def test_nearest_unit_is_offered() -> None:
    with pytest.raises(UnitError, match="'µmol'"):
        units.parse_quantity("3 µmoll")


def test_wrong_dimension_names_both() -> None:
    with pytest.raises(UnitError, match=r"'mg'.*'µM'"):
        units.convert(1.0, "mg", "µM")


@pytest.mark.parametrize("text", ["", "µM", "abc"])
def test_no_number(text: str) -> None:
    with pytest.raises(UnitError, match="quantity"):
        units.parse_quantity(text)


@pytest.mark.parametrize("text", ["nan µM", "inf mg", "-inf"])
def test_not_finite(text: str) -> None:
    with pytest.raises(ValueOutOfRangeError, match="finite"):
        units.parse_quantity(text)


def test_common_units_do_not_import_pint() -> None:
    code = "import sys; from nadflux import units; units.factor('µmol/h', 'mol/d'); print('pint' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


_NO_UNITS = (
    '2 L"/', "1 u)M", ".5 #y", "62 {", "3 µM)", "1e-", "4000 ;", "1 dimension漢less", "1 ]y", "0l^999H", "1 m^999",
    "1 µM^99999999", "1 " + "m^12 " * 15, "1 µM µM µM µM µM", "1 " + "(" * 5000, "1 m**m", "1 9**9**9**9",
    "1 (10)**9", "1 ((10)**99)**99", "1 2^99", "1 acre**2**3", "1 acre**(9)", "1 lambda: 0", "1 mg//L", "1 mg/",
    "1 (mg/)/L", "1 \x00",
)  # fmt: skip


@pytest.mark.parametrize("text", _NO_UNITS)
def test_a_unit_that_cannot_be_read_is_a_unit_error(text: str) -> None:
    with pytest.raises(UnitError, match="unit"):
        units.parse_quantity(text)


def test_a_value_that_overflows_in_another_unit_is_refused() -> None:
    with pytest.raises(ValueOutOfRangeError, match="1e\\+308 kg is too large for a number in 'µg'"):
        units.convert(1e308, "kg", "µg")
