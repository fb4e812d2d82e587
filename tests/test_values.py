"""Values and derivatives against mpmath, special values, limits and kinks."""

import mpmath
import numpy as np
import pytest
from conftest import bound, old_promotion, outputs, same
from mpmath import mpf
from reference import (
    ROWS,
    SIXTHS,
    derivative,
    exact_outputs,
    formula,
    gate,
    gate_gradients,
    parameter_derivative,
    parameters,
    points,
    ulps,
    worst,
)

import fastact
from fastact.catalogue import Activation, Function, Gate

DIGITS = {np.float32: 160, np.float64: 1100}


def exact(values: np.ndarray) -> list[mpf]:
    return [mpf(v) for v in values.tolist()]


def assert_precise(name: str, x: np.ndarray, params: tuple, want: list[mpf]) -> None:
    """fastact.precise: a float64 result that is rounded once to float32."""
    with np.errstate(all="ignore"):
        got = getattr(fastact.precise, name)(x, *params)
    errors = ulps(got, want)
    assert got.dtype == np.float32 and errors.max() <= 0.501, worst(name, (x, *map(np.array, params)), errors)


def test_forward(row: Activation, real: type, step: int) -> None:
    x = points(real)[::step]
    for params in parameters(row, real):
        f, values = formula(row.name), exact(np.array(params, real))
        with np.errstate(over="ignore"):
            got = getattr(fastact, row.name)(x, *params)
        assert got.dtype == real
        want = [f(v, *values) for v in exact(x)]
        relative = not row.crosses or real is np.float32
        scale = None if relative else [max(abs(w), abs(v)) for w, v in zip(want, exact(x), strict=True)]
        errors = ulps(got, want, scale)
        assert errors.max() <= bound(row.name, real), worst(row.name, (x, *map(np.array, params)), errors)
        if real is np.float32:
            assert_precise(row.name, x, params, want)


def test_derivative(row: Activation, real: type, step: int) -> None:
    """And the backward pass: the gradient times the derivative, with one rounding more."""
    every = points(real, 100, seed=1)[::step]
    for params in parameters(row, real):
        x = every[~np.isin(every, [at for at, _ in kinks(row, params)])]
        f, values = derivative(row.name, DIGITS[real]), exact(np.array(params, real))
        with np.errstate(over="ignore"):
            got = getattr(fastact, f"{row.name}_derivative")(x, *params)
        want = [f(v, *values) for v in exact(x)]
        steepness = (
            abs(values[0]) if row.name == "swish" else 1
        )  # its derivative is zero where beta x is the zero of silu's
        near = 0 if real is np.float32 else np.inf if row.crosses else 8
        scale = [
            max(abs(w), mpf(1) / 8) if abs(v * steepness) < near else w for w, v in zip(want, exact(x), strict=True)
        ]
        errors = ulps(got, want, scale)
        name = f"{row.name}_derivative"
        assert errors.max() <= bound(name, real) + 1e-9, worst(name, (x, *map(np.array, params)), errors)
        if real is np.float32:
            assert_precise(name, x, params, want)
        want, scale = ([v for v, y in zip(a, got, strict=True) if np.isfinite(y)] for a in (want, scale))
        x = x[np.isfinite(got)]
        grad = np.random.default_rng(4).normal(size=len(x)).astype(real)
        with np.errstate(over="ignore"):
            got = getattr(fastact, f"{row.name}_backward")(grad, x, *params)
        want, scale = ([g * v for g, v in zip(exact(grad), values, strict=True)] for values in (want, scale))
        errors = ulps(got, want, scale)  # an ulp of the derivative may be two of the product
        assert errors.max() <= 2 * bound(name, real) + 0.5, worst(name, (grad, x, *map(np.array, params)), errors)


def kinks(row: Activation, params: tuple) -> list[tuple[float, float]]:
    """Places and slopes, as numbers of the dtype."""
    names = {p: v for (p, _), v in zip(row.params, params, strict=True)}
    return [(eval(place, {}, names), eval(slope, {}, names)) for place, slope in row.kinks]


