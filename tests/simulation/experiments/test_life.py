"""A life: age acts through states alone, held states carry nothing, the integrals of death, twins, limits, signs."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.network.assemble_life import read_life
from nadflux.people import Person
from nadflux.simulation.compiled import prepare
from nadflux.simulation.course import Course, Segment
from nadflux.simulation.event_arrays import Step
from nadflux.simulation.experiments.life import GAIN, HAZARD, LOAD, SUMMED, LifeRun, prepare_life, simulate_life
from nadflux.simulation.forward import run_chunk
from nadflux.simulation.numbers import DrawnNumbers

WOMAN = Person("woman", 30)
TISSUES = tuple(read_life()["tissues"])
EVERYTHING = {f"living.{name}": 1.0 for name in ("training", "smoking", "drinks", "sleep_lost", "stress")}


def typical(way: dict[str, float] | None = None, **options: object) -> LifeRun:
    return simulate_life(
        WOMAN,
        way,
        **{"begin": 30.0, "end": 80.0, "n": 1, "uncertain": False, "rtol": 1e-8, **options},  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def people() -> LifeRun:
    return simulate_life(WOMAN, begin=20.0, end=100.0, n=256, seed=5)


def test_everybody_is_the_reference_at_the_beginning(people: LifeRun) -> None:
    for name, o in people.observables.items():
        if o.unit == "of 20 y":
            np.testing.assert_allclose(people[name][:, 0], 1.0, rtol=1e-9, err_msg=name)


def test_with_all_slow_states_frozen_at_30_the_80_year_old_reads_as_at_30() -> None:
    run = typical(hold=("all",))
    for name in run.observables:
        np.testing.assert_allclose(run[name][0], run[name][0, 0], rtol=1e-9, err_msg=name)


def test_without_freezing_nearly_everything_differs_at_80() -> None:
    run = typical()
    same = [name for name in run.observables if abs(run[name][0, -1] / run[name][0, 0] - 1.0) < 0.01]
    assert same == ["pace"]


@pytest.mark.parametrize(
    ("way", "hold", "unmoved"),
    [
        ("training", "lifestyle", ("il6", "aerobic_capacity", "hazard", "muscle_NAD", "fat")),
        ("restriction", "lifestyle", ("il6", "fat", "hazard", "liver_NAD", "skin_senescent")),
        ("stress", "inflammation", ("il6", "liver_NAD", "skin_damage", "skin_senescent", "hazard")),
        ("sleep_lost", "inflammation", ("il6", "crp", "brain_NAD", "kidney_senescent")),
        ("drinks", "damage", ("liver_damage", "liver_senescent", "il6", "liver_NAD")),
    ],
)
def test_an_effect_vanishes_where_its_mediator_is_clamped(way: str, hold: str, unmoved: tuple[str, ...]) -> None:
    inputs = {f"living.{way}": 0.1 if way == "restriction" else 1.0}
    clamped, reference = typical(inputs, hold=(hold,)), typical(hold=(hold,))
    free, alone = typical(inputs), typical()
    for name in unmoved:
        np.testing.assert_allclose(clamped[name], reference[name], rtol=1e-6, err_msg=name)
    assert any(abs(free[name][0, -1] / alone[name][0, -1] - 1.0) > 1e-3 for name in unmoved)


def test_senescent_cells_act_on_the_rest_through_inflammation_alone() -> None:
    held, free = typical(hold=("senescence", "inflammation")), typical(hold=("inflammation",))
    for name in ("il6", "liver_NAD", "skin_damage", "hazard"):
        np.testing.assert_allclose(held[name], free[name], rtol=1e-6, err_msg=name)
    assert free["skin_senescent"][0, -1] > 1.2 * held["skin_senescent"][0, -1]


def test_death_reads_neither_nad_nor_senescent_cells_nor_inflammation() -> None:
    """No molecule acts on x, beta, kappa or the rise of production: traps of the specification."""
    held = typical(hold=("NAD", "CD38", "damage", "senescence", "inflammation", "immune", "repair", "fat"))
    np.testing.assert_allclose(held[HAZARD], typical()[HAZARD], rtol=1e-6)


@pytest.mark.parametrize("age", [25.0, 50.0, 75.0, 95.0])
def test_the_hazard_is_the_quotient_of_two_integrals(age: float) -> None:
    defaults = dict(zip(prepare_life().program.parameters, prepare_life().program.defaults, strict=True))
    beta, kappa, noise, top, rise = (
        defaults[f"mortality__{name}_women"] for name in ("removal", "half", "noise", "threshold", "rise")
    )
    run = typical(begin=20.0, end=100.0, rtol=1e-8)
    at = list(run.ages).index(age)
    x = np.linspace(0.0, top, 200_001)
    potential = (-beta * rise * age * x + beta * (x - kappa * np.log1p(x / kappa))) / noise
    shifted = potential - potential[-1]
    expected = noise / (np.trapezoid(np.exp(shifted), x) * np.trapezoid(np.exp(-shifted), x))
    assert run[HAZARD][0, at] - defaults["mortality__accidents"] == pytest.approx(expected, rel=2e-3, abs=1e-9)


def test_behind_a_high_barrier_it_is_the_published_hazard() -> None:
    """p(threshold) times the drift back from it, at the numbers and ages at which that was compared with paths."""
    beta, kappa, noise, top, eta = 239.97, 0.5, 126.74, 12.38, 0.0088394
    for age, tolerance in ((50.0, 0.02), (67.5, 0.03), (77.5, 0.06)):
        x = np.linspace(0.0, top, 200_001)
        load = beta * eta * age
        weight = np.exp(-(-load * x + beta * (x - kappa * np.log1p(x / kappa))) / noise)
        published = weight[-1] / np.trapezoid(weight, x) * (beta * top / (kappa + top) - load)
        found = noise / (np.trapezoid(weight, x) * np.trapezoid(1.0 / weight, x))
        assert found == pytest.approx(published, rel=tolerance)


def test_the_summed_hazard_is_the_integral_of_the_hazard() -> None:
    run = typical(begin=20.0, end=90.0, step=0.1, rtol=1e-6)
    expected = np.trapezoid(run[HAZARD][0], run.ages)
    assert run[SUMMED][0, -1] == pytest.approx(expected, rel=1e-3)


def test_the_gain_of_the_loop_is_what_comes_back() -> None:
    """A lasting push is amplified by 1 / (1 - gain) once damage and senescent cells have followed."""
    hold = ("NAD", "CD38", "immune", "fat", "repair", "fitness", "mortality")
    push = 1e-3
    still, pushed = (typical(way, begin=60.0, end=80.0, hold=hold, rtol=1e-8) for way in ({}, {"living.stress": push}))
    by_stress = prepare_life().program.defaults[prepare_life().program.parameters.index("inflammation__by_stress")]
    risen = pushed["inflammation"][0, -1] - still["inflammation"][0, -1]
    assert still[GAIN][0, -1] > 0.05
    assert risen == pytest.approx(push * by_stress / (1.0 - still[GAIN][0, -1]), rel=0.02)


def test_those_whose_states_cannot_settle_are_drawn_again(people: LifeRun) -> None:
    until = people.ages <= read_life()["settled"]
    assert people.drawn_again > 0
    for name in people.observables:
        if name == GAIN or name.endswith(LOAD):
            assert (people[name][:, until] < 1.0).all(), name
    assert not people.failures


def test_nad_follows_its_enzymes_as_in_the_nad_body() -> None:
    """The reduced relation with nicotinamide at rest, against the whole NAD body under the same activities."""
    run = typical(begin=20.0, end=80.0, step=5.0)
    at = list(run.ages).index(75.0)
    most = prepare_life().program.defaults[prepare_life().program.parameters.index("liver__PARP__most")]
    steps = []
    for tissue in TISSUES:
        lesions = run[f"{tissue}_damage"][0, at]
        values = {
            "CD38": run[f"{tissue}_CD38"][0, at],
            "NAMPT": run[f"{tissue}_NAMPT"][0, at],
            "PARP": lesions * (1.0 + most) / (lesions + most),
        }
        steps += [Step(0.0, f"{tissue}.{name}.activity", "set", float(value)) for name, value in values.items()]
    body, grid = prepare(), np.array([0.0, 4800.0])
    numbers = DrawnNumbers(WOMAN, 0, uncertainty=False, spread=False)
    chunk = run_chunk(body, Course(numbers, (Segment(0.0, grid[-1], grid, tuple(steps)),)), np.arange(1))
    for tissue in TISSUES:
        column = body.program.outputs.index(f"{tissue}_nad")
        full = chunk.outputs[0, 1, column] / chunk.outputs[0, 0, column]
        reduced = run[f"{tissue}_NAD"][0, at] / run[f"{tissue}_NAD"][0, 0]
        assert reduced == pytest.approx(full, rel=0.12), tissue


def test_twins_and_selections_share_their_draws(people: LifeRun) -> None:
    twins = simulate_life(WOMAN, {"living.training": 1.0}, begin=40.0, end=100.0, n=20, seed=5)
    few = simulate_life(WOMAN, begin=20.0, end=100.0, n=20, seed=5)
    for name in people.observables:
        np.testing.assert_array_equal(few[name], people[name][:20])
        np.testing.assert_allclose(twins[name][:, 0], people[name][:20, 20], rtol=2e-3, err_msg=name)
    other = simulate_life(WOMAN, begin=20.0, end=100.0, n=20, seed=6)
    assert not np.allclose(other["il6"], few["il6"])


def test_states_of_256_people_stay_within_their_limits(people: LifeRun) -> None:
    way = {**EVERYTHING, "living.restriction": 0.25, "living.smoking": 3.0, "living.drinks": 15.0}
    for run in (people, simulate_life(Person("man", 25), way, begin=25.0, end=100.0, n=256, seed=1)):
        assert not run.failures
        for name, o in run.observables.items():
            assert np.isfinite(run[name]).all() and (run[name] >= 0.0).all(), name
            if o.unit == "%":
                assert (run[name] <= 100.0).all(), name
        assert (np.diff(run.alive, axis=1) <= 0.0).all()
        assert (np.diff(run["immune_competence"], axis=1) < 0.0).all()


@pytest.mark.parametrize(
    ("way", "up", "down"),
    [
        ("training", ("aerobic_capacity", "muscle_NAD", "muscle_NAMPT"), ("il6", "fat", "skin_senescent", "hazard")),
        ("restriction", ("liver_NAD",), ("il6", "crp", "fat", "skin_senescent")),
        ("smoking", ("il6", "skin_damage", "skin_senescent", "hazard"), ("liver_NAD", "brain_NAD")),
        ("drinks", ("liver_damage", "liver_senescent"), ("liver_NAD",)),
        ("sleep_lost", ("il6", "hazard"), ("liver_NAD",)),
        ("stress", ("il6", "skin_damage"), ("muscle_NAD",)),
    ],
)
def test_every_way_has_its_sign_in_everybody(way: str, up: tuple[str, ...], down: tuple[str, ...]) -> None:
    small, large = (0.05, 0.2) if way == "restriction" else (0.5, 2.0)
    runs = [
        simulate_life(WOMAN, {f"living.{way}": size}, begin=30.0, end=75.0, step=45.0, n=32, seed=2)
        for size in (0.0, small, large)
    ]
    for names, sign in ((up, 1.0), (down, -1.0)):
        for name in names:
            none, some, much = (sign * run[name][:, -1] for run in runs)
            spare = 1e-3 * np.abs(none)
            assert (some >= none - spare).all() and (much >= some - spare).all(), name
            assert np.median(much - none) > 0.0, name


def test_restriction_may_leave_death_where_it_is() -> None:
    """Its row holds no effect: nobody has counted deaths."""
    restricted, none = (
        simulate_life(WOMAN, way, begin=30.0, end=75.0, step=45.0, n=128, seed=2)
        for way in ({"living.restriction": 0.12}, {})
    )
    ratio = restricted[HAZARD][:, -1] / none[HAZARD][:, -1]
    assert np.median(ratio) < 0.95
    assert np.quantile(ratio, 0.98) > 0.99


def test_no_way_without_a_number_moves_death() -> None:
    for way in ("drinks", "stress"):
        np.testing.assert_allclose(typical({f"living.{way}": 2.0})[HAZARD], typical()[HAZARD], rtol=1e-6)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"begin": 15.0}, ValueOutOfRangeError, "20 to 100"),
        ({"end": 130.0}, ValueOutOfRangeError, "20 to 100"),
        ({"begin": 80.0, "end": 40.0}, ValueOutOfRangeError, "80 to 40"),
        ({"way": {"living.trainning": 1.0}}, UnknownNameError, "living.training"),
        ({"way": {"living.training": -1.0}}, ValueOutOfRangeError, "0 or more"),
        ({"hold": ("NADD",)}, UnknownNameError, "NAD"),
        ({"settings": {"mortality.thresh": 3.0}}, UnknownNameError, "threshold"),
    ],
)
def test_bad_input_is_refused_by_name(options: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        typical(**options)
