"""Levels are not fluxes: readings of two kinds are not mixed, and a verdict on flux from a level raises."""

from __future__ import annotations

import operator
from collections.abc import Callable

import numpy as np
import pytest

from nadflux.errors import UnknownNameError
from nadflux.kinds import RULE, AutophagyReading, Change, Flux, Index, KindError, Level, Marker, flux_change, reading
from nadflux.shipped import BIOLOGY

DEG, LC3 = Flux("J_deg", 1.5, "%/h"), Level("LC3_II", 2.0, "µM")


@pytest.mark.parametrize("kind", [Level, Marker, Index])
def test_no_verdict_on_flux_from_another_kind(kind: type) -> None:
    with pytest.raises(KindError, match=r"no verdict on flux .*with/without pair in each condition"):
        flux_change(kind("LC3_II", 2.0, "µM"), kind("LC3_II", 1.0, "µM"))


def test_two_different_fluxes_are_not_compared() -> None:
    with pytest.raises(KindError, match="is not"):
        flux_change(Flux("J_init", 2.0, "%/h"), Flux("J_deg", 1.0, "%/h"))


@pytest.mark.parametrize(("value", "change"), [(1.3, Change.UP), (1.1, Change.EQUAL), (0.7, Change.DOWN)])
def test_change_of_a_flux(value: float, change: Change) -> None:
    assert flux_change(Flux("J_deg", value, "%/h"), Flux("J_deg", 1.0, "%/h")) is change


@pytest.mark.parametrize("do", [operator.add, operator.sub, operator.truediv, operator.lt, operator.gt])
def test_kinds_are_not_mixed(do: Callable[[object, object], object]) -> None:
    with pytest.raises(KindError, match="J_deg is a flux, LC3_II a level"):
        do(DEG, LC3)
    with pytest.raises(KindError, match="convert one first"):
        do(DEG, Flux("J_deg", 1.0, "%/day"))


def test_bare_numbers_are_not_readings() -> None:
    with pytest.raises(KindError, match="bare number"):
        DEG + 1.0  # type: ignore[operator]
    with pytest.raises(KindError, match="not multiplied"):
        DEG * LC3  # type: ignore[operator]


def test_what_readings_of_one_kind_do() -> None:
    more = DEG + Flux("J_deg", 0.5, "%/h")
    assert isinstance(more, Flux) and more.value == 2.0 and more > DEG
    assert isinstance(2.0 * DEG, Flux) and (2.0 * DEG).value == 3.0
    assert more / DEG == pytest.approx(4 / 3)
    rows = Flux("J_deg", np.array([1.0, 3.0]), "%/h")
    assert np.array_equal((rows - DEG).value, [-0.5, 1.5])
    assert rows == Flux("J_deg", np.array([1.0, 3.0]), "%/h") != Level("J_deg", np.array([1.0, 3.0]), "%/h")
    assert "median 2" in str(rows) and "(flux)" in str(rows)


def test_a_reading_takes_the_kind_of_its_row() -> None:
    assert isinstance(reading("index", "energy_charge", 0.9, "1"), Index)
    with pytest.raises(UnknownNameError, match="'level'"):
        reading("levl", "LC3_II", 1.0, "µM")


def test_autophagy_needs_three_fluxes() -> None:
    names = ("J_init", "J_seq", "J_deg")
    found = AutophagyReading.of({n: Flux(n, 1.0, "%/h") for n in names} | {"TFEB": Marker("TFEB", 1.0, "of rest")})
    assert [marker.name for marker in found.markers] == ["TFEB"]
    with pytest.raises(KindError, match="J_seq is declared a level"):
        AutophagyReading.of({n: Flux(n, 1.0, "%/h") for n in names} | {"J_seq": Level("J_seq", 1.0, "%/h")})


def test_the_rule_is_that_of_the_assay() -> None:
    import yaml

    rules = yaml.safe_load((BIOLOGY / "dish" / "assay.yaml").read_text(encoding="utf-8"))["rules"]
    assert rules["pair"].casefold().rstrip(".") == RULE
