"""Row-wise functions: values against mpmath and SciPy, the same bits for any layout, axes, special values, errors."""

import inspect
import math
import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special
from conftest import bits, checksums, complete, outputs
from mpmath import mpf
from reference import ulps
from row_reference import FORWARD_OF, call, error, exact, hardest, long_error, long_rows, long_truth, some_rows, truth
from row_reference import softmax as softmax_of

import fastact
from fastact.catalogue import ROWWISE, Rowwise

NAMES = [row.name for row in ROWWISE]
INF, NAN = np.inf, np.nan
SOFT = ("softmax", "safe_softmax", "softmin", "sink_softmax", "log_softmax", "sparsemax", "entmax15")  # keep NaN
every = pytest.mark.parametrize("name", NAMES)
every_row = pytest.mark.parametrize("rowwise", ROWWISE, ids=NAMES)


def same(a: Any, b: Any) -> bool:
    """Equal to the bit; indices as well."""
    pairs = zip(map(np.asarray, outputs(a)), map(np.asarray, outputs(b)), strict=True)
    return all(np.array_equal(*(bits(z) if z.dtype.kind == "f" else z for z in pair)) for pair in pairs)


@every_row
def test_values(rowwise: Rowwise, real: type, step: int) -> None:
    bound = rowwise.ulp.forward[real is np.float64]
    if not bound:
        return
    rng = np.random.default_rng(5)
    for x in some_rows(real, 1)[::step]:
        found = error(rowwise.name, x, rng.normal(size=x.size).astype(real))
        assert found <= bound, f"{rowwise.name} is off by {found:.2f} ulp on {x!r}"


