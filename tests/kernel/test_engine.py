"""Integration: accuracy, events, failures, peaks, cancelling."""

from __future__ import annotations

import ctypes
import threading
import time

import numpy as np
import pytest
from kernel_models import body_batch, body_people, body_program, parse, reaction, rules_model
from scipy.integrate import solve_ivp

from nadflux.errors import UnknownNameError, ValueOutOfRangeError
from nadflux.kernel import Batch, Engine, EventArrays, Stepper, compile_program, emit_object, integrate, lower, tableau
from nadflux.network.expression import Symbol
from nadflux.network.model import Compartment, Model, Parameter, Species


def engine_for(rates: dict[str, str], starts: dict[str, float], **constants: float) -> Engine:
    model = rules_model(rates, starts, **constants)
    return compile_program(lower(model, {name: Symbol(name) for name in rates}, inputs=list(constants)), cache=False)


def one(engine: Engine) -> np.ndarray:
    return engine.program.defaults[None, :]


def events(*rows: tuple[float, int, int, float]) -> EventArrays:
    time_, kind, target, value = (np.array(column) for column in zip(*rows, strict=True))
    return EventArrays(np.array([0, len(rows)]), time_, kind, target, value)


def test_stiff_problem_against_scipy() -> None:
    """Robertson's chemical kinetics over eleven decades of time scales."""
    engine = engine_for(
        {"a": "-k1*a + k3*b*c", "b": "k1*a - k3*b*c - k2*b^2", "c": "k2*b^2"},
        {"a": 1.0, "b": 0.0, "c": 0.0}, k1=0.04, k2=3e7, k3=1e4,
    )  # fmt: skip
    times = np.array([0.4, 40.0, 4e3, 4e5])
    scale = np.array([1.0, 1e-5, 1.0])
    result = integrate(engine, Batch(one(engine), 0.0, 4e5, times), rtol=1e-8, scale=scale)
    reference = solve_ivp(
        lambda t, y: [-0.04 * y[0] + 1e4 * y[1] * y[2], 0.04 * y[0] - 1e4 * y[1] * y[2] - 3e7 * y[1] ** 2,
                      3e7 * y[1] ** 2],
        (0, 4e5), [1.0, 0.0, 0.0], t_eval=times, method="Radau", rtol=1e-10, atol=1e-16,
    ).y.T  # fmt: skip
    np.testing.assert_allclose(result.outputs[0], reference, rtol=2e-7)
    assert result.steps[0] < 1000


def test_forced_linear_problem_against_its_formula() -> None:
    engine = engine_for({"y": "-k*(y - cos(time)) - sin(time)"}, {"y": 1.5}, k=1000.0)
    times = np.linspace(0.0, 10.0, 41)
    result = integrate(engine, Batch(one(engine), 0.0, 10.0, times), rtol=1e-9)
    exact = np.cos(times) + 0.5 * np.exp(-1000.0 * times)
    np.testing.assert_allclose(result.outputs[0, :, 0], exact, atol=1e-8)


def test_tighter_tolerance_is_more_accurate() -> None:
    engine = engine_for({"x": "v", "v": "-x"}, {"x": 1.0, "v": 0.0}, unused=1.0)
    errors = []
    for rtol in (1e-4, 1e-6, 1e-8):
        final = integrate(engine, Batch(one(engine), 0.0, 20.0), rtol=rtol).final[0, 0]
        errors.append(abs(final - np.cos(20.0)))
    assert errors[0] < 3e-3
    assert errors[0] > 20 * errors[1] > 400 * errors[2]


