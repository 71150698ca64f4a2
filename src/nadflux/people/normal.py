"""The normal distribution function and its inverse, from operations that are the same on every processor."""

from __future__ import annotations

import math

import numpy as np

from nadflux.elementary import exp, log

# Wichura (1988), algorithm AS 241 (PPND16), doi 10.2307/2347330. Coefficients of r^7 first.
_CENTRE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),
)  # fmt: skip
_TAIL = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0),
)  # fmt: skip
_FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),
)  # fmt: skip
Z95 = 1.6448536269514722  # 95th percentile of the standard normal distribution
_MIDDLE, _TAIL_END = 0.425, 5.0

# Cody (1969), Math. Comp. 23, 631, as in ANORM (algorithm 715, doi 10.1145/151271.151273).
_INNER, _OUTER = 0.66291, math.sqrt(32.0)  # bounds of the three ranges of |x|
_INNER_TOP = (0.065682337918207449113, 2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582,
              18154.981253343561249)  # fmt: skip
_INNER_BOTTOM = (1.0, 47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956)
_BETWEEN_TOP = (1.0765576773720192317e-8, 0.39894151208813466764, 8.8831497943883759412, 93.506656132177855979,
                597.27027639480026226, 2494.5375852903726711, 6848.1904505362823326, 11602.651437647350124,
                9842.7148383839780218)  # fmt: skip
_BETWEEN_BOTTOM = (1.0, 22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755,
                   18615.571640885098091, 34900.952721145977266, 38912.003286093271411,
                   19685.429676859990727)  # fmt: skip
_OUTER_TOP = (0.02307344176494017303, 0.21589853405795699, 0.1274011611602473639, 0.022235277870649807,
              0.001421619193227893466, 2.9112874951168792e-5)  # fmt: skip
_OUTER_BOTTOM = (1.0, 1.28426009614491121, 0.468238212480865118, 0.0659881378689285515, 0.00378239633202758244,
                 7.29751555083966205e-5)  # fmt: skip
_DENSITY_AT_0 = 0.39894228040143267794


def normal_quantile(probability: np.ndarray) -> np.ndarray:
    """Return the standard normal number below which a share of all lies (Wichura 1988, algorithm AS 241).

    Parameters
    ----------
    probability : ndarray, any shape, dimensionless
        At 0 and 1 the result is infinite.

    Returns
    -------
    ndarray, shape of ``probability``, dimensionless
    """
    p = np.asarray(probability, dtype=float)
    q = p - 0.5
    with np.errstate(all="ignore"):
        central = 0.180625 - q * q
        middle = _horner(central, _CENTRE[0]) * q / _horner(central, _CENTRE[1])
        r = np.sqrt(-log(np.where(q <= 0.0, p, 1.0 - p)))
        near, far = r - 1.6, r - 5.0
        tail = np.where(
            r <= _TAIL_END,
            _horner(near, _TAIL[0]) / _horner(near, _TAIL[1]),
            _horner(far, _FAR[0]) / _horner(far, _FAR[1]),
        )
        tail = np.where(np.isinf(r), r, tail)
    quantile: np.ndarray = np.where(np.abs(q) <= _MIDDLE, middle, np.where(q < 0.0, -tail, tail))
    return quantile


def normal_probability(x: np.ndarray) -> np.ndarray:
    """Return the share of a standard normal distribution that lies below numbers (Cody 1969), to about 1e-15.

    Parameters
    ----------
    x : ndarray, any shape, dimensionless

    Returns
    -------
    ndarray, shape of ``x``, dimensionless
    """
    given = np.asarray(x, dtype=float)
    size = np.abs(given)
    with np.errstate(all="ignore"):
        square = size * size
        centre = 0.5 + given * (_horner(square, _INNER_TOP) / _horner(square, _INNER_BOTTOM))
        between = _horner(size, _BETWEEN_TOP) / _horner(size, _BETWEEN_BOTTOM)
        inverse = 1.0 / square
        rest = inverse * _horner(inverse, _OUTER_TOP) / _horner(inverse, _OUTER_BOTTOM)
        outside = np.where(size <= _OUTER, between, (_DENSITY_AT_0 - rest) / size)
        # exp(-x²/2) in two factors, so that the square is exact in the larger one
        whole = np.floor(size * 16.0) / 16.0
        outside = exp(-whole * whole * 0.5) * exp(-((size - whole) * (size + whole)) * 0.5) * outside
        outside = np.where(np.isinf(size), 0.0, outside)
    return np.where(size <= _INNER, centre, np.where(given > 0.0, 1.0 - outside, outside))


def _horner(x: np.ndarray, coefficients: tuple[float, ...]) -> np.ndarray:
    """Evaluate a polynomial, given with the coefficient of the highest power first."""
    total = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        total = total * x + coefficient
    return total
