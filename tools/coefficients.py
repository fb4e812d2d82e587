"""Regenerate every polynomial and every rounded number of src/fastact/kernels/vmath*.h, and check the thresholds.

    python tools/coefficients.py            print the lines that vmath.h must contain
    python tools/coefficients.py --check    compare them with vmath.h, and check the conditions on its thresholds, which
                                            are round numbers chosen by hand; exit status 1 when something is wrong

Each fit is a Remez exchange in mpmath, of the error relative to the final result. Coefficients are then rounded to the
working precision one at a time, from the constant term up. After each, the others are fitted again, so that rounding
costs almost nothing.
"""

import argparse
import math
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import mpmath
import numpy as np
from mpmath import exp, mp, mpf

mp.prec = 240

Function = Callable[[mpf], mpf]


class Fit(NamedTuple):
    """One polynomial of vmath.h: its name, function, interval and degree."""

    name: str
    dtype: type
    function: Function  # approximated by the polynomial
    weight: Function  # factor from the error of the polynomial to the relative error of the result
    degree: int
    interval: tuple[mpf, mpf]
    fixed: tuple[float, ...] = ()  # leading coefficients that must be exact
    spare: tuple[int, ...] = ()  # low bits of leading coefficients that are zero, so that sums with them are exact


def chebyshev(low: mpf, high: mpf, count: int) -> list[mpf]:
    return [(low + high) / 2 - (high - low) / 2 * mpmath.cos(mpmath.pi * i / mpf(count - 1)) for i in range(count)]


def alternating(errors: list[mpf], count: int) -> list[int]:
    """Indices of `count` extrema of alternating sign, the largest of each run; fewer where the error has fewer."""
    picked = [0]
    for i in range(1, len(errors)):
        if errors[i] * errors[picked[-1]] < 0:
            picked.append(i)
        elif abs(errors[i]) > abs(errors[picked[-1]]):
            picked[-1] = i
    while len(picked) > count:
        picked.pop(0 if abs(errors[picked[0]]) < abs(errors[picked[-1]]) else -1)
    return picked


def polynomial(fit: Fit) -> tuple[list[mpf], list[mpf]]:
    """The minimax coefficients, and the grid of the fit."""
    known = [mpf(c) for c in fit.fixed]
    first, free = len(known), fit.degree + 1 - len(known)
    grid = chebyshev(*fit.interval, 40 * (fit.degree + 2))
    target = [fit.function(x) - (mpmath.polyval(known[::-1], x) if known else 0) for x in grid]
    weight = [fit.weight(x) for x in grid]
    at = [min(range(len(grid)), key=lambda j, c=c: abs(grid[j] - c)) for c in chebyshev(*fit.interval, free + 1)]
    best: tuple[list[mpf], mpf] | None = None
    for _ in range(25):
        matrix, right = mp.zeros(free + 1), mp.zeros(free + 1, 1)
        for row, i in enumerate(at):
            for column in range(free):
                matrix[row, column] = weight[i] * grid[i] ** (first + column)
            matrix[row, free], right[row] = (-1) ** row, weight[i] * target[i]
        solved = list(mpmath.lu_solve(matrix, right))
        errors = [
            w * (x**first * mpmath.polyval(solved[free - 1 :: -1], x) - t)
            for x, w, t in zip(grid, weight, target, strict=True)
        ]
        largest = max(map(abs, errors))
        if best is None or largest < best[1]:
            best = solved[:free], largest
        at = alternating(errors, free + 1)
        if len(at) < free + 1 or largest < abs(solved[free]) * mpf("1.001"):
            break
    assert best is not None
    return known + best[0], grid


def round_one_by_one(fit: Fit, ideal: list[mpf], grid: list[mpf]) -> list[mpf]:
    """Round the coefficients from the constant term up; after each, adjust the others to compensate."""
    values = list(ideal)
    weight = [fit.weight(x) for x in grid]
    for i in range(len(fit.fixed), len(values)):
        exact = values[i]
        values[i] = rounded(exact, fit.dtype, fit.spare[i] if i < len(fit.spare) else 0)
        rest = len(values) - i - 1
        if not rest:
            break
        # least squares: weight x^i ((values[i] - exact) + sum of moves x^k) -> 0
        basis = [[w * x ** (i + k) for w, x in zip(weight, grid, strict=True)] for k in range(rest + 1)]
        matrix, right = mp.zeros(rest), mp.zeros(rest, 1)
        for row in range(rest):
            for column in range(rest):
                matrix[row, column] = mpmath.fdot(basis[row + 1], basis[column + 1])
            right[row] = -(values[i] - exact) * mpmath.fdot(basis[row + 1], basis[0])
        for k, move in enumerate(mpmath.lu_solve(matrix, right)):
            values[i + 1 + k] += move
    return values


