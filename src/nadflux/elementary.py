"""Elementary functions of the kernel in NumPy, without its own nor libm: the same bits on every processor.

Only operations that IEEE 754 rounds correctly are used (+ - * / and the bits of doubles), in the order in which
`nadflux.kernel.elementary` prints them, so that drawn numbers agree with machine code to the last bit.
NumPy's exp and log have variants by processor, and so has libm.
Reductions and the coefficients of log follow fdlibm (Sun Microsystems, 1993).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

MAGIC = 1.5 * 2.0**52  # adding and subtracting rounds to the nearest integer
LN2_HIGH, LN2_LOW = float.fromhex("0x1.62e42fee00000p-1"), float.fromhex("0x1.a39ef35793c76p-33")
LOG2_E = float.fromhex("0x1.71547652b82fep+0")
SQRT_HALF = float.fromhex("0x1.6a09e667f3bcdp-1")
SMALLEST_NORMAL = 2.2250738585072014e-308
EXP_BOUND = 800.0  # beyond it exp is 0 or infinite
EXP_TERMS = [1 / math.factorial(n) for n in range(2, 14)]
LOG_TERMS = [
    6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01,
    1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01,
]  # fmt: skip


def exp(x: ArrayLike) -> np.ndarray:
    """Return exp(x), accurate to about 1 ulp.

    Parameters
    ----------
    x : array_like of float, any shape, dimensionless

    Returns
    -------
    ndarray, shape of ``x``, dimensionless
    """
    given, shape = _flat(x)
    with np.errstate(all="ignore"):
        bounded = np.where(given < -EXP_BOUND, -EXP_BOUND, np.where(given > EXP_BOUND, EXP_BOUND, given))
        shifted = bounded * LOG2_E + MAGIC
        k = shifted.view(np.int64) - _bits(MAGIC)
        rounded = shifted - MAGIC
        high = bounded - rounded * LN2_HIGH
        tail = rounded * LN2_LOW
        reduced = high - tail
        lost = (high - reduced) - tail
        less_one = reduced + (reduced * reduced * _polynomial(reduced, EXP_TERMS) + lost)
        result = np.where(np.isnan(given), given, _times_power_of_two(less_one + 1.0, k))
    return result.reshape(shape)


def log(x: ArrayLike) -> np.ndarray:
    """Return ln x, accurate to about 1 ulp; not a number below 0.

    Parameters
    ----------
    x : array_like of float, any shape, dimensionless

    Returns
    -------
    ndarray, shape of ``x``, dimensionless
    """
    given, shape = _flat(x)
    with np.errstate(all="ignore"):
        m, k = _split_exponent(given)
        f = m - 1.0
        s = f / (f + 2.0)
        z = s * s
        remainder = z * _polynomial(z, LOG_TERMS)
        half_square = f * f * 0.5
        correction = s * (half_square + remainder)
        result = k * LN2_HIGH - ((half_square - (correction + k * LN2_LOW)) - f)
        result = np.where(given == math.inf, given, result)
        result = np.where(given == 0.0, -math.inf, result)
        result = np.where(given >= 0.0, result, math.nan)
    return result.reshape(shape)


def log1p(x: ArrayLike) -> np.ndarray:
    """Return ln(1 + x) for x > -1, accurate to a few ulp near 0 too.

    The rounding of 1 + x is made good by the ratio of x to what was added of it (Goldberg 1991, theorem 4,
    doi 10.1145/103162.103163).

    Parameters
    ----------
    x : array_like of float, any shape, dimensionless

    Returns
    -------
    ndarray, shape of ``x``, dimensionless
    """
    given, shape = _flat(x)
    with np.errstate(all="ignore"):
        whole = 1.0 + given
        added = whole - 1.0
        plain = (added == 0.0) | ~np.isfinite(whole)
        near = np.where(np.isfinite(whole), given, whole)
        result = np.where(plain, near, log(whole) * (given / np.where(plain, 1.0, added)))
        result = np.where(whole == 0.0, -math.inf, result)
    return result.reshape(shape)


def _flat(x: ArrayLike) -> tuple[np.ndarray, tuple[int, ...]]:
    """Return contiguous doubles in one dimension, whose bits can be seen as integers, and the shape they had."""
    given = np.asarray(x, dtype=np.float64)
    return np.ascontiguousarray(given).reshape(-1), given.shape


def _bits(value: float) -> np.int64:
    """Return the bits of a double as an integer."""
    return np.float64(value).view(np.int64)


def _polynomial(x: np.ndarray, coefficients: list[float]) -> np.ndarray:
    """Evaluate a polynomial, the coefficient of x^0 first, by pairs and powers of x (Estrin) as in the kernel."""
    terms: list[np.ndarray | float] = list(coefficients)
    # Halves the terms each round, and squares x to match.
    while len(terms) > 1:
        pairs = [low + x * high for low, high in zip(terms[::2], terms[1::2], strict=False)]
        terms = [*pairs, *terms[2 * len(pairs) :]]
        x = x * x
    return np.asarray(terms[0])


def _power_of_two(k: np.ndarray) -> np.ndarray:
    """Return 2^k for integers -1022 <= k <= 1023."""
    return ((k + 1023) << 52).view(np.float64)


def _times_power_of_two(x: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Return x · 2^k for |k| <= 2045, rounded once."""
    half = ((k + 4096) >> 1) - 2048
    product: np.ndarray = (x * _power_of_two(half)) * _power_of_two(k - half)
    return product


def _split_exponent(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return m and k of x = m · 2^k, k as double: sqrt(1/2) <= m < sqrt(2), denormals included."""
    small = x < SMALLEST_NORMAL
    bits = np.where(small, x * 2.0**54, x).view(np.int64)
    exponent = (bits - _bits(SQRT_HALF)) >> 52
    m = (bits - (exponent << 52)).view(np.float64)
    k = (exponent + _bits(MAGIC)).view(np.float64) - MAGIC
    return m, np.where(small, k - 54.0, k)
