"""From people and settings to rows of numbers: units, order of precedence, refusals, notes on ranges."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import UnitError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.names import to_id
from nadflux.notes import NoteCode
from nadflux.people import Draws, draw_covariates
from nadflux.plans.language.person import read_person
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.parameters import (
    bare_inputs,
    from_time_zero,
    notes_on_settings,
    parameter_rows,
    read_overrides,
    readable_unit,
    unit_of,
)

KM, OTHERS = "liver.NAMPT.Km", "all.NAMPT.Km"
WOMAN = "woman, 62 y, 70 kg, 168 cm"


@pytest.fixture(scope="module")
def nad() -> Prepared:
    return prepare()


@pytest.fixture(scope="module")
def whole() -> Prepared:
    return prepare(body="whole")


def _rows(prepared: Prepared, draws: Draws, overrides: dict[str, float], who: str = WOMAN) -> dict[str, np.ndarray]:
    """Values by parameter id, each of shape (person,)."""
    covariates = draw_covariates(read_person(who), np.arange(len(draws.values)), 1)
    rows = parameter_rows(prepared, draws, covariates, overrides)
    assert rows.shape == (len(draws.values), len(prepared.program.parameters))
    return dict(zip(prepared.program.parameters, rows.T, strict=True))


def test_a_drawn_number_reaches_every_organ_without_its_own_row_and_nothing_else(nad: Prepared) -> None:
    drawn = np.array([[0.11], [0.22], [0.33]])
    rows = _rows(nad, Draws((OTHERS,), drawn), {})
    targets = nad.body.table.targets[OTHERS]
    assert to_id(KM) in targets and "red_cells__NAMPT__Km" not in targets
    for name, default in zip(nad.program.parameters, nad.program.defaults, strict=True):
        if name in targets:
            np.testing.assert_array_equal(rows[name], drawn[:, 0])
        elif name not in ("person__age", "person__weight", "person__height", "person__female"):
            np.testing.assert_array_equal(rows[name], [default] * 3)


def test_the_description_stands_in_its_columns(nad: Prepared) -> None:
    rows = _rows(nad, Draws((), np.empty((2, 0))), {})
    for name, value in {"female": 1.0, "age": 62.0, "weight": 70.0, "height": 168.0}.items():
        np.testing.assert_array_equal(rows[f"person__{name}"], [value] * 2)
    assert _rows(nad, Draws((), np.empty((1, 0))), {}, "man, 30 y")["person__female"] == [0.0]


def test_what_is_set_by_hand_comes_last(nad: Prepared) -> None:
    drawn = Draws((OTHERS,), np.array([[0.11], [0.22]]))
    rows = _rows(nad, drawn, {to_id(KM): 0.5})
    np.testing.assert_array_equal(rows[to_id(KM)], [0.5, 0.5])
    np.testing.assert_array_equal(rows["kidney__NAMPT__Km"], [0.11, 0.22])
    np.testing.assert_array_equal(_rows(nad, drawn, {"person__weight": 99.0})["person__weight"], [99.0, 99.0])


def test_rows_are_the_callers_own(nad: Prepared) -> None:
    before = nad.program.defaults.copy()
    rows = parameter_rows(nad, Draws((), np.empty((1, 0))), draw_covariates(read_person(WOMAN), np.arange(1), 1), {})
    rows[:] = -1.0
    np.testing.assert_array_equal(nad.program.defaults, before)


@pytest.mark.parametrize(
    ("given", "value"),
    [("0.3 µM", 0.3), ("300 nM", 0.3), ("0.0003 mM", 0.3), ("0.3 umol/L", 0.3), (0.3, 0.3), (2, 2.0), ("0 uM", 0.0)],
)
def test_units_become_those_of_the_model(nad: Prepared, given: str | float, value: float) -> None:
    assert read_overrides(nad, {KM: given}) == {to_id(KM): pytest.approx(value, rel=1e-12)}


def test_all_sets_every_organ_without_its_own_row(nad: Prepared) -> None:
    found = read_overrides(nad, {OTHERS: "0.3 µM"})
    assert set(found) == set(nad.body.table.targets[OTHERS]) and len(found) > 5
    assert "red_cells__NAMPT__Km" not in found
    # the later of two settings wins
    assert read_overrides(nad, {OTHERS: 0.3, KM: 0.4})[to_id(KM)] == 0.4
    assert read_overrides(nad, {KM: 0.4, OTHERS: 0.3})[to_id(KM)] == 0.3


def test_a_number_without_unit_is_taken_where_there_is_none(nad: Prepared) -> None:
    assert read_overrides(nad, {"diet.NA.share": "0.25"}) == {"diet__NA__share": 0.25}
    assert read_overrides(nad, {"diet.NA.share": "25 %"}) == {"diet__NA__share": pytest.approx(0.25)}


@pytest.mark.parametrize(
    ("name", "given", "error", "says"),
    [
        (KM, "0.3", UnitError, r"liver.NAMPT.Km = 0.3: no unit; write one, e.g. liver.NAMPT.Km='0.3 µM'"),
        (KM, "0.3 h", UnitError, r"liver.NAMPT.Km = 0.3 h: "),
        (KM, "-0.1 µM", ValueOutOfRangeError, r"negative; the table has 0.07 uM"),
        (KM, float("nan"), ValueOutOfRangeError, r"not a finite number; give one in uM"),
        (KM, float("inf"), ValueOutOfRangeError, r"not a finite number"),
        (
            "liver.NAMPT.Kn",
            1.0,
            UnknownNameError,
            r"unknown parameter 'liver.NAMPT.Kn'; did you mean .*'liver.NAMPT.Km'",
        ),
        ("person.weight", 80.0, ValueOutOfRangeError, r"person.weight comes from the description of the person"),
        ("liver.NAD", 800.0, ValueOutOfRangeError, r"liver.NAD follows from other numbers"),
    ],
)
def test_what_cannot_be_set_is_refused_with_the_remedy(
    nad: Prepared, name: str, given: str | float, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        read_overrides(nad, {name: given})


def test_a_text_that_is_no_quantity_names_the_setting(nad: Prepared) -> None:
    with pytest.raises(Exception, match=r"^liver.NAMPT.Km = much: "):
        read_overrides(nad, {KM: "much"})


def test_inputs_of_the_whole_body_wait_for_time_zero(nad: Prepared, whole: Prepared) -> None:
    given = {to_id(KM): 0.3, "drugs__rapamycin": 0.1, "diet__intake": 30.0}
    constants, stepped = from_time_zero(whole, given)
    # the diet is a row of the tables: it is part of rest
    assert (constants, stepped) == ({to_id(KM): 0.3, "diet__intake": 30.0}, {"drugs__rapamycin": 0.1})
    assert from_time_zero(nad, {"drugs__FK866": 0.1}) == ({"drugs__FK866": 0.1}, {})


def test_bare_inputs_are_inputs_without_a_row(whole: Prepared) -> None:
    bare = bare_inputs(whole.body)
    assert "diet__intake" in whole.body.inputs and "diet__intake" not in bare
    assert "drugs__rapamycin" in bare
    with_row = {target for targets in whole.body.table.targets.values() for target in targets}
    assert set(bare) == set(whole.body.inputs) - with_row


def _codes(prepared: Prepared, settings: dict[str, str | float]) -> list[tuple[NoteCode, str]]:
    overrides = read_overrides(prepared, settings)
    _, stepped = from_time_zero(prepared, overrides)
    return [(note.code, note.text) for note in notes_on_settings(prepared, settings, overrides, stepped)]


@pytest.mark.parametrize(
    ("value", "outside"),
    [("0.005 µM", False), ("5 nM", False), ("0.9 µM", False), ("0.0049 µM", True), ("0.91 µM", True)],
)
def test_a_value_outside_its_row_is_noted_and_a_bound_lies_inside(nad: Prepared, value: str, outside: bool) -> None:
    found = _codes(nad, {OTHERS: value})
    assert [code for code, _ in found] == [NoteCode.OUTSIDE_ROW] * outside + [NoteCode.SET_FROM_REST]
    if outside:
        assert f"all.NAMPT.Km = {value}: outside the range of its row, which is from 0.005 to 0.9 µM" in found[0][1]


def test_a_fixed_row_is_called_so(nad: Prepared) -> None:
    (code, text), _ = _codes(nad, {"clock.period": "25 h"})
    assert code is NoteCode.OUTSIDE_ROW and "which is fixed at 24 h" in text
    assert [code for code, _ in _codes(nad, {"clock.period": "1 day"})] == [NoteCode.SET_FROM_REST]


def test_notes_say_from_when_a_setting_holds(whole: Prepared) -> None:
    assert _codes(whole, {}) == []
    assert [code for code, _ in _codes(whole, {KM: 0.1})] == [NoteCode.SET_FROM_REST]
    ((code, text),) = _codes(whole, {"drugs.rapamycin": "0.1 µM"})
    assert code is NoteCode.SET_FROM_START and text.startswith("drugs.rapamycin: from time 0 on")
    both = _codes(whole, {"drugs.rapamycin": "0.1 µM", KM: 0.1})
    assert [code for code, _ in both] == [NoteCode.SET_FROM_REST, NoteCode.SET_FROM_START]


@pytest.mark.parametrize(
    ("unit_id", "unit"),
    [("umol_per_h", "umol/h"), ("per_h", "1/h"), ("uM", "uM"), ("litre_per_h_per_m2", "litre/h/m2"),
     (None, "dimensionless"), ("", "dimensionless")],
)  # fmt: skip
def test_unit_ids_are_written_as_people_write_them(unit_id: str | None, unit: str) -> None:
    assert readable_unit(unit_id) == unit


def test_units_of_parameters_places_and_levels(nad: Prepared) -> None:
    assert unit_of(nad, to_id(KM)) == "uM"
    assert unit_of(nad, "clock__period") == "h"
    assert unit_of(nad, next(iter(nad.body.model.compartments))) == "litre"
    assert unit_of(nad, next(iter(nad.body.model.species))) == "uM"