def test_gate(gate_row: Gate, real: type) -> None:
    """Also where the gate is tiny and the value huge, and the other way round."""
    rng = np.random.default_rng(2)
    info = np.finfo(real)
    a = points(real, 150, seed=3)
    a = np.concatenate([a, rng.uniform(-2 * info.maxexp, 0, 200).astype(real)])
    sizes = np.exp2(rng.uniform(info.minexp, info.maxexp - 1, len(a)))
    b = np.where(rng.random(len(a)) < 0.5, rng.normal(0, 2, len(a)), rng.choice([-1, 1], len(a)) * sizes).astype(real)
    f = gate(gate_row)
    for params in parameters(gate_row, real):
        with np.errstate(over="ignore"):
            got = getattr(fastact, gate_row.name)(a, b, *params)
        values = exact(np.array(params, real))
        errors = ulps(got, [f(v, w, *values) for v, w in zip(exact(a), exact(b), strict=True)])
        assert errors.max() <= bound(gate_row.name, real), worst(gate_row.name, (a, b), errors)


@pytest.mark.parametrize("name", ["swish", "softplus"])
def test_extreme_parameters(name: str, real: type) -> None:
    """beta x is an ordinary number, but beta and x are not."""
    f = formula(name)
    top = float(np.finfo(real).max)
    for power in (0.97, 0.5, -0.5, -0.94):
        beta = real(top**power)
        x = (np.random.default_rng(9).uniform(-30, 30, 100) / float(beta)).astype(real)
        x = x[np.isfinite(x)]
        errors = ulps(getattr(fastact, name)(x, beta), [f(v, mpf(float(beta))) for v in exact(x)])
        assert errors.max() <= bound(name, real), worst(name, (x, np.array(beta)), errors)


def test_half_is_rounded_correctly(function: Function, step: int) -> None:
    """Of random bits, and of ordinary numbers; but for what float64 cannot tell from a midpoint.

    tests/test_bounds.py has all numbers, for functions of one.
    """
    rng, count, row = np.random.default_rng(8), 400 // step, function.entry
    free, truth = len(function.inputs) - len(function.params), exact_outputs(function)
    numbers = np.arange(65536, dtype=np.uint16).view(np.float16)
    numbers = numbers[np.isfinite(numbers)]
    for params in parameters(row, np.float16):
        x = [np.append(rng.choice(numbers, count), rng.normal(0, 3, count).astype(np.float16)) for _ in range(free)]
        if function.kind == "backward_from_output":
            with np.errstate(over="ignore"):
                x[1] = getattr(fastact, row.name)(x[1], *params)
        conventions = [0, *(at for at, _ in kinks(row, params))] if isinstance(row, Activation) else [0]
        sure = np.isfinite(x[-1]) & (x[-1] >= getattr(row, "least", -np.inf))
        for a in x if function.kind != "forward" else ():
            sure &= ~np.isin(a, conventions)
        x = [a[sure] for a in x]
        with np.errstate(all="ignore"):
            got = outputs(getattr(fastact, function.name)(*x, *params))
        want = [truth(*values, *exact(np.array(params))) for values in zip(*map(exact, x), strict=True)]
        for y, values in zip(got, zip(*want, strict=True), strict=True):
            errors = ulps(y, values)
            assert y.dtype == np.float16
            assert errors.max() <= 0.5 + 2.0**-40, worst(function.name, (*x, *map(np.array, params)), errors)


def test_backward_params(row: Activation, real: type, step: int) -> None:
    """The gradient times the derivative with respect to each trained parameter."""
    name = f"{row.name}_backward_params"
    if not row.trained:
        assert not hasattr(fastact, name)
        pytest.skip("the function has no parameter that is trained")
    x = points(real, 60, seed=12)
    x = x[np.abs(x) < 1e6][::step]
    grad = np.random.default_rng(12).normal(size=len(x)).astype(real)
    for params in parameters(row, real):
        values = exact(np.array(params, real))
        made = getattr(fastact, name)(grad, x, *params)
        for parameter, got in zip(row.trained, outputs(made), strict=True):
            slope = parameter_derivative(row, parameter)
            want = [slope(v, *values) for v in exact(x)]
            scale = [max(abs(w), min(abs(v), mpf(1)) / 64) * abs(g) if real is np.float64 else w * g
                     for w, v, g in zip(want, exact(x), exact(grad), strict=True)]  # fmt: skip
            errors = ulps(got, [g * w for g, w in zip(exact(grad), want, strict=True)], scale)
            assert errors.max() <= 8, worst(name, (grad, x, *map(np.array, params)), errors)


