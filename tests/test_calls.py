"""The usual calls, which go straight to a loop, are those of NumPy: results, memory, and what is reported."""

import ctypes
import ctypes.util
import pickle
import platform
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from conftest import FAST_CALLS, NUMPY_1, raw, run, same
from hypothesis import given, settings
from hypothesis import strategies as st

import fastact
from fastact.catalogue import FUNCTIONS, Function

NUMPYS = {"casting": "same_kind"}  # the default; a call that has it is left to NumPy
OVERFLOW = 8 if platform.machine() in ("x86_64", "AMD64") else 4  # of fenv.h
UFUNCS = {f.name: raw(f) for f in FUNCTIONS if f.name in ("relu", "exponential", "elu", "swiglu", "glu_backward")}
UFUNCS |= {f"{name}.ufunc": getattr(fastact, name).ufunc for name in ("softmax", "logsumexp", "log_softmax", "maxout")}


def drawn(data: st.DataObject, memory: np.ndarray, shape: list[int]) -> np.ndarray:
    """An array of a shape, or one like it, somewhere in the memory: contiguous for the most part."""
    shape = data.draw(st.sampled_from((shape, shape, shape, shape, [], shape[:-1], [1, *shape], [1] * len(shape))))
    start, step = data.draw(st.integers(0, 20)), data.draw(st.sampled_from((1, 1, 1, 1, 2)))
    flat = memory[start : start + int(np.prod(shape)) * step : step]
    return flat.reshape(shape, order=data.draw(st.sampled_from("CCCF"))) if step == 1 else flat.reshape(-1)


@settings(max_examples=600, deadline=None)
@given(name=st.sampled_from(list(UFUNCS)), dtype=st.sampled_from("efd"), seed=st.integers(0, 2**32 - 1), data=st.data())
def test_like_numpy(name: str, dtype: str, seed: int, data: st.DataObject) -> None:
    """Random operands in one piece of memory, which may lie over one another, and are given in all ways."""
    ufunc = UFUNCS[name]
    shape = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    before = np.random.default_rng(seed).normal(0, data.draw(st.sampled_from((1, 1, 200))), 500).astype(dtype)
    found = []
    memory = before.copy()
    args = [drawn(data, memory, shape)]
    numbers = st.sampled_from((1.0, 0.3, -2.5, 1e-7, 1e5, 1e39, np.inf, np.nan, 3, np.float32(0.7), None, [0.5], "a"))
    for _ in range(1, ufunc.nin):
        args.append(data.draw(numbers) if data.draw(st.booleans()) else drawn(data, memory, shape))
    outs = [None if data.draw(st.integers(0, 3)) == 0 else drawn(data, memory, shape) for _ in range(ufunc.nout)]
    way = data.draw(st.sampled_from(("none", "positional", "out", "tuple")))
    args += outs if way == "positional" else []
    words = {"out": {"out": outs[0], "tuple": tuple(outs)}[way]} if way in ("out", "tuple") else {}
    for more in ({}, NUMPYS):
        memory[:] = before
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                made = ufunc(*args, **words, **more)
            except (TypeError, ValueError, FloatingPointError) as error:
                made = error
        made = made if isinstance(made, tuple) else (made,)
        told = [(type(y), str(y)) if isinstance(y, Exception) else (type(y), y.dtype, y.shape, y.strides) for y in made]
        given = [[y is x for x in outs] for y in made]
        bits = [None if isinstance(y, Exception) else y.tobytes() for y in made]
        found.append((told, given, bits, memory.tobytes(), sorted(str(w.message) for w in caught)))
    assert found[0] == found[1]


@pytest.mark.parametrize("n", [1, 100, 5000])
def test_overflow(n: int, dtype: type) -> None:
    """Is found when the inputs may be gone; they come back, and NumPy computes again and reports."""
    x = np.linspace(0, 1, n).astype(dtype)
    x[-1] = {"e": 12, "f": 89, "d": 710}[np.dtype(dtype).char]
    with np.errstate(over="ignore"):
        want = fastact.exponential(x, **NUMPYS)
    assert want[-1] == np.inf
    told: list[str] = []
    for shift in (0, 1, n):
        for over in ("raise", "call"):
            memory = np.concatenate([x, x])
            y = memory[shift : shift + n]
            with np.errstate(all="raise", over=over, call=lambda kind, flag: told.append(kind)):
                if over == "call":
                    fastact.exponential(memory[:n], out=y)
                else:
                    with pytest.raises(FloatingPointError, match="overflow encountered in exponential"):
                        fastact.exponential(memory[:n], out=y)
            if over == "call" or shift in (0, n):
                assert same(y, want)
            else:  # an output that NumPy would have copied back
                assert same(memory, np.concatenate([x, x]))
    assert told == ["overflow"] * 3


