"""ml_dtypes' bfloat16: every function takes it, returns it and rounds once; other floats are refused."""

import sys
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from conftest import NUMPY_1, arity, bits, call, outputs, params, raw, run, same
from mpmath import mpf
from reference import derivative, drawn, formula
from test_layouts import LAYOUTS, spaced

import fastact
from fastact._dispatch import kernels
from fastact.catalogue import FUNCTIONS, ROWWISE, Activation, Function

ml_dtypes = pytest.importorskip("ml_dtypes")
bfloat16 = ml_dtypes.bfloat16
EVERY = np.arange(1 << 16, dtype=np.uint16).view(bfloat16)
MODERATE = np.abs(EVERY.astype(np.float32)) < 1e3
TIE = mpf(2) ** -45  # of a unit in the last place of bfloat16: that of float64
ONE_NUMBER = [f for f in FUNCTIONS if isinstance(f.entry, Activation) and f.kind in ("forward", "derivative")]


def rounded(y: np.ndarray) -> np.ndarray:
    """Doubles rounded to bfloat16 once."""
    with np.errstate(all="ignore"):
        unit = np.maximum(np.frexp(np.where(np.isfinite(y), y, 1))[1] - 1, -126) - 7
        return np.ldexp(np.rint(np.ldexp(y, -unit)), unit).astype(bfloat16)


def roundings(y: mpf, tie: Any = TIE) -> set[float]:
    """A number of mpmath, rounded to bfloat16 once. Both numbers beside a midpoint that is nearer than doubles tell."""
    if not mpmath.isfinite(y) or y == 0:
        return {float(y)}
    unit = max(mpmath.frexp(y)[1] - 1, -126) - 7
    scaled = mpmath.ldexp(y, -unit)
    near = [mpmath.nint(scaled + shift) for shift in (-tie, tie)]
    with np.errstate(over="ignore"):
        return {float(np.float64(float(mpmath.ldexp(n, unit))).astype(bfloat16)) for n in near}


def defaults(function: Function) -> list[Any]:
    return [bfloat16(0.25 if default is None else default) for _, default in function.entry.params]


def doubles(*arrays: np.ndarray) -> list[np.ndarray]:
    with np.errstate(invalid="ignore"):  # signalling NaN
        return [np.asarray(a).astype(np.float64) for a in arrays]


def numbers(rng: np.random.Generator, size: int) -> np.ndarray:
    """Random bits, ordinary numbers, the tails, and every magnitude."""
    part = size // 4
    x = np.concatenate([
        *doubles(rng.integers(0, 1 << 16, part).astype(np.uint16).view(bfloat16)),
        rng.normal(0, 3, part),
        rng.uniform(-120, 20, part),
        rng.choice([-1, 1], size - 3 * part) * np.exp2(rng.uniform(-133, 10, size - 3 * part)),
    ])  # fmt: skip
    return rng.permutation(x).astype(bfloat16)


# ---- values ----


@pytest.mark.parametrize("one", ONE_NUMBER, ids=lambda f: f.name)
def test_every_number(one: Function) -> None:
    """All 65,536: the double result rounded once, mpmath's where that is nearly midway; and mpmath's of a sample."""
    given, rng = defaults(one), np.random.default_rng(1)
    with np.errstate(all="ignore"):
        got = raw(one)(EVERY, *given)
        wide = raw(one)(*doubles(EVERY, *given))
        assert got.dtype == bfloat16
        assert same(fastact.precise.__dict__[one.name](EVERY, *given), got)
        pieces = [raw(one)(EVERY[i : i + 1000], *given) for i in range(0, 1 << 16, 1000)]  # not from a table
        assert same(np.concatenate(pieces), got)
        others = [np.nextafter(wide * (1 + sign * 2.0**-40), sign * np.inf) for sign in (-1, 1)]
        assert np.array_equal(np.isnan(got), np.isnan(wide))
        inside = np.isfinite(EVERY) & (getattr(one.entry, "least", -np.inf) < EVERY) & (EVERY != 0)
    low, high = map(rounded, others)
    differ = (bits(low) != bits(high)) & np.isfinite(wide) & (wide != 0)
    assert same(got[~differ], rounded(wide[~differ]))

    exact = (derivative if one.kind == "derivative" else formula)(one.entry.name)
    places = {*np.flatnonzero(differ & inside), *rng.choice(np.flatnonzero(inside & MODERATE), 40)}
    for i in places:
        want = exact(mpf(float(EVERY[i])), *(mpf(float(p)) for p in given))
        assert float(got[i]) in roundings(want), (one.name, EVERY[i], got[i], want)


