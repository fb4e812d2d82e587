"""The reference of the tests: the formula of an entry, evaluated and differentiated by mpmath, and errors in ulp.

It uses nothing of fastact's arithmetic.
"""

import ast
from collections.abc import Callable, Sequence

import mpmath
import numpy as np
import scipy.special
from mpmath import mp, mpf

from fastact.catalogue import ACTIVATIONS, Activation, Function, Gate
from fastact.catalogue.derived import textbook

mp.dps = 60

WORDS = {k: getattr(mpmath, k) for k in ("exp", "expm1", "log1p", "tanh", "erfc", "sqrt", "pi")}
WORDS["log"] = lambda x: mpmath.log(x) if x > 0 else mpf("-inf" if x == 0 else "nan")
WORDS |= {"max": max, "min": min, "abs": abs, "mpf": mpf}
WORDS["erfc"] = lambda x: (
    mpmath.erfc(x) if abs(x) < 1e6 else mpf(0 if x > 0 else 2)
)  # mpmath fails for very large arguments
ROWS = {row.name: row for row in ACTIVATIONS}

# Values of the parameters that are tested.
VALUES = {
    "negative_slope": (0.01, 0.3),
    "slope": (0.25, -0.5, 1 / 6),
    "offset": (0.5, 0.1, 0.5),
    "lower": (0.125, 0.25),
    "upper": (1 / 3, 0.5),
    "max_value": (6.0, 0.25),
    "threshold": (0.25, -1.0),
    "value": (0.25, 0.0),
    "theta": (1.0, 0.75),
    "min_val": (-1.0, -0.75),
    "max_val": (1.0, 2.0),
    "lambd": (0.5, 1.5),
    "bias": (0.0, 0.25),
    "alpha": (1.0, 0.5, 1.75),
    "beta": (1.0, 0.1, 10.0, 1.7),
    "b": (4.0, 0.5),
    "mu": (0.707107, 0.5),
    "sigma": (0.282095, 2.0),
    "alpha_p": (0.8, 1.5),
    "alpha_n": (0.8, 0.3),
    "eps": (-1e-6, -0.5),
    "limit": (7.0, 1.5),
    "up_offset": (1.0, 0.0),
}
# Ranges of random parameters, where it is not 1/16 to 16.
RANGES = {
    "value": (-2, 2), "threshold": (-2, 2), "min_val": (-4, 0), "bias": (-1, 1), "mu": (-1, 1), "eps": (-1, 0),
    "up_offset": (-1, 1), "alpha_p": (0.1, 2), "alpha_n": (0.1, 2),
}  # fmt: skip
# 1/6 rounded to float64, float32, bfloat16 and float16. As the slope of hard_sigmoid, each stands for the fraction.
SIXTHS = {mpf(1 / 6), mpf(11184811) / 2**26, mpf(171) / 2**10, mpf(1365) / 2**13}
# Entries whose formula cancels: how many more digits than x has before or after the point are needed
CANCELLING = {"tanh_shrink": 4, "squareplus": 4, "dish": 4}


# Places where kernels change their method, and where results leave the range of a dtype.
SWITCHES = np.array([0.34657, 0.5, 0.8814, 1, 2.75, 5, 8, 9.011, 11.25, 13.4, 13.55, 15, 16, 16.636, 17.33, 17.75, 19.9,
                     20, 26.8, 27.1, 36.74, 39.5, 40, 54.1, 60, 64, 87.34, 88.7, 88.73, 104, 112, 128, 160, 198, 708.4,
                     709.8, 745.1, 760, 800])  # fmt: skip


class _Exact(ast.NodeTransformer):
    """Makes literals mpf of their text: 0.044715 is the decimal number, and 2/3 is not a double."""

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
    """The formula as a function of (x, *params)."""
    row = ROWS[name]
    if name == "log_ndtr":
        return log_ndtr
    f = compiled(row.formula, ("x", *(p for p, _ in row.params)))
    if name == "hard_sigmoid":
        return lambda x, slope, offset: f(x, mpf(1) / 6 if slope in SIXTHS else slope, offset)
    if name not in CANCELLING:
        return f

    def careful(x: mpf, *params: mpf) -> mpf:
        with mp.workdps(mp.dps + int(CANCELLING[name] * abs(mpmath.log10(abs(x) or 1)))):
            return f(x, *params)

    return careful


