"""A published row predicted from people whose values are known: figures, errors, units, comparisons."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from nadflux.errors import StudyError
from nadflux.network.tables import Observable, ParameterRow, ParameterTable
from nadflux.studies.published.measurement import Z95, Measurement
from nadflux.studies.published.predict import (
    ArmFigure,
    Prediction,
    arm_figure,
    observables_needed,
    predict,
)
from nadflux.studies.published.row_figures import RowError, is_relative
from nadflux.studies.published.schema import Arm, Observation, Study
from nadflux.studies.published.target import find_target
from nadflux.studies.published.unexplained import Unexplained

TIME = np.linspace(0.0, 24.0, 97)  # every quarter of an hour
CV, RETAINED = 0.1, 0.8
REPEAT = math.log1p(CV**2)
LABORATORY = math.log(1.25 / 0.8) / (2 * Z95)
STORAGE = math.log(0.9 / 0.7) / (2 * Z95)


def _observable(identifier: str, label: str, matrix: str, unit: str) -> Observable:
    return Observable(identifier, label, matrix, "level", unit, identifier, "")


OBSERVABLES = (
    _observable("nad", "NAD+", "whole blood", "uM"),
    _observable("nam", "NAM", "plasma", "uM"),
    _observable("mna", "MNA", "plasma", "nM"),
    Observable("urine_mna", "MNA excretion", "urine", "flux", "umol/h", "urine_mna", "", "MNA"),
    Observable("excreted_mna", "MNA in all", "urine", "cumulative", "umol", "excreted_mna", "", "", "urine_mna"),
    Observable("lonely_2py", "2PY in all", "urine", "cumulative", "umol", "lonely_2py", "", "", "urine_2py"),
)


def _assay(name: str, value: float, low: float, high: float) -> ParameterRow:
    return ParameterRow(name, "all", "human", value, "dimensionless", low, high, "lognormal", 0.0, "assumed", "", "")


MEASUREMENT = Measurement(
    ParameterTable((
        _assay("repeat.cv", CV, 0.05, 0.2),
        _assay("laboratory.scale", 1.0, 0.8, 1.25),
        _assay("storage.retained -80 °C", RETAINED, 0.7, 0.9),
    ))
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """People of one arm whose values are written down; as `ArmValues` asks."""

    values: Mapping[str, np.ndarray]
    counterfactual: People | None = None
    given: float = 0.0
    age: np.ndarray = field(default_factory=lambda: np.array([[30.0, 50.0]]))
    time: np.ndarray = field(default_factory=lambda: TIME)

    def __getitem__(self, observable: str) -> np.ndarray:
        return self.values[observable]

    def dose(self, start: float, end: float) -> float:
        return self.given if start <= 0.0 < end else 0.0


def _level(*people: float, then: float = 1.0) -> np.ndarray:
    """Values of one draw, (1, person, time): constant, but ``then`` times as high after hour 0."""
    factor = np.where(TIME > 0, then, 1.0)
    return np.array(people)[None, :, None] * factor


def _row(**fields: Any) -> dict[str, Any]:
    return {"arm": "a", "observable": "NAM", "matrix": "plasma", "kind": "value", "value": 1.0, "unit": "µM",
            "at": "4 h", "tier": "read", **fields}  # fmt: skip


def _study(row: Mapping[str, Any], n: int = 10, n_other: int = 40) -> Study:
    return Study.model_validate({
        "id": "Study", "citation": {"text": "none"}, "population": {}, "use": "validation",
        "arms": [{"id": "a", "plan": "NAM 1 g oral", "n": n}, {"id": "b", "plan": "none", "n": n_other}],
        "observations": [row],
    })  # fmt: skip


def _asked(
    row: Mapping[str, Any], people: People | Mapping[str, People], call: Callable[..., Any], **sizes: int
) -> Any:
    study = _study(row, **sizes)
    (observation,) = study.observations
    target = find_target(observation, OBSERVABLES)
    assert target is not None

    def arm_values(arm: Arm) -> People:
        return people if isinstance(people, People) else people[arm.id]

    measurement = MEASUREMENT
    return call(study, observation, target, arm_values, OBSERVABLES, measurement)


def _figure(row: Mapping[str, Any], people: People | Mapping[str, People], **sizes: int) -> ArmFigure:
    return _asked(row, people, arm_figure, **sizes)  # type: ignore[no-any-return]


def _shown(found: ArmFigure) -> float:
    """The figure of the first draw in the row's unit."""
    centre = float(found.statistic.centre[0])
    return (centre if found.statistic.linear else math.exp(centre + found.shift)) * found.scale