def test_rounding_of_doubles() -> None:
    """What this file compares with, against mpmath."""
    y = np.exp2(np.random.default_rng(2).uniform(-136, 128, 2000)) * (1 + 2.0**-8)
    y = np.concatenate(
        [y, np.ldexp(np.arange(1, 600) / 2, -134), [2.0**-134 * (1 + 2.0**-50), 3.3961775e38, 3.3962e38]]
    )
    assert all(
        roundings(mpf(number), tie=0) == {float(got)} for number, got in zip(y.tolist(), rounded(y), strict=True)
    )


def test_result_of_float64(function: Function) -> None:
    """Any operands: the result of float64, rounded once."""
    rng = np.random.default_rng(3)
    x = [numbers(rng, 40_000) for _ in range(arity(function))]
    more = [p.astype(bfloat16) for p in drawn(function.entry, rng, 40_000)] if params(function) else []
    for name, ufunc in (("", kernels.ufuncs[function.name]), ("precise", kernels.precise[function.name])):
        with np.errstate(all="ignore"):
            got, want = outputs(ufunc(*x, *more)), outputs(kernels.ufuncs[function.name](*doubles(*x, *more)))
        for y, w in zip(got, want, strict=True):
            wrong = np.flatnonzero(bits(y) != bits(rounded(w)))
            assert y.dtype == bfloat16
            assert not wrong.size, (name, [a[wrong[0]] for a in (*x, *more)], y[wrong[0]], w[wrong[0]])


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_overflow(size: int) -> None:
    """It is reported where a result is beyond the largest number, and nowhere else."""
    top = np.full(size, ml_dtypes.finfo(bfloat16).max)
    with np.errstate(all="raise"):
        assert np.all(fastact.relu(top) == top) and np.all(fastact.silu(top) == top)
        assert np.all(fastact.gelu_backward(top, top) == top)
        assert np.all(fastact.relu(np.full(size, np.inf, bfloat16)) == np.inf)
        assert np.all(np.isnan(fastact.relu(np.full(size, np.nan, bfloat16))))
    for f, x in ((fastact.exponential, 100), (fastact.relu2, 1e30), (fastact.selu, 3.3e38)):
        with pytest.warns(RuntimeWarning, match="overflow"):
            assert np.all(np.isposinf(f(np.full(size, x, bfloat16))))


# ---- calls ----


def test_takes_and_returns(function: Function) -> None:
    f, n = getattr(fastact, function.name), arity(function)
    x = [np.linspace(0.5, 2, 12).astype(bfloat16).reshape(3, 4)] * n
    missing = [0.25] * (len(params(function)) - len(function.defaults))
    want = outputs(call(function, *x))
    for got in (
        f(*x, *missing, *function.defaults),
        f(*x, *map(bfloat16, (*missing, *function.defaults))),
        f(*x, *missing, **dict(zip(function.inputs[n + len(missing) :], function.defaults, strict=True))),
        call(function, *x, **({} if NUMPY_1 else {"dtype": bfloat16})),  # NumPy 1 casts no parameter to it
        call(function, *x, where=np.ones((3, 4), bool), out=tuple(np.zeros_like(w) for w in want)),
        call(function, *x, out=tuple(np.zeros_like(w) for w in want)),
    ):
        assert all(y.dtype == bfloat16 for y in outputs(got)) and same(got, want)
    wide = call(function, *x, out=tuple(np.zeros_like(w, np.float32) for w in want))
    assert same(wide, tuple(w.astype(np.float32) for w in want))
    for got in (call(function, *x, dtype=np.float32), call(function, *x[:-1], x[-1].astype(np.float32))):
        assert all(y.dtype == np.float32 for y in outputs(got))
    for zero in ([a[0, 0] for a in x], [np.array(a[0, 0]) for a in x]):
        assert all(type(y) is bfloat16 for y in outputs(call(function, *zero)))
        assert same(call(function, *zero), tuple(w[0, 0] for w in want))
    for k in range(n if n > 1 else 0):  # a Python number takes the dtype of what is beside it
        beside = outputs(call(function, *x[:k], 1.5, *x[k + 1 :]))
        assert all(y.dtype == (np.float32 if NUMPY_1 else bfloat16) for y in beside)
        assert all(y.dtype == bfloat16 for y in outputs(call(function, *x[:k], 1, *x[k + 1 :])))


