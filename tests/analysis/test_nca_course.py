"""Non-compartmental parameters against closed forms: bolus, oral dose (Bateman) and infusion."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.analysis.areas import area_linear_up_log_down, value_at
from nadflux.analysis.nca_course import after_one_dose, quantified, within_interval
from nadflux.analysis.terminal_phase import terminal_phase
from nadflux.errors import UnknownNameError

DOSE, CL, V = 500.0, 4.0, 20.0
K = CL / V


def bolus(hours: np.ndarray) -> np.ndarray:
    return DOSE / V * np.exp(-K * hours)


def bateman(hours: np.ndarray, ka: float = 1.5) -> np.ndarray:
    return DOSE * ka / (V * (ka - K)) * (np.exp(-K * hours) - np.exp(-ka * hours))


def infusion(hours: np.ndarray, length: float = 2.0) -> np.ndarray:
    during = DOSE / length / CL * -np.expm1(-K * np.minimum(hours, length))
    return during * np.exp(-K * np.maximum(hours - length, 0.0))


def test_a_bolus_is_exact_on_any_grid() -> None:
    hours = np.array([0.0, 0.3, 1.0, 4.0, 9.0, 17.0])
    found = after_one_dose(hours, bolus(hours), dose=DOSE)
    assert found["AUCinf_obs"] == pytest.approx(DOSE / CL, rel=1e-12)
    assert found["AUClast"] == pytest.approx(DOSE / CL * -np.expm1(-K * 17.0), rel=1e-12)
    assert found["AUCpct_extrap"] == pytest.approx(100.0 * np.exp(-K * 17.0), rel=1e-9)
    assert found["lambda_z"] == pytest.approx(K, rel=1e-12) and found["half_life"] == pytest.approx(np.log(2) / K)
    assert found["CL_F"] == pytest.approx(CL) and found["Vz_F"] == pytest.approx(V)
    assert (found["Cmax"], found["Tmax"], found["Tlast"]) == (DOSE / V, 0.0, 17.0)
    assert (found["lambda_z_points"], found["lambda_z_start"], found["lambda_z_stop"]) == (5.0, 0.3, 17.0)


def test_an_oral_dose_gives_area_peak_and_half_life() -> None:
    hours, ka = np.linspace(0.0, 40.0, 1601), 1.5
    found = after_one_dose(hours, bateman(hours, ka), dose=DOSE)
    assert found["AUCinf_obs"] == pytest.approx(DOSE / CL, rel=1e-4)
    assert found["Tmax"] == pytest.approx(np.log(ka / K) / (ka - K), abs=0.0126)
    assert found["Cmax"] == pytest.approx(bateman(np.array(np.log(ka / K) / (ka - K))), rel=1e-4)
    assert found["half_life"] == pytest.approx(np.log(2) / K, rel=5e-3)  # the fit may begin soon after the peak


def test_an_infusion_peaks_at_its_end() -> None:
    hours = np.linspace(0.0, 30.0, 1201)
    found = after_one_dose(hours, infusion(hours), dose=DOSE)
    assert found["Tmax"] == 2.0 and found["Cmax"] == pytest.approx(DOSE / 2.0 / CL * -np.expm1(-K * 2.0))
    assert found["AUCinf_obs"] == pytest.approx(DOSE / CL, rel=1e-4)
    assert found["lambda_z"] == pytest.approx(K, rel=1e-9)


def test_the_last_of_many_intervals_gives_the_area_of_a_single_dose() -> None:
    tau, hours = 8.0, np.linspace(0.0, 8.0, 801)
    steady = sum(bateman(hours + tau * k) for k in range(60))
    found = within_interval(hours, steady, tau)
    assert found["AUCtau"] == pytest.approx(DOSE / CL, rel=1e-4)
    assert found["Cavg"] == pytest.approx(DOSE / CL / tau, rel=1e-4)
    assert found["Ctrough"] == pytest.approx(steady[-1]) and found["Cmin"] <= found["Ctrough"]
    assert found["PTF"] == pytest.approx(100 * (found["Cmax"] - found["Cmin"]) / found["Cavg"])
    assert np.isnan(within_interval(hours[:400], steady[:400], tau)["AUCtau"])


def test_areas_are_straight_upwards_and_through_zero() -> None:
    assert area_linear_up_log_down(np.array([0.0, 2.0]), np.array([0.0, 4.0])) == 4.0
    assert area_linear_up_log_down(np.array([0.0, 2.0]), np.array([4.0, 0.0])) == 4.0
    assert area_linear_up_log_down(np.array([0.0, 2.0]), np.array([4.0, 1.0])) == pytest.approx(6.0 / np.log(4.0))
    assert value_at(np.array([0.0, 2.0]), np.array([4.0, 1.0]), 1.0) == pytest.approx(2.0)
    assert value_at(np.array([0.0, 2.0]), np.array([1.0, 4.0]), 1.0) == 2.5
    assert np.isnan(value_at(np.array([0.0, 2.0]), np.array([1.0, 4.0]), 3.0))


def test_rules_for_values_below_the_limit() -> None:
    hours, values = np.arange(6.0), np.array([0.1, 5.0, 0.2, 3.0, 1.0, 0.1])
    kept, course = quantified(hours, values, 0.5)
    assert kept.tolist() == [0.0, 1.0, 3.0, 4.0] and course.tolist() == [0.0, 5.0, 3.0, 1.0]
    assert quantified(hours, values, 0.5, "zero")[1].tolist() == [0.0, 5.0, 0.0, 3.0, 1.0, 0.0]
    assert quantified(hours, values, 0.5, "half")[1].tolist() == [0.25, 5.0, 0.25, 3.0, 1.0, 0.25]
    assert after_one_dose(hours, values, lloq=0.5, rule="half")["Tlast"] == 4.0
    with pytest.raises(UnknownNameError, match="zero"):
        quantified(hours, values, 0.5, "zeros")


def test_the_terminal_phase_leaves_out_an_earlier_faster_one() -> None:
    hours = np.linspace(0.0, 60.0, 61)
    found = terminal_phase(hours, 100.0 * np.exp(-0.8 * hours) + 10.0 * np.exp(-0.05 * hours))
    assert found is not None and found.rate == pytest.approx(0.05, rel=0.02) and 3.0 < found.start_h < 20.0
    assert found.span == pytest.approx((found.stop_h - found.start_h) * found.rate / np.log(2))
    assert terminal_phase(hours, hours) is None
    assert terminal_phase(hours[:2], np.array([2.0, 1.0])) is None


def test_nothing_above_the_limit_gives_no_number() -> None:
    found = after_one_dose(np.arange(5.0), np.zeros(5))
    assert all(np.isnan(value) for value in found.values())
