"""The catalogue's formulas in C, in double, long double and quadruple precision: the reference of tools/exhaustive.py.

A walk over the syntax tree of a formula translates and differentiates it. A C compiler (`CC`, else cc) makes a library
of it in build/exhaustive/. Nothing of fastact's arithmetic is used.
"""

import ast
import ctypes
import hashlib
import os
import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import mpmath
import numpy as np

BUILD = Path(__file__).resolve().parent.parent / "build" / "exhaustive"
PRECISIONS = ("double", "long double", "__float128")

# Value and derivative of each function, where u is its argument and v its value. Formulas that are useless where an
# exponential overflows, or where two terms cancel, are functions of their own.
WORDS = {
    "exp": ("M(exp)(u)", "v"),
    "expm1": ("M(expm1)(u)", "M(exp)(u)"),
    "log": ("M(log)(u)", "1/u"),
    "log1p": ("M(log1p)(u)", "1/(1 + u)"),
    "tanh": ("M(tanh)(u)", "sech2(u)"),
    "sqrt": ("M(sqrt)(u)", "1/(2*v)"),
    "erfc": ("M(erfc)(u)", "-C(1.1283791670955125738961589031215451716881)*M(exp)(-u*u)"),
    "abs": ("M(fabs)(u)", "(u < 0 ? -1 : 1)"),
    "softplus": ("(u > 0 ? u : 0) + M(log1p)(M(exp)(-M(fabs)(u)))", "1/(1 + M(exp)(-u))"),
    "tanh_shrink": ("(M(fabs)(u) < C(0.5) ? shrunk(u) : u - M(tanh)(u))", "M(tanh)(u)*M(tanh)(u)"),
    "log_ndtr": ("log_ndtr(u)", "log_ndtr_slope(u)"),
    "sixth": ("(u == 1/6.0 || u == 1/6.0f || u == 171/1024.0 || u == 1365/8192.0 ? C(1.0)/6 : u)", "1"),
    "logistic": ("1/(1 + M(exp)(-u))", "logistic_slope(M(exp)(-M(fabs)(u)))"),
}
# Functions, and derivatives, whose terms cancel
REWRITTEN = {
    "min(max(slope*x + offset, 0), 1)": "min(max(sixth(slope)*x + offset, 0), 1)",
    "x - tanh(x)": "tanh_shrink(x)",
    "log1p(-erfc(x/sqrt(2))/2) if x > 0 else log(erfc(-x/sqrt(2))/2)": "log_ndtr(x)",
    "(x + sqrt(x**2 + b))/2": "b/2/(sqrt(x**2 + b) - x) if 0 > x else (x + sqrt(x**2 + b))/2",
    "sqrt(log1p(exp(x)))": "exp(x/2) if -100 > x else sqrt(log1p(exp(x)))",
    "x*(1 + x/sqrt(1 + x**2))/2": "x/2/(sqrt(1 + x**2)*(sqrt(1 + x**2) - x)) if 0 > x else x*(1 + x/sqrt(1 + x**2))/2",
}
_GELU = "x*erfc(-x/sqrt(2))/2"
CLOSED = {
    "x/(1 + abs(x))": "1/(1 + abs(x))**2",
    "x - tanh(x)": "tanh(x)**2",
    "log1p(-exp(-x)) if x > 0.7 else log(-expm1(-x))": "1/expm1(abs(x))",
    # where gelu rounds to x, the x that equals max_val is not clamped
    f"min(max({_GELU}, min_val), max_val)": f"0 if {_GELU} > max_val else 0 if min_val > {_GELU} else "
    "erfc(-x/sqrt(2))/2 + x*exp(-x**2/2)/sqrt(2*pi)",
}