def test_parameters() -> None:
    x = np.linspace(-3, 3, 12).astype(bfloat16)
    assert fastact.leaky_relu(x, 0.1).dtype == fastact.prelu(x, slope=0.25).dtype == bfloat16
    assert same(fastact.leaky_relu(x, 0.1), fastact.leaky_relu(x, bfloat16(0.1)))
    assert fastact.elu(x, alpha=np.float32(2)).dtype == np.float32
    assert fastact.elu(x, alpha=np.full(12, 2, np.float16)).dtype == np.float32
    assert fastact.elu(x, alpha=np.full(12, 2.0)).dtype == np.float64
    assert fastact.elu(x.astype(np.float32), alpha=bfloat16(2)).dtype == np.float32
    assert fastact.elu(x.astype(np.int8), alpha=bfloat16(2)).dtype == bfloat16
    assert fastact.elu(x.astype(x.dtype.newbyteorder())).dtype == bfloat16
    assert fastact.elu(np.ones(3, np.int8)).dtype == np.float16  # with bfloat16 or without


def test_ufunc_methods() -> None:
    x = np.linspace(0.5, 2, 12).astype(bfloat16).reshape(3, 4)
    product = np.float64(1)
    for number in x[:, 0].astype(np.float64):
        product = rounded(np.array(product * number)).astype(np.float64)
    assert fastact.bilinear.reduce(x).dtype == bfloat16 and fastact.bilinear.reduce(x)[0] == product
    assert same(fastact.bilinear.accumulate(x)[-1], fastact.bilinear.reduce(x))
    assert same(fastact.swiglu.outer(x[0], x[1]), fastact.swiglu(x[0][:, None], x[1]))
    assert fastact.swiglu.resolve_dtypes((x.dtype, float, None)) == (x.dtype,) * 3
    y = x.copy()
    fastact.silu.at(y, (0, slice(2)))
    assert same(y[0, :2], fastact.silu(x[0, :2])) and same(y[1:], x[1:])


def test_gates_of_one_array() -> None:
    x = np.random.default_rng(4).normal(0, 2, (6, 8)).astype(bfloat16)
    assert same(fastact.swiglu_packed(x, layout="gate_up"), fastact.swiglu(x[:, :4], x[:, 4:]))
    clamped = fastact.clamped_swiglu_packed(x, layout="interleaved", limit=3)
    assert same(clamped, fastact.clamped_swiglu(x[:, ::2], x[:, 1::2], limit=3))
    a, b = ((x @ x.T).astype(bfloat16) + x[:, k] for k in (0, 1))
    assert same(fastact.gated_linear(x, x.T, x.T, x[:, 0], x[:, 1], gate=fastact.swiglu), fastact.swiglu(a, b))


def test_random_functions() -> None:
    x = np.linspace(-3, 3, 12).astype(bfloat16)
    y = fastact.bernoulli_gelu(x, rng=1)
    assert y.dtype == bfloat16 and np.all((y == x) | (y == 0))
    for hard in (False, True):
        y = fastact.gumbel_softmax(x, rng=1, hard=hard)
        assert y.dtype == bfloat16 and abs(y.astype(float).sum() - 1) < 0.02


# ---- functions along an axis ----

ROWS: dict[str, Callable[..., Any]] = {
    entry.name: getattr(fastact, entry.name) for entry in ROWWISE if entry.name != "maxout_backward"
}