def rounded(value: mpf, dtype: type, spare: int = 0) -> mpf:
    digits = np.finfo(dtype).nmant + 1 - spare
    with mp.workprec(digits):
        return +value


def coefficients(fit: Fit) -> tuple[list[mpf], mpf]:
    """The rounded coefficients and the largest weighted error with them."""
    known = round_one_by_one(fit, *polynomial(fit))
    grid = chebyshev(*fit.interval, 40 * (fit.degree + 2))
    largest = max(abs(fit.weight(x) * (mpmath.polyval(known[::-1], x) - fit.function(x))) for x in grid)
    return known, largest


def literal(value: mpf, dtype: type) -> str:
    """The shortest C hexadecimal literal."""
    mantissa, exponent = float(value).hex().split("p")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}p{exponent}" + ("f" if dtype is np.float32 else "")


# ---- fitted functions ------------------------------------------------------------------------------------------------

HALF_LN2 = mpmath.log(2) / 2 * mpf("1.001")  # a little more, because the reduced argument may be rounded outwards


def expm1_remainder(r: mpf) -> mpf:
    """(e^r - 1 - r) / r^2, the polynomial behind every exponential."""
    return sum(r**k / mpmath.factorial(k + 2) for k in range(40))


def log1p_remainder(w: mpf) -> mpf:
    """(w - log(1 + w)) / w^2"""
    return (w - mpmath.log1p(w)) / (w * w) if abs(w) > mpf(10) ** -20 else mpf("0.5") - w / 3


def log1p_weight(w: mpf) -> mpf:
    """The remainder is multiplied by w^2 and taken from w > 0, or from log(2) + w where 1 + w is half of something."""
    return w * w / (mpmath.log1p(w) + (mpmath.log(2) if w < 0 else 0)) if w else mpf(0)


def tanh_shrink(s: mpf) -> mpf:
    """(x - tanh(x)) / x^3 of s = x^2."""
    x = mpmath.sqrt(s)
    return (x - mpmath.tanh(x)) / x**3 if s > mpf(10) ** -16 else mpf(1) / 3 - 2 * s / 15


def softplus_centre(s: mpf) -> mpf:
    """(log(1 + e^x) - log(2) - x/2) / x^2 of s = x^2."""
    if s < mpf(10) ** -30:
        return mpf(1) / 8 - s / 192
    x = mpmath.sqrt(s)
    return (mpmath.log1p(exp(x)) - mpmath.log(2) - x / 2) / s


def normal_centre(s: mpf) -> mpf:
    """(Phi(x) - 1/2) / x of s = x^2/2."""
    x = mpmath.sqrt(2 * s)
    return mpmath.erf(x / mpmath.sqrt(2)) / 2 / x if x else 1 / mpmath.sqrt(2 * mpmath.pi)


def mills(a: mpf) -> mpf:
    """Phi(-a) / exp(-a^2/2)."""
    return mpmath.erfc(a / mpmath.sqrt(2)) * mpmath.exp(a * a / 2) / 2


def mills_of_q(shift: mpf) -> Function:
    """(a + shift) Phi(-a) / exp(-a^2/2) as a function of q = (a - shift)/(a + shift), smooth from q = -1 to 1."""

    def function(q: mpf) -> mpf:
        if q > mpf(1) - mpf(10) ** -12:
            return 1 / mpmath.sqrt(2 * mpmath.pi)
        a = shift * (1 + q) / (1 - q)
        if a > 60:  # the asymptotic series, where exp(a^2/2) is very large
            terms = [(-1) ** k * mpmath.fac2(2 * k - 1) / a ** (2 * k) for k in range(18)]
            return (a + shift) / a * sum(terms) / mpmath.sqrt(2 * mpmath.pi)
        return (a + shift) * mills(a)

    return function


def gelu_tail_of_q(shift: mpf, origin: mpf) -> Function:
    """a Phi(-a) / exp(-a^2/2) as a function of q = 2a/(a + shift) - origin."""

    def function(q: mpf) -> mpf:
        w = (q + origin) / 2
        a = shift * w / (1 - w)
        return a * mills(a)

    return function


GELU_ROOT = mpmath.findroot(lambda a: mills(a) - a / mpmath.sqrt(2 * mpmath.pi), mpf("0.75"))


