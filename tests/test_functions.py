"""Functions with parameters: every way to call them, the dtype of the result, and what wrong calls say."""

import copy
import inspect
import pickle
import subprocess
import sys

import numpy as np
import pytest
from conftest import NUMPY_1, arity, call, first_of_each_shape, outputs, raw, same
from hypothesis import given, settings
from hypothesis import strategies as st

import fastact
from fastact import _core
from fastact.catalogue import FUNCTIONS, ROWWISE, Function

PARAMETRIC = [f for f in FUNCTIONS if f.params]
FAST = _core.count_fast_calls() is not None and fastact._dispatch.fast_calls == "1"
parametric = pytest.mark.parametrize("f", first_of_each_shape(PARAMETRIC), ids=lambda f: f.name)
ellipsis = pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.3.0", reason="out=... is new in NumPy 2.3")


@parametric
def test_attributes(f: Function) -> None:
    """Those of its ufunc; a true signature; found by its name when it is unpickled."""
    made = getattr(fastact, f.name)
    ufunc = made.ufunc
    assert type(made) is _core.Function and isinstance(ufunc, np.ufunc) and callable(made)
    for word in ("nin", "nout", "nargs", "ntypes", "types", "identity", "signature"):
        assert getattr(made, word) == getattr(ufunc, word) and word in dir(made)
    for word in ("at", "outer", "reduce", "accumulate", "reduceat"):
        assert getattr(made, word) == getattr(ufunc, word)
    if hasattr(ufunc, "resolve_dtypes"):
        assert made.resolve_dtypes((np.dtype("f"),) * f_nin(f) + (None,) * ufunc.nout)[-1] == np.dtype("f")
    with pytest.raises(AttributeError, match="nonsense"):
        _ = made.nonsense
    defaults = {p: q.default for p, q in inspect.signature(made).parameters.items()}
    assert list(defaults) == [*f.inputs, "out", "kwargs"]
    required = len(f.inputs) - len(f.defaults)
    assert [defaults[p] for p in f.inputs] == [inspect.Parameter.empty] * required + list(f.defaults)
    assert pickle.loads(pickle.dumps(made)) is made and copy.deepcopy(made) is made


def f_nin(f: Function) -> int:
    return len(f.inputs)


@parametric
def test_parameters_by_name(f: Function, inputs) -> None:
    """By position, by name, in any order, as the ufunc has them."""
    x, values = inputs(f, np.float32, 30), [0.25 + k / 8 for k in range(len(f.params))]
    want = raw(f)(*x, *values)
    made = getattr(fastact, f.name)
    words = dict(zip(f.params, values, strict=True))
    assert same(made(*x, *values), want) and same(made(*x, **words), want)
    assert same(made(*x, **dict(reversed(words.items()))), want)
    assert same(made(*x, values[0], **dict(list(words.items())[1:])), want)
    assert same(made(**dict(zip(f.inputs, x, strict=False)), **words), want)


def test_calls_that_were_errors() -> None:
    x = np.linspace(-3, 3, 7, dtype="f")
    assert same(fastact.prelu(x, slope=0.25), np.where(x > 0, x, np.float32(0.25) * x))
    assert same(fastact.threshold(x, threshold=0.0, value=9.0), np.where(x > 0, x, np.float32(9)))
    assert same(fastact.clipped_relu(x, max_value=6.0), x.clip(0, 6))
    np.testing.assert_allclose(fastact.scaled_tanh(x, alpha=1.7159, beta=2 / 3), 1.7159 * np.tanh(2 / 3 * x), rtol=1e-6)


@ellipsis
def test_out_is_an_ellipsis() -> None:
    """As np.exp(x, out=...): an array, even without axes."""
    x = np.ones((2, 3))
    assert same(fastact.leaky_relu(x, out=...), fastact.leaky_relu(x))
    assert isinstance(fastact.leaky_relu(1.5, out=...), np.ndarray) and isinstance(np.exp(1.5, out=...), np.ndarray)
    assert same(fastact.softmax(x, axis=(0, 1), out=...), fastact.softmax(x, axis=(0, 1)))
    assert same(fastact.softmax(x, out=...), fastact.softmax(x))
    assert isinstance(fastact.logsumexp(x, axis=(0, 1), out=...), np.ndarray)