@every_row
def test_short_rows(rowwise: Rowwise, real: type, step: int) -> None:
    """The worst are short, and random ones do not show them."""
    bound = rowwise.ulp.forward[real is np.float64]
    if bound:
        assert max(hardest(rowwise.name, real, n, 24 // step) for n in (2, 3, 4)) <= bound


def test_means_of_means() -> None:
    """Gradient of entmax15 where one weight is far above 15 others, each in a chunk of its own and lost beside it."""
    bound = next(row.ulp.forward[1] for row in ROWWISE if row.name == "entmax15_backward")
    x = np.full(32768, -5.0)
    x[0], x[2048::2048] = 0, -2 + 2.0**-52
    assert long_error("entmax15_backward", x, np.eye(1, x.size)[0]) <= bound


@every_row
def test_half_is_rounded_once(rowwise: Rowwise, step: int) -> None:
    if not rowwise.ulp.forward[0]:
        return
    rng = np.random.default_rng(6)
    for x in some_rows(np.float16, 2)[::step]:
        assert error(rowwise.name, x, rng.normal(size=x.size).astype(np.float16)) <= 0.501


@pytest.mark.parametrize("name", [name for name in FORWARD_OF if name != "maxout_backward"])
def test_backward_is_the_gradient(name: str) -> None:
    """By differences of the formula of the forward function."""
    x, grad = np.random.default_rng(7).normal(size=(2, 8))
    steps = np.longdouble(1e-6) * np.eye(8)

    def forward(rows: np.ndarray) -> np.ndarray:
        return long_truth(FORWARD_OF[name], rows, rows, rows)[0]

    want = (grad * (forward(x + steps) - forward(x - steps))).sum(axis=1) / np.longdouble(2e-6)
    np.testing.assert_allclose(call(name, x, grad), want, atol=1e-8)


def test_backward_of_a_temperature_beyond_float() -> None:
    for dtype in (np.float16, np.float32, np.float64):
        grad, y = np.array([1, 2], dtype), np.array([0, 1], dtype)
        assert np.array_equal(fastact.softmax_backward(grad, y, temperature=1e-40), [0, 0])


@every_row
def test_long_rows(rowwise: Rowwise, real: type, step: int) -> None:
    """100,000 elements: sums do not add up errors. In the precision of long double, which is 11 bits more."""
    if not rowwise.ulp.forward[0] or np.finfo(np.longdouble).nmant < 63:
        pytest.skip("nothing is rounded, or nothing to compare with")
    name, bound = rowwise.name, rowwise.ulp.forward[real is np.float64]
    rng = np.random.default_rng(7)
    for x in long_rows(real, 100_000, 7)[::step]:
        found = long_error(name, x, rng.normal(size=x.size).astype(real))
        assert found <= bound, f"{name} is off by {found:.2f} ulp"


@pytest.mark.parametrize("name", [r.name for r in ROWWISE if r.name != "maxout_backward"])
def test_the_short_way(name: str, dtype: type) -> None:
    """A call without axis and parameters has its own way to the gufunc, with the same results and messages."""
    f, x = getattr(fastact, name), np.random.default_rng(11).normal(size=(5, 7)).astype(dtype)
    args = (x,) * sum(p in ("x", "grad", "y") for p in inspect.signature(f).parameters)
    want = f(*args, axis=1)
    assert same(f(*args), want) and same(f(*args, out=None), want)
    for y in want if isinstance(want, tuple) else (want,):
        assert y.dtype == (np.intp if y.dtype.kind == "i" else dtype)
    if not isinstance(want, tuple):
        out = np.empty_like(want)
        assert f(*args, out=out) is out and same(out, want)
        assert f(*args, out=(out,)) is out
        with pytest.raises(ValueError, match=r"out|mismatch|broadcast"):
            f(*args, out=np.empty((3, 3), dtype))
    with pytest.raises(TypeError, match=rf"^{name}\(\) missing"):
        f()
    assert inspect.signature(f).parameters.keys() >= {"axis", "out"} and f.__doc__ and f.ufunc.signature


@pytest.mark.parametrize("name", ["softmax", "safe_softmax", "softmin", "softmax_backward"])
def test_temperature(name: str, real: type) -> None:
    bound = next(r for r in ROWWISE if r.name == name).ulp.forward[real is np.float64]
    rng = np.random.default_rng(8)
    for temperature in (0.7, 3.0, 1e-3, 1e6):
        x = rng.normal(0, 5 * temperature, 50).astype(real)
        if name == "softmax_backward":
            grad, y = rng.normal(size=50).astype(real), fastact.softmax(x)
            got = fastact.softmax_backward(grad, y, temperature=temperature)
            values, scale = truth(name, exact(x), exact(grad), exact(y))
            t = mpf(temperature)
            assert ulps(got, [v / t for v in values], [s / t for s in scale]).max() <= bound
        else:
            sign = -1 if name == "softmin" else 1
            got = getattr(fastact, name)(x, temperature=temperature)
            assert ulps(got, softmax_of([sign * v for v in exact(x)], temperature)).max() <= bound
    x = rng.normal(size=(4, 30)).astype(real)
    rates = np.array([0.1, 1, 2.5, 7])
    together = fastact.softmax(x, temperature=rates)
    assert together.dtype == real
    assert all(same(together[i], fastact.softmax(x[i], temperature=rates[i])) for i in range(4))


def test_temperatures_that_no_float_can_invert() -> None:
    """1/T is 0 in float32, and 0 times infinity would be NaN."""
    for dtype in (np.float16, np.float32, np.float64):
        got = [f(np.array([1, -INF, 2], dtype), temperature=1e46) for f in (fastact.softmax, fastact.safe_softmax)]
        assert np.array_equal(got, [[0.5, 0, 0.5]] * 2)


def test_sink(real: type) -> None:
    rng = np.random.default_rng(9)
    x = rng.normal(0, 4, (6, 40)).astype(real)
    sinks = np.array([-1000, -3, 0.5, 4, 30, 95]).astype(real)  # the last is far above the row
    got = fastact.sink_softmax(x, sinks)
    for i in range(6):
        want = softmax_of(exact(x[i]), 1.0, exact(sinks[i : i + 1]))
        assert ulps(got[i], want).max() <= 4
        assert same(got[i], fastact.sink_softmax(x[i], sinks[i]))
        assert ulps(fastact.sink_softmax(x[i], -np.inf), softmax_of(exact(x[i]))).max() <= 4
    assert fastact.quiet_softmax is fastact.sink_softmax


def test_one_element_dominates() -> None:
    """The logarithm of a sum that is one to the last bit."""
    for gap in (20.0, 40.0, 90.0, 600.0):
        rest = math.log1p(math.exp(-gap))
        np.testing.assert_allclose(fastact.log_softmax([0.0, gap]), [-gap - rest, -rest], rtol=1e-15)
        np.testing.assert_allclose(fastact.logsumexp([0.0, -gap]), rest, rtol=1e-15)
    assert fastact.log_softmax(np.float32([0, 60]))[1] == np.float32(-math.exp(-60))


def test_scipy() -> None:
    rng = np.random.default_rng(10)
    x = rng.normal(0, 3, (5, 6, 7))
    for axis in (0, 1, 2, -1, -2, (0, 1), (2, 0), (0, 1, 2), None):
        for name in ("softmax", "log_softmax", "logsumexp"):
            want = getattr(scipy.special, name)(x, axis=axis)
            np.testing.assert_allclose(getattr(fastact, name)(x, axis=axis), want, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(
            fastact.logsumexp(x, axis=axis, keepdims=True), scipy.special.logsumexp(x, axis=axis, keepdims=True)
        )


# ---- the same bits ----

SHAPES = (
    (1,),
    (5,),
    (3, 4),
    (40, 10),
    (10, 40),
    (3, 64),
    (20, 65),
    (33, 128),
    (17, 129),
    (5, 700),
    (2, 2049),
    (3, 5, 6),
    (2, 70_000),
)


@every
def test_layouts(name: str, dtype: type) -> None:
    """Any axis, order, step and sign of a step, and one row alone."""
    rng = np.random.default_rng(11)
    for shape in SHAPES:
        x, grad = (rng.normal(0, 4, shape).astype(dtype) for _ in range(2))
        want = outputs(call(name, x, grad))
        for axis in range(x.ndim):
            back = [np.moveaxis(a, -1, axis) for a in (x, grad)]
            for view in (np.asarray, np.ascontiguousarray, np.asfortranarray, stretched, turned):
                got = outputs(call(name, *map(view, back), axis=axis))
                for g, w in zip(got, want, strict=True):
                    assert same(np.moveaxis(g, axis, -1) if g.ndim == x.ndim else g, w), (shape, axis, view)
        for index in list(np.ndindex(shape[:-1]))[:3]:
            got = outputs(call(name, x[index], grad[index]))
            assert all(same(g, w[index]) for g, w in zip(got, want, strict=True))


def stretched(x: np.ndarray) -> np.ndarray:
    """Every other element, in all directions."""
    wide = np.zeros([2 * n for n in x.shape], x.dtype)
    view = wide[tuple(slice(None, None, 2) for _ in x.shape)]
    view[...] = x
    return view


def turned(x: np.ndarray) -> np.ndarray:
    """Negative steps, and a byte off."""
    back = tuple(slice(None, None, -1) for _ in x.shape)
    raw = np.zeros(x.nbytes + 1, np.uint8)
    view = raw[1:].view(x.dtype).reshape(x.shape)
    view[...] = x[back]
    return view[back]


@every
@pytest.mark.parametrize("count", [pytest.param(2, marks=complete), 3, pytest.param(7, marks=complete)])
def test_threads(name: str, count: int, dtype: type, threads) -> None:
    """Shares of rows, and shares of a row, whatever the number of threads."""
    rng = np.random.default_rng(12)
    for shape in ((20_000, 10), (150, 1000), (3, 70_001), (1, 200_001)):
        x = rng.normal(0, 4, shape).astype(dtype)
        grad = x[::-1]
        threads(1)
        want = call(name, x, grad), call(name, x.T, grad.T, axis=0)
        threads(count)
        assert same(call(name, x, grad), want[0])
        threads(count)  # anew, where the first call found too few cores
        assert same(call(name, x.T, grad.T, axis=0), want[1])


@every
def test_out_and_in_place(name: str, real: type) -> None:
    rng = np.random.default_rng(13)
    for shape in ((30, 10), (4, 500), (3, 3000)):
        x, grad = (rng.normal(0, 4, shape).astype(real) for _ in range(2))
        want = call(name, x, grad)
        out = tuple(np.full_like(w, 3) for w in outputs(want))
        got = call(name, x, grad, out=out if len(out) > 1 else out[0])
        assert all(g is o for g, o in zip(outputs(got), out, strict=True)) and same(got, want)
        if len(out) > 1 or out[0].shape != x.shape or name == "maxout_backward":
            continue
        for layout in (np.array, np.asfortranarray, stretched):
            if name in FORWARD_OF:
                y = getattr(fastact, FORWARD_OF[name])(x)
                for k in range(2):
                    args = [layout(grad), layout(y)]
                    assert getattr(fastact, name)(*args, out=args[k]) is args[k] and same(args[k], want)
            else:
                target = layout(x)
                assert getattr(fastact, name)(target, out=target) is target and same(target, want)
        over = np.concatenate([x, x[:1]])  # an output that lies over other rows
        if name not in FORWARD_OF:
            getattr(fastact, name)(over[:-1], out=over[1:])
            assert same(over[1:], want)
            back = x.copy()
            getattr(fastact, name)(back, out=back[:, ::-1])
            assert same(back[:, ::-1], want)


@pytest.mark.parametrize("name, keyword", [("softmax", "temperature"), ("sink_softmax", "sink"), ("logsumexp", "")])
def test_out_over_another_input(name: str, keyword: str) -> None:
    """Where an output lies over the numbers of the rows, or over the rows, these are read first."""
    for shape in ((40, 3), (300, 64)):
        x = np.random.default_rng(14).normal(0, 4, shape)
        numbers = np.arange(1.0, shape[0] + 1)
        f = getattr(fastact, name)
        for start in (0, 1, x.size - shape[0]):
            if keyword:
                out = np.empty(shape)
                over = out.ravel()[start : start + shape[0]]
                over[:] = numbers
                want = f(x, **{keyword: numbers})
                f(x, **{keyword: over}, out=out)
            else:
                rows = x.copy()
                out = rows.ravel()[start : start + shape[0]]
                want = f(x, axis=1)
                f(rows, axis=1, out=out)
            assert same(out, want)


def test_same_bits_on_other_levels() -> None:
    code = """
import zlib, numpy as np
from conftest import bits, outputs
from test_rows import NAMES, call
total, rng = 0, np.random.default_rng(1)
for name in NAMES:
    for dtype in (np.float16, np.float32, np.float64):
        for shape in ((7, 3), (40, 33), (3, 1000), (2, 5001)):
            for y in outputs(call(name, *(rng.normal(0, 5, shape).astype(dtype) for _ in range(2)))):
                total = zlib.crc32(bits(y).tobytes() if y.dtype.kind == "f" else y.tobytes(), total)
print(total)
"""
    assert len(checksums(code)) == 1


# ---- special values and floating-point flags ----

SPECIAL: dict[str, Callable[[list[float]], Any]] = {
    "softmax": scipy.special.softmax,
    "safe_softmax": lambda v: np.zeros(len(v)) if np.max(v) == -INF else scipy.special.softmax(v),
    "softmin": lambda v: scipy.special.softmax(np.negative(v)),
    "sink_softmax": lambda v: scipy.special.softmax([*v, 0.0])[:-1],
    "log_softmax": scipy.special.log_softmax,
    "logsumexp": scipy.special.logsumexp,
    "logmeanexp": lambda v: scipy.special.logsumexp(v) - math.log(len(v)),
    "hardmax": lambda v: np.eye(len(v))[np.argmax(v)] if not np.isnan(v).any() else np.full(len(v), NAN),
    "sparsemax": lambda v: np.full(len(v), NAN) if abs(np.max(v)) == INF or np.isnan(v).any() else np.eye(len(v))[2],
}
SPECIAL["entmax15"] = SPECIAL["sparsemax"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SPECIAL)
def test_special_values(name: str, dtype: type) -> None:
    cases = [
        [INF, 1, 9], [INF, INF, 9], [-INF, -INF, -INF], [-INF, 1, 9], [INF, -INF, 9], [NAN, INF, 9], [NAN, 1, -INF],
        [1, NAN, 2], [NAN, NAN, NAN], [-INF, NAN, -INF], [-INF, -INF, 9], [-30000, 0, 30000],
    ]  # fmt: skip
    for case in cases:
        want = SPECIAL[name](case)
        for repeat in (1, 30, 3000):  # short rows, one chunk, several
            pad = [-INF if name != "softmin" else INF] * (3 * repeat - 3)
            x = np.array([case + pad, pad + case], dtype)
            if name == "logmeanexp":
                want = scipy.special.logsumexp(case) - math.log(3 * repeat)
            with np.errstate(all="raise"):
                got = getattr(fastact, name)(x)
            if np.ndim(got) == 2:
                if name in ("hardmax", "sparsemax", "entmax15", "softmax", "softmin") and np.isnan(want).all():
                    assert np.isnan(got).all()
                    continue
                got = np.stack([got[0, :3], got[1, -3:]])
                if name == "hardmax" and case == [-INF] * 3:
                    assert got[0].tolist() == [1, 0, 0]
                    continue
            np.testing.assert_allclose(got, np.broadcast_to(want, got.shape), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    "name", ["softmax", "safe_softmax", "softmin", "sink_softmax", "log_softmax", "logsumexp", "logmeanexp"]
)
def test_nan_anywhere(name: str, dtype: type) -> None:
    """A maximum that forgets a NaN must not hide it, whatever is beside it, in rows alone and together."""
    rng = np.random.default_rng(14)
    with np.errstate(all="raise", under="ignore"):
        for n in (2, 20, 128, 300, 5000):
            x = np.clip(rng.normal(0, 1e4, (40, n)), -6e4, 6e4).astype(dtype)
            x[np.arange(40), rng.integers(0, n, 40)] = rng.choice([NAN, INF, -INF, 6e4], 40)
            x[np.arange(40), rng.integers(0, n, 40)] = NAN
            for got in (getattr(fastact, name)(x), getattr(fastact, name)(np.asfortranarray(x.T), axis=0)):
                assert np.isnan(got).all()


def test_hardmax_and_maxout_take_the_first() -> None:
    assert fastact.hardmax([2.0, 5.0, 5.0]).tolist() == [0, 1, 0]
    for x in ([1, NAN, NAN, 3], [5, 5, 1, 0], [-0.0, 0.0, 0.0, -0.0], [-INF] * 4, [3, INF, INF, NAN]):
        for repeat in (1, 40, 3000):
            row = np.array(x * repeat, float)
            value, which = fastact.maxout(row)
            assert which == np.argmax(row) and same(value, row[which])
            assert np.signbit(value) == np.signbit(row[which])
            rows = np.tile(row[:, None], 20)
            assert (fastact.maxout(rows, axis=0)[1] == which).all()


@every
def test_floating_point_flags(name: str, dtype: type, threads) -> None:
    """Nothing is raised where no result overflows: not by masks, distances, underflow, or on other threads."""
    info = np.finfo(dtype)
    edges = np.array([0, -0.0, INF, -INF, NAN, 1, -1, 100, -100, -800, 20, info.tiny, -info.smallest_subnormal], dtype)
    rng = np.random.default_rng(14)
    with np.errstate(all="raise"):
        for count in (1, 2):
            threads(count)
            for n in (1, 2, 10, 100, 5000, 70_000):
                call(name, rng.choice(edges, (3, n)), np.ones((3, n), dtype))
                call(name, rng.choice([-INF, 0, 1, -800], (3, n)).astype(dtype), np.ones((3, n), dtype))
            if name != "log_softmax" and name not in FORWARD_OF:
                call(name, np.array([[info.max, info.min, 0]] * 3, dtype))


def test_overflow_is_reported(threads) -> None:
    """A logarithm below the smallest number."""
    for n in (3, 100, 70_000):
        x = np.zeros(n, np.float32)
        x[-2:] = 3e38, -3e38
        for count in (1, 2):
            threads(count)
            with np.errstate(all="raise"), pytest.raises(FloatingPointError, match=r"overflow.*log_softmax"):
                fastact.log_softmax(x)


@pytest.mark.parametrize("name", ["sparsemax_backward", "entmax15_backward", "log_softmax_backward"])
def test_overflow_between_threads_is_reported(name: str, threads) -> None:
    """A sum of parts that overflows only when it is joined."""
    grad = np.zeros(4 * 32768)
    grad[[0, 40_000]] = 1.2e308
    for count in (1, 2):
        threads(count)
        with np.errstate(all="raise"), pytest.raises(FloatingPointError, match=rf"overflow.*{name}"):
            getattr(fastact, name)(grad, np.ones_like(grad))


@pytest.mark.parametrize("name", ["sparsemax_backward", "entmax15_backward"])
def test_no_overflow_where_nothing_is(name: str) -> None:
    with np.errstate(all="raise"):
        assert getattr(fastact, name)([1.7e308, -1e308, -1e307], [0, 0.5, 0.5])[0] == 0


# ---- as functions of NumPy ----


@every_row
def test_published(rowwise: Rowwise) -> None:
    f = getattr(fastact, rowwise.name)
    assert isinstance(f.ufunc, np.ufunc) and rowwise.name in fastact.__all__ and f.__module__ == "fastact"
    inputs, made = rowwise.operands.split("->")
    assert (f.ufunc.nin, f.ufunc.nout, len(f.ufunc.types)) == (len(inputs), len(made), 3)
    assert f.ufunc.signature == "->".join(",".join("(n)" if c == "r" else "()" for c in p) for p in (inputs, made))
    assert re.sub(r": \w+(?= =|,|\)| )| -> Any", "", str(inspect.signature(f))).replace(" ", "").replace(
        ":Any", ""
    ) == f"({rowwise.signature})".replace(" ", "").replace("pieces,", "pieces,")
    for alias in rowwise.aliases:
        assert getattr(fastact, alias) is f
    for g in (f, f.ufunc):
        assert pickle.loads(pickle.dumps(g, protocol=4)) is g
    text = inspect.getdoc(f)
    for section in ("Parameters", "Returns", "Raises", "See Also", "Notes", "References", "Examples"):
        assert f"\n{section}\n{'-' * len(section)}\n" in text
    assert "Formula" in text and "ulp" in text and "Special values" in text


@every
def test_dtypes(name: str) -> None:
    """As numpy.exp's; a temperature or a sink of any dtype changes nothing."""
    for c in "?bBhHiIqQefd":
        x = np.ones((2, 3), c)
        y = outputs(call(name, x, x))
        assert y[0].dtype == np.exp(x).dtype and (len(y) == 1 or y[1].dtype == np.intp)
    for c in ("F", "O", "U4", "M8[s]", "g"):
        with pytest.raises(TypeError):
            call(name, np.zeros((2, 3), c), np.zeros((2, 3), c))
    x = np.ones((2, 3), np.float32)
    assert outputs(call(name, x, x, dtype="d"))[0].dtype == np.float64
    if name in ("softmax", "sink_softmax"):
        for other in (2, 2.0, np.float64(2), np.int64(2), [1.0, 2.0]):
            assert (
                getattr(fastact, name)(x, **{"softmax": {"temperature": other}}.get(name, {"sink": other})).dtype == "f"
            )


def test_integers_are_not_wrapped() -> None:
    x = np.array([-128, 127, 0], np.int8)
    np.testing.assert_allclose(fastact.softmin(x), [1, 0, 0], atol=1e-7)
    assert fastact.softmax([1, 2]).dtype == np.float64


def test_axes(real: type) -> None:
    rng = np.random.default_rng(15)
    x, grad = (rng.normal(0, 2, (3, 4, 5, 6)).astype(real) for _ in range(2))
    for name in set(NAMES) - {"maxout_backward"}:
        for axis in (None, (0, 1, 2, 3), (1,), (1, 3), (3, 1), (-1, 0), ()):
            axes = tuple(range(4)) if axis is None else tuple(k % 4 for k in axis)
            rest = tuple(k for k in range(4) if k not in axes)
            order = (*rest, *sorted(axes))
            flat = [a.transpose(order).reshape(*(a.shape[k] for k in rest), -1) for a in (x, grad)]
            want = outputs(call(name, *flat))
            if name in FORWARD_OF:
                y = getattr(fastact, FORWARD_OF[name])(x, axis=axis)
                got = outputs(getattr(fastact, name)(grad, y, axis=axis))
            else:
                got = outputs(getattr(fastact, name)(x, axis=axis))
            for g, w in zip(got, want, strict=True):
                assert same(g.transpose(order).reshape(w.shape) if g.shape == x.shape else g, w), (name, axis)
            if name == "softmax":
                out = np.empty_like(x)
                assert fastact.softmax(x, axis=axis, out=out) is out and same(out, got[0])
    assert fastact.logsumexp(x, axis=(1, 3), keepdims=True).shape == (3, 1, 5, 1)
    assert fastact.logsumexp(x, axis=None).shape == () and isinstance(fastact.logsumexp(x, axis=None), real)
    assert fastact.softmax(3.0, axis=None) == 1 and fastact.softmax(np.float32(3), axis=None).dtype == np.float32


def test_empty() -> None:
    """A row without elements has an empty result, as in torch and jax; only maxout needs an element, as numpy.max."""
    values = {"logsumexp": -INF, "logmeanexp": np.nan}
    for name in set(NAMES) - {"maxout_backward"}:
        count = 2 if name in FORWARD_OF else 1
        for shape, axis in (((3, 0), -1), ((0,), 0), ((0,), None), ((2, 0, 3), (0, 1))):
            args = [np.zeros(shape)] * count
            if name == "maxout":
                with pytest.raises(ValueError, match=rf"^{name}: .*size 0"):
                    fastact.maxout(*args, axis=axis)
                continue
            y = getattr(fastact, name)(*args, axis=axis)
            assert np.shape(y) == (np.sum(args[0], axis=axis).shape if name in values else shape)
            assert name not in values or np.array_equal(y, np.full_like(y, values[name]), equal_nan=True)
        for shape, axis in (((0, 3), -1), ((0, 0), -1), ((0, 0), 0), ((0, 2, 3), (1, 2))):
            y = outputs(getattr(fastact, name)(*[np.zeros(shape)] * count, axis=axis))[0]
            assert y.size == 0
    assert fastact.maxout_backward(np.zeros(0), np.zeros(0, int), 3).shape == (0, 3)


@every
def test_errors(name: str) -> None:
    f, x = getattr(fastact, name), np.zeros((3, 4))
    args: list[Any] = [x, x] if name in FORWARD_OF else [x]
    if name == "maxout_backward":
        args, x = [np.zeros(3), np.zeros(3, int), 4], np.zeros((3, 4))
    for axis in (2, -3):
        with pytest.raises(np.exceptions.AxisError, match=rf"^{name}: .*{axis}"):
            f(*args, axis=axis)
    with pytest.raises(TypeError):
        f(*args, axis=0.5)
    if name != "maxout_backward":
        with pytest.raises(np.exceptions.AxisError, match=name):
            f(*args, axis=(0, 2))
        with pytest.raises(ValueError, match=rf"^{name}: .*twice"):
            f(*args, axis=(0, -2))
        with pytest.raises(np.exceptions.AxisError, match=name):
            f(*[np.float64(1)] * len(args))
    if name != "maxout":
        with pytest.raises(ValueError, match=None if f.ufunc.signature.endswith("()") else rf"^{name}: out has shape"):
            f(*args, out=np.zeros((5, 7)))
        frozen = np.zeros_like(f(*args))
        frozen.flags.writeable = False
        with pytest.raises(ValueError, match="read-only"):
            f(*args, out=frozen)
        if name != "maxout_backward":
            with pytest.raises(ValueError, match=rf"^{name}: out has shape"):
                f(*args, axis=(0, 1), out=np.zeros((3, 5)))
    if "temperature" in inspect.signature(f).parameters:
        for bad in (0, -1.0, NAN, INF, [1.0, 0.0, 1.0], np.float32(-2)):
            with pytest.raises(ValueError, match=rf"^{name}: temperature must be positive and finite, got "):
                f(*args, temperature=bad)


def test_maxout_backward_errors() -> None:
    f = fastact.maxout_backward
    with pytest.raises(ValueError, match=r"maxout_backward: which must be from 0 to 2, got 0 to 3"):
        f([1.0, 2.0], [0, 3], 3)
    with pytest.raises(ValueError, match="got -1 to 0"):
        f([1.0, 2.0], [0, -1], 3)
    with pytest.raises(TypeError, match="which must be integers"):
        f([1.0], [0.0], 3)
    with pytest.raises(ValueError, match="out has shape"):
        f([1.0], [0], 3, out=np.zeros((3, 1)))
    assert f([1.0, 2.0], [0, 2], 3, axis=0).tolist() == [[1, 0], [0, 0], [0, 2]]
    assert f(np.float32(3), np.int8(1), 2).tolist() == [0, 3]


def test_containers_get_the_gufunc() -> None:
    class Wrapped:
        ndim, shape = 2, (3, 4)

        def __array_ufunc__(self, ufunc, method, *args, **kwargs):
            return ufunc, method, len(args), kwargs

    assert fastact.log_softmax(Wrapped()) == (fastact.log_softmax.ufunc, "__call__", 1, {"axis": -1})
    assert fastact.softmax(Wrapped(), 0, 2.0) == (fastact.softmax.ufunc, "__call__", 2, {"axis": 0})
    x = np.ma.masked_array(np.ones((2, 3)), mask=False)
    assert isinstance(fastact.softmax(x), np.ma.MaskedArray)


def test_gumbel_softmax() -> None:
    x = np.log(np.array([0.1, 0.2, 0.7], np.float32))
    many = np.broadcast_to(x, (20_000, 3))
    hard = fastact.gumbel_softmax(many, rng=3, hard=True)
    soft = fastact.gumbel_softmax(many, 0.5, 3)
    assert hard.dtype == soft.dtype == np.float32 and set(np.unique(hard)) == {0, 1}
    np.testing.assert_array_equal(hard.argmax(-1), soft.argmax(-1))
    np.testing.assert_allclose(hard.mean(0), [0.1, 0.2, 0.7], atol=0.015)
    np.testing.assert_allclose(soft.sum(-1), 1, rtol=1e-6)
    assert same(soft, fastact.gumbel_softmax(many, 0.5, np.random.default_rng(3)))
    assert same(soft.T, fastact.gumbel_softmax(many, 0.5, 3).T)
    out = np.empty_like(soft)
    assert fastact.gumbel_softmax(many, 0.5, 3, out=out) is out and same(out, soft)
    assert fastact.gumbel_softmax(np.ones(3, np.int8), rng=1).dtype == np.float16
    assert fastact.gumbel_softmax([0.0, -INF], rng=1).tolist() == [1, 0]
    for bad in (0, -1, NAN):
        with pytest.raises(ValueError, match="gumbel_softmax: temperature"):
            fastact.gumbel_softmax(x, bad)
    for wrong in (1j, "a", None):
        with pytest.raises(TypeError):
            fastact.gumbel_softmax(wrong)
    with pytest.raises(np.exceptions.AxisError):
        fastact.gumbel_softmax(x, axis=1)