def test_events_are_met_exactly_and_in_order() -> None:
    engine = engine_for({"y": "rate", "z": "0"}, {"y": 1.0, "z": 0.0}, rate=0.0)
    third = 1 / 3
    batch = Batch(
        one(engine), 0.0, 1.0, np.array([0.0, third, 0.5, 1.0]),
        events=events((0.0, 0, 1, 5.0), (third, 0, 0, 2.0), (third, 1, 0, 3.0), (third, 1, 0, 6.0), (1.0, 0, 0, 9.0)),
    )  # fmt: skip
    result = integrate(engine, batch)
    np.testing.assert_array_equal(result.outputs[0, :, 1], [0.0, 5.0, 5.0, 5.0])
    np.testing.assert_allclose(result.outputs[0, :, 0], [1.0, 1.0, 3.0 + 6.0 * (0.5 - third), 7.0], rtol=1e-14)
    assert result.final_inputs[0, 0] == 6.0
    assert result.final[0, 0] == pytest.approx(7.0, rel=1e-14)


def test_dose_between_output_times_against_formula() -> None:
    engine = engine_for({"y": "-k*y"}, {"y": 1.0}, k=0.7)
    times = np.linspace(0.0, 6.0, 13)
    result = integrate(engine, Batch(one(engine), 0.0, 6.0, times, events=events((2.3, 0, 0, 4.0))), rtol=1e-9)
    exact = np.exp(-0.7 * times) + np.where(times > 2.3, 4.0 * np.exp(-0.7 * (times - 2.3)), 0.0)
    np.testing.assert_allclose(result.outputs[0, :, 0], exact, rtol=1e-8)


def test_singularity_is_named() -> None:
    engine = engine_for({"slow": "-slow", "blow": "blow^2"}, {"slow": 1.0, "blow": 1.0}, unused=0.0)
    result = integrate(engine, Batch(one(engine), 0.0, 2.0, np.array([0.0, 0.5, 1.5])))
    (failure,) = result.failures
    assert failure.state == "blow"
    assert failure.time == pytest.approx(1.0, abs=1e-6)
    assert result.outputs[0, 1, 1] == pytest.approx(2.0, rel=1e-4)
    assert np.all(np.isnan(result.outputs[0, 2]))
    assert np.all(np.isnan(result.final))


def test_who_fails_at_the_start_has_no_number_even_there() -> None:
    engine = engine_for({"fine": "-fine", "root": "sqrt(root - 2)"}, {"fine": 1.0, "root": 0.5}, unused=0.0)
    result = integrate(engine, Batch(one(engine), 0.0, 2.0, np.array([0.0, 1.0])))
    assert [failure.time for failure in result.failures] == [0.0]
    assert np.all(np.isnan(result.outputs))


def test_not_a_number_is_named() -> None:
    engine = engine_for({"fine": "-fine", "root": "sqrt(root - 2*time)"}, {"fine": 1.0, "root": 0.5}, unused=0.0)
    result = integrate(engine, Batch(one(engine), 0.0, 2.0))
    (failure,) = result.failures
    assert failure.state == "root"
    missing = engine.program.defaults.copy()
    missing[engine.program.parameters.index("fine")] = np.nan
    (failure,) = integrate(engine, Batch(missing[None], 0.0, 2.0)).failures
    assert (failure.state, failure.time) == ("fine", 0.0)


def test_too_many_steps() -> None:
    engine = engine_for({"x": "v", "v": "-x"}, {"x": 1.0, "v": 0.0}, unused=1.0)
    result = integrate(engine, Batch(one(engine), 0.0, 1e4), most_steps=100)
    assert "more steps" in result.failures[0].reason
    assert result.attempts[0] == 100


def test_peak_from_dense_output() -> None:
    engine = engine_for({"gut": "-a*gut", "blood": "a*gut - k*blood"}, {"gut": 0.0, "blood": 0.0}, a=1.3, k=0.2)
    batch = Batch(one(engine), 0.0, 48.0, events=events((1.0, 0, 0, 10.0)), peaks=["blood"])
    result = integrate(engine, batch, rtol=1e-8)
    exact_time = np.log(1.3 / 0.2) / (1.3 - 0.2)
    exact = 10 * 1.3 / 1.1 * (np.exp(-0.2 * exact_time) - np.exp(-1.3 * exact_time))
    assert result.peaks[0, 0, 0] == pytest.approx(exact, rel=1e-7)
    assert result.peaks[0, 0, 1] == pytest.approx(1.0 + exact_time, rel=1e-3)
    late = integrate(
        engine,
        Batch(one(engine), 0.0, 48.0, events=events((1.0, 0, 0, 10.0)), peaks=["blood"], peak_window=(20.0, 48.0)),
    )
    assert late.peaks[0, 0, 1] == pytest.approx(20.0, abs=1.0)


