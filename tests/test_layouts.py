"""The same input gives the same bits: whatever the stride, order, alignment, byte order, length or thread."""

import ctypes
import subprocess
import sys

import numpy as np
import pytest
from conftest import arity, call, complete, old_promotion, outputs, raw, same
from hypothesis import given, settings
from hypothesis import strategies as st

import fastact
from fastact.catalogue import FUNCTIONS, Function

by_shape = pytest.mark.by_shape


def spaced(x: np.ndarray, step: int) -> np.ndarray:
    wide = np.full(abs(step) * len(x) + 1, 9, x.dtype)
    view = wide[:: abs(step)][: len(x)] if step > 0 else wide[: abs(step) * len(x)][::step]
    view[:] = x
    return view


def misaligned(x: np.ndarray) -> np.ndarray:
    raw = np.zeros(x.nbytes + 1, np.uint8)
    view = raw[1:].view(x.dtype)
    view[:] = x
    assert not view.flags.aligned
    return view


LAYOUTS = {
    "stride 2": lambda x: spaced(x, 2),
    "stride 3": lambda x: spaced(x, 3),
    "stride 17": lambda x: spaced(x, 17),
    "reversed": lambda x: x[::-1].copy()[::-1],
    "stride -2": lambda x: spaced(x, -2),
    "misaligned": misaligned,
    "byte-swapped": lambda x: x.astype(x.dtype.newbyteorder()),
    "readonly": lambda x: np.frombuffer(x.tobytes(), x.dtype),
}


@by_shape
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout(function: Function, dtype: type, layout: str, inputs) -> None:
    x = inputs(function, dtype, 2500)
    assert same(call(function, *map(LAYOUTS[layout], x)), call(function, *x))


@by_shape
def test_strided_outputs(function: Function, dtype: type, inputs) -> None:
    x = inputs(function, dtype, 2500)
    want = outputs(call(function, *x))
    for step in (2, 3, -1):
        out = tuple(spaced(np.zeros_like(w), step) for w in want)
        call(function, *x, out=out)
        assert same(out, want)


@by_shape
def test_matrices(function: Function, real: type, inputs) -> None:
    x = [a.reshape(60, 50) for a in inputs(function, real, 3000)]
    want = outputs(call(function, *x))
    for view in (np.asfortranarray, lambda a: np.pad(a, 3)[3:-3, 3:-3], lambda a: np.repeat(a, 2, axis=1)[:, ::2]):
        assert same(call(function, *map(view, x)), want)
    mixed = [np.asfortranarray(a) if k % 2 else a for k, a in enumerate(x)]
    assert same(call(function, *mixed), want)
    assert same(tuple(y.T for y in outputs(call(function, *[a.T for a in x]))), want)


@by_shape
def test_in_place(function: Function, dtype: type, inputs) -> None:
    for step in (1, 2):
        x = inputs(function, dtype, 3000)
        want = outputs(call(function, *x))
        for k in range(arity(function)):
            args = [spaced(a, step) for a in x]
            out = (args[k], *(np.empty_like(w) for w in want[1:]))
            call(function, *args, out=out)
            assert same(out, want)


@by_shape
def test_overlap(function: Function, real: type, inputs) -> None:
    """Output over a shifted input: as if the input had been copied first."""
    x = inputs(function, real, 3000)
    for shift in (1, 7, 64):
        args = [np.concatenate([a, a[:shift]]) for a in x]
        want = outputs(call(function, *[a[:-shift].copy() for a in args]))
        out = (args[0][shift:], *(np.empty_like(w) for w in want[1:]))
        call(function, *[a[:-shift] for a in args], out=out)
        assert same(out, want)


@by_shape
def test_length(function: Function, dtype: type, inputs) -> None:
    """The scalar tail has the bits of the vector body; every position of the start as well."""
    x = inputs(function, dtype, 8200)
    want = outputs(call(function, *x))
    for length in (*range(1, 131), 511, 512, 513, 1023, 1024, 1025, 8191, 8193):
        start = length % 7
        got = outputs(call(function, *[a[start : start + length] for a in x]))
        assert same(got, tuple(w[start : start + length] for w in want)), length


@by_shape
@old_promotion
def test_scalars(function: Function, dtype: type, inputs) -> None:
    x = inputs(function, dtype, 30)
    want = outputs(call(function, *x))
    for i in range(30):
        assert same(call(function, *[a[i] for a in x]), tuple(w[i] for w in want))
        assert same(call(function, *[np.array(a[i]) for a in x]), tuple(w[i] for w in want))


@by_shape
@pytest.mark.parametrize("count", [pytest.param(1, marks=complete), pytest.param(2, marks=complete), 3, 7])
def test_threads(function: Function, dtype: type, count: int, inputs, threads) -> None:
    """Any number of threads, lengths that do not divide, in place and strided."""
    n = 4 * 32768 + 13
    x = inputs(function, dtype, n)
    threads(1)
    want = outputs(call(function, *x))
    threads(count)
    assert same(call(function, *x), want)
    assert same(call(function, *[spaced(a, 2) for a in x]), want)
    out = (x[0], *(np.empty_like(w) for w in want[1:]))
    call(function, *x, out=out)
    assert same(out, want)