def derivative(name: str, digits: int = 1100) -> Callable[..., mpf]:
    """The derivative with respect to x, from the side of x that is away from a kink at zero.

    A central difference with enough digits that two thirds of them are right even where f' is e^-700 and f is 1.
    """
    if name in CLOSED:
        return CLOSED[name]
    f = formula(name)

    def slope(x: mpf, *params: mpf) -> mpf:
        with mp.workdps(digits if 8 < abs(x) < 800 else 90 + int(4 * abs(mpmath.log10(abs(x) or 1)))):
            h = mpf(10) ** -(mp.dps // 3) * (abs(x) or 1)
            return (f(x + h, *params) - f(x - h, *params)) / (2 * h)

    return slope


def log_ndtr(x: mpf) -> mpf:
    """By the formula; far on the left by the asymptotic series, whose next term is 105/x^8."""
    if x > -10_000:
        return compiled(ROWS["log_ndtr"].formula, "x")(x)
    s = x * x
    return -s / 2 - mpmath.log(-x * mpmath.sqrt(2 * mpmath.pi)) + mpmath.log1p((-1 + 3 / s - 15 / s**2) / s)


def density(x: mpf, mu: float = 0, sigma: float = 1) -> mpf:
    """The density of the normal distribution."""
    return mpmath.exp(-(((x - mu) / sigma) ** 2) / 2) / (sigma * mpmath.sqrt(2 * mpmath.pi))


def gelu_slope(x: mpf) -> mpf:
    return WORDS["erfc"](-x / mpmath.sqrt(2)) / 2 + x * density(x)


def clipped_gelu_slope(x: mpf, low: mpf, high: mpf) -> mpf:
    return gelu_slope(x) if low <= formula("gelu")(x) <= high else mpf(0)


def log_ndtr_slope(x: mpf) -> mpf:
    if x > -10_000:
        return 2 * density(x) / mpmath.erfc(-x / mpmath.sqrt(2)) if x < 1e6 else mpf(0)
    return -x - 1 / x + 2 / x**3 - 10 / x**5


# Derivatives whose difference quotient takes too long or has too few digits.
CLOSED: dict[str, Callable[..., mpf]] = {
    "laplace": density,
    "ndtr": density,
    "gelu": gelu_slope,
    "clipped_gelu": clipped_gelu_slope,
    "log_ndtr": log_ndtr_slope,
    "scaled_tanh": lambda x, alpha, beta: alpha * beta * mpmath.sech(beta * x) ** 2,
    "sparse_plus": lambda x: min(max(x + 1, 0), 2) / 2,
}


def gate(row: Gate) -> Callable[..., mpf]:
    if row.formula:
        return compiled(row.formula, ("gate", "up", *(p for p, _ in row.params)))
    f, g = formula(row.gate), formula(row.value)
    return lambda a, b: f(a) * g(b)


def gate_gradients(row: Gate, digits: int = 1100) -> Callable[..., tuple[mpf, mpf]]:
    """The derivatives of gate(a, b) with respect to both."""
    if not row.formula:
        f, g = formula(row.gate), formula(row.value)
        df, dg = derivative(row.gate, digits), derivative(row.value, digits)
        return lambda a, b: (df(a) * g(b), f(a) * dg(b))
    f = gate(row)

    def gradients(a: mpf, b: mpf, *params: mpf) -> tuple[mpf, mpf]:
        with mp.workdps(150):
            h = mpf(10) ** -50
            return (
                (f(a + h, b, *params) - f(a - h, b, *params)) / (2 * h),
                (f(a, b + h, *params) - f(a, b - h, *params)) / (2 * h),
            )

    return gradients


def parameter_derivative(row: Activation, parameter: str, digits: int = 700) -> Callable[..., mpf]:
    """The derivative with respect to a parameter."""
    f, k = formula(row.name), [p for p, _ in row.params].index(parameter)

    def slope(x: mpf, *params: mpf) -> mpf:
        with mp.workdps(digits):
            h = mpf(10) ** -(digits // 3)
            up, down = ([*params[:k], params[k] + d, *params[k + 1 :]] for d in (h, -h))
            return (f(x, *up) - f(x, *down)) / (2 * h)

    return slope


def exact_outputs(function: Function, digits: int = 200) -> Callable[..., tuple[mpf, ...]]:
    """All outputs of all inputs, away from kinks. So many digits are enough for float16."""
    row = function.entry
    if isinstance(row, Gate):
        if function.kind == "forward":
            return lambda *inputs: (gate(row)(*inputs),)
        gradients = gate_gradients(row, digits)
        return lambda grad, *inputs: tuple(grad * v for v in gradients(*inputs))
    f, slopes = formula(row.name), [derivative(row.name, digits)]
    match function.kind:
        case "forward":
            return lambda *inputs: (f(*inputs),)
        case "biased":
            return lambda x, b: (f(x + b),)
        case "derivative":
            return lambda *inputs: (slopes[0](*inputs),)
        case "backward_params":
            slopes = [parameter_derivative(row, name, digits) for name in row.trained]
        case "backward_from_output":
            slopes = [compiled(row.from_output, ("y", *function.params))]
    return lambda grad, *inputs: tuple(grad * slope(*inputs) for slope in slopes)


def in_numpy(row: Gate) -> Callable[..., np.ndarray]:
    """A gate's textbook formula over arrays, with the defaults of its parameters."""
    names = ["gate", "up" if row.formula or row.value == "identity" else "x"]
    words = {name: getattr(np, name) for name in ("exp", "expm1", "log1p", "tanh", "sqrt", "pi", "abs")}
    words |= {"max": np.maximum, "min": np.minimum, "erfc": scipy.special.erfc} | dict(row.params)
    code = compile(textbook(row), row.name, "eval")
    return lambda *arrays: eval(code, words | dict(zip(names, arrays, strict=True)))


def parameters(row: Activation | Gate, dtype: type) -> list[tuple[np.floating, ...]]:
    """Tuples of parameters to test, as numbers of the dtype."""
    if not row.params:
        return [()]
    for p, _ in row.params:
        assert p in VALUES, (
            f"no values to try for {p}, a parameter of {row.name}: add them to VALUES in tests/reference.py"
        )
    return [tuple(map(dtype, values)) for values in zip(*(VALUES[p] for p, _ in row.params), strict=False)]


def drawn(row: Activation | Gate, rng: np.random.Generator, size: int) -> list[np.ndarray]:
    """Random parameters; half of them have their defaults."""
    made = []
    for name, default in row.params:
        others = rng.uniform(*RANGES[name], size) if name in RANGES else np.exp2(rng.uniform(-4, 4, size))
        made.append(np.where(rng.random(size) < 0.5, 0.25 if default is None else default, others))
    return made


def points(dtype: type, count: int = 300, seed: int = 0) -> np.ndarray:
    """Inputs: the middle, tails, every magnitude down to subnormals, random bits, places where kernels change."""
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
        rng.uniform(-11, -0.2, count),  # near zeros of derivatives, and where terms of a derivative cancel
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

    The unit of a subnormal is the smallest subnormal. Where `want` exceeds the largest number by half a unit,
    infinity is right.
    """
    info = np.finfo(got.dtype)
    largest = mpf(float(info.max)) * (1 + mpf(2) ** -(info.nmant + 2))
    errors = np.empty(len(want))
    for i, (g, w) in enumerate(zip(got.tolist(), want, strict=True)):
        if mpmath.isnan(w):
            errors[i] = 0 if np.isnan(g) else np.inf
        elif abs(w) >= largest:
            errors[i] = 0 if g == np.sign(w) * np.inf or abs(g) == info.max else np.inf
        elif not np.isfinite(g):
            errors[i] = np.inf
        else:
            size = abs(w if scale is None else scale[i])
            exponent = max(mpmath.frexp(size)[1] - 1, info.minexp) if size else info.minexp
            errors[i] = abs(mpf(g) - w) / mpf(2) ** (exponent - info.nmant)
    return errors


def worst(name: str, inputs: Sequence[np.ndarray], errors: np.ndarray) -> str:
    """The message of a failed comparison."""
    i = int(np.argmax(errors))
    return (
        f"{name}({', '.join(repr(a.flat[i] if a.size > 1 else a[()]) for a in inputs)}) is off by {errors[i]:.3f} ulp"
    )