HEAD = """\
#if PRECISION == 0
#include <math.h>
#ifdef VECTORS /* the C library's functions of several numbers at once, to 4 ulp */
#define VECTOR(f) __attribute__((simd("notinbranch"), const)) double f(double);
VECTOR(exp) VECTOR(expm1) VECTOR(log) VECTOR(log1p) VECTOR(tanh) VECTOR(erfc)
#endif
typedef double T;
#define C(x) x
#define M(f) f
#elif PRECISION == 1
#include <math.h>
typedef long double T;
#define C(x) x##L
#define M(f) f##l
#else
#include <quadmath.h>
typedef __float128 T;
#define C(x) x##Q
#define M(f) f##q
#endif
#include <stdint.h>
#include <string.h>

static inline T logistic_slope(T w) { return w/((1 + w)*(1 + w)); }
static inline T sech2(T u) { return 4*logistic_slope(M(exp)(-2*M(fabs)(u))); }

/* phi(a)/Phi(-a) for a > 10 by a continued fraction */
static inline T inverse_mills(T a)
{
    T y = a;
    for (int k = 60; k > 0; k--)
        y = a + k/y;
    return y;
}

#define ROOT_HALF C(0.70710678118654752440084436210484903928484)
#define ROOT_2PI C(2.5066282746310005024157652848110452530070)

static inline T log_ndtr(T u)
{
    if (u < -10)
        return -u*u/2 - M(log)(inverse_mills(-u)*ROOT_2PI);
    return u > 0 ? M(log1p)(-M(erfc)(u*ROOT_HALF)/2) : M(log)(M(erfc)(-u*ROOT_HALF)/2);
}

static inline T log_ndtr_slope(T u)
{
    return u < -10 ? inverse_mills(-u) : M(exp)(-u*u/2)/ROOT_2PI/(M(erfc)(-u*ROOT_HALF)/2);
}

/* u - tanh(u) by its series, which gains more than three bits a term */
static inline T shrunk(T u)
{
    static const T series[] = {%s};
    T s = u*u, y = 0;
    for (int k = sizeof series/sizeof *series - 1; k >= 0; k--)
        y = y*s + series[k];
    return u*s*y;
}

static double power(int k)
{
    uint64_t bits = (uint64_t)(k + 1023) << 52;
    double x;
    memcpy(&x, &bits, 8);
    return x;
}

/* |got - want| in units in the last place of want, or of `least` where want is smaller */
static double error(T want, double got, double least, int digits, int low)
{
    T exact = M(fabs)(want) < least ? least : M(fabs)(want);
    double size = (double)exact;
    uint64_t bits;
    memcpy(&bits, &size, 8);
    int exponent = (int)(bits >> 52) - 1023;
    if (exponent <= low)
        exponent = low;
    else if (power(exponent) > exact) /* what was rounded up to a power of two */
        exponent--;
    return (double)(M(fabs)((T)got - want) * power(-exponent) * power(digits));
}
"""

LOOP = """
void compare(const double *const *in, const double *const *got, int results, const double *least, long n, int digits,
             int low, double *want, double *const *errors)
{
    for (long i = 0; i < n; i++) {
        double x[COUNT];
        for (int k = 0; k < COUNT; k++)
            x[k] = in[k][i];
        T y = function(x);
        want[i] = (double)y;
        for (int k = 0; k < results; k++)
            errors[k][i] = error(y, got[k][i], least[i], digits, low);
    }
}
"""

