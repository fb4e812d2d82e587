"""The truth that the tests compare with: a row's formula, evaluated and differentiated by mpmath, and errors in ulp.

Nothing here uses fastact's arithmetic.
"""

import ast
from collections.abc import Callable, Sequence

import mpmath
import numpy as np
from mpmath import mp, mpf

from fastact.table import ACTIVATIONS, Activation, Gate

mp.dps = 60

WORDS = {k: getattr(mpmath, k) for k in ("exp", "expm1", "log1p", "tanh", "erfc", "sqrt", "pi")}
WORDS |= {"max": max, "min": min, "abs": abs, "mpf": mpf}
WORDS["erfc"] = lambda x: mpmath.erfc(x) if abs(x) < 1e6 else mpf(0 if x > 0 else 2)  # mpmath gives up far out
ROWS = {row.name: row for row in ACTIVATIONS}

# What the parameters are tried with, beside their defaults.
VALUES = {
    "negative_slope": (0.01, 0.3),
    "slope": (0.25, -0.5),
    "alpha": (1.0, 0.5, 1.75),
    "beta": (1.0, 0.1, 10.0, 1.7),
}


# Where kernels change from one way of computing to another, and where results leave the range of a dtype.
SWITCHES = np.array([0.34657, 0.5, 0.8814, 1, 2.75, 5, 8, 9.011, 11.25, 13.4, 13.55, 15, 16, 16.636, 17.33, 17.75, 19.9,
                     20, 26.8, 27.1, 36.74, 39.5, 40, 54.1, 60, 64, 87.34, 88.7, 88.73, 104, 112, 128, 160, 198, 708.4,
                     709.8, 745.1, 760, 800])  # fmt: skip


class _Exact(ast.NodeTransformer):
    """Literals become mpf of their text: 0.044715 is the decimal number, 2/3 not a double."""

    def __init__(self, source: str) -> None:
        self.source = source

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        text = ast.get_source_segment(self.source, node)
        call = ast.Call(ast.Name("mpf", ast.Load()), [ast.Constant(text)], [])
        return ast.copy_location(call, node)


def compiled(formula: str, names: Sequence[str]) -> Callable[..., mpf]:
    tree = ast.fix_missing_locations(_Exact(formula).visit(ast.parse(formula, mode="eval")))
    code = compile(tree, formula, "eval")
    return lambda *values: eval(code, WORDS | dict(zip(names, values, strict=True)))


def formula(name: str) -> Callable[..., mpf]:
    """The function of (x, *params)."""
    if name == "identity":
        return lambda x: x
    row = ROWS[name]
    return compiled(row.formula, ("x", *(p for p, _ in row.params)))


def derivative(name: str, digits: int = 1100) -> Callable[..., mpf]:
    """Its derivative with respect to x, on the side of x that is away from a kink at zero.

    A central difference with so many digits that two thirds of them are right even where f' is e^-700 and f is 1.
    """
    if name == "identity":
        return lambda x: mpf(1)
    f = formula(name)

    def slope(x: mpf, *params: mpf) -> mpf:
        with mp.workdps(digits if 8 < abs(x) < 800 else 90 + int(4 * abs(mpmath.log10(abs(x) or 1)))):
            h = mpf(10) ** -(mp.dps // 3) * (abs(x) or 1)
            return (f(x + h, *params) - f(x - h, *params)) / (2 * h)

    return slope


def gate(row: Gate) -> Callable[[mpf, mpf], mpf]:
    f, g = formula(row.gate), formula(row.value)
    return lambda a, b: f(a) * g(b)


def parameters(row: Activation, dtype: type) -> list[tuple[np.floating, ...]]:
    """Parameter tuples to try, as numbers of the dtype."""
    if not row.params:
        return [()]
    (name, _), *more = row.params
    assert not more, "say here how several parameters are to be combined"
    return [(dtype(v),) for v in VALUES[name]]


def points(dtype: type, count: int = 300, seed: int = 0) -> np.ndarray:
    """Inputs: the middle, the tails, every magnitude down to the subnormals, random bits, and where kernels change."""
    rng = np.random.default_rng(seed)
    info = np.finfo(dtype)
    tail = {np.float16: 18.0, np.float32: 112.0, np.float64: 760.0}[dtype]
    magnitudes = np.exp2(rng.uniform(info.minexp - info.nmant, info.maxexp - 1, count)).astype(dtype)
    bits = rng.integers(0, 2 ** (8 * info.dtype.itemsize), count, dtype=np.uint64).astype(f"u{info.dtype.itemsize}")
    switches = SWITCHES[tail + 1 > SWITCHES].astype(dtype)
    parts = [
        rng.uniform(-8, 8, count),
        rng.uniform(-tail, -8, count),
        rng.uniform(8, tail, count // 4),
        rng.uniform(-11, -0.2, count),  # about the zeros of derivatives, and where the terms of a derivative cancel
        magnitudes,
        -magnitudes,
        bits.view(dtype),
        *(sign * np.nextafter(switches, dtype(to)) for sign in (-1, 1) for to in (0, np.inf)),
        switches,
        -switches,
        [info.smallest_subnormal, info.tiny, info.max, -info.smallest_subnormal, -info.tiny, -info.max],
    ]
    with np.errstate(all="ignore"):
        x = np.concatenate([np.asarray(part).astype(dtype) for part in parts])
    return np.unique(x[np.isfinite(x) & (x != 0)])


def ulps(got: np.ndarray, want: Sequence[mpf], scale: Sequence[mpf] | None = None) -> np.ndarray:
    """|got - want| in units in the last place of want, or of `scale` where it is given.

    The unit of a subnormal is the smallest subnormal. Where `want` is beyond the largest number by half a unit,
    infinity is right.
    """
    info = np.finfo(got.dtype)
    largest = mpf(float(info.max)) * (1 + mpf(2) ** -(info.nmant + 2))
    errors = np.empty(len(want))
    for i, (g, w) in enumerate(zip(got.tolist(), want, strict=True)):
        if abs(w) >= largest:
            errors[i] = 0 if g == np.sign(w) * np.inf or abs(g) == info.max else np.inf
        elif not np.isfinite(g):
            errors[i] = np.inf
        else:
            size = abs(w if scale is None else scale[i])
            exponent = max(mpmath.frexp(size)[1] - 1, info.minexp) if size else info.minexp
            errors[i] = abs(mpf(g) - w) / mpf(2) ** (exponent - info.nmant)
    return errors


def worst(name: str, inputs: Sequence[np.ndarray], errors: np.ndarray) -> str:
    """What a failed comparison says."""
    i = int(np.argmax(errors))
    return (
        f"{name}({', '.join(repr(a.flat[i] if a.size > 1 else a[()]) for a in inputs)}) is off by {errors[i]:.3f} ulp"
    )