@pytest.mark.by_shape
def test_flags_of_others(function: Function, inputs) -> None:
    """An overflow that was left behind is nobody's."""
    libm = ctypes.CDLL(ctypes.util.find_library("m"))
    x = [a[np.isfinite(a)][:20] for a in inputs(function, np.float32)]
    x = [np.abs(a).clip(0.25, 2) for a in x] + [0.25] * (len(function.inputs) - len(x))
    want = raw(function)(*x)
    with np.errstate(all="raise"):
        assert libm.feraiseexcept(OVERFLOW) == 0
        assert same(raw(function)(*x), want)


def test_overflow_after_that_of_others() -> None:
    libm = ctypes.CDLL(ctypes.util.find_library("m"))
    x = np.array([1, 89], "f")
    with np.errstate(all="raise"):
        assert libm.feraiseexcept(OVERFLOW) == 0
        with pytest.raises(FloatingPointError, match="overflow encountered in exponential"):
            fastact.exponential(x)


def test_outputs_that_warn() -> None:
    """Those that NumPy made by broadcasting."""
    x = np.zeros((1, 3), "f")
    for f in (np.negative, fastact.relu, fastact.softmax):
        out = np.broadcast_arrays(np.ones(3, "f"), x)[0]
        with pytest.warns(DeprecationWarning, match="overlapping memory"):
            f(x, out=out)
        assert same(out, f(x))


def test_unpickled_arrays() -> None:
    """Have a dtype of their own."""
    x = pickle.loads(pickle.dumps(np.linspace(-1, 1, 5).astype("f")))
    assert x.dtype is not np.dtype("f") and same(fastact.gelu(x), fastact.gelu(x, **NUMPYS))
    assert same(fastact.softmax(x, out=x.copy()), fastact.softmax(x))


def test_arrays_without_axes(real: type) -> None:
    """Are of their own dtype, in NumPy 1 as well."""
    x = np.array(-0.5, real)
    y = fastact.elu(x)
    assert y.dtype == fastact.elu(x, 1.0, out=np.array(0, real)).dtype == real and same(y, fastact.elu(x[None])[0])


def test_defaults_are_not_cast() -> None:
    """A default that is subnormal in float16 raises nothing, whatever the layout."""
    x = np.linspace(0.5, 1, 8).astype("e")
    with np.errstate(all="raise"):
        assert same(fastact.xielu(x[::2]), fastact.xielu(x)[::2])


def test_last_axis() -> None:
    """In every way that it can be said, and only where it is meant."""
    x, out = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("f"), np.empty((2, 3, 4), "f")
    for name in ("softmax", "logsumexp", "hardmax", "sink_softmax"):
        f = getattr(fastact, name)
        want = f(x, axis=2, dtype="f")
        for got in (f(x), f(x, axis=-1), f(x, axis=-1, out=None), f(x.astype("f"), axis=np.int64(-1))):
            assert same(got, want) and got.dtype == "f"
        if name != "sink_softmax":
            assert same(f(x, -1), want) and same(f(x, -1, out=None), want)
        if name != "logsumexp":
            assert f(x, axis=-1, out=out) is out and same(out, want)
            assert f(x, out=(out,), axis=-1) is out and same(out, want)
            assert f(out, axis=-1, out=out) is out and same(out, f(want))
        assert not same(f(x, axis=1).reshape(-1)[:6], want.reshape(-1)[:6])
        with pytest.raises((np.exceptions.AxisError, OverflowError)):
            f(x, axis=10**30)
        with pytest.raises(TypeError):
            f(x, axis=-1, axes=-1, nonsense=3)
    assert same(fastact.softmax_backward(x, x, -1), fastact.softmax_backward(x, x, axis=2))
    assert isinstance(fastact.logsumexp(x[0, 0]), np.float32)
    with pytest.raises(ValueError, match="softmax: out has shape"):
        fastact.softmax(x, out=np.empty((3, 4), "f"))


def counted(call: Callable[[], object]) -> int:
    before = fastact._core.count_fast_calls()
    call()
    return fastact._core.count_fast_calls() - before