@pytest.mark.parametrize("name", ROWS)
def test_rows(name: str) -> None:
    """What float64 gives, within what one rounding of float32 and one of bfloat16 leave; bfloat16 in every layout."""
    f, rng = ROWS[name], np.random.default_rng(5)
    for shape in ((3, 7), (40, 100), (2, 5000), (1, 100_000)):
        x = [rng.normal(0, 2, shape).astype(bfloat16) for _ in range(2 if "backward" in name else 1)]
        if len(x) > 1:
            x[1] = getattr(fastact, name.removesuffix("_backward"))(x[1])
        got, want = outputs(f(*x))[0], outputs(f(*doubles(*x)))[0]
        assert got.dtype == bfloat16
        y, w = got.astype(np.float64), want
        unit = np.ldexp(1.0, np.maximum(np.frexp(w)[1] - 1, -126) - 7)
        assert np.max(np.abs(y - w) / unit) <= 0.501
        for view in (np.asfortranarray, lambda a: np.repeat(a, 2, axis=1)[:, ::2], lambda a: np.pad(a, 3)[3:-3, 3:-3]):
            assert same(outputs(f(*map(view, x)))[0], got)
        assert same(outputs(f(*[np.ascontiguousarray(a.T) for a in x], axis=0))[0], got.T)
        assert same(np.ravel(outputs(f(*x, axis=None))[0]), np.ravel(outputs(f(*map(np.ravel, x)))[0]))


def test_parameters_of_rows() -> None:
    x = np.linspace(-3, 3, 12).astype(bfloat16).reshape(3, 4)
    for temperature in (2, 2.0, np.float32(2), bfloat16(2), np.full(3, 2, bfloat16), np.full(3, 2.0)):
        assert same(fastact.softmax(x, temperature=temperature), fastact.softmax(x / bfloat16(2)))
    assert fastact.sink_softmax(x, 0.5).dtype == fastact.sink_softmax(x, bfloat16(0.5)).dtype == bfloat16
    assert fastact.softmax(x, out=np.empty((3, 4), np.float32)).dtype == np.float32
    value, which = fastact.maxout(x)
    assert same(value, x.max(1)) and which.dtype == np.intp
    assert fastact.maxout_backward(value, which, 4).dtype == bfloat16
    assert fastact.logsumexp(x, axis=None, keepdims=True).dtype == bfloat16


# ---- layouts and threads ----


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout(function: Function, layout: str, inputs) -> None:
    x = inputs(function, bfloat16, 2500)
    assert same(call(function, *map(LAYOUTS[layout], x)), call(function, *x))


def test_matrices(function: Function, inputs) -> None:
    """Transposed, blocks of columns, broadcast, strided outputs, in place: the same bits."""
    x = [a.reshape(60, 50) for a in inputs(function, bfloat16, 3000)]
    want = outputs(call(function, *x))
    for view in (np.asfortranarray, lambda a: np.pad(a, 3)[3:-3, 3:-3], lambda a: np.repeat(a, 2, axis=1)[:, ::2]):
        assert same(call(function, *map(view, x)), want)
    if len(x) > 1:
        row = x[-1][:1]
        assert same(call(function, *x[:-1], row), call(function, *x[:-1], np.repeat(row, 60, 0)))
    flat = [a.ravel() for a in x]
    out = tuple(spaced(np.zeros_like(w.ravel()), -2) for w in want)
    call(function, *flat, out=out)
    assert same(out, tuple(w.ravel() for w in want))
    call(function, *flat, out=(flat[0], *(np.empty_like(flat[0]) for _ in want[1:])))
    assert same(flat[0], want[0].ravel())


@pytest.mark.parametrize(
    "name", ["sigmoid", "relu", "elu", "swiglu", "silu_backward", "geglu_backward", "softmax", "log_softmax"]
)
def test_threads(name: str, threads) -> None:
    """Long arrays, by table or not: one thread and several, in one piece and in many."""
    f, rng = getattr(fastact, name), np.random.default_rng(6)
    entry = next((f for f in FUNCTIONS if f.name == name), None)
    x = [rng.normal(0, 40, (1000, 500)).astype(bfloat16) for _ in range(arity(entry) if entry else 1)]
    made = []
    for count in (1, 2, None):
        threads(count)
        made.append(outputs(f(*x)))
    pieces = [outputs(f(*[a[i : i + 10] for a in x])) for i in range(0, 1000, 10)]
    made.append(tuple(np.concatenate(part) for part in zip(*pieces, strict=True)))
    assert all(same(y, made[0]) for y in made)