def slope_of_q(shift: mpf) -> Function:
    """(Phi(-a) e^(a^2/2) - a/sqrt(2 pi))/(GELU_ROOT - a), the derivative of gelu without its zero, of the same q."""

    def function(q: mpf) -> mpf:
        near = min(q, mpf(1) - mpf(10) ** -12)
        a = shift * (1 + near) / (1 - near)
        if abs(a - GELU_ROOT) < mpf(10) ** -25:
            a += mpf(10) ** -20
        return (mills_of_q(shift)(near) / (a + shift) - a / mpmath.sqrt(2 * mpmath.pi)) / (GELU_ROOT - a)

    return function


def even(s: mpf) -> mpf:
    """r/2 coth(r/2) of s = r^2. With this as E, e^r is (E + r/2)/(E - r/2)."""
    r = mpmath.sqrt(s)
    return r / 2 * mpmath.coth(r / 2) if s > mpf(10) ** -20 else 1 + s / 12


def even_weight(s: mpf) -> mpf:
    return mpmath.sqrt(s) / (even(s) ** 2 - s / 4)


def atanh_ratio(q: mpf) -> mpf:
    """2 atanh(t/2)/t of q = t^2."""
    t = mpmath.sqrt(q)
    return 2 * mpmath.atanh(t / 2) / t if q > mpf(10) ** -20 else 1 + q / 12


def fits() -> Iterator[Fit]:
    for name, degree in (("EXPM1_f", 4), ("EXPM1_d", 9), ("EXPM1_WIDE_d", 4)):
        # weight: the remainder is multiplied by r^2 and added to r, and e^r = 1 + r + ... is used
        dtype = np.float32 if name.endswith("f") else np.float64
        yield Fit(name, dtype, expm1_remainder, lambda r: r * r / mpmath.exp(r) + mpf(10) ** -40,
                  degree, (-HALF_LN2, HALF_LN2))  # fmt: skip
    for dtype, suffix, degree in ((np.float32, "f", 4), (np.float64, "d", 9)):
        # e^(r/G) with r in units of G, in which the exponent of gelu_tanh has short coefficients
        g = CUBIC_UNITS[dtype]
        yield Fit(f"CUBIC_EXPM1_{suffix}", dtype, lambda r, g=g: expm1_remainder(r / g) / g**2,
                  lambda r, g=g: r * r / exp(r / g) + mpf(10) ** -40,
                  degree, (-HALF_LN2 * g, HALF_LN2 * g))  # fmt: skip
    edge = mpf("0.875")
    for dtype, suffix, degree, near in ((np.float32, "f", 5, 3), (np.float64, "d", 13, 8)):
        yield Fit(f"SOFTPLUS_{suffix}", dtype, log1p_remainder, lambda u: u * u / mpmath.log1p(u) if u else mpf(0),
                  degree, (mpf(0), exp(-edge)))  # fmt: skip
        yield Fit(f"SOFTPLUS_NEAR_{suffix}", dtype, softplus_centre,
                  lambda s: s / mpmath.log1p(exp(-mpmath.sqrt(s))), near, (mpf(0), edge**2))  # fmt: skip
    for dtype, suffix, degree in ((np.float32, "f", 8), (np.float64, "d", 19)):
        yield Fit(f"LOG1P_{suffix}", dtype, log1p_remainder, log1p_weight, degree, (mpf("-0.25"), mpf("0.5")))
    for dtype, suffix, degree in ((np.float32, "f", 7), (np.float64, "d", 15)):
        yield Fit(f"TANH_SHRINK_{suffix}", dtype, tanh_shrink, lambda s: 1 / tanh_shrink(s), degree, (mpf(0), mpf(1)))
    for dtype, suffix, degree, shift, top, spare in (
        # with these shifts, the first two coefficients are nearly numbers with zeros in their last bits
        (np.float32, "f", 10, mpf("2.78125"), mpf(21), (1, 1)),
        (np.float64, "d", 23, mpf("4.96533203125"), mpf(56), (2, 1)),
    ):
        function = mills_of_q(shift)
        yield Fit(f"MILLS_{suffix}", dtype, function, lambda q, f=function: 1 / f(q),
                  degree, (mpf(-1), (top - shift) / (top + shift)), spare=spare)  # fmt: skip
    for dtype, suffix, degree, shift, origin, edge, top, near in (
        # with these numbers, the constant term is nearly a float or a double
        (np.float32, "f", 7, mpf("2.390625"), mpf(1), mpf("0.9375"), mpf("13.1"), 4),
        (np.float64, "d", 21, mpf("5"), mpf("0.7958984375"), mpf("0.875"), mpf("37.6"), 9),
    ):
        function = gelu_tail_of_q(shift, origin)
        low, high = (2 * a / (a + shift) - origin for a in (edge, top))
        yield Fit(f"GELU_{suffix}", dtype, function, lambda q, f=function: 1 / f(q), degree, (low, high))
        yield Fit(f"GELU_NEAR_{suffix}", dtype, normal_centre,
                  lambda s: mpmath.sqrt(2 * s) / (mpmath.erfc(mpmath.sqrt(s)) / 2) + mpf(10) ** -30,
                  near, (mpf(0), edge**2 / 2))  # fmt: skip
    for dtype, suffix, degree, shift, top in (
        (np.float32, "f", 9, mpf("2.5"), mpf(15)),
        (np.float64, "d", 20, mpf("5.11328125"), mpf("39.5")),
    ):
        function = slope_of_q(shift)
        yield Fit(f"GELU_SLOPE_{suffix}", dtype, function, lambda q, f=function: 1 / f(q),
                  degree, (mpf(-1), (top - shift) / (top + shift)))  # fmt: skip
    # for fastact.fast; from a little above 0, where the weight is 0
    ends, unit = (HALF_LN2**2 / 1000, HALF_LN2**2), mpmath.log(2)
    yield Fit("EXP_EVEN_f", np.float32, even, even_weight, 2, ends)
    yield Fit("EXP_TWICE_f", np.float32, lambda s: even(4 * s), lambda s: even_weight(4 * s), 2,
              (ends[0] / 4, ends[1] / 4))  # fmt: skip
    yield Fit("EXP2_EVEN_f", np.float32, lambda s: even(s * unit**2) / unit, lambda s: even_weight(s * unit**2) * unit,
              2, (ends[0] / unit**2, ends[1] / unit**2))  # fmt: skip
    yield Fit("ATANH_f", np.float32, atanh_ratio, lambda q: 1 / atanh_ratio(q), 4, (mpf(0), mpf(4) / 9), fixed=(1.0,))