def test_a_level_has_repeat_error_over_n_and_the_scale_of_its_laboratory() -> None:
    found = _figure(_row(), People({"nam": _level(2.0, 4.0)}))
    assert _shown(found) == pytest.approx(3.0)
    # people of 2 and 4: variance 2, relative to the mean of 3 squared
    assert found.statistic.variance == pytest.approx([2.0 / 9.0])
    assert (found.n, found.shift, found.storage_sd, found.scale) == (10, 0.0, 0.0, 1.0)
    assert found.repeat_variance == pytest.approx(REPEAT / 10)
    assert found.laboratory_sd == pytest.approx(LABORATORY)


def test_a_fold_of_baseline_is_within_people_and_knows_no_laboratory() -> None:
    found = _figure(
        _row(kind="ratio", unit="fold", **{"from": "baseline"}), People({"nam": _level(2.0, 4.0, then=1.5)})
    )
    assert _shown(found) == pytest.approx(1.5)
    assert found.statistic.variance == pytest.approx([0.0], abs=1e-15)  # everyone rises by the same factor
    assert found.repeat_variance == pytest.approx(2 * REPEAT / 10)
    assert (found.laboratory_sd, found.scale) == (0.0, 1.0)


def test_a_ratio_to_an_earlier_time_takes_that_time() -> None:
    ramp = People({"nam": np.array([1.0, 3.0])[None, :, None] * (1.0 + TIME)})
    row = _row(kind="ratio", unit="fold", at="11 h", **{"from": "2 h"})
    assert _shown(_figure(row, ramp)) == pytest.approx(12.0 / 3.0)


def test_another_arm_brings_its_own_people_and_size() -> None:
    people = {"a": People({"nam": _level(2.0, 4.0)}), "b": People({"nam": _level(1.0, 2.0)})}
    found = _figure(_row(kind="ratio", unit="fold", **{"from": "b"}), people, n=10, n_other=40)
    assert _shown(found) == pytest.approx(3.0 / 1.5)
    # variance of the mean: (2/9)/10 + (0.5/2.25)/40, expressed per person of an arm of 10
    assert found.statistic.variance[0] / found.n == pytest.approx(2.0 / 9.0 / 10 + 0.5 / 2.25 / 40)
    assert found.repeat_variance == pytest.approx(REPEAT / 10 + REPEAT / 40)
    assert found.laboratory_sd == 0.0


def test_storage_lowers_a_level_and_leaves_a_ratio_alone() -> None:
    row = _row(observable="NAD+", matrix="whole blood", storage="-80 °C")
    people = People({"nad": _level(20.0, 20.0)})
    found = _figure(row, people)
    assert _shown(found) == pytest.approx(20.0 * RETAINED)
    assert found.storage_sd == pytest.approx(STORAGE)
    relative = _figure({**row, "kind": "ratio", "unit": "fold", "from": "baseline"}, people)
    assert (relative.shift, relative.storage_sd) == (0.0, 0.0)
    fresh = _figure({**row, "storage": "fresh"}, people)
    assert (fresh.shift, fresh.storage_sd) == (0.0, 0.0)