# ---- registration ----


@pytest.mark.parametrize(
    "order", ["ml_dtypes, fastact", "fastact, ml_dtypes", "fastact, ml_dtypes; fastact.enable_bfloat16()"]
)
@pytest.mark.parametrize("call", ["gelu(x)", "elu(x)", "softmax(x)"])
def test_first_call(order: str, call: str) -> None:
    """In any order of imports, enabled or not; and after calls with other dtypes."""
    before = "import numpy as np; fastact.gelu(np.ones(3)); fastact.gelu(np.ones(3, 'f'))"
    code = f"x = np.ones(3, ml_dtypes.bfloat16); print(fastact.{call}.dtype, fastact.{call}.dtype)"
    assert run(f"import {order}; {before}; {code}") == "bfloat16 bfloat16"


def test_import_leaves_ml_dtypes_alone() -> None:
    assert run("import sys, fastact; fastact.gelu(1.0); print('ml_dtypes' in sys.modules)") == "False"


def test_enable(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        fastact.enable_bfloat16()
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    with pytest.raises(ImportError, match="enable_bfloat16: needs the package ml_dtypes"):
        fastact.enable_bfloat16()


def test_further_levels() -> None:
    """Ufuncs that are made later have the loops as well."""
    fastact.enable_bfloat16()
    again = fastact._dispatch.load(fastact.level)
    assert same(again.ufuncs["mish"](EVERY), fastact.mish(EVERY))


REFUSED = [
    np.longdouble,
    *(getattr(ml_dtypes, n) for n in dir(ml_dtypes) if n.startswith(("float8", "float6", "float4"))),
]


@pytest.mark.parametrize("refused", REFUSED, ids=lambda t: t.__name__)
@pytest.mark.parametrize(
    "name", ["gelu", "elu", "prelu", "swiglu", "silu_backward", "softmax", "maxout", "logsumexp", "swiglu_packed"]
)
def test_refused(refused: type, name: str) -> None:
    """Which dtypes there are is said, and by which function."""
    x = np.ones(4).astype(refused)
    f = getattr(fastact, name)
    more = {"prelu": (0.25,), "swiglu": (np.float32(1),), "silu_backward": (1.0,)}.get(name, ())
    words = {"layout": "gate_up"} if name == "swiglu_packed" else {}
    message = (
        f"{name.removesuffix('_packed')}: the dtypes are float16, float32, float64 and bfloat16, not {x.dtype.name}"
    )
    for _ in range(2):  # NumPy remembers the loops that it found
        with pytest.raises(TypeError, match=message):
            f(x, *more, **words)
    if not words:
        with pytest.raises(TypeError, match=message):
            f(np.ones(4, np.float32), *more, dtype=refused)
    assert f(x.astype(np.float32), *more, **words) is not None


def test_refused_by_precise() -> None:
    with pytest.raises(TypeError, match="gelu: the dtypes are float16, float32 and bfloat16, not "):
        fastact.precise.gelu(np.longdouble(1))


def test_integers_of_ml_dtypes() -> None:
    """As NumPy's own."""
    assert fastact.relu(np.ones(3).astype(ml_dtypes.int4)).dtype == np.float16


def test_onnx_case() -> None:
    """The node test celu_bfloat16 of ONNX."""
    celu = pytest.importorskip("onnx.backend.test.case.node.celu")
    cases: dict[str, Any] = {}

    def keep(node: Any, inputs: list[np.ndarray], outputs: list[np.ndarray], name: str) -> None:
        cases[name] = node, inputs, outputs

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(celu, "expect", keep)
        celu.Celu.export_celu_bfloat16()
    node, (x,), (want,) = cases["test_celu_bfloat16"]
    (alpha,) = (attribute.f for attribute in node.attribute if attribute.name == "alpha")
    got = fastact.celu(x, alpha)
    assert got.dtype == want.dtype == bfloat16
    np.testing.assert_allclose(got.astype(np.float32), want.astype(np.float32), rtol=1e-2, atol=1e-7)