def test_wide_parameters() -> None:
    """A parameter that is wider than x leaves the other defaults as they are."""
    if NUMPY_1:
        pytest.skip("NumPy 1 takes float64 scalars for Python numbers")
    y = fastact.rrelu(-np.ones(3, "e"), lower=np.float64(0.125))
    assert y.dtype == np.float64 and np.array_equal(y, np.full(3, -(0.125 + 1 / 3) / 2))
    for f in PARAMETRIC:
        if len(f.defaults) > 1 and f.entry.name != "xielu":
            made, x = getattr(fastact, f.name), [np.float16([-1.5, 0.5, 2])] * arity(f)
            wide = [a.astype("d") for a in x]
            for word, default in zip(f.params[-len(f.defaults) :], f.defaults, strict=True):
                assert same(made(*x, **{word: np.float64(default)}), made(*wide)), (f.name, word)


@parametric
def test_restated_defaults_change_nothing(f: Function, dtype: type, inputs) -> None:
    x, made = inputs(f, dtype, 50), getattr(fastact, f.name)
    some = dict(zip(f.params[len(f.params) - len(f.defaults) :], f.defaults, strict=True))
    missing = [0.25] * (len(f.params) - len(f.defaults))
    want = made(*x, *missing)
    for word, default in some.items():
        assert same(made(*x, *missing, **{word: default}), want)
        assert same(made(*[a[::2] for a in x], *missing, **{word: default}), tuple(y[::2] for y in outputs(want)))


@parametric
def test_integers_have_the_dtype_of_exp(f: Function) -> None:
    """In arrays, lists, Python numbers and containers."""
    more = [0.25] * (len(f.params) - len(f.defaults))
    for c in "?bBhHiIlL":
        for x in (np.ones(3, c), np.ones(3, c).tolist(), np.ones((), c)[()], bool(1) if c == "?" else 1):
            for y in outputs(getattr(fastact, f.name)(*[x] * arity(f), *more)):
                assert y.dtype == np.exp(x).dtype, (c, type(x))


def test_containers_keep_their_dtype() -> None:
    """int8 and float32 in pandas, xarray and dask: as numpy.exp, with default parameters and others."""
    pandas, xarray, array = (pytest.importorskip(name) for name in ("pandas", "xarray", "dask.array"))
    for c in "bf":
        x = np.array([[-1, 2], [3, -4]], c)
        makers = (pandas.DataFrame, lambda x: pandas.Series(x[0]), xarray.DataArray, array.from_array)
        for make in makers:
            held = make(x)
            for y in (fastact.leaky_relu(held), fastact.leaky_relu(held, 0.5), fastact.elu(held, alpha=0.5)):
                dtypes = set(y.dtypes) if hasattr(y, "dtypes") and hasattr(y, "columns") else {y.dtype}
                assert dtypes == {np.exp(x).dtype}, type(held)
                assert type(y) is type(held)


def test_hints() -> None:
    """Arguments of other libraries get an error that says what to write."""
    x = np.ones((2, 3), "f")
    wrong = {
        r"softmax.*dim.*use axis=1": lambda: fastact.softmax(x, dim=1),
        r"swiglu_packed.*dim.*use axis=0": lambda: fastact.swiglu_packed(x, dim=0, layout="gate_up"),
        r"leaky_relu.*alpha.*use negative_slope=0.2": lambda: fastact.leaky_relu(x, alpha=0.2),
        r"softplus.*threshold": lambda: fastact.softplus(x, 1, 20),
        r"clamped_swiglu.*clamped_swiglu_packed": lambda: fastact.clamped_swiglu(x),
        r"elu.*inplace.*out=x": lambda: fastact.elu(x, inplace=True),
        r"gumbel_softmax.*tau.*temperature=2": lambda: fastact.gumbel_softmax(x, tau=2),
    }
    if FAST:  # plain ufuncs are asked through the slot of the fast calls
        wrong |= {
            r"gelu.*approximate.*gelu_tanh": lambda: fastact.gelu(x, approximate="tanh"),
            r"clipped_relu\(x, 6\)": lambda: fastact.relu(x, 6),
            r"swish\(x, 1.702\)": lambda: fastact.silu(x, 1.702),
            r"glu_packed": lambda: fastact.glu(x),
            r"glu\(.*use fastact.glu_packed\(x, axis=0\)": lambda: fastact.glu(x, dim=0),
            r"bias_gelu_tanh": lambda: fastact.bias_gelu(x, x, approximate="tanh"),
        }
    for message, function in wrong.items():
        with pytest.raises(TypeError, match=message) as caught:
            function()
        assert ".ufunc" not in str(caught.value) and str(caught.value).count("use ") <= 1
    with pytest.raises(TypeError) as caught:  # NumPy's own error stays what it is
        fastact.relu(x, out=np.empty(x.shape, int))
    assert type(caught.value) is not TypeError and "Cannot cast ufunc 'relu' output" in str(caught.value)
    with pytest.raises(TypeError, match=r"^relu\(\) got an unexpected keyword argument 'nonsense'$|nonsense"):
        fastact.relu(x, nonsense=1)


