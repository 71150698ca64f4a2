"""exp, log and pow in IR, in all lanes at once, without libm: the same bits on every machine.

Accurate to about 1 ulp over the whole range (pow: see there), with the usual values at 0, infinity, NaN and for
denormals.
`nadflux.elementary` is exp and log in NumPy, by the same steps and coefficients: a change here is a change there.
Reductions and the coefficients of log follow fdlibm (Sun Microsystems, 1993).
"""

from __future__ import annotations

import math

from nadflux.elementary import (
    EXP_BOUND,
    EXP_TERMS,
    LN2_HIGH,
    LN2_LOW,
    LOG2_E,
    LOG_TERMS,
    MAGIC,
    SMALLEST_NORMAL,
    SQRT_HALF,
)
from nadflux.kernel.ir import Value

LN2_REST = 1.1612227229362532e-26
LOG10_E_HIGH, LOG10_E_LOW = float.fromhex("0x1.bcb7b1526e50ep-2"), float.fromhex("0x1.95355baaafad3p-57")


def horner(x: Value, coefficients: list[float]) -> Value:
    """Evaluate a polynomial, given with the coefficient of x^0 first."""
    total = x.builder.like(coefficients[-1], x)
    # From the highest power down: the sum so far is multiplied by x.
    for coefficient in reversed(coefficients[:-1]):
        total = total * x + coefficient
    return total


def polynomial(x: Value, coefficients: list[float]) -> Value:
    """Evaluate it by pairs and powers of x (Estrin): the processor need not wait for one term before the next."""
    terms = [x.builder.like(c, x) for c in coefficients]
    # Halves the terms each round, and squares x to match.
    while len(terms) > 1:
        pairs = [low + x * high for low, high in zip(terms[::2], terms[1::2], strict=False)]
        terms = [*pairs, *terms[2 * len(pairs) :]]
        x = x * x
    return terms[0]


def nearest_integer(x: Value) -> tuple[Value, Value]:
    """Return the nearest integer to |x| < 2^51, as doubles and as 64-bit integers."""
    shifted = x + MAGIC
    bits = shifted.bits() - x.builder.constant(MAGIC, x.type).bits()
    return shifted - MAGIC, bits


def power_of_two(k: Value) -> Value:
    """Return 2^k for integers -1022 <= k <= 1023."""
    return ((k + 1023) << 52).double()


def times_power_of_two(x: Value, k: Value) -> Value:
    """Return x · 2^k for |k| <= 2045, rounded once."""
    half = ((k + 4096) >> 1) - 2048
    return (x * power_of_two(half)) * power_of_two(k - half)


def exp_reduced(high: Value, low: Value | None) -> tuple[Value, Value]:
    """Return exp(high + low) - 1 after reduction to |r| <= ln2/2, and the exponent k."""
    rounded, k = nearest_integer(high * LOG2_E)
    r = high - rounded * LN2_HIGH
    tail = rounded * LN2_LOW
    if low is not None:
        tail = tail - low
    reduced = r - tail
    lost = (r - reduced) - tail
    return reduced + (reduced * reduced * polynomial(reduced, EXP_TERMS) + lost), k


def exp_of_sum(high: Value, low: Value | None = None) -> Value:
    """Return exp(high + low)."""
    bounded = (high < -EXP_BOUND).where(-EXP_BOUND, (high > EXP_BOUND).where(EXP_BOUND, high))
    t, k = exp_reduced(bounded, low)
    t = times_power_of_two(t + 1.0, k)
    return high.differs(high).where(high, t)


def _split_exponent(x: Value) -> tuple[Value, Value]:
    """Return m and k of x = m · 2^k, k as double: sqrt(1/2) <= m < sqrt(2), denormals included."""
    builder = x.builder
    small = x < SMALLEST_NORMAL
    scaled = small.where(x * 2.0**54, x)
    bits = scaled.bits()
    offset = bits - builder.constant(SQRT_HALF, x.type).bits()
    exponent = offset.arithmetic_shift(52)
    m = (bits - (exponent << 52)).double()
    k = (exponent + builder.constant(MAGIC, x.type).bits()).double() - MAGIC
    return m, small.where(k - 54.0, k)


def _log_special(x: Value, result: Value) -> Value:
    """Put in the values of a logarithm at 0, infinity, NaN and below 0."""
    result = x.equals(math.inf).where(x, result)
    result = x.equals(0.0).where(-math.inf, result)
    return (x >= 0.0).where(result, math.nan)


def _log_parts(m: Value) -> tuple[Value, Value, Value]:
    """Return f, f²/2 and s·(f²/2 + R) of ln m = f - (f²/2 - s·(f²/2 + R)), f = m - 1."""
    f = m - 1.0
    s = f / (f + 2.0)
    z = s * s
    remainder = z * polynomial(z, LOG_TERMS)
    half_square = f * f * 0.5
    return f, half_square, s * (half_square + remainder)


def log_value(x: Value) -> Value:
    """Return ln x."""
    m, k = _split_exponent(x)
    f, half_square, correction = _log_parts(m)
    return _log_special(x, k * LN2_HIGH - ((half_square - (correction + k * LN2_LOW)) - f))


