"""Routes side by side."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import PlanError, UnitError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.tables import Route
from nadflux.plans.catalogue import Catalogue, shipped
from nadflux.studies.experiments.compare_routes import RouteComparison, _half, compare_routes

FEW = (("NR chloride", "oral"), ("NAM", "oral"), ("NAD+", "IV"), ("NMN", "IV"))


def few(*ways: tuple[str, str]) -> Catalogue:
    whole = shipped()
    return Catalogue(whole.compounds, {way: whole.routes[way] for way in ways or FEW}, whole.names)


@pytest.fixture(scope="module")
def compared() -> RouteComparison:
    return compare_routes("500mg", n=6, days=7, catalogue=few(), research=True)


def test_every_way_has_every_figure(compared: RouteComparison) -> None:
    assert [(r.compound, r.route) for r in compared.routes] == list(FEW)
    for route in compared.routes:
        assert route.refused == ""
        outcome = route.outcomes["whole_blood_nad"]
        for cell in (outcome.rise, outcome.exposure, outcome.ripple, outcome.between_people):
            assert cell.values.shape == (6,) and np.isfinite(cell.values).all()
            assert cell.tier in ("measured", "derived", "fitted", "assumed") and cell.unit
        assert route.reach is not None and route.reach.balance < 1e-9
        assert np.all(outcome.exposure.values > 0)


def test_a_route_that_screening_stops_is_listed_with_the_rule() -> None:
    found = compare_routes("500mg", n=2, days=7, catalogue=few(("NAD+", "IV")))
    assert "S047" in found.routes[0].refused and not found.routes[0].outcomes


def test_the_same_mass_is_not_the_same_moles(compared: RouteComparison) -> None:
    doses = {r.compound: r.dose_umol for r in compared.routes}
    assert doses["NR chloride"] == pytest.approx(500 / 0.2907)
    assert doses["NAM"] > 2 * doses["NR chloride"]
    assert [r.dose_mg for r in compared.routes] == pytest.approx([500.0] * len(FEW))


def test_what_lacks_data_says_so_in_its_label(compared: RouteComparison) -> None:
    labels = {(r.compound, r.route): r.label for r in compared.routes}
    assert "beyond data" in labels["NMN", "IV"]
    assert labels["NR chloride", "oral"] == "NR chloride oral"
    assert any("not a recommendation" in str(note) for note in compared.notes)
    assert any("screening stops this plan (S047)" in str(note) for note in compared.notes)


def test_no_kinetics_stands_with_every_number(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = shipped()
    depot = Route("NAD+", "subcutaneous", "bolus", "plasma.NAD", 0.8, "none", "assumed", "s", "wide prior")
    one = Catalogue(whole.compounds, {("NAD+", "subcutaneous"): depot}, whole.names)
    monkeypatch.setattr("nadflux.plans.schedule.shipped", lambda: one)
    result = compare_routes("100 mg", n=2, days=2, catalogue=one)
    assert "no PK data" in result.routes[0].label
    assert any("no PK data" in str(note) for note in result.notes)
    reach = result.routes[0].reach
    assert reach is not None and any("no PK data" in str(note) for note in reach.notes)


def test_usual_practice_has_a_source(compared: RouteComparison) -> None:
    typical = {(r.compound, r.route): r.typical for r in compared.routes}
    found = typical["NAD+", "IV"]
    assert found is not None and "sessions a week" in found.use and found.source
    assert typical["NMN", "IV"] is None


def test_equal_moles() -> None:
    result = compare_routes("500 mg", n=2, days=2, equal_moles=True, catalogue=few(*FEW[:2]))
    moles = [r.dose_umol for r in result.routes]
    assert moles[0] == pytest.approx(moles[1]) == pytest.approx(500 / 0.2907, rel=1e-5)
    in_moles = compare_routes("1.7199862 mmol", n=2, days=2, catalogue=few(*FEW[:2]))
    for a, b in zip(result.routes, in_moles.routes, strict=True):
        assert a.outcomes["whole_blood_nad"].rise.values == pytest.approx(
            b.outcomes["whole_blood_nad"].rise.values, rel=1e-4
        )


def test_a_dose_that_cannot_be_given_is_listed_with_the_reason() -> None:
    result = compare_routes("500 mg", n=2, days=2, infusion="30 h", catalogue=few(*FEW[1:3]))
    reasons = {r.route: r.refused for r in result.routes}
    assert reasons["oral"] == "" and "runs into the next" in reasons["IV"]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"dose": "500 h"}, ValueOutOfRangeError, "mass or an amount"),
        ({"dose": "500 mgg"}, UnitError, "mgg"),
        ({"dose": "500 mg", "days": 1}, ValueOutOfRangeError, "1 days"),
        ({"dose": "500 mg", "infusion": "4 mg"}, ValueOutOfRangeError, "infusion"),
        ({"dose": "500 mg", "observables": ["whole_blod_nad"]}, UnknownNameError, "whole_blood_nad"),
    ],
)
def test_bad_input(arguments: dict[str, object], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        compare_routes(**{"n": 2, "days": 2, "catalogue": few(("NAD+", "IV")), **arguments})  # type: ignore[arg-type]


def test_people_are_compared_at_rest() -> None:
    with pytest.raises(PlanError, match="at rest"):
        compare_routes("500mg", "man, 40 y, sleeps 6 h", n=2)


def test_time_to_half_of_an_exponential_rise() -> None:
    days = np.arange(0, 60, 1 / 24)
    for half_life in (1.0, 5.0):
        levels = 10.0 + 5.0 * (1 - 2.0 ** (-days / half_life))
        rise = np.array([0.5])
        found = _half(levels[None], np.array([[10.0]]), rise, days)[0]
        # the mean of the day before lags by about half a day
        assert found == pytest.approx(half_life + 0.5, abs=0.2)
    flat = np.full((1, days.size), 10.0)
    assert np.isnan(_half(flat, flat[:, :1], np.zeros(1), days)[0])