def test_dtype_of_rows() -> None:
    """`dtype` is that of the arrays; the temperature stays a double."""
    x = np.random.default_rng(0).normal(size=(2, 5))
    for entry in ROWWISE:
        f = getattr(fastact, entry.name)
        if entry.name == "maxout_backward":
            continue
        args = [x, fastact.softmax(x)][: entry.operands.partition("->")[0].count("r")]
        y = outputs(f(*args, dtype="f4", casting="same_kind"))[0]
        assert y.dtype == np.float32 and same(y, outputs(f(*[a.astype("f") for a in args]))[0]), entry.name
    assert fastact.softmax(np.ones((2, 3)), dtype="f4").dtype == np.float32


def scalar_calls() -> dict[str, object]:
    x, out = np.random.default_rng(0).normal(size=(3, 4, 5)).astype("f"), np.empty((3, 4, 5), "f")
    flat = x.reshape(12, 5)
    return {
        "softmax(x)": lambda: fastact.softmax(x),
        "axis=-1": lambda: fastact.softmax(x, axis=-1),
        "axis=0": lambda: fastact.softmax(x, axis=0),
        "axis=1 by position": lambda: fastact.log_softmax(x, 1),
        "temperature": lambda: fastact.softmax(x, temperature=0.5),
        "axis, temperature, out": lambda: fastact.softmax(x, 1, 2.0, out),
        "neighbours": lambda: fastact.softmax(x, axis=(1, 2)),
        "apart": lambda: fastact.softmax(x, axis=(0, 2)),
        "all": lambda: fastact.logsumexp(x, axis=None),
        "keepdims": lambda: fastact.logsumexp(x, axis=1, keepdims=True),
        "sink": lambda: fastact.sink_softmax(x, sink=0.5),
        "two arrays": lambda: fastact.softmax_backward(x, out, axis=0, temperature=2),
        "two results": lambda: fastact.maxout(x, axis=1),
        "parameter by name": lambda: fastact.leaky_relu(x, negative_slope=0.1),
        "parameter without default": lambda: fastact.prelu(x, slope=0.1),
        "parameter array": lambda: fastact.prelu(x, x),
        "columns": lambda: fastact.sparsemax(flat, axis=0),
    }


@pytest.mark.skipif(not FAST, reason="fast calls are switched off")
@pytest.mark.parametrize("call", scalar_calls())
def test_fast_path_is_taken(call: str) -> None:
    if NUMPY_1 and call.startswith("parameter ") and "array" not in call:
        pytest.skip("NumPy 1 casts Python numbers by their value")
    function = scalar_calls()[call]
    before = _core.count_fast_calls()
    function()
    assert _core.count_fast_calls() == before + 1


def test_fast_calls_can_be_switched_off() -> None:
    code = (
        "import numpy as np, fastact\nx = np.ones((3, 4), 'f')\nfastact.relu(x), fastact.softmax(x), fastact.elu(x)\n"
    )
    code += "print(fastact._core.count_fast_calls(), fastact.softmax(x, axis=0, temperature=2.0).sum())"
    for switch, count in (("0", "0"), ("1", "3")):
        run = subprocess.run(
            [sys.executable, "-c", code],
            env={"FASTACT_FAST_CALLS": switch, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.split()[0] == count and float(run.stdout.split()[1]) == pytest.approx(4)
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"FASTACT_FAST_CALLS": "yes", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "FASTACT_FAST_CALLS must be 0 or 1, got 'yes'" in run.stderr


def numbers(entry_name: str, x: np.ndarray, axes: tuple[int, ...], temperature: float) -> np.ndarray:
    """Softmax and its relatives in NumPy, in double."""
    x = x.astype("d") / temperature
    e = np.exp(x - x.max(axis=axes, keepdims=True))
    total = e.sum(axis=axes, keepdims=True)
    if entry_name == "softmax":
        return e / total
    return np.log(total) + x.max(axis=axes, keepdims=True)


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(("softmax", "logsumexp")),
    dtype=st.sampled_from("efd"),
    shape=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    seed=st.integers(0, 2**32 - 1),
    data=st.data(),
)
def test_any_axes(name: str, dtype: str, shape: list[int], seed: int, data: st.DataObject) -> None:
    """Any axis or tuple of axes, temperature, keepdims and output, against NumPy, and bit for bit as through NumPy."""
    x = np.random.default_rng(seed).normal(0, 3, shape).astype(dtype)
    every = list(range(len(shape)))
    axes = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=len(shape), unique=True))
    axis = data.draw(st.sampled_from([tuple(axes), tuple(k - len(shape) for k in axes)]))
    axis = data.draw(st.sampled_from([axis, axis[0], None]))
    axes = tuple(every) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    temperature = data.draw(st.sampled_from((1.0, 0.5, 3))) if name == "softmax" else 1.0
    words = {"temperature": temperature} if name == "softmax" else {"keepdims": data.draw(st.booleans())}
    f = getattr(fastact, name)
    y = f(x, axis=axis, **words)
    want = numbers(name, x, axes, temperature)
    if not words.get("keepdims", True):
        want = np.squeeze(want, axis=axes)
    tolerance = {"e": 2e-3, "f": 1e-6, "d": 1e-14}[dtype]
    np.testing.assert_allclose(y, want, rtol=tolerance, atol=tolerance)
    slow = f(x, axis=axis, dtype=dtype, **words)
    assert same(y, slow) and type(y) is type(slow) and y.dtype == dtype and np.shape(y) == np.shape(slow)
    if np.ndim(y):
        out = np.empty_like(y)
        assert f(x, axis=axis, out=out, **words) is out and same(out, y)
    if name == "softmax":
        inside = x.copy()
        assert f(inside, axis=axis, out=inside, **words) is inside and same(inside, y)


