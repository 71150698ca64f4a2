"""exp, log and log1p without libm: values, shapes and edges.

Their bits are compared with machine code in tests/kernel/test_library.py.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from nadflux import elementary

SIZES = 10.0 ** np.random.default_rng(1).uniform(-300.0, 300.0, 20_000)


def test_close_to_libm() -> None:
    x = np.random.default_rng(2).uniform(-700.0, 700.0, 20_000)
    np.testing.assert_allclose(elementary.exp(x), np.exp(x), rtol=4e-16, atol=0)
    np.testing.assert_allclose(elementary.log(SIZES), np.log(SIZES), rtol=4e-16, atol=0)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_log1p_keeps_its_digits_near_zero(sign: float) -> None:
    x = sign * 10.0 ** np.random.default_rng(3).uniform(-30.0, 0.0, 20_000) * 0.999
    np.testing.assert_allclose(elementary.log1p(x), np.log1p(x), rtol=9e-16, atol=0)


def test_log1p_at_its_edges() -> None:
    found = elementary.log1p([0.0, -1.0, math.inf, math.nan, -2.0, 5e-324, 1e300])
    np.testing.assert_array_equal(found, [0.0, -math.inf, math.inf, math.nan, math.nan, 5e-324, elementary.log(1e300)])


@pytest.mark.parametrize("name", ["exp", "log", "log1p"])
def test_shape_and_order_do_not_matter(name: str) -> None:
    function = getattr(elementary, name)
    table = np.random.default_rng(4).uniform(0.1, 9.0, (7, 5))
    assert np.array_equal(function(table.T), function(table).T)
    assert np.array_equal(function(table[::2, ::-2]), function(table)[::2, ::-2])
    assert function(table[2, 3]) == function(table)[2, 3]
    assert function(2.0).shape == () and function(np.zeros((0, 3))).shape == (0, 3)