def test_two_observables_as_ratio_and_as_sum() -> None:
    people = People({"nam": _level(2.0, 2.0), "mna": _level(500.0, 500.0)})
    total = _figure(_row(observable="NAM + MNA"), people)
    assert _shown(total) == pytest.approx(2.5)  # 2 µM and 500 nM
    assert total.laboratory_sd == pytest.approx(LABORATORY)
    ratio = _figure(_row(observable="NAM/NAM", unit="ratio"), people)
    assert _shown(ratio) == pytest.approx(1.0)
    assert ratio.repeat_variance == pytest.approx(2 * REPEAT / 10)
    assert ratio.laboratory_sd == 0.0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"unit": "nM"}, 3000.0),
        ({"unit": "mmol/L"}, 0.003),
        ({"unit": "mg/L", "molar_mass": 122.12}, 3 * 122.12e-3),
        ({"kind": "auc", "window": "2 h to 12 h", "unit": "µM*h"}, 30.0),
        ({"kind": "auc", "window": "2 h to 12 h", "unit": "nM*min"}, 30.0 * 1000 * 60),
        ({"kind": "peak", "window": "0 h to 12 h", "unit": "nM"}, 3000.0),
    ],
)
def test_figures_come_in_the_unit_of_the_row(fields: dict[str, Any], expected: float) -> None:
    row = {name: value for name, value in _row(**fields).items() if name != "at" or "window" not in fields}
    assert _shown(_figure(row, People({"nam": _level(2.0, 4.0)}))) == pytest.approx(expected)


def test_times_carry_no_error_of_an_assay() -> None:
    falling = People({"nam": np.array([1.0, 5.0])[None, :, None] * np.exp(-0.1 * TIME)})
    found = _figure(_row(kind="half-life", at=None, window="0 h to 12 h", unit="min"), falling)
    assert _shown(found) == pytest.approx(math.log(2) / 0.1 * 60)
    assert (found.repeat_variance, found.laboratory_sd) == (0.0, 0.0)


def test_a_slope_is_linear_and_may_fall() -> None:
    falling = People({"nam": np.array([9.0, 9.0])[None, :, None] - 0.25 * TIME})
    found = _figure(_row(kind="slope", at=None, window="0 h to 24 h", unit="µM/h", value=-1.0), falling)
    assert found.statistic.linear
    assert _shown(found) == pytest.approx(-0.25)
    assert (found.repeat_variance, found.laboratory_sd) == (0.0, 0.0)


RECOVERY = {"observable": "MNA", "matrix": "urine", "kind": "auc", "at": None, "window": "0 h to 24 h"}


FROM_REST = {"from": "baseline"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kind": "auc", "unit": "fold"}, 2.0),
        ({"kind": "ratio", "of": "auc", "unit": "fold"}, 2.0),
        ({"kind": "ratio", "of": "mean", "unit": "fold"}, 2.0),
        ({"kind": "ratio", "of": "peak", "unit": "fold"}, 2.0),
        ({"kind": "mean", "unit": "fold"}, 2.0),
        ({"kind": "auc", "unit": "µM*h"}, 3.0 * 20),
        ({"kind": "mean", "unit": "µM", "from": None}, 6.0),
    ],
)
def test_areas_and_means_over_a_window_as_folds_of_baseline(fields: dict[str, Any], expected: float) -> None:
    doubled = People({"nam": _level(2.0, 4.0, then=2.0)})
    found = _figure(_row(**{"at": None, "window": "4 h to 24 h", **FROM_REST, **fields}), doubled)
    assert _shown(found) == pytest.approx(expected)


@pytest.mark.parametrize("fields", [{"kind": "auc", "unit": "fold"}, {"kind": "change", "of": "auc", "unit": "%"}])
def test_urine_as_a_fold_of_what_comes_out_at_rest(fields: dict[str, Any]) -> None:
    people = People({"urine_mna": _level(2.0, 4.0), "excreted_mna": np.array([6.0, 12.0])[None, :, None] * TIME})
    row = _row(**{"observable": "MNA", "matrix": "urine", "at": None, "window": "0 h to 24 h", **FROM_REST, **fields})
    found = _figure(row, people)
    assert math.exp(found.statistic.centre[0]) == pytest.approx(3.0)
    assert found.laboratory_sd == 0.0