def near(x: float, dtype: type, count: int = 3) -> np.ndarray:
    """x between as many of its neighbours on each side."""
    below, above = [dtype(x)], [dtype(x)]
    for _ in range(count):
        below.append(np.nextafter(below[-1], dtype(-np.inf)))
        above.append(np.nextafter(above[-1], dtype(np.inf)))
    return np.array([*below[::-1], *above[1:]], dtype)


def test_hard_sigmoid_by_default(dtype: type) -> None:
    """The function of torch, jax and keras, min(max(x + 3, 0), 6)/6, and its slope, which is 0 at both kinks."""
    ordinary = np.random.default_rng(13).uniform(-4, 4, 1000)
    x = np.concatenate([near(-3, dtype), near(0, dtype), near(3, dtype), ordinary.astype(dtype)])
    want = [min(max(v + 3, mpf(0)), mpf(6)) / 6 for v in exact(x)]
    y = fastact.hard_sigmoid(x)
    assert ulps(y, want).max() <= (0.5 if dtype is np.float16 else 1)
    assert y[2] == y[3] == 0 and not np.signbit(y[3]) and y[4] > 0
    assert fastact.hard_sigmoid(dtype(3)) == 1 and np.all(y <= 1)
    slope = np.where((x > -3) & (x < 3), dtype(1 / 6), dtype(0))
    np.testing.assert_array_equal(fastact.hard_sigmoid_derivative(x), slope)
    np.testing.assert_array_equal(fastact.hard_sigmoid_backward(dtype(2), x), 2 * slope)


HARD_SIGMOIDS = ("hard_sigmoid", "hard_sigmoid_derivative", "hard_sigmoid_backward")


@pytest.mark.parametrize("given", [{"slope": 1 / 6}, {"offset": 0.5}, {"slope": 1 / 6, "offset": 0.5}], ids=str)
@pytest.mark.parametrize("name", HARD_SIGMOIDS)
def test_hard_sigmoid_with_its_defaults_as_keywords(name: str, given: dict[str, float], dtype: type) -> None:
    """They leave the bits as they are, as numbers and as arrays."""
    f, x = getattr(fastact, name), points(dtype, 1000, seed=14)
    inputs = [dtype(-1.5), x] if name.endswith("backward") else [x]
    want = f(*inputs)
    assert same(f(*inputs, **given), want)
    assert same(f(*inputs, **{p: np.full(x.shape, v, dtype) for p, v in given.items()}), want)


@pytest.mark.parametrize("name", HARD_SIGMOIDS)
def test_hard_sigmoid_with_a_rounded_sixth(name: str, real: type) -> None:
    """1/6 of a narrower dtype is the fraction too. The numbers beside it are not."""
    f, x = getattr(fastact, name), points(real, 1000, seed=14)
    inputs = [real(-2), x] if name.endswith("backward") else [x]
    for sixth in {real(float(v)) for v in SIXTHS}:
        assert same(f(*inputs, slope=sixth), f(*inputs))
    for slope in near(1 / 6, real, 1)[::2]:
        assert not same(f(*inputs, slope=slope), f(*inputs))


def test_hard_sigmoid_with_another_offset(real: type) -> None:
    """x/6 + offset is exactly 0 and 1 where it should be, and right to 1 ulp beside."""
    for offset in np.random.default_rng(15).uniform(0.01, 0.99, 200).astype(np.float16).astype(real):
        for end, level in ((-6 * offset, 0), (6 - 6 * offset, 1)):
            x = near(end, real)
            want = [min(max(v / 6 + mpf(float(offset)), mpf(0)), mpf(1)) for v in exact(x)]
            y = fastact.hard_sigmoid(x, offset=offset)
            assert y[3] == level and ulps(y, want).max() <= 1
            slope = [real(1 / 6) if 0 < w < 1 else 0 for w in want]
            np.testing.assert_array_equal(fastact.hard_sigmoid_derivative(x, offset=offset), slope)