# Of float32 results: which are hard to round
MIDPOINTS = """
/* |y| as so many halves of the last place of a float; in double precision to 2^-29 of it */
static inline T halves(T y)
{
    double size = (double)M(fabs)(y);
    uint64_t bits;
    memcpy(&bits, &size, 8);
    int exponent = (int)(bits >> 52) - 1023;
    return M(fabs)(y)*power(24 - (exponent < -126 ? -126 : exponent));
}

/* How many ulp of double are a half of the last place of float. Between LOW and HIGH, near a zero, the ulp is that of
   FLOOR where y is smaller. */
static inline double units(double x, double y)
{
    double size = fabs(y), unit = 0x1p28;
    if (x > LOW && x < HIGH && size < FLOOR)
        for (size = size < 0x1p-126 ? 0x1p-126 : size; size < FLOOR; size *= 2)
            unit /= 2;
    return unit;
}

#if PRECISION == 0
static inline float number(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

static inline double absolute(double y) { return y < 0 ? -y : y; }

static inline uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, 4);
    return bits;
}

/* Of n floats (a multiple of 256) from these bits on, those whose results are nearer to a midpoint than `near` ulp of
   double, and these results; their number. Of the others, how many are rounded to another number than `got`, which may
   be NULL. */
long scan(uint32_t first, long n, const double *params, double near, const float *got, uint32_t *found, double *values,
          long *different)
{
    long count = 0;
    *different = 0;
    for (long begin = 0; begin < n; begin += 256) {
        double x[256], y[256];
        float rounded[256];
        int32_t close[256], any = 0;
        for (int i = 0; i < 256; i++)
            x[i] = number(first + (uint32_t)(begin + i));
        for (int i = 0; i < 256; i++) {
            double in[COUNT];
            in[0] = x[i];
            for (int k = 1; k < COUNT; k++)
                in[k] = params[k - 1];
            y[i] = function(in);
        }
        for (int i = 0; i < 256; i++) {
            double size = absolute(y[i]), most = size < FLOOR ? FLOOR : size;
            uint64_t bits;
            if (!(x[i] > LOW && x[i] < HIGH))
                most = size;
            size = size < 0x1p-126 ? size + 0x1p-126 : size;
            memcpy(&bits, &size, 8);
            double away = absolute((double)((int32_t)(bits & 0x1fffffff) - 0x10000000)); /* in ulp of size */
            close[i] = away*size <= 2*near*most || away <= near;
            rounded[i] = (float)y[i];
        }
        const float *have = got ? got + begin : rounded;
        for (int i = 0; i < 256; i++)
            any |= close[i] | (bits_of(have[i]) != bits_of(rounded[i]));
        for (int i = 0; any && i < 256; i++)
            if (close[i])
                found[count] = bits_of((float)x[i]), values[count++] = y[i];
            else if (have[i] != rounded[i] && (have[i] == have[i] || rounded[i] == rounded[i]))
                ++*different;
    }
    return count;
}
#endif

enum { EASY, ABOVE, BELOW, TIE, UNDECIDED };

/* Whether a result is within `near` ulp of double of a midpoint between two floats, and on which side, away from zero
   or towards it; and the distance from the midpoint in ulp of double. Where the distance is less than `sure` times the
   result and LEAD is the midpoint, the result differs from LEAD by a number with the sign of BEYOND. Otherwise the
   result of a rational function, a fraction with a small denominator, is the midpoint; another one is undecided. */
void sides(const double *const *in, long n, double near, double sure, double *want, double *distance, int *side)
{
    for (long i = 0; i < n; i++) {
        double x[COUNT];
        for (int k = 0; k < COUNT; k++)
            x[k] = in[k][i];
        T lead[] = {LEAD}, beyond[] = {BEYOND};
        int near_zero = fabs(x[0]) < 0x1p-64 && beyond[0] != 0; /* where the first lead is right to 2^-60 */
        T y = near_zero ? lead[0] : function(x), twice = halves(y);
        T midpoint = 2*M(floor)(twice/2) + 1, rest = twice - midpoint;
        want[i] = (double)y;
        distance[i] = (double)rest*units(x[0], want[i]);
        if (!(fabs(distance[i]) <= near) || !(M(fabs)(y) < 0x1p128) || y == 0) {
            side[i] = EASY;
        } else if (M(fabs)(rest)*units(x[0], want[i])/0x1p28 > sure*twice) {
            side[i] = rest > 0 ? ABOVE : BELOW;
        } else {
            side[i] = RATIONAL ? TIE : UNDECIDED;
            for (int k = 0; k < (int)(sizeof lead/sizeof *lead); k++)
                if (beyond[k] != 0 && lead[k]/y > 0 && halves(lead[k]) == midpoint)
                    side[i] = (beyond[k] > 0) == (y > 0) ? ABOVE : BELOW;
        }
    }
}
"""
# What a function is nearly equal to where the difference is too small for any precision, and a number with the sign of
# the difference f - lead. Each is an inequality that holds for all x, with default parameters. The first is the limit
# at 0. x/2: f = x s(x), where s rises and is 1/2 at 0. tanh(a) lies between a - a^3/3 and a, and below 1. The upper
# tail of the normal distribution at a > 1 is less than its density, exp(-a^2/2)/sqrt(2 pi).
LEADS: dict[tuple[str, bool], tuple[tuple[str, str], ...]] = {
    ("x*min(max(x + 3, 0), 6)/6", False): (("x/2", "1"),),
    ("x/(1 + exp(-x))", False): (("x/2", "1"),),
    ("x/(1 + exp(-beta*x))", False): (("x/2", "1"),),
    ("x*erfc(-x/sqrt(2))/2", False): (("x/2", "1"),),
    ("min(max(x*erfc(-x/sqrt(2))/2, min_val), max_val)", False): (("x/2", "1"),),
    ("x/(1 + exp(-2*sqrt(2/pi)*(x + 0.044715*x**3)))", False): (("x/2", "1"),),
    ("x/(1 + exp(-1.702*x))", False): (("x/2", "1"),),
    ("x*(1 + x/sqrt(1 + x**2))/2", False): (("x/2", "1"),),
    ("alpha_p*x**2 + beta*x if x > 0 else alpha_n*(expm1(min(x, eps)) - x) + beta*x", False): (
        ("beta*x", "x > 0"), ("beta*x - alpha_n*(1 + x)", "(x < 0) - (x < -0x1p64)"),
    ),
    ("x - tanh(x)", False): (("x*x*x/3", "-x"), ("x - (x > 0 ? 1 : -1)", "x")),
    ("x - tanh(x)", True): (("x*x", "-1"),),
    ("log1p(-erfc(x/sqrt(2))/2) if x > 0 else log(erfc(-x/sqrt(2))/2)", False): (("-x*x/2", "-(x < -1)"),),
}  # fmt: skip


