"""The functions are NumPy ufuncs: everything that NumPy promises of one."""

import copy
import pickle

import numpy as np
import pytest
from conftest import NUMPY_1, TOPS, arity, bits, call, checksums, outputs, params, raw, same

import fastact
from fastact.catalogue import ACTIVATIONS, FUNCTIONS, GATES, Function

DTYPE_CHARACTERS = "?bBhHiIlLqQefd"
by_shape = pytest.mark.by_shape


def test_published() -> None:
    """Functions of arrays alone are np.ufunc objects, others are Functions; aliases are the same object."""
    for f in FUNCTIONS:
        assert type(getattr(fastact, f.name)) is (fastact._core.Function if f.params else np.ufunc)
    for row in (*ACTIVATIONS, *GATES):
        for alias in row.aliases:
            assert getattr(fastact, alias) is getattr(fastact, row.name)
    assert set(fastact.__all__) >= {f.name for f in FUNCTIONS}
    for name in fastact.__all__:
        assert getattr(fastact, name) is not None


def test_shape_of_ufunc(function: Function) -> None:
    ufunc = raw(function)
    assert isinstance(ufunc, np.ufunc)
    assert (ufunc.nin, ufunc.nout) == (len(function.inputs), len(function.outputs))
    assert ufunc.types == ["".join(c * ufunc.nin) + "->" + c * ufunc.nout for c in "efd"]
    assert ufunc.__name__ == function.name + (".ufunc" if function.params else "")


@by_shape
def test_result_types(function: Function) -> None:
    """As numpy.exp's, for every dtype; what exp refuses is refused."""
    for c in DTYPE_CHARACTERS:
        x = np.ones(3, c)
        more = [x] * (len(params(function)) - len(function.defaults))  # a required parameter is an input like x
        for y in outputs(getattr(fastact, function.name)(*[x] * arity(function), *more)):
            assert y.dtype == np.exp(x).dtype
    for c in ("F", "O", "U4", "S4", "M8[s]", "m8[s]", "g"):
        x = np.zeros(2, c)
        with pytest.raises(TypeError):
            call(function, *[x] * arity(function))
    with pytest.raises(TypeError):
        call(function, *[None] * arity(function))


@by_shape
def test_every_way_of_calling(function: Function, dtype: type, inputs) -> None:
    """Defaults, parameters by place and by name, `out` in either way: as the ufunc with Python numbers."""
    if not function.defaults:
        pytest.skip("has no default")
    f, x = getattr(fastact, function.name), inputs(function, dtype, 20)
    assert repr(f) == f"<function {function.name}>"
    arrays, names = x, function.inputs
    some = dict(zip(names[len(x) :], function.defaults, strict=True))
    want = f.ufunc(*arrays, *function.defaults)
    wide = f.ufunc(*arrays, *function.defaults, dtype=np.float64)
    for got in (
        f(*arrays),
        f(*arrays, *function.defaults),
        f(*arrays, **some),
        f(**dict(zip(names, arrays, strict=False))),
        f(*arrays, out=None),
        f(*arrays, where=True),
        f(*arrays, *function.defaults, None),
    ):
        assert same(got, want)
    assert same(f(*arrays, dtype=np.float64), wide)
    made = tuple(np.empty_like(w, np.float64) for w in outputs(want))
    out = made if len(made) > 1 else made[0]
    for result in (f(*arrays, out=out), f(*arrays, *function.defaults, out)):
        assert all(y is m for y, m in zip(outputs(result), made, strict=True))
        assert same(tuple(m.astype(dtype) for m in made), want)
    for zero in () if NUMPY_1 else (tuple(a[0] for a in x), tuple(np.array(a[0]) for a in x)):
        assert same(f(*zero), tuple(w[0] for w in outputs(want)))
    with pytest.raises(TypeError, match="missing required argument"):
        f(*arrays[1:])
    with pytest.raises(TypeError, match="multiple values for argument"):
        f(*arrays, **{names[0]: arrays[0]})
    with pytest.raises(TypeError, match="at most"):
        f(*arrays, *function.defaults, None, None)


