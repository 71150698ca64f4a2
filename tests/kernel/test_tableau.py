"""The method has the orders its paper claims."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from kernel_models import rules_model

from nadflux.kernel import Stepper, compile_program, lower, tableau


def original_coefficients() -> tuple[np.ndarray, np.ndarray]:
    """α_ij and γ_ij behind the transformed A and C (Hairer & Wanner II, IV.7)."""
    inverse = np.eye(tableau.STAGES) / tableau.GAMMA - tableau.C
    gammas = np.linalg.inv(inverse)
    return tableau.A @ gammas, gammas


def test_row_sums() -> None:
    alphas, gammas = original_coefficients()
    np.testing.assert_allclose(alphas.sum(axis=1), tableau.ALPHA, atol=1e-12)
    np.testing.assert_allclose(gammas.sum(axis=1), tableau.GAMMAS, atol=1e-12)
    np.testing.assert_allclose(np.diag(gammas), tableau.GAMMA, rtol=1e-12)


def test_order_conditions_for_quadrature() -> None:
    """Order 5 of the method and 4 of the embedded one: powers of α, and chains of β = α + γ."""
    alphas, gammas = original_coefficients()
    beta = alphas + gammas
    for weights, order in ((beta[-1], 5), (alphas[-1], 4)):
        for power in range(2, order):
            assert weights @ tableau.ALPHA**power == pytest.approx(1 / (power + 1), abs=1e-12)
        assert weights.sum() == pytest.approx(1.0, abs=1e-12)
        chain = beta.sum(axis=1)
        assert weights @ chain == pytest.approx(1 / 2, abs=1e-12)
        assert weights @ (beta @ chain) == pytest.approx(1 / 6, abs=1e-12)


def fixed_steps(count: int, stiffness: float) -> tuple[float, float]:
    """Largest errors at the ends of steps and inside them, of a nonlinear stiff non-autonomous problem."""
    # y' = -k (y^2 - g^2) + g' with the solution g(t) = 2 + sin(t)
    text = "-k*(y^2 - (2 + sin(time))^2) + cos(time)"
    program = lower(rules_model({"y": text}, {"y": 2.0}, k=stiffness), {})
    engine = compile_program(program, cache=True)
    stepper = Stepper(engine, program.defaults, None, 0.0, rtol=0.1, scale=np.array([1e12]))
    stepper._block.arrays["fresh"][:], stepper._block.arrays["h"][:] = 0, 1e9
    worst = ends = 0.0
    for k in range(1, count + 1):
        while stepper.advance(2.0 * k / count):
            assert stepper.time == 2.0 * k / count, "the loose tolerance must leave one step per interval"
        ends = max(ends, abs(stepper.state[0] - (2 + np.sin(stepper.time))))
        for fraction in (0.3, 0.7):
            t = 2.0 * (k - 1 + fraction) / count
            worst = max(worst, abs(stepper.dense(t)[0] - (2 + np.sin(t))))
    return ends, worst


@pytest.mark.parametrize("stiffness", [1.0, 1e6])
def test_convergence(stiffness: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Order 5, and 4 inside the steps, without and with stiffness."""
    monkeypatch.setenv("NADFLUX_CACHE_DIR", str(tmp_path))
    (coarse, coarse_dense), (fine, fine_dense) = fixed_steps(16, stiffness), fixed_steps(32, stiffness)
    assert np.log2(coarse / fine) > 4.7
    assert np.log2(coarse_dense / fine_dense) > 3.9
    assert fine < 1e-8