class Quotient(NamedTuple):
    """A function of N/D, where N = x NAME_N(x^2) and D = x^(2n) + NAME_D(x^2).

    Its coefficients were found by a search of the neighbours of a fit, which no program repeats. Their error is
    computed from what vmath_fast.h has.
    """

    name: str
    value: Callable[[mpf, mpf], mpf]  # of N and D
    function: Function
    weight: Function
    top: str  # beyond, the function is that of this x

    def error(self, v: SimpleNamespace) -> mpf:
        n, d, top = getattr(v, f"{self.name}_N"), getattr(v, f"{self.name}_D"), getattr(v, self.top)

        def off(x: mpf) -> mpf:
            s = x * x
            got = self.value(x * mpmath.polyval(n[::-1], s), mpmath.polyval([1, *d[::-1]], s))
            return abs(self.weight(x) * (got - self.function(x)))

        return max(off(x) for x in chebyshev(-top, top, 40 * (len(n) + len(d))))


def phi(x: mpf) -> mpf:
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def share(n: mpf, d: mpf) -> mpf:
    return (d + n) ** 2 / ((d + n) ** 2 + (d - n) ** 2)


QUOTIENTS = (
    Quotient("TANH", lambda n, d: 2 * n * d / (n * n + d * d), mpmath.tanh, lambda x: 1 / mpmath.tanh(x), "TANH_TOP"),
    Quotient("GELU", share, phi, lambda x: mpf(1), "GELU_TOP"),
    Quotient("PHI", share, phi, lambda x: mpf(1), "PHI_TOP"),
    Quotient("SLOPE", lambda n, d: n / d + mpf(1) / 2, lambda x: phi(x) + x * bell(x) / mpmath.sqrt(2 * mpmath.pi),
             lambda x: mpf(1), "SLOPE_TOP"),
)  # fmt: skip


# ---- rounded numbers -----------------------------------------------------------------------------------------------


class Constant(NamedTuple):
    """A constant of vmath.h, or the two numbers whose sum it is."""

    names: tuple[str, ...]
    value: mpf
    spare: tuple[int, int] = (0, 0)  # low bits of the first that are zero, of float's 24 and of double's 53
    types: str = "fd"  # suffixes of the types that need it


A = 2 * mpmath.sqrt(2 / mpmath.pi)


def cubic(x: mpf) -> mpf:
    """The exponent of gelu_tanh."""
    return A * (x + mpf("0.044715") * x**3)