X, OUT = np.linspace(-1, 1, 12, dtype="f").reshape(3, 4), np.empty((3, 4), "f")
WIDE = np.zeros((300, 400), "f")[:, :300]
USUAL: dict[str, Callable[[], object]] = {
    "relu(x)": lambda: fastact.relu(X),
    "relu(x, out)": lambda: fastact.relu(X, OUT),
    "relu(x, out=out)": lambda: fastact.relu(X, out=OUT),
    "relu(x, out=x)": lambda: fastact.relu(OUT, out=OUT),
    "swiglu(x, y)": lambda: fastact.swiglu(X, X),
    "glu_backward(grad, gate, up)": lambda: fastact.glu_backward(X, X, X),
    "glu_backward(grad, gate, up, out=(a, b))": lambda: fastact.glu_backward(X, X, X, out=(OUT, np.empty_like(X))),
    "leaky_relu(x)": lambda: fastact.leaky_relu(X),
    "leaky_relu(x, 0.3)": lambda: fastact.leaky_relu(X, 0.3),
    "leaky_relu(x, negative_slope=0.3, out=out)": lambda: fastact.leaky_relu(X, negative_slope=0.3, out=OUT),
    "softmax(x)": lambda: fastact.softmax(X),
    "softmax(x, -1)": lambda: fastact.softmax(X, -1),
    "softmax(x, axis=-1, out=out)": lambda: fastact.softmax(X, axis=-1, out=OUT),
    "logsumexp(x)": lambda: fastact.logsumexp(X),
    "softmax_backward(grad, y)": lambda: fastact.softmax_backward(X, X),
    "gelu(block of columns)": lambda: fastact.gelu(WIDE),
    "bias_gelu(x, bias)": lambda: fastact.bias_gelu(WIDE, WIDE[0]),
    "gelu(float16)": lambda: fastact.gelu(X.astype("e")),
    "gelu(float64)": lambda: fastact.gelu(X.astype("d")),
}
NUMPYS_CALLS: dict[str, Callable[[], object]] = {
    "relu(x, casting=)": lambda: fastact.relu(X, **NUMPYS),
    "relu(x, dtype=)": lambda: fastact.relu(X, dtype="d"),
    "relu(x, where=)": lambda: fastact.relu(X, out=OUT, where=X > 0),
    "relu(integers)": lambda: fastact.relu(np.arange(3)),
    "relu(list)": lambda: fastact.relu([1.0, 2.0]),
    "relu(x, out=wider)": lambda: fastact.relu(X, out=np.empty((3, 4))),
    "relu(every other element)": lambda: fastact.relu(X[:, ::2]),
    "relu(masked)": lambda: fastact.relu(np.ma.masked_array(X)),
    "relu(nothing)": lambda: fastact.relu(X[:0]),
    "swiglu(float32, float64)": lambda: fastact.swiglu(X, X.astype("d")),
}


@pytest.mark.skipif(not FAST_CALLS, reason="FASTACT_FAST_CALLS=0")
@pytest.mark.parametrize("call", USUAL)
def test_usual_calls_take_a_fast_path(call: str) -> None:
    """One at each call; but in NumPy 1 not where a Python number is beside an array."""
    if NUMPY_1 and "0.3" in call:
        pytest.skip("NumPy 1 casts numbers")
    assert counted(USUAL[call]) == 1


@pytest.mark.parametrize("call", NUMPYS_CALLS)
def test_other_calls_are_left_to_numpy(call: str) -> None:
    assert counted(NUMPYS_CALLS[call]) == 0


def test_fast_calls_can_be_switched_off() -> None:
    """With the same results."""
    code = """
import zlib
from test_calls import USUAL, counted
print(sum(counted(call) for call in USUAL.values()))
for call in USUAL.values():
    made = call()
    print([zlib.crc32(y.tobytes()) for y in (made if isinstance(made, tuple) else (made,))])
"""
    off, on = (run(code, FASTACT_FAST_CALLS=value).splitlines() for value in "01")
    assert int(off[0]) == 0 < int(on[0]) and off[1:] == on[1:] and len(off) == len(USUAL) + 1


@pytest.mark.parametrize("value", ["", "2", "no"])
def test_other_values_are_refused(value: str) -> None:
    with pytest.raises(AssertionError, match=f"ImportError: FASTACT_FAST_CALLS must be 0 or 1, got {value!r}"):
        run("import fastact", FASTACT_FAST_CALLS=value)
