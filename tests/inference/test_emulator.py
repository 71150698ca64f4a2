from __future__ import annotations

import numpy as np

from nadflux.inference.data import Data
from nadflux.inference.emulator import History

DATA = Data(("a", "b"), ("S", "T"), np.zeros(2), np.ones(2), ("value", "value"))


def _quadratic(scores: np.ndarray) -> np.ndarray:
    return np.stack(
        [1.0 + scores[:, 0] - 0.3 * scores[:, 0] * scores[:, 1], scores[:, 2] + 0.2 * scores[:, 1] ** 2], axis=1
    )


def test_a_quadratic_model_is_learned() -> None:
    rng = np.random.default_rng(0)
    history = History(DATA)
    scores = rng.standard_normal((300, 4))
    history.add(scores, _quadratic(scores))
    new = rng.standard_normal((50, 4))
    emulator = history.emulator()
    np.testing.assert_allclose(emulator.predict(new), _quadratic(new), atol=0.05)
    assert (emulator.error < 0.05).all()


def test_what_it_cannot_learn_is_its_error_and_widens_the_data() -> None:
    rng = np.random.default_rng(0)
    history = History(DATA)
    scores = rng.standard_normal((2000, 4))
    predictions = np.stack([scores[:, 0], scores[:, 0] + 0.5 * np.sign(np.sin(9.0 * scores[:, 3]))], axis=1)
    history.add(scores, predictions)
    emulator = history.emulator()
    assert emulator.error[0] < 0.02
    assert 0.4 < emulator.error[1] < 0.6
    np.testing.assert_allclose(emulator.widened(DATA).sd, np.sqrt(1.0 + emulator.error**2))


def test_failed_members_are_skipped() -> None:
    rng = np.random.default_rng(0)
    history = History(DATA)
    scores = rng.standard_normal((300, 4))
    predictions = _quadratic(scores)
    predictions[::3] = np.nan
    history.add(scores, predictions)
    assert np.isfinite(history.emulator().curved).all()