# Units G in which the exponent of gelu_tanh has a short coefficient of x; that of x^3, G log(2)
# and, for float32, 1/G are nearly numbers.
CUBIC_UNITS = {
    np.float32: mpf(float.fromhex("0x1.841ep+0")) / A,
    np.float64: mpf(float.fromhex("0x1.05ffdf23e14p+0")) / A,
}
CUBIC_ROOT = cubic(mpmath.findroot(lambda a: 1 + exp(-cubic(a)) - a * mpmath.diff(cubic, a), mpf("0.75")))
CONSTANTS = (
    Constant(("LOG2E",), 1 / mpmath.log(2)),
    Constant(("LN2",), mpmath.log(2)),
    # 15 and 42 bits (up to 18 and 43 are the same numbers), so that n LN2_HI is exact
    Constant(("LN2_HI", "LN2_LO"), mpmath.log(2), (9, 11)),
    # 19 and 46 bits: multiples of 2^-18 and 2^-45, like the numbers that GRID rounds to
    Constant(("A_HI", "A_LO"), A, (5, 7)),
    # all bits: RESIDUAL splits the products with these
    Constant(("B_HI", "B_LO"), A * mpf("0.044715")),
    Constant(("QUICK_HI", "QUICK_LO"), mpf("1.702")),
    Constant(("RSQRT_2PI", "RSQRT_2PI_LO"), 1 / mpmath.sqrt(2 * mpmath.pi)),
    Constant(("GELU_ROOT", "GELU_ROOT_LO"), GELU_ROOT),
    Constant(("SILU_ROOT", "SILU_ROOT_LO"), mpmath.findroot(lambda a: 1 + exp(-a) - a, mpf("1.28")), types="d"),
    *(
        Constant((name,), value(unit), types=suffix)
        for unit, suffix in zip(CUBIC_UNITS.values(), "fd", strict=True)
        for name, value in (
            ("CUBIC_A", lambda unit: A * unit),
            ("CUBIC_B", lambda unit: A * mpf("0.044715") * unit),
            ("CUBIC_LN2", lambda unit: mpmath.log(2) * unit),
            ("CUBIC_LOG2E", lambda unit: 1 / mpmath.log(2) / unit),
            ("CUBIC_RATE", lambda unit: 1 / unit),
        )
    ),
    Constant(("CUBIC_ROOT",), CUBIC_ROOT, types="d"),
    Constant(("CUBIC_BELL",), exp(-CUBIC_ROOT), types="d"),
    Constant(("FAST_LN2", "FAST_LN2_LO"), mpmath.log(2), types="f"),
    Constant(("FAST_CUBIC_A",), A, types="f"),
    Constant(("FAST_CUBIC_B",), A * mpf("0.044715"), types="f"),
    Constant(("FAST_CUBIC_A2",), A / mpmath.log(2), types="f"),
    Constant(("FAST_CUBIC_B2",), A / mpmath.log(2) * mpf("0.044715"), types="f"),
    Constant(("QUICK",), mpf("1.702"), types="f"),
)


def lines(only: str = "") -> Iterator[tuple[str, str, str]]:
    """The name and text of each #define, and a comment that says what was fitted."""
    for fit in fits():
        if only not in fit.name:
            continue
        values, largest = coefficients(fit)
        low, high = (mpmath.nstr(x, 6) for x in fit.interval)
        comment = f"/* degree {fit.degree} on [{low}, {high}], error 2^{mpmath.nstr(mpmath.log(largest, 2), 4)} */"
        yield fit.name, ", ".join(literal(c, fit.dtype) for c in values), comment
    for constant in CONSTANTS:
        for dtype, suffix, spare in zip((np.float32, np.float64), "fd", constant.spare, strict=True):
            rest = constant.value
            for name in constant.names if suffix in constant.types else ():
                part = rounded(rest, dtype, spare if name == constant.names[0] else 0)
                rest -= part
                if only in name:
                    yield f"{name}_{suffix}", literal(part, dtype), ""


# ---- thresholds ----------------------------------------------------------------------------------------------------


def bell(x: mpf) -> mpf:
    return exp(-x * x / 2)


def power(x: mpf) -> int:
    """The n of e^x = 2^n (1 + t)."""
    return int(mpmath.nint(x / mpmath.log(2)))


def mills_error(v: SimpleNamespace, a: mpf) -> mpf:
    q = (a - v.MILLS_SHIFT) / (a + v.MILLS_SHIFT)
    return abs(mpmath.polyval(v.MILLS[::-1], q) / mills_of_q(v.MILLS_SHIFT)(q) - 1)


def slope_error(v: SimpleNamespace, a: mpf) -> mpf:
    q = (a - v.GELU_SHIFT) / (a + v.GELU_SHIFT)
    return abs(mpmath.polyval(v.GELU_SLOPE[::-1], q) / slope_of_q(v.GELU_SHIFT)(q) - 1)


def gelu_error(v: SimpleNamespace, a: mpf) -> mpf:
    q = 2 * a / (a + v.GELU_CENTRE) - getattr(v, "GELU_ORIGIN", 1)
    return abs(mpmath.polyval(v.GELU[::-1], q) / (a * mills(a)) - 1)