def test_hard_sigmoid_with_another_slope() -> None:
    """The derivative is that of the formula where slope x + offset is less than 1, but rounds to 1."""
    x, slope = np.float32(3.9999998), np.float32(0.125)
    assert fastact.hard_sigmoid(x, slope) == 1 and fastact.hard_sigmoid_derivative(x, slope) == slope


def test_half_where_float_is_far_off() -> None:
    """An error of the slope may count twice in the ulp of a product. An overflow in float alone raises no flag."""
    x = [np.float16(v) for v in (29.015625, -3.71484375, -0.2496337890625, 3.95703125)]
    assert fastact.laplace_backward(*x) == np.float16(fastact.laplace_backward(*map(float, x))) == 1.9931640625
    with np.errstate(all="raise"):
        assert fastact.exponential_backward(np.float16(0), np.float16(238.75)) == 0
    for x in (12, 100, 800):
        with pytest.raises(FloatingPointError), np.errstate(over="raise"):
            fastact.exponential(np.full(3, x, np.float16))


@pytest.mark.parametrize("name", ["relu", "silu", "gelu", "gelu_tanh"])
def test_biased(name: str, dtype: type) -> None:
    """The function of the sum, which is rounded first; in float16 it is not, and the result is rounded correctly."""
    rng = np.random.default_rng(7)
    x, b = rng.normal(0, 3, (5, 40)).astype(dtype), rng.normal(0, 3, 40).astype(dtype)
    wide = np.float64 if dtype is np.float16 else dtype
    biased, f = getattr(fastact, f"bias_{name}"), formula(name)
    got, sums = biased(x, b), x.astype(wide) + b.astype(wide)
    assert got.dtype == dtype
    assert ulps(got.ravel(), [f(v) for v in exact(sums.ravel())]).max() <= bound(name, dtype)
    assert biased(x, b, out=x) is x and same(x, got)


def test_backward_from_output(row: Activation, real: type) -> None:
    """The derivative of the formula at the x whose value is y."""
    name = f"{row.name}_backward_from_output"
    if not row.from_output:
        assert not hasattr(fastact, name)
        pytest.skip("the function has no derivative in terms of its output")
    x = np.random.default_rng(5).uniform(-4, 4, 100).astype(real)
    for params in parameters(row, real):
        values = exact(np.array(params, real))
        f, slope = formula(row.name), derivative(row.name)
        y = [f(v, *values) for v in exact(x)]
        rounded = np.array([float(v) for v in y]).astype(real)
        got = getattr(fastact, name)(real(2), rounded, *params)
        want = [2 * slope(v, *values) for v in exact(x)]
        # y itself is rounded: the effect on the derivative is not an error of the function
        scale = [max(abs(w), abs(v) * max(1, *map(abs, values), 1), mpf(1)) for w, v in zip(want, y, strict=True)]
        errors = ulps(got, want, scale)
        assert errors.max() <= 8, worst(name, (rounded, *map(np.array, params)), errors)


def test_gate_backward(gate_row: Gate) -> None:
    rng = np.random.default_rng(6)
    grad, a, b = (rng.normal(0, 3, 200) for _ in range(3))
    da, db = getattr(fastact, f"{gate_row.name}_backward")(grad, a, b)
    f, rows = gate_gradients(gate_row), list(zip(exact(grad), exact(a), exact(b), strict=True))
    values = [mpf(v) for _, v in gate_row.params]
    want = [(d * p, d * q) for d, x, y in rows for p, q in [f(x, y, *values)]]
    scale = [max(abs(d * y), abs(d * x), abs(d)) / 16 for d, x, y in rows]
    for k, got in enumerate((da, db)):
        assert (
            ulps(got, [w[k] for w in want], [max(abs(w[k]), s) for w, s in zip(want, scale, strict=True)]).max() <= 12
        )


