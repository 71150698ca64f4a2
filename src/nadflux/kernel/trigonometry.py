"""Trigonometric and hyperbolic functions, their inverses and the factorial in IR, without libm.

Accurate to a few ulp. Arguments of sine and cosine are reduced with π/2 in three doubles (NaN from 2^50 on). The
coefficients of sine, cosine and arctangent follow fdlibm (Sun Microsystems, 1993).
"""

from __future__ import annotations

import math

from nadflux.kernel.elementary import (
    exp_of_sum,
    exp_reduced,
    horner,
    log_value,
    nearest_integer,
    pow_value,
    power_of_two,
    two_product,
    two_sum,
)
from nadflux.kernel.ir import Value, Variable

HALF_PI = [float.fromhex(text) for text in ("0x1.921fb54442d18p+0", "0x1.1a62633145c07p-54", "-0x1.f1976b7ed8fbcp-110")]
SINE = [
    -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04,
    2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10,
]  # fmt: skip
COSINE = [
    4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05,
    -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11,
]  # fmt: skip
ARCTANGENT = [
    3.33333333333329318027e-01, -1.99999999998764832476e-01, 1.42857142725034663711e-01,
    -1.11111104054623557880e-01, 9.09088713343650656196e-02, -7.69187620504482999495e-02,
    6.66107313738753120669e-02, -5.83357013379057348645e-02, 4.97687799461593236017e-02,
    -3.65315727442169155270e-02, 1.62858201153657823623e-02,
]  # fmt: skip
ARCTANGENT_HIGH = [
    4.63647609000806093515e-01, 7.85398163397448278999e-01, 9.82793723247329054082e-01,
    1.57079632679489655800e00,
]  # fmt: skip
ARCTANGENT_LOW = [
    2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17,
    6.12323399573676603587e-17,
]  # fmt: skip
LARGEST_FACTORIAL = 170
STIRLING = [
    1.0, 1 / 12, 1 / 288, -139 / 51840, -571 / 2488320, 163879 / 209018880, 5246819 / 75246796800,
    -534703531 / 902961561600,
]  # fmt: skip


def fabs(x: Value) -> Value:
    """Return |x|."""
    return x.builder.intrinsic("fabs", x)


def sqrt(x: Value) -> Value:
    """Return the square root, correctly rounded."""
    return x.builder.intrinsic("sqrt", x)


def with_sign(size: Value, x: Value) -> Value:
    """Return a size >= 0 with the sign of x."""
    sign = x.bits() & -(2**63)
    return (size.bits() | sign).double()


def _quarter(x: Value) -> tuple[Value, Value, Value]:
    """Return k, high and low of x = k·π/2 + high + low with |high| <= π/4."""
    x = (fabs(x) < 2.0**50).where(x, math.nan)
    rounded, k = nearest_integer(x * (2 / math.pi))
    p, e = two_product(rounded, x.builder.like(HALF_PI[0], x))
    b, b_low = two_sum(x - p, -e)
    p, e = two_product(rounded, x.builder.like(HALF_PI[1], x))
    c, c_low = two_sum(b, -p)
    return k, *two_sum(c, (b_low + c_low) - (e + rounded * HALF_PI[2]))


def _sine(high: Value, low: Value) -> Value:
    z = high * high
    v = z * high
    return high - ((z * (0.5 * low - v * horner(z, SINE[1:])) - low) - v * SINE[0])


def _cosine(high: Value, low: Value) -> Value:
    z = high * high
    half = 0.5 * z
    rest = 1.0 - half
    return rest + (((1.0 - rest) - half) + (z * (z * horner(z, COSINE)) - high * low))


def _turn(x: Value, ahead: int) -> Value:
    k, high, low = _quarter(x)
    k = k + ahead
    value = (k & 1).differs(0).where(_cosine(high, low), _sine(high, low))
    return (k & 2).differs(0).where(-value, value)


def sin_value(x: Value) -> Value:
    """Return sin x."""
    return x.equals(0.0).where(x, _turn(x, 0))


def cos_value(x: Value) -> Value:
    """Return cos x."""
    return _turn(x, 1)


def tan_value(x: Value) -> Value:
    """Return tan x."""
    k, high, low = _quarter(x)
    sine, cosine = _sine(high, low), _cosine(high, low)
    value = (k & 1).differs(0).where(-(cosine / sine), sine / cosine)
    return x.equals(0.0).where(x, value)


def expm1_value(x: Value) -> Value:
    """Return exp(x) - 1 without loss near 0."""
    bounded = (x > 40.0).where(40.0, (x < -40.0).where(-40.0, x))
    t, k = exp_reduced(bounded, None)
    scale = power_of_two(k)
    return (x > 40.0).where(exp_of_sum(x), scale * t + (scale - 1.0))


def log1p_value(x: Value) -> Value:
    """Return ln(1 + x) without loss near 0."""
    total = x + 1.0
    correction = (x - (total - 1.0)) / total
    correction = ((total > 0.0) & (total < math.inf)).where(correction, 0.0)
    return log_value(total) + correction