def test_model_without_states() -> None:
    model = Model(
        "rule", parameters={"x": Parameter("x", constant=False)}, assignment_rules={"x": parse("sin(time) + 2")}
    )
    engine = compile_program(lower(model, {"x": Symbol("x")}), cache=False)
    times = np.linspace(0.0, 5.0, 6)
    result = integrate(engine, Batch(np.zeros((1, 0)), 0.0, 5.0, times))
    np.testing.assert_allclose(result.outputs[0, :, 0], np.sin(times) + 2, rtol=1e-15)


def test_peak_right_after_a_dose() -> None:
    engine = engine_for({"y": "-k*y"}, {"y": 0.0}, k=2.0)
    result = integrate(engine, Batch(one(engine), 0.0, 9.0, events=events((1.5, 0, 0, 4.0)), peaks=["y"]))
    np.testing.assert_array_equal(result.peaks[0, 0], [4.0, 1.5])


def test_pivot_that_vanishes_is_noticed() -> None:
    """Elimination without pivoting loses all digits where 1/(hγ) meets the diagonal; the residual tells."""
    engine = engine_for({"x": "a*x + b*y", "y": "b*x"}, {"x": 1.0, "y": 2.0}, a=5.0, b=1.0)
    stepper = Stepper(engine, engine.program.defaults, None, 0.0)
    block = stepper._block
    names = ("time", "y", "hoisted", "inputs", "scratch", "f", "jacobian", "time_slope")
    linearise = engine._code.function("linearise", [ctypes.c_void_p] * len(names))
    linearise(*(block.arrays[name].ctypes.data for name in names))
    attempt = engine._code.function("attempt", [ctypes.c_void_p])
    found = {}
    for label, step in (("well", 0.05), ("badly", (1 + 1e-14) / (tableau.GAMMA * 5.0))):
        block.arrays["step"][:] = step
        attempt(block.address)
        found[label] = (block.arrays["unsolved"].copy(), block.arrays["error"][0].copy())
    assert not found["well"][0].any()
    assert found["badly"][0].all()


def test_cancel_ends_long_runs_soon() -> None:
    engine = compile_program(body_program(), cache=False)
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    seen: list[float] = []
    began = time.monotonic()
    batch = Batch(body_people(engine.program, 40), 0.0, 1e7)
    result = integrate(engine, batch, progress=seen.append, cancel=stop.is_set, most_steps=10**9)
    assert time.monotonic() - began < 2.0
    assert len(result.failures) == 40
    assert np.all(np.isnan(result.final))
    assert seen
    assert 0.0 <= max(seen) < 1.0


def test_interrupt_reaches_the_caller() -> None:
    engine = compile_program(body_program(), cache=False)

    def interrupt(fraction: float) -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        integrate(engine, Batch(body_people(engine.program, 40), 0.0, 1e7), progress=interrupt, most_steps=10**9)
    assert time.monotonic() - began < 2.0


def test_memory_does_not_grow_with_people_beyond_the_outputs() -> None:
    engine = compile_program(body_program(), cache=False)
    result = integrate(engine, body_batch(engine.program, 200, end=1.0, times=np.array([1.0]), events=None))
    assert result.outputs.shape == (200, 1, 3)
    assert result.failures == ()