def limit(text: str, params: dict[str, float]) -> float:
    return float(eval(text, {"inf": np.inf, "nan": np.nan, **params})) if text != "-0" else -0.0


def test_limits(row: Activation, dtype: type) -> None:
    """The value at an infinity is the limit, with the sign of a zero. NaN gives NaN."""
    for values in parameters(row, dtype):
        params = {p: float(v) for (p, _), v in zip(row.params, values, strict=True)}
        if any(params.get(p, 1) < 0 for p in ("slope", "negative_slope")):
            continue
        y = getattr(fastact, row.name)(np.array([-np.inf, np.inf, np.nan], dtype), *values)
        for got, text in zip(y, row.limits, strict=False):
            want = dtype(limit(text, params))
            assert np.isnan(want) if np.isnan(got) else got == want and np.signbit(got) == np.signbit(want), text
        assert np.isnan(y[2])
        slope = getattr(fastact, f"{row.name}_derivative")(np.array([-np.inf, np.inf, np.nan], dtype), *values)
        left, right = (derivative(row.name)(mpf(x), *exact(np.array(values, dtype))) for x in (-1e30, 1e30))
        for got, far in zip(slope, (left, right), strict=False):
            if np.isinf(got):
                assert abs(far) > 1000
            else:
                np.testing.assert_allclose(got, float(far), rtol=1e-3 if dtype is np.float16 else 1e-6, atol=1e-6)
        assert np.isnan(slope[2])
        # A function with the limit -0 at -inf falls there, unless it is clamped
        assert slope[0] != 0 or row.kinks or np.signbit(slope[0]) == (row.limits[0] in ("-0", "max(min_val, -0.0)"))


def test_zero(row: Activation, dtype: type) -> None:
    """At +0 and -0: the value, and the sign of a zero, which is + where the limit on the left is +0, else that of x."""
    for values in parameters(row, dtype):
        want = dtype(float(formula(row.name)(mpf(0), *exact(np.array(values, dtype)))))
        got = getattr(fastact, row.name)(np.array([0.0, -0.0], dtype), *values)
        np.testing.assert_allclose(got, want, rtol=4 * np.finfo(dtype).eps, atol=0)
        if want == 0:
            assert not np.signbit(got[0])
            assert np.signbit(got[1]) == (row.limits[0] != "0")


def test_kinks(row: Activation, dtype: type) -> None:
    """The derivative at a kink is the documented convention, and beside it that of the side."""
    for values in parameters(row, dtype):
        for place, slope in kinks(row, values):
            at = dtype(place)
            got = getattr(fastact, f"{row.name}_derivative")(at, *values)
            assert got == dtype(slope)
            for side in (np.nextafter(at, dtype(-np.inf)), np.nextafter(at, dtype(np.inf))):
                want = float(derivative(row.name)(mpf(float(side)), *exact(np.array(values, dtype))))
                got = float(getattr(fastact, f"{row.name}_derivative")(side, *values))
                assert abs(got - want) <= 2e-3 * abs(want)


def ends_of(name: str, x: np.ndarray) -> np.ndarray:
    """The formula, and the limits at both infinities."""
    f, limits = formula(name), dict(zip((-np.inf, np.inf), ROWS[name].limits, strict=True))
    y = [limit(limits[v], {}) if v in limits else float(f(mpf(v))) if v == v else v for v in x.ravel().tolist()]
    return np.array(y, x.dtype).reshape(x.shape)


def test_gates_at_infinity(gate_row: Gate, dtype: type) -> None:
    """As the product of the limits: zero times infinity is NaN, and NaN stays NaN."""
    ends = np.array([-np.inf, -2, 0, 2, np.inf, np.nan], dtype)
    a, b = np.meshgrid(ends, ends)
    if gate_row.formula:
        pytest.skip("its halves have no names: see test_clamped_swiglu_beyond_its_limits")
    with np.errstate(invalid="ignore"):
        want = ends_of(gate_row.gate, a) * ends_of(gate_row.value, b)
    got = getattr(fastact, gate_row.name)(a, b)
    np.testing.assert_allclose(got, want, rtol=8 * np.finfo(dtype).eps, atol=0)
    np.testing.assert_array_equal(np.signbit(got)[~np.isnan(want)], np.signbit(want)[~np.isnan(want)])