class Translation:
    """Statements that compute an expression and its derivative with respect to the first name."""

    def __init__(self, names: Sequence[str], text: str) -> None:
        self.names, self.text = names, text
        self.lines: list[str] = []

    def new(self, value: str, slope: str = "") -> tuple[str, str]:
        """The variables of value and derivative; without a slope, the derivative is zero."""
        v = f"v{len(self.lines)}"
        self.lines.append(f"    T {v} = {value};")
        if not slope:
            return v, ""
        d = f"v{len(self.lines)}"
        self.lines.append(f"    T {d} = {slope};")
        return v, d

    def visit(self, node: ast.expr) -> tuple[str, str]:
        match node:
            case ast.Constant():
                text = str(ast.get_source_segment(self.text, node))  # a float would lose digits
                return f"C({text if '.' in text or 'e' in text else text + '.0'})", ""
            case ast.Name(id="pi"):
                return "C(3.1415926535897932384626433832795028841972)", ""
            case ast.Name(id=name):
                k = self.names.index(name)
                return f"(T)x[{k}]", "" if k else "C(1.0)"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                a, da = self.visit(operand)
                return self.new(f"-{a}", da and f"-{da}")
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int(n))):
                a, da = self.visit(left)
                lower = "*".join([a] * (n - 1))
                return self.new(f"{lower}*{a}", da and f"{n}*{lower}*{da}")
            case ast.BinOp(
                left=left,
                op=ast.Div(),
                right=ast.BinOp(
                    left=ast.Constant(value=1), op=ast.Add(), right=ast.Call(func=ast.Name(id="exp"), args=[u])
                ),
            ):
                return self.product(self.visit(left), self.word("logistic", ast.UnaryOp(ast.USub(), u)))
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return self.product(self.visit(left), self.visit(right))
            case ast.BinOp(left=left, op=op, right=right):
                (a, da), (b, db) = self.visit(left), self.visit(right)
                if isinstance(op, ast.Div):
                    y, _ = self.new(f"{a}/{b}")
                    slope = f"({da or '0'} - {y}*{db})/{b}" if db else da and f"{da}/{b}"
                    return self.new(y, slope)
                sign = "+" if isinstance(op, ast.Add) else "-"
                return self.new(f"{a} {sign} {b}", f"{da or '0'} {sign} {db or '0'}" if da or db else "")
            case ast.Call(func=ast.Name(id="log1p"), args=[ast.Call(func=ast.Name(id="exp"), args=[u])]):
                return self.word("softplus", u)
            case ast.Call(func=ast.Name(id="max" | "min" as name), args=[first, second]):
                (a, da), (b, db) = self.visit(first), self.visit(second)
                test = f"{a} {'>' if name == 'max' else '<'} {b}"
                return self.choice(test, (a, da), (b, db))
            case ast.Call(func=ast.Name(id=name), args=[u]):
                return self.word(name, u)
            case ast.IfExp(test=ast.Compare(left=left, ops=[ast.Gt()], comparators=[right]), body=body, orelse=orelse):
                test = f"{self.visit(left)[0]} > {self.visit(right)[0]}"
                return self.choice(test, self.visit(body), self.visit(orelse))
        raise ValueError(f"no translation of {ast.unparse(node)}")

    def product(self, first: tuple[str, str], second: tuple[str, str]) -> tuple[str, str]:
        (a, da), (b, db) = first, second
        return self.new(f"{a}*{b}", " + ".join(t for t in (da and f"{da}*{b}", db and f"{a}*{db}") if t))

    def word(self, name: str, argument: ast.expr) -> tuple[str, str]:
        u, du = self.visit(argument)
        u, _ = self.new(u)
        if name not in WORDS:
            raise ValueError(f"no translation of {name}: add its C to WORDS in tools/wide.py")
        value, slope = WORDS[name]
        v, _ = self.new(_filled(value, u, ""))
        return self.new(v, du and f"({_filled(slope, u, v)})*{du}")

    def choice(self, test: str, yes: tuple[str, str], no: tuple[str, str]) -> tuple[str, str]:
        slope = f"{test} ? {yes[1] or '0'} : {no[1] or '0'}" if yes[1] or no[1] else ""
        return self.new(f"{test} ? {yes[0]} : {no[0]}", slope)


def _filled(template: str, u: str, v: str) -> str:
    """The template of a function with its variables."""
    return "".join({"u": f"({u})", "v": v}.get(part, part) for part in _tokens(template))