@pytest.mark.parametrize("f", [f for f in FUNCTIONS if f.at_ones()], ids=lambda f: f.name)
def test_parameters_that_are_one(f: Function, dtype: type, inputs) -> None:
    """Loops without parameters that are 1 by default have the bits of an array of ones."""
    edges = np.array([v for a in (0, 1e-40, 0.875, 16.6, 36.7, 88, 104, 112, 750, 1e30, np.inf) for v in (a, -a)])
    with np.errstate(all="ignore"):
        x = [np.concatenate([edges.astype(dtype), a]) for a in inputs(f, dtype, 3000)[: arity(f)]]
        ones = [np.ones_like(x[0])] * len(f.params)
        assert same(raw(f)(*x, *[dtype(1)] * len(ones)), raw(f)(*x, *ones))
        assert same(call(f, *x), raw(f)(*x, *ones))


HALVES = np.arange(65536, dtype=np.uint16).view(np.float16)


@pytest.mark.parametrize("tabled", [g for g in FUNCTIONS if g.tabled], ids=lambda f: f.name)
def test_tables(tabled: Function) -> None:
    """Large arrays of float16 are looked up, small ones computed: the same bits, with any parameters."""
    f, x = raw(tabled), np.random.default_rng(0).permutation(HALVES)
    defaults = [default or 0.25 for _, default in tabled.entry.params]
    for factor in (1, 1.5, 1):
        params = [np.float16(factor * default) for default in defaults]
        with np.errstate(all="ignore"):
            pieces = [f(piece, *params) for piece in np.split(x, 16)]
            want = np.concatenate(pieces)
            assert same(f(x, *params), want)
            assert same(f(spaced(x, -3), *params, out=spaced(np.zeros_like(x), 2)), want)
            assert same(f(x, *[np.full_like(x, p) for p in params]), want)
            y = x.copy()
            assert same(f(y, *params, out=y), want)


def test_tables_where_order_matters() -> None:
    """The table is not for what reads its own results."""
    f, x = fastact.softplus.ufunc, np.broadcast_to(np.float16(0.5), 10_000)
    assert same(f.accumulate(x), f.accumulate(x.copy()))
    y = np.linspace(-3, 3, 20_000).astype("e")
    want = fastact.gelu(y[:-1])
    assert same(fastact.gelu(y[:-1], out=y[1:]), want)


def test_tables_are_rounded_to_nearest() -> None:
    """In another mode nothing is looked up: the bits do not depend on the length."""
    if fastact.level == "baseline":
        pytest.skip("sets the mode as x86 does")
    upward = 0x800
    library, x = ctypes.CDLL(None), np.tile(HALVES, 2)
    fastact.tanh(x)
    try:
        library.fesetround(upward)
        got, want = fastact.tanh(x), np.concatenate([fastact.tanh(piece) for piece in np.split(x, 32)])
    finally:
        library.fesetround(0)
    assert same(got, want)
    assert not same(got, fastact.tanh(x))