def test_bad_batches_are_refused() -> None:
    engine = compile_program(body_program(), cache=False)
    people = body_people(engine.program, 2)
    for batch in (
        Batch(people[:, 1:], 0.0, 1.0),
        Batch(people, 1.0, 0.0),
        Batch(people, 0.0, np.inf),
        Batch(people, 0.0, 1.0, np.array([0.5, 2.0])),
        Batch(people, 0.0, 1.0, np.array([0.5, 0.2])),
        Batch(people, 0.0, 1.0, initial=np.zeros((1, 6))),
        Batch(people, 0.0, 1.0, events=events((0.5, 0, 0, 1.0))),
        Batch(people[:1], 0.0, 1.0, events=events((0.5, 0, 99, 1.0))),
        Batch(people[:1], 0.0, 1.0, events=events((0.5, 0, 0, 1.0), (0.2, 0, 0, 1.0))),
        Batch(people[:1], 0.0, 1.0, events=events((0.5, 7, 0, 1.0))),
    ):
        with pytest.raises(ValueOutOfRangeError):
            integrate(engine, batch)
    with pytest.raises(ValueOutOfRangeError):
        integrate(engine, Batch(people, 0.0, 1.0), rtol=0.0)
    with pytest.raises(UnknownNameError, match="plasma"):
        integrate(engine, Batch(people, 0.0, 1.0, peaks=["plasna"]))


@pytest.mark.parametrize(
    ("triple", "cpu", "features", "width"),
    [
        ("aarch64-unknown-linux-gnu", "generic", "+neon", 2),
        ("arm64-apple-macosx11.0.0", "apple-m1", "", 2),
        ("x86_64-unknown-linux-gnu", "haswell", "+avx2", 4),
        ("x86_64-pc-windows-msvc", "haswell", "+avx2", 4),
    ],
)
def test_code_for_other_processors(triple: str, cpu: str, features: str, width: int) -> None:
    code = emit_object(body_program(), triple, cpu, features, width)
    assert len(code) > 10_000
    for called in (b"cosf", b"\x00exp\x00", b"\x00pow\x00", b"\x00log\x00", b"\x00cos\x00"):
        assert called not in code


def test_compartments_and_amounts() -> None:
    """Concentrations follow amounts over sizes; the law is in extent per time."""
    model = Model(
        "two",
        compartments={"c": Compartment("c", 2.0)},
        species={"A": Species("A", "c", amount=10.0), "B": Species("B", "c", concentration=1.0)},
        parameters={"k": Parameter("k", 0.5)},
        reactions={"r": reaction("r", "A -> 3 B", "k * A * c")},
    )
    engine = compile_program(lower(model, {"A": Symbol("A"), "B": Symbol("B")}), cache=False)
    result = integrate(engine, Batch(one(engine), 0.0, 2.0, np.array([0.0, 2.0])), rtol=1e-9)
    left = 5.0 * np.exp(-1.0)
    np.testing.assert_allclose(result.outputs[0], [[5.0, 1.0], [left, 1.0 + 3 * (5.0 - left)]], rtol=1e-8)