def test_precise_dtypes(row: Activation) -> None:
    """Strided float32 stays float32; nothing wider is accepted. For the values see test_forward, test_derivative."""
    x = points(np.float32, 500, seed=11)
    for name in (row.name, f"{row.name}_derivative"):
        f = getattr(fastact.precise, name)
        for params in parameters(row, np.float32):
            with np.errstate(all="ignore"):
                got = f(x, *params)
                np.testing.assert_array_equal(f(x[::3], *params), got[::3])
            assert got.dtype == np.float32
        with pytest.raises(TypeError):
            f(np.zeros(3), *params)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "sigmoid", "tanh", "softplus"])
def test_monotone(name: str, real: type) -> None:
    """Monotonic over the whole range, and from one number to the next."""
    f, x = getattr(fastact, name), np.sort(points(real, 3000, seed=7))
    assert np.all(np.diff(f(x)) >= 0)
    starts = np.concatenate([x, np.random.default_rng(7).uniform(-3, 20, 20_000).astype(real)])
    bits = starts.view(f"i{starts.itemsize}")[:, None] + np.arange(64, dtype=f"i{starts.itemsize}")
    y = f(bits.view(real))
    rises = np.where(starts[:, None] > 0, y[:, 1:] >= y[:, :-1], y[:, 1:] <= y[:, :-1])
    assert np.all(rises | np.isnan(y[:, 1:]))


def test_minima() -> None:
    """Minima and their places, which are published to many digits."""
    for name, x, y in (
        ("silu", -1.2784645427610738, -0.278464542761073795),
        ("gelu", -0.751791524693564457, -0.169971207479903662),
        ("gelu_tanh", -0.752461422071016258, -0.170040750571254051),
        ("gelu_quick", -0.751154255441288951, -0.163610189636353581),
        ("mish", -1.19243121451549521, -0.308843413017250407),
        ("dish", -0.786151377757423286, -0.150141553000388804),
    ):
        assert abs(getattr(fastact, name)(x) - y) < 2e-16
        assert abs(getattr(fastact, f"{name}_derivative")(x)) < 1e-15


@old_promotion
def test_tails() -> None:
    """The left tail, where 1 + erf and 1 + tanh cancel completely."""
    x = np.array([-3, -4, -5, -5.5, -6, -8, -10.0])
    exact_tail = [-0.00404969409489, -1.26684967332e-4, -1.4332578594e-6, -1.04442593562e-7, -5.91952587023e-9,
                  -4.97676845942e-15, -7.61985302416e-23]  # fmt: skip
    tanh_tail = [-0.00363739208177, -7.02459481924e-5, -2.29179619663e-7, -5.92764026388e-9, -8.43964670076e-11,
                 -3.1077829375e-21, -1.20409234821e-37]  # fmt: skip
    np.testing.assert_allclose(fastact.gelu(x), exact_tail, rtol=1e-11)
    np.testing.assert_allclose(fastact.gelu_tanh(x), tanh_tail, rtol=1e-11)
    assert fastact.swish(np.float32(-100)) == fastact.silu(np.float32(-100)) != 0


def test_mean_of_bernoulli_gelu() -> None:
    x = np.linspace(-3, 3, 25)
    n = 40_000
    y = fastact.bernoulli_gelu(np.broadcast_to(x, (n, 25)), rng=8)
    assert np.all((y == 0) | (y == x))
    probability = np.array([float(mpmath.ncdf(v)) for v in x])
    deviation = np.abs(x) * np.sqrt(probability * (1 - probability) / n)
    np.testing.assert_array_less(np.abs(y.mean(0) - x * probability), 5 * deviation + 1e-12)
    ends = fastact.bernoulli_gelu(np.float32([-np.inf, np.inf, np.nan]), rng=0)
    assert ends.dtype == np.float32 and ends[0] == 0 and ends[1] == np.inf and np.isnan(ends[2])