def test_tables_made_at_once() -> None:
    """Several threads may be the first."""
    code = """
import concurrent.futures, fastact, numpy
x = numpy.arange(65536, dtype=numpy.uint16).view(numpy.float16)
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    made = [y.tobytes() for y in pool.map(fastact.ndtr, [x] * 32)]
pieces = [fastact.ndtr(x[i : i + 4096]).tobytes() for i in range(0, 65536, 4096)]
assert set(made) == {b"".join(pieces)}
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_overflow_is_no_part_of_a_table() -> None:
    x = np.full(20_000, 9, np.float16)
    with np.errstate(over="raise"):
        for _ in range(2):
            fastact.exponential(x)
            with pytest.raises(FloatingPointError):
                fastact.exponential(x + 3)


@settings(max_examples=150, deadline=None)
@given(
    function=st.sampled_from(FUNCTIONS),
    dtype=st.sampled_from((np.float16, np.float32, np.float64)),
    shape=st.lists(st.integers(1, 7), min_size=1, max_size=4),
    seed=st.integers(0, 2**32 - 1),
    data=st.data(),
)
def test_any_view(function: Function, dtype: type, shape: list[int], seed: int, data: st.DataObject) -> None:
    """Random slices, steps and permutations of the axes, against contiguous copies of them."""
    rng = np.random.default_rng(seed)
    axes = data.draw(st.permutations(range(len(shape))))
    steps = data.draw(st.lists(st.sampled_from((1, 2, 3, -1, -2)), min_size=len(shape), max_size=len(shape)))
    views = []
    for _ in range(arity(function)):
        base = rng.normal(0, 2, [n * abs(s) for n, s in zip(shape, steps, strict=True)]).astype(dtype)
        views.append(base[tuple(slice(None, None, s) for s in steps)].transpose(axes))
    assert same(call(function, *views), call(function, *[np.ascontiguousarray(v) for v in views]))


def block(x: np.ndarray) -> np.ndarray:
    """The same numbers with others between its rows."""
    view = np.full((*x.shape[:-1], x.shape[-1] + 5), 9, x.dtype)[..., : x.shape[-1]]
    view[...] = x
    return view


@by_shape
def test_rows_apart(function: Function, dtype: type, inputs, threads) -> None:
    """Blocks of columns, whose rows threads share: the bits of contiguous arrays, and the kind of result of NumPy."""
    x = [a.reshape(3, 100, 100) for a in inputs(function, dtype, 30_000)]
    want = outputs(call(function, *x))
    threads(3)
    got = outputs(call(function, *map(block, x)))
    assert same(got, want) and all(type(y) is np.ndarray and y.flags.c_contiguous for y in got)
    for views in ([a.transpose(1, 0, 2) for a in x], [block(a).transpose(2, 0, 1) for a in x]):
        got = outputs(call(function, *views))
        assert same(got, outputs(call(function, *map(np.ascontiguousarray, views))))
        assert all(y.strides == np.negative(views[0]).strides for y in got)
    out = tuple(block(np.zeros_like(y)) for y in want)
    given = outputs(call(function, *map(block, x), out=out))
    assert all(a is b for a, b in zip(given, out, strict=True)) and same(out, want)
    if len(want) == 1:
        flat = [a.reshape(300, 100) for a in x]
        for turned in ([np.asfortranarray(a) for a in flat], [np.asfortranarray(flat[0]), *flat[1:]]):
            out = block(np.zeros_like(want[0].reshape(300, 100)))
            assert same(call(function, *turned, out=out), want[0].reshape(300, 100))
        back = block(np.zeros_like(out))
        assert same(call(function, *[np.asfortranarray(a)[::-1] for a in flat], out=back), out[::-1])
        out = block(np.zeros_like(want[0]))
        assert call(function, *map(block, x), out=out) is out and same(out, want)
        inner = block(x[0])
        call(function, inner, *x[1:], out=inner)
        assert same(inner, want)
        whole = np.concatenate([x[0], x[0]], axis=2)
        call(function, whole[..., :100], *map(block, x[1:]), out=whole[..., 50:150])
        assert same(whole[..., 50:150], want)


@by_shape
@pytest.mark.parametrize("shape", [(1, 300), (100, 1), (), (5, 20, 1), (20, 1)])
def test_broadcast_operands(function: Function, real: type, shape: tuple[int, ...], inputs, threads) -> None:
    """A bias, a parameter for each column, row or channel."""
    if len(function.inputs) == 1:
        pytest.skip("has one operand")
    threads(3)
    x = inputs(function, real, 30_000)[0].reshape((5, 20, 300) if (20 in shape) else (100, 300))
    rest = [np.random.default_rng(k).uniform(0.5, 2, shape).astype(real) for k in range(1, len(function.inputs))]
    got = raw(function)(x, *rest)
    assert same(got, raw(function)(x, *[np.broadcast_to(r, x.shape).copy() for r in rest]))
    if shape == ():
        assert same(got, raw(function)(x, *rest[:-1], float(rest[-1])))


def test_what_the_rowwise_ufunc_does_not_know() -> None:
    """Calls on large arrays whose rows are apart that go to NumPy as they are."""
    x = block(np.random.default_rng(0).normal(size=(150, 200)).astype("f"))
    y = fastact.bias_gelu(x, x[0])
    assert type(fastact.bias_gelu) is np.ufunc
    assert same(fastact.bias_gelu(x, x[0], dtype="d"), fastact.bias_gelu(x.astype("d"), x[0].astype("d")))
    assert same(fastact.bias_gelu(x, x[0], where=True), y) and same(fastact.bias_gelu(x, x[0], out=(None,)), y)
    assert same(fastact.bias_gelu(x[0], x), fastact.bias_gelu(x, x[0]))
    described = x.astype(np.dtype("f", metadata={"unit": "mV"}))[:, :150]
    assert fastact.gelu(described).dtype.metadata == {"unit": "mV"}
    with pytest.raises(TypeError, match="tuple"):
        fastact.glu_backward(x, x, x, out=np.empty_like(x))
    assert fastact.bias_gelu(x, x[0].tolist()).dtype == fastact.bias_gelu(x, x[0].astype("d")).dtype == "d"
    assert type(fastact.gelu(np.ma.masked_array(x))) is np.ma.MaskedArray
    for wrong in (x[:7], x[:, :7], np.zeros((2, *x.shape)).astype("f")[..., :7]):
        with pytest.raises(ValueError, match="could not be broadcast"):
            fastact.bias_gelu(x, wrong)
    with pytest.raises(ValueError, match=r"read-only|non-broadcastable"):
        fastact.gelu(x, out=np.broadcast_to(x[0], x.shape))
    for strides in ((0, 4), (0, 0), (4, 4)):
        y = np.lib.stride_tricks.as_strided(np.zeros(2000, "f"), x.shape, strides, writeable=True)
        fastact.gelu(x, out=y)
        assert same(y[-1, -1], fastact.gelu(x[-1, -1])), "the last row is written last"
    with pytest.raises(FloatingPointError, match=r"overflow encountered in exponential$"), np.errstate(over="raise"):
        fastact.exponential(x + 1000 * (x == x.max()))