def test_python_numbers_are_weak(function: Function) -> None:
    """A Python parameter does not turn float32 into float64."""
    for dtype in (np.float16, np.float32):
        x = np.linspace(-1, 1, 5, dtype=dtype)
        more = [0.5] * (arity(function) - 1) + [0.5 for _ in params(function)]
        for y in outputs(getattr(fastact, function.name)(x, *more)):
            assert y.dtype == dtype


@by_shape
def test_out(function: Function, inputs) -> None:
    x = inputs(function, np.float32)
    want = outputs(call(function, *x))
    out = tuple(np.full_like(w, 7) for w in want)
    got = outputs(call(function, *x, out=out if len(out) > 1 else out[0]))
    assert all(g is o for g, o in zip(got, out, strict=True)) and same(got, want)
    wide = tuple(np.empty(w.shape) for w in want)
    assert same(call(function, *x, out=wide), tuple(w.astype(float) for w in want))
    for o in out:
        o.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        call(function, *x, out=out)
    with pytest.raises(ValueError):
        call(function, *x, out=tuple(np.empty(3, np.float32) for _ in want))
    with pytest.raises(TypeError):  # would lose
        call(function, *x, out=tuple(np.empty(w.shape, int) for w in want))


@by_shape
def test_where(function: Function, inputs) -> None:
    x = inputs(function, np.float32, 2000)
    mask = np.random.default_rng(0).random(2000) < 0.5
    want = outputs(call(function, *x))
    out = tuple(np.full_like(w, 7) for w in want)
    call(function, *x, out=out, where=mask)
    for o, w in zip(out, want, strict=True):
        assert same(o[mask], w[mask]) and np.all(o[~mask] == 7)


@by_shape
def test_dtype_casting_order(function: Function, inputs) -> None:
    x = inputs(function, np.float32)
    assert same(call(function, *x, dtype="d"), call(function, *[a.astype("d") for a in x]))
    with pytest.raises(TypeError):
        call(function, *[a.astype("d") for a in x], dtype="f", casting="safe")
    for y in outputs(call(function, *[a.reshape(10, 30) for a in x], order="F")):
        assert y.flags.f_contiguous


@by_shape
def test_broadcasting_and_shapes(function: Function, inputs) -> None:
    x = inputs(function, np.float64, 60)
    want = outputs(call(function, *x))
    for shape in ((60,), (3, 20), (2, 5, 6), (60, 1)):
        got = outputs(call(function, *[a.reshape(shape) for a in x]))
        assert all(g.shape == shape for g in got)
        assert same(tuple(g.ravel() for g in got), want)
    for empty in (np.empty(0), np.empty((0, 3)), np.empty((2, 0))):
        for y in outputs(call(function, *[empty] * arity(function))):
            assert y.shape == empty.shape
    for zero_dimensional in (np.float64(0.5), np.array(0.5), 0.5, 1, True):
        for y in outputs(call(function, *[zero_dimensional] * arity(function))):
            assert np.ndim(y) == 0 and isinstance(y, np.floating)
    if arity(function) > 1:
        a, *rest = x
        table = outputs(call(function, a[:, None], *[r[:5] for r in rest]))
        full = np.broadcast_arrays(a[:, None], *[r[:5] for r in rest])
        assert same(table, call(function, *map(np.ascontiguousarray, full)))


def test_integers_and_parameters() -> None:
    """float16 for int8 only where the parameter is a Python number that float16 can hold."""
    small = np.array([-1, 2], np.int8)
    assert fastact.elu(small).dtype == fastact.elu(np.int8(1)).dtype == fastact.elu(True).dtype == np.float16
    assert fastact.elu(small, 1e6).dtype == fastact.elu(small, 1e-9).dtype == np.float64
    assert fastact.elu(small, np.float64(1)).dtype == np.float64
    assert fastact.elu_backward(small, small.astype(np.uint8)).dtype == np.float16