@pytest.mark.parametrize("idle", [0, 300])
@pytest.mark.parametrize("rtol", [1e-2, 1e-3, 1e-4])
@pytest.mark.parametrize(("most", "affinity"), [(100.0, 1e-3), (10.0, 1e-4), (1e4, 5e-3)])
def test_an_enzyme_does_not_go_on_behind_its_pole(most: float, affinity: float, rtol: float, idle: int) -> None:
    """S falls from 5 to Km k / (V - k); the linearised law would carry it below -Km, where use never ends."""
    species = {"S": Species("S", "c", concentration=5.0)}
    species |= {f"idle{i}": Species(f"idle{i}", "c", concentration=1.0) for i in range(idle)}
    reactions = [reaction("use", "S -> ", "V * S / (Km + S)"), reaction("come", " -> S", "0.5 * Km / Km")]
    reactions += [reaction(f"fade{i}", f"idle{i} -> ", f"0.01 * idle{i}") for i in range(idle)]
    constants = {"V": Parameter("V", most), "Km": Parameter("Km", affinity)}
    model = Model("pole", compartments={"c": Compartment("c", 1.0)}, species=species, parameters=constants,
                  reactions={r.id: r for r in reactions})  # fmt: skip
    engine = compile_program(lower(model, {"S": Symbol("S")}), cache=False)
    result = integrate(engine, Batch(one(engine), 0.0, 20.0, np.array([20.0])), rtol=rtol)
    assert result.outputs[0, 0, 0] == pytest.approx(0.5 * affinity / (most - 0.5), rel=1e-3)


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-9, 1e-11])
def test_an_amount_may_truly_go_below_zero(rtol: float) -> None:
    species = {name: Species(name, "c", concentration=value) for name, value in (("S", 5.0), ("X", 1.0))}
    reactions = [reaction("use", "S -> ", "1 + 0.1 * cos(time)"), reaction("swing", "X -> ", "sin(time)")]
    model = Model("below", compartments={"c": Compartment("c", 1.0)}, species=species,
                  reactions={r.id: r for r in reactions})  # fmt: skip
    engine = compile_program(lower(model, {name: Symbol(name) for name in species}), cache=False)
    for start in (0.0, 2e3 * np.pi * 10):
        times = start + np.linspace(0.0, 40.0, 9)
        batch = Batch(one(engine), start, start + 40.0, times, origin=start)
        result = integrate(engine, batch, rtol=rtol)
        passed = times - start
        exact = np.stack([5.0 - passed - 0.1 * np.sin(passed), np.cos(passed)], axis=1)
        np.testing.assert_allclose(result.outputs[0], exact, atol=max(rtol, 1e-10))


def test_an_amount_that_is_used_up_at_a_constant_rate_fails_where_it_falls_below_zero() -> None:
    """A zero-order use does not ask what is left; who says how deep an amount may lie below zero gets a failure."""
    model = Model(
        "drain",
        compartments={"c": Compartment("c", 1.0)},
        species={name: Species(name, "c", amount=start) for name, start in (("food", 1.0), ("waste", 0.0))},
        parameters={"k": Parameter("k", 0.5)},
        reactions={"use": reaction("use", "food -> waste", "k")},
    )
    engine = compile_program(lower(model, {"food": Symbol("food")}, inputs=["k"]), cache=False)
    times = np.array([1.0, 3.0])
    free = integrate(engine, Batch(one(engine), 0.0, 3.0, times))
    np.testing.assert_allclose(free.outputs[0, :, 0], [0.5, -0.5])
    assert not free.failures
    bounded = integrate(engine, Batch(one(engine), 0.0, 3.0, times, deepest=10.0))
    (failure,) = bounded.failures
    assert (failure.state, failure.reason) == ("food", "its amount falls below zero by more than the solver can err")
    assert failure.time == pytest.approx(2.0, abs=1e-6)
    assert bounded.outputs[0, 0, 0] == free.outputs[0, 0, 0]
    assert np.isnan(bounded.outputs[0, 1, 0])


@pytest.mark.parametrize("rtol", [1e-5, 1e-6, 1e-7, 1e-8, 1e-9])
def test_peak_wherever_the_steps_lie_around_it(rtol: float) -> None:
    """A top in the first part of a step was taken at its start, which the step before had reached already."""
    engine = engine_for({"y": "a - k*y*time"}, {"y": 0.0}, a=1.3, k=0.2)
    fine = np.linspace(0.0, 20.0, 20_001)
    for late in np.linspace(0.0, 1.0, 12):
        stop = events((late, 2, 0, 0.0))
        result = integrate(engine, Batch(one(engine), 0.0, 20.0, fine, events=stop, peaks=["y"]), rtol=rtol)
        highest = result.outputs[0, :, 0].max()
        assert result.peaks[0, 0, 0] == pytest.approx(highest, rel=2e-7)
