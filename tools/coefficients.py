"""Regenerate every polynomial of src/fastact/vmath.h.

    python tools/coefficients.py            print the lines that vmath.h must contain
    python tools/coefficients.py --check    compare them with vmath.h; exit status 1 when one differs

Each fit is a Remez exchange in mpmath: the error, weighted so that it is relative to the final result, is levelled
between the two signs. Coefficients are then rounded to the working precision one at a time, from the constant term up,
and the rest is fitted again around what was rounded, so that rounding costs almost nothing.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import mpmath
import numpy as np
from mpmath import mp, mpf

mp.prec = 240

Function = Callable[[mpf], mpf]


class Fit(NamedTuple):
    """One line of vmath.h: a name, what is fitted, where, and how far."""

    name: str
    dtype: type
    function: Function  # what the polynomial approximates
    weight: Function  # what turns the error of the polynomial into a relative error of the result
    degree: int
    interval: tuple[mpf, mpf]
    fixed: tuple[float, ...] = ()  # leading coefficients that must be exact
    spare: tuple[int, ...] = ()  # bits that leading coefficients leave free, so that sums with them are exact


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
    """The minimax coefficients and the grid that they were found on."""
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
    """Round the coefficients from the constant term up; after each, the rest moves so as to mend what that did."""
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


# ---- what is fitted ------------------------------------------------------------------------------------------------

HALF_LN2 = mpmath.log(2) / 2 * mpf("1.001")  # a little more: the reduced argument may be rounded outwards


def expm1_remainder(r: mpf) -> mpf:
    """(e^r - 1 - r) / r^2, the polynomial behind every exponential."""
    return sum(r**k / mpmath.factorial(k + 2) for k in range(40))


def log1p_remainder(w: mpf) -> mpf:
    """(w - log(1 + w)) / w^2"""
    return (w - mpmath.log1p(w)) / (w * w) if abs(w) > mpf(10) ** -20 else mpf("0.5") - w / 3


def log1p_weight(w: mpf) -> mpf:
    """The remainder is multiplied by w^2 and taken from w > 0, or from log(2) + w where 1 + w is half of something."""
    return w * w / (mpmath.log1p(w) + (mpmath.log(2) if w < 0 else 0)) if w else mpf(0)


def mills(a: mpf) -> mpf:
    """Phi(-a) / exp(-a^2/2)."""
    return mpmath.erfc(a / mpmath.sqrt(2)) * mpmath.exp(a * a / 2) / 2


def mills_of_q(shift: mpf) -> Function:
    """(a + shift) Phi(-a) / exp(-a^2/2) as a function of q = (a - shift)/(a + shift), smooth from q = -1 to 1."""

    def function(q: mpf) -> mpf:
        if q > mpf(1) - mpf(10) ** -12:
            return 1 / mpmath.sqrt(2 * mpmath.pi)
        a = shift * (1 + q) / (1 - q)
        if a > 60:  # the asymptotic series, where exp(a^2/2) is too large to be comfortable
            terms = [(-1) ** k * mpmath.fac2(2 * k - 1) / a ** (2 * k) for k in range(18)]
            return (a + shift) / a * sum(terms) / mpmath.sqrt(2 * mpmath.pi)
        return (a + shift) * mills(a)

    return function


def fits() -> Iterator[Fit]:
    for dtype, suffix, degree in ((np.float32, "f", 4), (np.float64, "d", 9)):
        # weight: the remainder is multiplied by r^2 and added to r, and e^r = 1 + r + ... is what is used
        yield Fit(f"EXPM1_{suffix}", dtype, expm1_remainder, lambda r: r * r / mpmath.exp(r) + mpf(10) ** -40,
                  degree, (-HALF_LN2, HALF_LN2))  # fmt: skip
    for dtype, suffix, degree in ((np.float32, "f", 8), (np.float64, "d", 19)):
        yield Fit(f"LOG1P_{suffix}", dtype, log1p_remainder, log1p_weight, degree, (mpf("-0.25"), mpf("0.5")))
    for dtype, suffix, degree, shift, top, spare in (
        # shifts for which the first two coefficients are nearly numbers with bits to spare
        (np.float32, "f", 10, mpf("2.78125"), mpf(21), (1, 1)),
        (np.float64, "d", 23, mpf("4.96533203125"), mpf(56), (2, 1)),
    ):
        function = mills_of_q(shift)
        yield Fit(f"MILLS_{suffix}", dtype, function, lambda q, f=function: 1 / f(q),
                  degree, (mpf(-1), (top - shift) / (top + shift)), spare=spare)  # fmt: skip


def lines(only: str = "") -> Iterator[tuple[str, str]]:
    """The #define of each fit, and a comment that says what was fitted."""
    for fit in fits():
        if only not in fit.name:
            continue
        values, largest = coefficients(fit)
        texts = [literal(c, fit.dtype) for c in values]
        low, high = (mpmath.nstr(x, 6) for x in fit.interval)
        comment = f"/* degree {fit.degree} on [{low}, {high}], error 2^{mpmath.nstr(mpmath.log(largest, 2), 4)} */"
        yield f"#define {fit.name} {', '.join(texts)}", comment


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with vmath.h instead of printing")
    parser.add_argument("--only", default="", help="only the fits whose name contains this")
    options = parser.parse_args()
    header = Path(__file__).resolve().parent.parent / "src" / "fastact" / "vmath.h"
    source = " ".join(header.read_text().replace("\\\n", " ").split()) if options.check else ""
    differing = 0
    for define, comment in lines(options.only):
        if not options.check:
            print(comment, define, sep="\n")
        elif " ".join(define.split()) not in source or comment not in source:
            differing += 1
            print("not in vmath.h:", comment, define, sep="\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