def test_outputs_over_one_another(threads) -> None:
    """The last writer wins, as on one thread."""
    n = 400_001
    x = np.linspace(-3, 3, n)
    found = set()
    for count in (1, 2, 2, 2, 2):
        threads(count)
        buffer = np.zeros(n + 5)
        fastact.glu_backward(x, x, x, out=(buffer[:n], buffer[5:]))
        single = np.zeros(1)
        fastact.silu(x, out=np.lib.stride_tricks.as_strided(single, (n,), (0,)))
        found.add(buffer.tobytes() + single.tobytes())
    assert len(found) == 1


def test_unused_arms_raise_nothing() -> None:
    x = np.full(64, 3e38, np.float32)
    with np.errstate(all="raise"):
        fastact.prelu(x, np.float32(2))
        fastact.leaky_relu(x, 3)
        fastact.elu(x, 1e30)
        fastact.elu_derivative(x, 1e30)


def test_parameter_arrays() -> None:
    """Parameters broadcast: one for each channel, or one for each element."""
    x = np.random.default_rng(1).normal(size=(50, 8)).astype("f")
    slope = np.linspace(-1, 1, 8, dtype="f")
    for name in ("prelu", "leaky_relu", "elu", "swish"):
        f = getattr(fastact, name)
        columns = np.stack([f(np.ascontiguousarray(x[:, k]), slope[k]) for k in range(8)], axis=1)
        assert same(f(x, slope), columns)
        assert same(f(x, np.broadcast_to(slope, x.shape).copy()), columns)
        assert same(f(x.T, slope[:, None]), columns.T)


def test_wrapper_passes_everything_on() -> None:
    x = np.linspace(-2, 2, 9, dtype="f")
    f = fastact.leaky_relu
    out = np.empty_like(x)
    assert f(x, 0.3, out) is out
    assert same(out, f(x, negative_slope=0.3)) and same(out, f.ufunc(x, 0.3))
    assert f(x, out=(out,)) is out
    assert f(x, dtype="d").dtype == np.float64
    assert f(x=x).dtype == np.float32
    with pytest.raises(TypeError, match="leaky_relu"):
        f()
    with pytest.raises(TypeError):
        f(x, slope=3)
    with pytest.raises(ValueError, match="broadcast"):
        f(x, np.ones(4))


def test_at_outer_reduce_accumulate() -> None:
    x = np.array([-1.0, 2.0, -3.0])
    y = x.copy()
    fastact.relu.at(y, [0, 2])
    assert y.tolist() == [0, 2, 0]
    assert same(fastact.swiglu.outer(x, x), fastact.swiglu(x[:, None], x))
    with pytest.raises(ValueError):
        fastact.silu.reduce(x)


@pytest.mark.parametrize("n", [2, 3, 20, 1000, 200_000])
@pytest.mark.parametrize("name", ["bilinear", "reglu", "swiglu", "prelu"])
def test_reduce_and_accumulate(name: str, n: int, real: type) -> None:
    """Each step reads what the last one wrote, on any number of threads and with any stride."""
    f = getattr(fastact, name)
    x = (1 + np.random.default_rng(2).normal(0, 1e-3, n)).astype(real)
    want = np.empty_like(x)
    want[0] = total = x[0]
    for i in range(1, n):
        want[i] = total = f(total, x[i])
        if i > 3000:  # the rest is long to do by hand
            break
    known = min(n, i + 1)
    got = f.accumulate(x)
    assert same(got[:known], want[:known])
    spaced = np.zeros(3 * n, real)
    spaced[::3] = x
    assert same(f.accumulate(spaced[::3]), got)
    assert same(f.accumulate(spaced[::3][::-1])[::-1], f.accumulate(x[::-1].copy())[::-1])
    assert same(f.reduce(x), got[-1]) and same(f.reduce(spaced[::3]), got[-1])
    both = np.stack([x, x], axis=1)
    assert same(f.accumulate(both, axis=0), np.stack([got, got], axis=1))
    assert same(f.reduce(both, axis=0), np.array([got[-1]] * 2))


