"""Clock, training and inflammation: nothing at rest, and the sizes their tables ask for."""

from __future__ import annotations

import numpy as np
import pytest
from body_bench import Bench, make_bench

from nadflux.kernel import compile_program, lower
from nadflux.network.infix import parse_infix

DAY = 24.0


def test_without_strength_there_is_no_rhythm(bench: Bench) -> None:
    times = np.arange(0.0, 72.1, 3.0).tolist()
    run = bench.run(bench.typical(clock__phase=7.0), [], times)
    for name in ("liver_nad", "muscle_nad", "pbmc_nad", "plasma_nam"):
        assert np.ptp(run[name][0]) <= 1e-6 * run[name][0, 0]


def test_nad_follows_the_clock_with_a_period_of_a_day(bench: Bench) -> None:
    times = np.arange(0.0, 20 * DAY + 0.1, 1.0)
    run = bench.run(bench.typical(clock__strength=1.0), [], times.tolist())
    nad = run["liver_nad"][0]
    assert nad[-1] == pytest.approx(nad[-25], rel=1e-3)
    last = nad[-25:]
    assert np.ptp(last) > 0.004 * last.mean()
    # the pool lags its enzyme, by less than a quarter of a day
    acrophase = bench.body.model.parameters["clock__NAMPT__acrophase"].value
    start = bench.body.model.parameters["clock__start"].value
    assert acrophase is not None and start is not None
    lag = (times[-25:][last.argmax()] + start - acrophase) % DAY
    assert 0.0 < lag <= 7.0


def test_clock_and_training_follow_their_formulas(bench: Bench) -> None:
    """What the machine code makes of time and of a rate rule, against the formulas written here."""
    body = bench.body
    outputs = {name: parse_infix(name) for name in ("clock__NAMPT__activity", "training__aerobic_level")}
    own = Bench(body, compile_program(lower(body.model, outputs, body.inputs)))
    times = np.arange(0.0, 100.1, 2.5)
    chosen = own.typical(clock__strength=0.8, clock__phase=3.0, training__aerobic=1.5)
    run = own.run(chosen, [], times.tolist(), rtol=1e-8)
    row = {name: own.values(chosen)[f"clock__{name}"][0] for name in ("NAMPT__amplitude", "NAMPT__acrophase", "start")}
    gene, half_life = (own.values(chosen)[f"clock__NAMPT__{name}"][0] for name in ("gene_amplitude", "half_life"))
    assert row["NAMPT__amplitude"] == pytest.approx(gene / np.hypot(1, 2 * np.pi * half_life / np.log(2) / DAY))
    hours = times + row["start"] - row["NAMPT__acrophase"] - 3.0
    wanted = 1 + 0.8 * row["NAMPT__amplitude"] * np.cos(2 * np.pi * hours / DAY)
    assert np.allclose(run["clock__NAMPT__activity"][0], wanted, rtol=1e-9)
    half_life = body.model.parameters["training__half_life"].value
    assert np.allclose(run["training__aerobic_level"][0], 1.5 * (1 - 2 ** (-times / half_life)), rtol=1e-6, atol=1e-9)


def test_a_rhythm_leaves_the_daily_mean_of_nad(bench: Bench) -> None:
    """Rest is the mean of a day: cells with a clock keep it by construction, red cells nearly."""
    people = bench.possible(96, seed=2)
    start = bench.run(people, [], [0.0])
    times = [0.0, *np.arange(28 * DAY, 29 * DAY, 1.0).tolist()]
    run = bench.run(bench._changed(people.copy(), {"clock__strength": 1.0}), [], times)
    for name in ("liver_nad", "muscle_nad", "heart_nad", "brain_nad", "skin_nad", "adipose_nad", "kidney_nad",
                 "gut_wall_nad", "rest_nad", "pbmc_nad", "platelet_nad"):  # fmt: skip
        change = run[name][:, 1:].mean(axis=1) / start[name][:, 0] - 1
        assert abs(change.mean()) < 0.02, name
        assert abs(np.median(change)) < 0.005, name
    # Red cells have no clock and answer nicotinamide, whose swing they see: a rhythm costs them a few per cent.
    blood = run["whole_blood_nad"][:, 1:].mean(axis=1) / start["whole_blood_nad"][:, 0] - 1
    assert abs(np.median(blood)) < 0.005 and -0.05 < blood.mean() < 0.001
    # closed form against the mean it stands for
    values = bench.values(bench._changed(people.copy(), {"clock__strength": 1.0}))
    depth, held = values["clock__depth"], values["rest__NAMPT__saturation"]
    turn = 2 * np.pi * np.arange(4000)[:, None] / 4000
    swing = held / (values["rest__NAMPT__daily"] * (1 + depth * np.cos(turn)) - held)
    ordinary = held < 0.99  # the mean converges slowly where the enzyme is full
    assert np.allclose(swing.mean(axis=0)[ordinary], (held / (1 - held))[ordinary], rtol=1e-3)