def two_sum(a: Value, b: Value) -> tuple[Value, Value]:
    """Return a + b and its rounding error."""
    total = a + b
    other = total - a
    return total, (a - (total - other)) + (b - other)


def fast_two_sum(a: Value, b: Value) -> tuple[Value, Value]:
    """Return a + b and its rounding error, for |a| >= |b|."""
    total = a + b
    return total, b - (total - a)


def split(a: Value) -> tuple[Value, Value]:
    """Split ``a`` into two halves of 26 bits."""
    factor = a * 134217729.0
    high = factor - (factor - a)
    return high, a - high


def two_product(a: Value, b: Value) -> tuple[Value, Value]:
    """Return a · b and its rounding error (Dekker; no fused operation, so that every machine agrees)."""
    product = a * b
    ah, al = split(a)
    bh, bl = split(b)
    return product, ((ah * bh - product) + ah * bl + al * bh) + al * bl


def log_double(x: Value) -> tuple[Value, Value]:
    """Return ln x for finite x > 0 as an unevaluated sum, relative error about 2^-65."""
    builder = x.builder
    m, k = _split_exponent(x)
    f = m - 1.0
    dh, dl = two_sum(m, builder.like(1.0, m))
    sh = f / dh
    p, e = two_product(sh, dh)
    sl = (((f - p) - e) - sh * dl) / dh
    zh, zl = two_product(sh, sh)
    zl = zl + 2.0 * sh * sl
    # log m = 2 s + s z (2/3 + z (2/5 + ...)), the first terms in two doubles
    third_low = float.fromhex("0x1.5555555555555p-55")
    series = horner(zh, [2 / (2 * n + 1) for n in range(2, 13)])
    first, error = two_product(zh, series)
    ch, cl = fast_two_sum(builder.like(2 / 3, zh), first)
    cl = cl + (error + zl * series + third_low)
    ph, pl = two_product(zh, ch)
    pl = pl + (zh * cl + zl * ch)
    qh, ql = two_product(ph, sh)
    ql = ql + (pl * sh + ph * sl)
    th, tl = fast_two_sum(2.0 * sh, qh)
    tl = tl + (ql + 2.0 * sl)
    kh, kl = two_sum(k * LN2_HIGH, th)
    low_product, low_error = two_product(k, builder.like(LN2_LOW, k))
    high, low = two_sum(kh, low_product)
    return fast_two_sum(high, low + (kl + (tl + low_error)) + k * LN2_REST)


def pow_value(x: Value, y: Value) -> Value:
    """Return x ** y with the values of IEEE 754 pow.

    The error is at most 1 + 2·|y ln m| ulp where x = m·2^k with sqrt(1/2) <= m < sqrt(2). The logarithm of m is not
    taken to twice the digits: with the exponents of rate laws that costs a bit or two of 53, and it halves the time
    of what was the slowest operation of the whole body.
    """
    builder = x.builder
    size = builder.intrinsic("fabs", x)
    finite = (size > 0.0) & (size < math.inf)
    m, k = _split_exponent(finite.where(size, 1.0))
    f, half_square, correction = _log_parts(m)
    bounded = (y > 2.0**65).where(2.0**65, (y < -(2.0**65)).where(-(2.0**65), y))
    whole_high, whole_low = two_product(bounded, k * LN2_HIGH)
    ph, pl = two_sum(whole_high, bounded * (f - (half_square - correction)))
    pl = pl + (whole_low + bounded * (k * LN2_LOW))
    in_range = builder.intrinsic("fabs", ph) < 1e3
    result = exp_of_sum(ph, in_range.where(pl, 0.0))
    whole = builder.intrinsic("floor", y).equals(y)
    half = y * 0.5
    odd = whole & builder.intrinsic("floor", half).differs(half)
    negative = x.bits().compare("<", 0)
    # what does not depend on the logarithm, so that nothing waits for it: 0 and infinity, NaN, 1
    none, all_ = builder.like(0.0, x), builder.like(math.inf, x)
    special = size.equals(0.0).where((y > 0.0).where(none, all_), (y > 0.0).where(all_, none))
    special = finite.where(result, special)
    special = (negative & odd).where(-special, special)
    # negative bases: only integer exponents, odd ones keep the sign
    undefined = (x < 0.0) & whole.invert() & (size < math.inf) | x.differs(x) | y.differs(y)
    one = x.equals(1.0) | y.equals(0.0) | (x.equals(-1.0) & builder.intrinsic("fabs", y).equals(math.inf))
    fixed = one.where(builder.like(1.0, x), math.nan)
    return (undefined | one).where(fixed, special)


def log10_value(x: Value) -> Value:
    """Return the decimal logarithm, exact at powers of ten."""
    positive = (x > 0.0) & (x < math.inf)
    high, low = log_double(positive.where(x, 1.0))
    p, e = two_product(high, x.builder.like(LOG10_E_HIGH, x))
    return _log_special(x, p + (e + (low * LOG10_E_HIGH + high * LOG10_E_LOW)))