def _tokens(text: str) -> list[str]:
    out: list[str] = []
    for character in text:
        if out and (character.isalnum() or character in "_.") and (out[-1][-1].isalnum() or out[-1][-1] in "_."):
            out[-1] += character
        else:
            out.append(character)
    return out


def source(formula: str, names: Sequence[str], derivative: bool) -> str:
    """The C code of one function, and of its derivative with respect to the first name."""
    closed = derivative and CLOSED.get(formula)
    text = closed or REWRITTEN.get(formula, formula)
    translation = Translation(names, text)
    value, slope = translation.visit(ast.parse(text, mode="eval").body)
    result = slope if derivative and not closed else value
    body = "\n".join(translation.lines)
    function = f"static T function(const double *x)\n{{\n{body}\n    return {result or '0'};\n}}\n"
    return f"#define COUNT {len(names)}\n{HEAD % ', '.join(tanh_series())}\n/* {formula} */\n{function}{LOOP}"


def is_rational(formula: str) -> bool:
    return not any(word in formula for word in ("exp", "log", "tanh", "erfc", "sqrt"))


def rounding_source(formula: str, names: Sequence[str], derivative: bool, near_zero: tuple[float, float, float]) -> str:
    """The same, and what float32 results are nearly equal to; `near_zero`: LOW, HIGH and FLOOR of MIDPOINTS, which
    follows."""
    leads = LEADS.get((formula, derivative), (("1", "0"),))
    lead, beyond = (", ".join(part) for part in zip(*leads, strict=True))
    for k, name in enumerate(names):
        lead, beyond = (re.sub(rf"\b{name}\b(?!\[)", f"(T)x[{k}]", text) for text in (lead, beyond))
    words = dict(zip(("LOW", "HIGH", "FLOOR"), near_zero, strict=True))
    words |= {"RATIONAL": int(is_rational(formula)), "LEAD": lead, "BEYOND": beyond}
    head = "".join(f"#define {name} {text}\n" for name, text in words.items())
    return source(formula, names, derivative) + head


def tanh_series() -> list[str]:
    """The coefficients of (u - tanh(u))/u^3 as a series in u^2."""
    terms = range(2, 40)
    with mpmath.workdps(50):
        exact = (
            -(mpmath.mpf(4) ** k) * (mpmath.mpf(4) ** k - 1) * mpmath.bernoulli(2 * k) / mpmath.fac(2 * k)
            for k in terms
        )
        return [f"C({mpmath.nstr(c, 40, strip_zeros=False, min_fixed=0, max_fixed=0)})" for c in exact]


@cache
def library(text: str, precision: str, vectors: bool = False) -> ctypes.CDLL:
    """The compiled code; for double, with vector instructions where an error of some ulp is small enough."""
    index = PRECISIONS.index(precision)
    fast = ["-DVECTORS", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-lmvec"] if vectors else []
    stem = BUILD / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}-{index}{'v' * vectors}"
    if not stem.with_suffix(".so").exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        own = stem.with_suffix(f".{os.getpid()}.c")  # several processes may do this at the same time
        own.write_text(text)
        words = [os.environ.get("CC", "cc"), "-O2", "-ffp-contract=off", "-fPIC", "-shared", "-w",
                 f"-DPRECISION={index}", str(own), "-o", str(own.with_suffix(".so")),
                 *(["-lquadmath"] if precision == "__float128" else []), *fast, "-lm"]  # fmt: skip
        subprocess.run(words, check=True)
        own.with_suffix(".so").rename(stem.with_suffix(".so"))
        own.rename(stem.with_suffix(".c"))
    return ctypes.CDLL(str(stem.with_suffix(".so")))


Array = np.ndarray[Any, np.dtype[Any]]


def compare(
    text: str, precision: str, inputs: Sequence[Array], results: Sequence[Array], dtype: str, least: Array
) -> tuple[Array, list[Array]]:
    """The values of the formula, and the errors of the results in ulp."""
    info = np.finfo(dtype)
    n = len(inputs[0])
    wide = [np.ascontiguousarray(a, np.float64) for a in inputs]
    got = [np.ascontiguousarray(a, np.float64) for a in results]
    want, errors = np.empty(n), [np.empty(n) for _ in results]
    library(text, precision).compare(
        pointers(wide), pointers(got), len(got), least.ctypes, ctypes.c_long(n), int(info.nmant), int(info.minexp),
        want.ctypes, pointers(errors),
    )  # fmt: skip
    return want, errors


def pointers(arrays: Sequence[Array]) -> ctypes.Array[ctypes.c_void_p]:
    return (ctypes.c_void_p * max(1, len(arrays)))(*(a.ctypes.data for a in arrays))