def test_a_late_clock_shifts_the_rhythm_by_its_phase(bench: Bench) -> None:
    times = np.arange(0.0, 20 * DAY + 0.1, 1.0)
    people = np.vstack([bench.typical(clock__strength=1.0), bench.typical(clock__strength=1.0, clock__phase=6.0)])
    nad = bench.run(people, [], times.tolist())["liver_nad"][:, -24:]
    assert (nad[1].argmax() - nad[0].argmax()) % 24 == pytest.approx(6, abs=1)


def test_a_weak_clock_swings_less_and_red_cells_have_none(bench: Bench) -> None:
    times = np.arange(0.0, 10 * DAY + 0.1, 1.0)
    people = np.vstack([bench.typical(clock__strength=s) for s in (1.0, 0.5)])
    run = bench.run(people, [], times.tolist())
    swing = np.ptp(run["liver_nad"][:, -25:], axis=1)
    assert 0.4 < swing[1] / swing[0] < 0.6
    assert "red_cells__NAMPT__expression__activity" not in bench.body.model.assignment_rules


@pytest.mark.parametrize(
    ("age", "kind", "rise"), [(30.0, "aerobic", 12), (60.0, "aerobic", 28), (30.0, "resistance", 25)]
)
def test_training_raises_muscle_nampt_as_measured(bench: Bench, age: float, kind: str, rise: float) -> None:
    """10.14814/phy2.14139 [deGuia2019_aerobic; aut:N010]: twelve weeks."""
    person = bench.typical(person__age=age, **{f"training__{kind}": 1.0})
    at_rest = bench.run(person, [], [0.0, 1.0, 84 * DAY])
    made = at_rest["muscle__NAMPT"][0]
    assert made[1] == pytest.approx(made[0], rel=0.02)
    level = 1 - 2 ** (-84 * DAY / bench.body.model.parameters["training__half_life"].value)
    values = bench.values(person)
    gain = values[f"training__NAMPT__gain_{kind}"] * level / values["training__reached"]
    assert 100 * gain[0] == pytest.approx(rise, rel=0.01)
    nad = at_rest["muscle_nad"][0]
    assert 1.0 < nad[2] / nad[0] < 1 + rise / 100  # feedback holds part of it back
    assert at_rest["brain_nad"][0, 2] == pytest.approx(at_rest["brain_nad"][0, 0], rel=0.01)


def test_inflammation_lowers_nad_through_cd38_and_nampt(bench: Bench) -> None:
    only_cd38 = bench.typical(inflammation__level=1.0, inflammation__NAMPT__loss=0.0)
    both = bench.typical(inflammation__level=1.0)
    run = bench.run(np.vstack([only_cd38, both]), [], [0.0, 30 * DAY])
    for name in ("liver_nad", "muscle_nad"):
        fall = run[name][:, 1] / run[name][:, 0]
        assert 0.7 < fall[1] < fall[0] < 0.995
    assert run["plasma_nad"][0, 1] < run["plasma_nad"][0, 0]


def test_cd38_takes_a_larger_share_in_the_old_by_decree() -> None:
    """10.1016/j.cmet.2016.05.006 [nad:D001]: 2 to 3-fold CD38; loss of it is worth more to the old [nad:F011]."""
    bench = make_bench({"NAD.age": "imposed"})
    young, old = (bench.values(bench.typical(person__age=age)) for age in (25.0, 70.0))
    for organ in ("liver", "muscle"):
        assert old[f"{organ}__CD38__J"][0] > 1.5 * young[f"{organ}__CD38__J"][0]
    gains = []
    for age in (25.0, 70.0):
        lost = bench.typical(person__age=age, liver__CD38__activity=0.0)
        nad = bench.run(lost, [], [0.0, 30 * DAY])["liver_nad"][0]
        gains.append(nad[1] / nad[0])
    assert gains[1] > gains[0] > 1.01