def test_the_largest_of_many_people_is_above_that_of_few_and_holds_the_assay_of_each() -> None:
    people = People({"nam": np.exp(np.random.default_rng(2).normal(1.0, 0.2, (40, 60, 1))) * np.ones(TIME.size)})
    few, many = (_asked(_row(statistic="maximum"), people, predict, n=n).interval() for n in (5, 200))
    seen = np.exp(np.random.default_rng(3).normal(1.0, math.hypot(0.2, math.sqrt(REPEAT)), (4000, 5))).max(axis=1)
    assert few[0] == pytest.approx(np.median(seen), rel=0.05)
    assert many[0] > 1.2 * few[0]
    assert _figure(_row(statistic="maximum"), people).repeat_variance == 0.0


def test_a_correlation_over_people_is_found_and_weakened_by_the_assay() -> None:
    random = np.random.default_rng(6)
    common = random.normal(0.0, 0.3, (30, 40, 1))
    mna = np.exp(common + random.normal(0.0, 0.05, common.shape)) * np.ones(TIME.size)
    people = People({"nam": np.exp(common) * np.ones(TIME.size), "mna": mna}, age=random.uniform(20, 70, (30, 40)))
    row = _row(kind="correlation", value=0.5, unit=None, against={"observable": "MNA"})
    middle, low, high = _asked(row, people, predict, n=60).interval()
    assert 0.75 < middle < 0.97 and low < middle < high
    narrow = _asked(row, people, predict, n=600).interval()
    assert narrow[2] - narrow[1] < 0.5 * (high - low)
    none = _asked({**row, "against": {"observable": "age"}}, people, predict, n=60).interval()
    assert none[1] < 0.0 < none[2]
    assert _asked(row, people, predict, n=3) is None


def test_a_published_error_above_the_simulated_one_counts() -> None:
    people = People({"nam": _level(3.0, 3.0)})
    plain, wide = (_figure(_row(value=3.0, **more), people, n=16) for more in ({}, {"sd": 2.4}))
    assert plain.repeat_variance == pytest.approx(REPEAT / 16)
    assert wide.repeat_variance == pytest.approx((2.4 / 3.0) ** 2 / 16)
    for more in ({"se": 0.6}, {"ci": [3.0 - 1.959964 * 0.6, 3.0 + 1.959964 * 0.6]}):
        assert _figure(_row(value=3.0, **more), people, n=16).repeat_variance == pytest.approx(wide.repeat_variance)