def softplus_error(v: SimpleNamespace, u: mpf) -> mpf:
    return abs((u - u * u * mpmath.polyval(v.SOFTPLUS[::-1], u)) / mpmath.log1p(u) - 1)


def conditions(v: SimpleNamespace) -> Iterator[tuple[str, str, bool]]:
    """For each threshold: a condition in words, and whether the numbers of one type satisfy it.

    A number vanishes when it is below half the smallest subnormal. A power that is carried by STEP1, or by both steps,
    is divided by them; where it is normal then, its inverse, a denominator of the logistic function, is a number too.
    """
    half, both, nothing = v.normal / 2**v.bits, v.STEP1 * v.STEP2, mpf(2) ** (-v.bits - 2)
    near, far, deep = bell(v.NORMAL_NEAR), bell(v.NORMAL_FAR), bell(v.NORMAL_DEEP)
    most = power(max(v.DEEP, v.NORMAL_DEEP**2 / 2))  # the largest |n|
    top = v.B_HI * v.CUBIC_CUT**2

    def ulp(x: mpf) -> mpf:
        return mpf(2) ** (math.frexp(x)[1] - v.bits)

    yield "SHIFT1 STEP1", "STEP1 is 2^-SHIFT1, and normal", v.STEP1 == mpf(2) ** -v.SHIFT1 >= v.normal
    yield "SHIFT2 STEP2", "STEP2 is 2^-SHIFT2, and normal", v.STEP2 == mpf(2) ** -v.SHIFT2 >= v.normal
    yield "LN2_HI", "its product with any n is exact", v.LN2_HI.man * most < 2**v.bits
    yield "MAGIC", "the ulp of MAGIC + n is 1", ulp(v.MAGIC - most) == ulp(v.MAGIC + most) == 1
    yield "MAGIC", "as many low bits as sign and exponent have are 0", v.MAGIC % 2 ** (v.exponent_bits + 1) == 0
    yield "LEFT", "1 + 2^n is a number for the n of e^LEFT", power(v.LEFT) < v.bits
    yield "NEAR", "e^-NEAR is normal", exp(-v.NEAR) >= v.normal
    yield "FAR", "e^-FAR is normal, carried by STEP1", exp(-v.FAR) >= v.STEP1 * v.normal
    # A number that is multiplied by STEP1 (and STEP2) first may be rounded as a subnormal. This bounds that error.
    yield "NEAR", "NEAR e^-NEAR, carried by STEP1, is below 2^-8", v.NEAR * exp(-v.NEAR) < v.STEP1 / 256
    yield "FAR", "FAR e^-FAR, carried by both, is below 2^-8", v.FAR * exp(-v.FAR) < both / 256
    # The 1 of 1 + e^x is carried by STEP1 alone.
    yield "FAR", "1/STEP2 is negligible beside e^FAR", exp(-v.FAR) < nothing * v.STEP2
    # A slope is at most v e^-CUT, |v| <= 4 CUT.
    yield "CUT", "4 CUT e^-CUT vanishes", 4 * v.CUT * exp(-v.CUT) < half
    yield "CUT", "e^-CUT is normal, carried by STEP1", exp(-v.CUT) >= v.STEP1 * v.normal
    yield "DEEP", "e^-DEEP times the largest number vanishes", exp(-v.DEEP) * v.largest < half
    # A gate of -DEEP multiplies that again.
    yield "DEEP", "that times DEEP vanishes", v.DEEP * exp(-v.DEEP) * v.largest < half
    yield "DEEP", "e^-DEEP is normal, carried by both", exp(-v.DEEP) >= both * v.normal
    yield "TOP", "1/(1 + e^-TOP) rounds to 1", 2 * exp(-v.TOP) < mpf(2) ** -v.bits
    yield "TOP", "e^-TOP is normal, multiplied by STEP1", exp(-v.TOP) * v.STEP1 >= v.normal
    # a b: above LARGE a is multiplied by STEP1 first; b is of any size, but at most DEEP where a b may not overflow.
    yield "LARGE", "LARGE DEEP does not overflow", v.largest >= v.LARGE * v.DEEP
    yield "LARGE", "LARGE STEP1 times the smallest subnormal is normal", 2 * half * v.LARGE * v.STEP1 >= v.normal
    yield "TINY", "x Phi(x) is x/2 below TINY", nothing > v.TINY
    yield "TINY", "TINY less two mantissas is normal", v.TINY / 4**v.bits >= v.normal
    yield "CUBIC_CUT", "x (A + B x^2) passes DEEP", v.CUBIC_CUT * (v.A_HI + top) >= v.DEEP
    yield "GRID", "GRID + B x^2 has the ulp of GRID", ulp(v.GRID) == ulp(v.GRID + top)
    yield "GRID", "A_HI is a multiple of that", v.A_HI % ulp(v.GRID) == 0
    yield "GRID", "A_HI + B x^2, as rounded to it, is exact", ulp(v.A_HI + top) <= ulp(v.GRID)
    error = max(mills_error(v, mpf(0)), mills_error(v, v.NORMAL_DEEP))
    yield "MILLS_SHIFT", "MILLS was fitted with it, up to NORMAL_DEEP", error < nothing
    error = max(slope_error(v, mpf(0)), slope_error(v, v.NORMAL_CUT))
    yield "GELU_SHIFT", "GELU_SLOPE was fitted with it, up to NORMAL_CUT", error < nothing
    error = max(gelu_error(v, v.GELU_EDGE), gelu_error(v, v.NORMAL_CUT * mpf("0.85")))
    yield "GELU_CENTRE GELU_ORIGIN GELU_EDGE", "GELU was fitted with them", error < mpf(2) ** -v.bits
    yield "SOFTPLUS_EDGE", "SOFTPLUS was fitted with it", softplus_error(v, exp(-v.SOFTPLUS_EDGE)) < mpf(2) ** -v.bits
    yield "CUBIC_TOP", "1/(1 + e^-y) rounds to 1 there", 2 * exp(-cubic(v.CUBIC_TOP)) < mpf(2) ** -v.bits
    yield "CUBIC_LEFT", "x/(1 + e^-y) is normal there", exp(-cubic(v.CUBIC_LEFT)) > v.normal * mpf(2) ** v.bits
    yield "CUBIC_FAR", "x/(1 + e^-y) vanishes there", v.CUBIC_FAR * exp(-cubic(v.CUBIC_FAR)) < half
    yield "CUBIC_FAR", "e^-y, multiplied by STEP1, is a number", exp(cubic(v.CUBIC_FAR)) * v.STEP1 < v.largest
    yield "MILLS_SHIFT", "(a + SHIFT) - SHIFT is exact", v.MILLS_SHIFT % ulp(v.NORMAL_DEEP + v.MILLS_SHIFT) == 0
    # A sum is farthest from its first coefficient at q = -1, where MILLS(q) is SHIFT/2.
    second = v.MILLS[0] - v.MILLS_SHIFT / 2
    yield "MILLS_SHIFT", "MILLS_0 has bits to spare for MILLS_0 - first", v.MILLS[0] % ulp(second) == 0
    yield "MILLS_SHIFT", "MILLS_1 has bits to spare for MILLS_1 - second", v.MILLS[1] % ulp(second - v.MILLS[1]) == 0
    yield "NORMAL_CUT", "x^2 e^(-x^2/2) vanishes", v.NORMAL_CUT**2 * bell(v.NORMAL_CUT) < half
    yield "NORMAL_CUT", "e^(-x^2/2) is normal, carried by STEP1", bell(v.NORMAL_CUT) >= v.STEP1 * v.normal
    yield "NORMAL_NEAR", "e^(-x^2/2) is normal", near >= v.normal
    yield "NORMAL_NEAR", "x e^(-x^2/2), carried by STEP1, is below 1", v.NORMAL_NEAR * near < v.STEP1
    yield "NORMAL_FAR", "e^(-x^2/2) is normal, carried by STEP1", far >= v.STEP1 * v.normal
    yield "NORMAL_FAR", "x e^(-x^2/2), carried by both, is below 1", v.NORMAL_FAR * far < both
    # The difference from x > 0 is carried by both steps, and only STEP1 is undone.
    yield "NORMAL_FAR", "e^(-x^2/2), carried by STEP2, is negligible beside 1", far < nothing * v.STEP2
    yield "NORMAL_DEEP", "e^(-x^2/2) times the largest number vanishes", deep * v.largest < half
    yield "NORMAL_DEEP", "e^(-x^2/2) is normal, carried by both", deep >= both * v.normal