def sinh_value(x: Value) -> Value:
    """Return sinh x."""
    size = fabs(x)
    e = expm1_value(size)
    half = exp_of_sum(0.5 * size)
    value = (size < 22.0).where(0.5 * (e + e / (e + 1.0)), (0.5 * half) * half)
    return with_sign(value, x)


def cosh_value(x: Value) -> Value:
    """Return cosh x."""
    size = fabs(x)
    e = exp_of_sum(size)
    half = exp_of_sum(0.5 * size)
    return (size < 22.0).where(0.5 * (e + 1.0 / e), (0.5 * half) * half)


def tanh_value(x: Value) -> Value:
    """Return tanh x."""
    size = fabs(x)
    e = expm1_value(2.0 * (size > 22.0).where(22.0, size))
    return with_sign(e / (e + 2.0), x)


def asinh_value(x: Value) -> Value:
    """Return the inverse of sinh."""
    size = fabs(x)
    square = size * size
    near = log1p_value(size + square / (1.0 + sqrt(square + 1.0)))
    return with_sign((size > 2.0**28).where(log_value(size) + math.log(2.0), near), x)


def acosh_value(x: Value) -> Value:
    """Return the inverse of cosh; NaN below 1."""
    t = x - 1.0
    near = log1p_value(t + sqrt(2.0 * t + t * t))
    return (x > 2.0**28).where(log_value(x) + math.log(2.0), near)


def atanh_value(x: Value) -> Value:
    """Return the inverse of tanh; NaN outside [-1, 1]."""
    size = fabs(x)
    return with_sign(0.5 * log1p_value(2.0 * size / (1.0 - size)), x)


def atan_value(x: Value) -> Value:
    """Return the inverse of tan."""
    a = fabs(x)
    argument = (a < 39 / 16).where((a - 1.5) / (1.0 + 1.5 * a), -1.0 / a)
    argument = (a < 19 / 16).where((a - 1.0) / (a + 1.0), argument)
    argument = (a < 11 / 16).where((2.0 * a - 1.0) / (2.0 + a), argument)
    argument = (a < 7 / 16).where(a, argument)
    high, low = a.builder.like(ARCTANGENT_HIGH[3], a), a.builder.like(ARCTANGENT_LOW[3], a)
    # From the largest bound down, the last that holds decides.
    for bound, k in ((39 / 16, 2), (19 / 16, 1), (11 / 16, 0)):
        high, low = (a < bound).where(ARCTANGENT_HIGH[k], high), (a < bound).where(ARCTANGENT_LOW[k], low)
    high, low = (a < 7 / 16).where(0.0, high), (a < 7 / 16).where(0.0, low)
    z = argument * argument
    series = argument * (z * horner(z, ARCTANGENT))
    return with_sign(high - ((series - low) - argument), x)


def asin_value(x: Value) -> Value:
    """Return the inverse of sin; NaN outside [-1, 1]."""
    return atan_value(x / sqrt((1.0 - x) * (1.0 + x)))


def acos_value(x: Value) -> Value:
    """Return the inverse of cos; NaN outside [-1, 1]."""
    return 2.0 * atan_value(sqrt((1.0 - x) / (1.0 + x)))


def factorial_value(x: Value) -> Value:
    """Return x! for whole x >= 0, correctly rounded; Γ(x + 1) to about 1e-13 between; NaN below 0."""
    builder = x.builder
    # starting small keeps the halves of the exact products from overflowing
    high, low = Variable(builder, builder.like(2.0**-100, x)), Variable(builder, builder.like(0.0, x))
    with builder.loop(LARGEST_FACTORIAL + 1, start=2) as i:
        number = i.cast("sitofp", "double")
        first = builder.emit(x.type, f"insertelement {x.type} poison, double {number.text}, i32 0")
        shuffle = f"shufflevector {x.type} {first.text}, {x.type} poison, <{builder.width} x i32> zeroinitializer"
        every = builder.emit(x.type, shuffle)
        factor = (every <= x).where(every, 1.0)
        product, error = two_product(high.get(), factor)
        low.set(low.get() * factor + error)
        high.set(product)
    whole = builder.intrinsic("floor", x).equals(x)
    value = whole.where((high.get() + low.get()) * 2.0**100, _gamma(x))
    value = (x >= LARGEST_FACTORIAL + 1.0).where(math.inf, value)
    return (x >= 0.0).where(value, math.nan)


def _gamma(x: Value) -> Value:
    """Return Γ(x + 1) by Stirling's series 16 above, and the recurrence down."""
    divisor = x + 1.0
    # Product (x + 1) ... (x + 16).
    for n in range(2, 17):
        divisor = divisor * (x + float(n))
    w = x + 17.0
    half_power = pow_value(w, 0.5 * (w - 0.5))
    series = horner(1.0 / w, STIRLING)
    return ((half_power * exp_of_sum(-w)) * (math.sqrt(2 * math.pi) * series) / divisor) * half_power