@by_shape
def test_floating_point_flags(function: Function, dtype: type, inputs, threads) -> None:
    """Nothing is raised for an input whose result does not overflow, on one thread or more, few elements or many."""
    info = np.finfo(dtype)
    edges = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 100, -100, -800, 20, -20, -9, info.tiny,
                      -info.tiny, info.smallest_subnormal, -info.smallest_subnormal, info.max / 2, info.min / 2],
                     dtype)  # fmt: skip
    top = np.inf if arity(function) == 1 else 20 if dtype == np.float16 else 200  # products of these do not overflow
    top = min(top, TOPS.get(function.entry.name, np.inf))
    edges = edges[~((np.abs(edges) > top) & np.isfinite(edges))]
    if getattr(function.entry, "least", -np.inf) == 0:  # NaN below, and a pole there
        edges = edges[~(edges < 0.125)]
    grids = [g.ravel() for g in np.meshgrid(*[edges] * arity(function))]
    grids = [g[:4000] for g in grids]
    with np.errstate(all="raise"):
        call(function, *grids)
        for values in zip(*(g[:300] for g in grids), strict=True):
            call(function, *values)
        for n in (1, 2):
            threads(n)
            call(function, *[np.resize(g, 150_000) for g in grids])


@pytest.mark.parametrize("n", [1, 5, 1000, 300_000])
def test_overflow_is_reported(n: int, threads) -> None:
    """A finite input whose true result overflows: a warning, wherever it lies and whichever thread meets it."""
    for count in (1, 2):
        threads(count)
        for position in (0, n - 1):
            x = np.full(n, 2.0, np.float32)
            x[position] = 3e38
            with np.errstate(all="raise"), pytest.raises(FloatingPointError, match=r"overflow.*bilinear"):
                fastact.bilinear(x, x)
            h = np.full(n, 2.0, np.float16)
            h[position] = 6e4
            with np.errstate(all="raise"), pytest.raises(FloatingPointError, match=r"overflow.*bilinear"):
                fastact.bilinear(h, h)
            with np.errstate(all="raise"):
                fastact.silu(h)
                fastact.swish(x, 10)
                fastact.softplus(x)


def test_subclasses_and_containers() -> None:
    x = np.ma.masked_array([-1.0, 2.0, 3.0], mask=[False, True, False])
    y = fastact.silu(x)
    assert isinstance(y, np.ma.MaskedArray) and y.mask.tolist() == [False, True, False]

    class Wrapped:
        def __array_ufunc__(self, ufunc, method, *args, **kwargs):
            return ufunc, method, len(args), kwargs

    assert fastact.silu(Wrapped()) == (fastact.silu, "__call__", 1, {})
    assert fastact.elu(Wrapped(), 2.0) == (fastact.elu.ufunc, "__call__", 2, {})
    assert fastact.swiglu(Wrapped(), 1.0)[0] is fastact.swiglu


def test_pickle(function: Function) -> None:
    """By its public name, so that another machine with another instruction set can read it."""
    for f in (getattr(fastact, function.name), raw(function)):
        data = pickle.dumps(f, protocol=4)
        assert pickle.loads(data) is f and copy.copy(f) is f and copy.deepcopy(f) is f
        assert b"fastact" in data and b"x86_64" not in data


def test_same_bits_on_other_levels(inputs) -> None:
    """Levels with fused multiply-adds give the same bits."""
    code = """
import sys, zlib, numpy as np, fastact
from conftest import arity, bits, call, outputs
from reference import points
total = 0
for f in fastact.catalogue.FUNCTIONS:
    for dtype in (np.float16, np.float32, np.float64):
        x = points(dtype, 1000)
        with np.errstate(all="ignore"):
            for y in outputs(call(f, *[np.roll(x, 17 * k) for k in range(arity(f))])):
                total = zlib.crc32(bits(y).tobytes(), total)
print(total)
"""
    assert len(checksums(code)) == 1


def test_bits_of_nan() -> None:
    """What `bits` makes equal, it makes equal: two NaN; and nothing else."""
    assert np.array_equal(bits(np.array([np.nan])), bits(-np.array([np.nan])))
    assert not np.array_equal(bits(np.array([0.0])), bits(np.array([-0.0])))