def fast_conditions(v: SimpleNamespace) -> Iterator[tuple[str, str, bool]]:
    """The same for the thresholds of vmath_fast.h. 2^-n is made of n + 127: it is 0 for n = 127, infinity for -128."""
    half = mpf(2) ** -v.bits / 2

    def reaches(cut: mpf, top: mpf, exponent: Function) -> bool:
        return power(exponent(cut)) == 128 and power(exponent(-top)) == -127

    yield "FAST_MAGIC", "it is MAGIC + 127", v.FAST_MAGIC == v.MAGIC + 127
    yield "FAST_CUT FAST_TOP", "e^CUT becomes infinity, e^-TOP becomes 0", reaches(v.FAST_CUT, v.FAST_TOP, lambda x: x)
    yield "QUICK_CUT QUICK_TOP", "so do those of 1.702 x", reaches(v.QUICK_CUT, v.QUICK_TOP, lambda x: v.QUICK * x)
    yield (
        "FAST_CUBIC_CUT FAST_CUBIC_TOP",
        "so do those of the cubic",
        reaches(v.FAST_CUBIC_CUT, v.FAST_CUBIC_TOP, cubic),
    )
    yield "SECH_TOP", "2^(n + 2) of e^(-2 TOP) becomes 0", power(-2 * v.SECH_TOP) + 2 == -127
    yield "MISH_TOP", "2/(e^TOP (e^TOP + 2)) vanishes beside 1", 2 * exp(-2 * v.MISH_TOP) < half
    yield "TANH_TOP", "tanh(TOP) rounds to 1", 1 - mpmath.tanh(v.TANH_TOP) < 2 * half
    yield "GELU_TOP", "Phi(-TOP) is below 2^-28", phi(-v.GELU_TOP) < mpf(2) ** -28
    yield "PHI_TOP", "so is that", phi(-v.PHI_TOP) < mpf(2) ** -28
    yield (
        "SLOPE_TOP",
        "x phi(x) is below 2^-23 at TOP",
        v.SLOPE_TOP * bell(v.SLOPE_TOP) / mpmath.sqrt(2 * mpmath.pi) < mpf(2) ** -23,
    )