def test_a_unit_that_does_not_fit_is_a_mistake_of_its_row() -> None:
    with pytest.raises(RowError, match="does not fit"):
        _asked(_row(unit="kg"), People({"nam": _level(3.0)}), predict)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "change", "from": "baseline", "unit": "mg"}, "does not fit a change; write unit: '%'"),
        ({"kind": "ratio", "from": "baseline", "unit": "%"}, "does not fit a ratio; write unit: 'fold'"),
        ({"unit": "fold"}, "does not fit a value of nothing; add from: baseline"),
        ({"unit": "ratio"}, "does not fit 'uM'; correct the unit, or name both quantities"),
        ({"kind": "auc", "at": None, "window": "0 h to 8 h", "unit": "µM"}, "unit 'µM' does not fit 'uM\\*h'"),
        ({"kind": "tmax", "at": None, "window": "0 h to 8 h", "unit": "µM"}, "unit 'µM' does not fit 'h'"),
    ],
)
def test_a_unit_of_another_kind_of_figure_is_a_mistake_of_its_row(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(RowError, match=says):
        _asked(_row(**fields), People({"nam": _level(3.0, 4.0, 5.0)}), predict)


def test_a_recovery_is_what_comes_out_above_rest_over_the_dose() -> None:
    # 2 µmol/h at rest and 100 µmol more within the day, of 400 µmol given
    totals = np.broadcast_to(2.0 * TIME + 100.0 * TIME / 24.0, (1, 2, TIME.size))
    people = People({"excreted_mna": totals, "urine_mna": _level(2.0, 2.0)}, given=400.0)
    row = _row(**RECOVERY, unit="% of dose")
    assert _shown(_figure({**row, "from": "baseline"}, people)) == pytest.approx(25.0)
    assert _shown(_figure(row, people)) == pytest.approx(37.0)
    assert _shown(_figure({**row, "unit": "mmol"}, people)) == pytest.approx(0.148)


def test_a_recovery_without_a_dose_is_refused() -> None:
    people = People({"excreted_mna": _level(2.0, 2.0, then=5.0), "urine_mna": _level(2.0, 2.0)}, given=0.0)
    with pytest.raises(StudyError, match=r"arm a, MNA in urine \(auc\): unit '% of dose' does not fit"):
        _figure(_row(**RECOVERY, unit="% of dose"), people)


def test_clearance_is_the_dose_over_the_area() -> None:
    row = _row(observable="NAM apparent clearance", window="0 h to 10 h", unit="mL/min")
    found = _figure(row, People({"nam": _level(4.0, 4.0)}, given=800.0))
    # 800 µmol over 4 µM · 10 h is 20 L/h
    assert _shown(found) == pytest.approx(20.0 * 1000 / 60)


def test_change_with_age_is_percent_per_year_across_people() -> None:
    age = np.array([[20.0, 40.0, 60.0]])
    people = People({"nam": np.exp(0.02 * age)[..., None] * np.ones(TIME.size)}, age=age)
    row = _row(observable="NAM against age", kind="slope", window="0 h to 1 h", unit="%/year", at="4 h")
    found = _figure(row, people)
    assert found.statistic.linear
    assert _shown(found) == pytest.approx(2.0)
    # residuals are nil, so only the repeat error is left: over the squares of age, 800, times n of 3
    assert found.statistic.variance == pytest.approx([100.0**2 * REPEAT * 3 / 800.0])


@pytest.mark.parametrize("unit", ["h", "L", "mg/L", "µM*h"])
def test_a_unit_that_does_not_fit_names_the_row(unit: str) -> None:
    with pytest.raises(StudyError, match=r"arm a, NAM in plasma \(value\): unit .* does not fit 'uM'.*molar_mass"):
        _figure(_row(unit=unit), People({"nam": _level(1.0, 1.0)}))


def test_beside_lived_days_baseline_is_usual_life_at_the_same_time() -> None:
    usual = People({"nam": _level(1.0, 1.0, then=2.0)})
    lived = People({"nam": _level(1.0, 1.0, then=6.0)}, counterfactual=usual)
    row = _row(kind="ratio", unit="fold", **{"from": "baseline"})
    assert _shown(_figure(row, lived)) == pytest.approx(3.0)
    assert _shown(_figure(row, People(lived.values))) == pytest.approx(6.0)
    # an untreated arm is the usual life of the same people, whatever else was simulated for it
    other = People({"nam": _level(50.0, 50.0)}, counterfactual=usual)
    assert _shown(_figure({**row, "from": "b"}, {"a": lived, "b": other})) == pytest.approx(3.0)


def test_lived_days_are_not_compared_with_even_feeding() -> None:
    study = _study(_row(kind="ratio", unit="fold", **{"from": "b"}))
    arms = [arm.model_copy(update={"plan": "NAM 2 g oral"}) if arm.id == "b" else arm for arm in study.arms]
    study = study.model_copy(update={"arms": arms})
    (row,) = study.observations
    level = {"nam": _level(1.0, 1.0)}
    people = {"a": People(level, counterfactual=People(level)), "b": People(level)}
    target = find_target(row, OBSERVABLES)
    assert target is not None
    with pytest.raises(StudyError, match="arm a and arm b cannot be compared"):
        arm_figure(study, row, target, lambda arm: people[arm.id], OBSERVABLES, MEASUREMENT)


@pytest.mark.parametrize(
    ("fields", "relative"),
    [
        ({}, False),
        ({"unit": "fold"}, True),
        ({"kind": "change", "unit": "%", "from": "baseline"}, True),
        ({"kind": "ratio", "unit": "fold", "from": "baseline"}, True),
        ({"kind": "sign", "unit": None, "value": "up", "from": "baseline"}, True),
        ({"kind": "sign", "unit": None, "value": "up", "of": "slope", "window": "0 h to 4 h", "from": "b"}, False),
        ({"kind": "slope", "unit": "µM/h", "window": "0 h to 4 h"}, False),
        ({"kind": "peak", "window": "0 h to 4 h"}, False),
    ],
)
def test_which_rows_are_ratios(fields: dict[str, Any], relative: bool) -> None:
    assert is_relative(Observation.model_validate(_row(**fields))) is relative


def test_totals_ask_for_their_rates_too() -> None:
    def needed(**fields: Any) -> tuple[str, ...]:
        row = Observation.model_validate(_row(**fields))
        target = find_target(row, OBSERVABLES)
        assert target is not None
        return observables_needed(row, target, OBSERVABLES)

    assert needed(observable="NAM + MNA") == ("nam", "mna")
    assert needed(kind="correlation", value=0.5, unit=None, against={"observable": "MNA"}) == ("nam", "mna")
    assert needed(kind="correlation", value=0.5, unit=None, against={"observable": "age"}) == ("nam",)
    assert needed(**RECOVERY) == ("excreted_mna", "urine_mna")
    with pytest.raises(StudyError, match="'lonely_2py' is the integral of 'urine_2py', which is not among"):
        needed(**{**RECOVERY, "observable": "lonely_2py"})


def test_a_prediction_is_lognormal_about_the_figure() -> None:
    """Everyone alike, one draw: what is left is the error of the measurement, in closed form."""
    found = _asked(_row(unit="nM"), People({"nam": _level(3.0, 3.0)}), predict)
    sd = math.sqrt(REPEAT / 10 + LABORATORY**2)
    middle, low, high = found.interval(0.9)
    assert middle == pytest.approx(3000.0, rel=1e-6)  # between the two samples in the middle
    assert (low, high) == pytest.approx((3000 * math.exp(-Z95 * sd), 3000 * math.exp(Z95 * sd)), rel=5e-3)
    assert not found.linear and np.all(found.samples > 0)
    assert np.std(np.log(found.samples)) == pytest.approx(sd, rel=0.01)
    assay = found.components["assay"]
    assert assay == pytest.approx((3000 * math.exp(-Z95 * sd), 3000 * math.exp(Z95 * sd)), rel=1e-9)
    for name in ("parameters", "people", "model"):
        assert found.components[name] == pytest.approx((3000.0, 3000.0)), name


def test_what_the_model_leaves_out_widens_levels_and_ratios_by_its_own_amount() -> None:
    sd_of = {"heterogeneity.level": 0.0, "heterogeneity.ratio": 0.0, "discrepancy.level": 0.25, "discrepancy.ratio": 1}
    once = {"ratio": 1.0, "level": 1.0}
    unexplained = Unexplained(sd_of, unfitted=2.0, optimism=once, floor=0.1, pairs={"ratio | nam | NAM": 0.3})
    wide = Measurement(MEASUREMENT.table, unexplained)
    people = People({"nam": _level(3.0, 3.0, then=2.0)})
    fold = {"kind": "ratio", "unit": "fold", "from": "baseline"}
    for fields, sd in (({}, 0.5), (fold, 0.3 * math.hypot(math.log(2.0), 0.1))):
        study = _study(_row(**fields))
        (row,) = study.observations
        target = find_target(row, OBSERVABLES)
        assert target is not None
        found = predict(study, row, target, lambda _: people, OBSERVABLES, wide)
        assert found is not None
        low, high = found.components["model"]
        assert math.log(high / low) == pytest.approx(2 * Z95 * sd)


def test_nobody_with_a_figure_is_no_prediction() -> None:
    rising = People({"nam": np.broadcast_to(np.exp(0.1 * TIME), (1, 2, TIME.size))})
    assert _asked(_row(kind="half-life", at=None, window="0 h to 12 h", unit="h"), rising, predict) is None


def test_a_person_without_a_figure_is_left_out() -> None:
    found = _figure(_row(), People({"nam": np.array([2.0, 4.0, np.nan])[None, :, None] * np.ones(TIME.size)}))
    assert _shown(found) == pytest.approx(3.0)
    assert found.statistic.people == [2.0]


def test_interval_is_central() -> None:
    prediction = Prediction(np.arange(1.0, 102.0))
    assert prediction.interval(0.9) == pytest.approx((51.0, 6.0, 96.0))
    assert prediction.interval(0.5) == pytest.approx((51.0, 26.0, 76.0))