def test_overflow_in_place_is_reported() -> None:
    """The input comes back before NumPy computes again."""
    grad, y = np.full((3, 4), 3e38, "f"), np.full((3, 4), 0.25, "f")
    grad[:, 1:] = -3e38
    for axis in (0, 1, (0, 1)):
        kept = grad.copy()
        with np.errstate(over="raise"), pytest.raises(FloatingPointError, match="overflow"):
            fastact.softmax_backward(kept, y, axis=axis, temperature=0.01, out=kept)
        kept = grad.copy()
        with np.errstate(over="ignore"):
            fastact.softmax_backward(kept, y, axis=axis, temperature=0.01, out=kept)
            assert same(kept, fastact.softmax_backward(grad, y, axis=axis, temperature=0.01, dtype="f"))


def test_numbers_of_python() -> None:
    """One number in, one number out, of the dtype that NumPy gives it."""
    for x in (0.5, np.float64(0.5), np.float32(0.5), np.float16(0.5), 1, True):
        y = fastact.leaky_relu(x)
        assert type(y) is type(np.exp(x)) and y == type(y)(x)
        assert NUMPY_1 or type(fastact.prelu(x, 0.25)) is type(np.exp(x))
    assert type(call(FUNCTIONS[0], 0.5)) is np.float64


@pytest.mark.skipif(not FAST, reason="fast calls are switched off")
def test_one_scalar_for_each_row() -> None:
    x = np.random.default_rng(0).normal(size=(3, 4, 5)).astype("f")
    for axis, shape in ((-1, (3, 4)), (0, (4, 5)), ((0, 2), (4,)), (None, ())):
        temperature = np.random.default_rng(1).uniform(0.5, 2, shape)
        before = _core.count_fast_calls()
        got = fastact.softmax(x, axis=axis, temperature=temperature), fastact.sink_softmax(x, temperature, axis)
        assert _core.count_fast_calls() == before + 2
        assert same(got[0], fastact.softmax(x, axis=axis, temperature=temperature, dtype="f"))
        assert same(got[1], fastact.sink_softmax(x, temperature, axis, dtype="f"))
    for bad in (0.0, -1, np.inf, np.nan, np.array([1.0, 0.0, 1.0]), 10**400):
        with pytest.raises((ValueError, OverflowError), match=r"temperature|too large"):
            fastact.softmax(x[:, 0], temperature=bad)


def test_maxout_and_back() -> None:
    x = np.random.default_rng(0).normal(size=(3, 4, 5)).astype("f")
    for axis in (-1, 0, 1, 2):
        value, which = fastact.maxout(x, axis)
        assert np.array_equal(value, x.max(axis)) and np.array_equal(which, x.argmax(axis))
        want = np.where(np.arange(x.shape[axis]).reshape([-1 if k == axis % 3 else 1 for k in range(3)])
                        == np.expand_dims(which, axis), np.expand_dims(value, axis), 0)  # fmt: skip
        before = _core.count_fast_calls()
        got = fastact.maxout_backward(value, which, x.shape[axis], axis=axis)
        assert _core.count_fast_calls() == before + FAST
        assert got.dtype == np.float32 and np.array_equal(got, want)
        out = np.empty_like(x)
        assert fastact.maxout_backward(value, which, x.shape[axis], axis, out) is out and same(out, got)
        assert same(fastact.maxout_backward(value, which, x.shape[axis], axis, dtype="f"), got)