def defines(source: str) -> dict[str, str]:
    """The text of each #define NAME_f and NAME_d, and of MAGIC's two."""
    found = re.findall(r"^#define (\w+_[fd]) +(.*)", source, re.MULTILINE)
    found += zip(("MAGIC_f", "MAGIC_d"), re.findall(r"^#define MAGIC +(.*)", source, re.MULTILINE), strict=True)
    return {name: " ".join(text.split()) for name, text in found}


def numbers(header: dict[str, str], suffix: str) -> SimpleNamespace:
    """The constants of one type, for the conditions."""
    info = np.finfo(np.float32 if suffix == "f" else np.float64)
    v = SimpleNamespace(bits=info.nmant + 1, exponent_bits=info.nexp, largest=mpf(float(info.max)))
    v.normal = mpf(2) ** int(info.minexp)
    for name, text in header.items():
        if name.endswith(suffix):
            parts = [c.strip().removesuffix("f") for c in text.split(",")]
            values = [mpf(float.fromhex(c) if "x" in c else float(c)) for c in parts]
            setattr(v, name[:-2], values if len(values) > 1 else values[0])
    return v


def complaints(source: str, only: str) -> Iterator[str]:
    flat = " ".join(source.split())
    bare = re.sub(r"/\*.*?\*/", "", source.replace("\\\n", " "), flags=re.DOTALL)
    header = defines(bare)
    for name, text, comment in lines(only):
        if header.get(name) != text or comment not in flat:
            yield f"not in vmath.h: {comment}\n#define {name} {text}"
    known = {fit.name[:-2] for fit in fits()} | {name for constant in CONSTANTS for name in constant.names}
    known |= {f"{quotient.name}_{part}" for quotient in QUOTIENTS for part in "ND"}
    single = numbers(header, "f")
    for quotient in QUOTIENTS:
        comment = f"/* error 2^{mpmath.nstr(mpmath.log(quotient.error(single), 2), 4)} up to {quotient.top} */"
        if only in quotient.name and f"{comment} #define {quotient.name}_N" not in flat:
            yield f"not before {quotient.name}_N_f: {comment}"
    for suffix in "fd":
        v = numbers(header, suffix)
        for names, words, holds in (*conditions(v), *(fast_conditions(v) if suffix == "f" else ())):
            known.update(names.split())
            if not holds:
                yield f"does not hold for {names}, _{suffix}: {words}"
    for name in sorted({name[:-2] for name in header}):
        if name not in known:
            yield f"{name} is neither made here nor bounded by a condition"
        if not re.search(rf"(?<!#define )\b{name}(?:_[fd])?\b", bare):
            yield f"nothing uses {name}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with vmath.h instead of printing")
    parser.add_argument("--only", default="", help="only the lines whose name contains this")
    options = parser.parse_args()
    if options.check:
        sources = sorted((Path(__file__).resolve().parent.parent / "src" / "fastact" / "kernels").glob("vmath*.h"))
        wrong = list(complaints("".join(file.read_text() for file in sources), options.only))
        for text in wrong:
            print(text)
        return 1 if wrong else 0
    for name, text, comment in lines(options.only):
        print(comment + "\n" * bool(comment) + f"#define {name} {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
