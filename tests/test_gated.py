"""Packed gates and the gated linear layer."""

import math

import numpy as np
import pytest
from conftest import NUMPY_1, same
from reference import in_numpy

import fastact
from fastact.catalogue import Gate

LAYOUTS = ("gate_up", "up_gate", "interleaved")


def unpacked(x: np.ndarray, axis: int, layout: str) -> tuple[np.ndarray, np.ndarray]:
    """Gate and value by another method: np.split and np.take."""
    if layout == "interleaved":
        size = x.shape[axis]
        return np.take(x, range(0, size, 2), axis), np.take(x, range(1, size, 2), axis)
    first, second = np.split(x, 2, axis)
    return (first, second) if layout == "gate_up" else (second, first)


@pytest.mark.by_shape
@pytest.mark.parametrize("layout", LAYOUTS)
def test_packed(gate_row: Gate, layout: str, dtype: type) -> None:
    f, packed = getattr(fastact, gate_row.name), getattr(fastact, f"{gate_row.name}_packed")
    rng = np.random.default_rng(0)
    for shape in ((6,), (4, 10), (3, 4, 6), (2, 3, 4, 2), (0, 4), (4, 0), (300, 700)):
        base = rng.normal(0, 2, shape).astype(dtype)
        views = [base, np.asfortranarray(base), base[..., ::-1], np.repeat(base, 2, axis=0)[::2]]
        for x in views:
            for axis in (k for k in range(-x.ndim, x.ndim) if x.shape[k] % 2 == 0):
                want = f(*unpacked(x, axis, layout))
                got = packed(x, axis, layout=layout)
                assert got.shape == want.shape and same(got, want)
                for out in (np.empty_like(want), np.asfortranarray(np.empty_like(want)), np.empty_like(want)[::-1]):
                    assert packed(x, axis, layout=layout, out=out) is out and same(out, want)


def test_packed_dtypes(gate_row: Gate) -> None:
    packed = getattr(fastact, f"{gate_row.name}_packed")
    for c in "?bhiqefd":
        assert packed(np.ones((3, 4), c), layout="gate_up").dtype == np.exp(np.ones(1, c)).dtype
    assert packed([[1, 2], [3, 4]], layout="gate_up").shape == (2, 1)
    for c in ("F", "O", "U4", "M8[s]"):
        with pytest.raises(TypeError):
            packed(np.zeros((3, 4), c), layout="gate_up")


def test_glu_has_the_order_of_torch() -> None:
    """glu_packed: the first half times the logistic function of the second. Other gates have no default layout."""
    x = np.random.default_rng(1).normal(size=(5, 8))
    assert same(fastact.glu_packed(x), fastact.glu(x[:, 4:], x[:, :4]))
    np.testing.assert_allclose(fastact.glu_packed(x), x[:, :4] / (1 + np.exp(-x[:, 4:])))
    with pytest.raises(TypeError, match="layout"):
        fastact.swiglu_packed(x)


def test_packed_in_place() -> None:
    """The result may be written over the gate."""
    x = np.random.default_rng(2).normal(size=(40, 600)).astype("f")
    want = fastact.swiglu_packed(x, layout="gate_up")
    y = x.copy()
    fastact.swiglu_packed(y, layout="gate_up", out=y[:, :300])
    assert same(y[:, :300], want) and same(y[:, 300:], x[:, 300:])
    y = x.copy()
    fastact.swiglu_packed(y, layout="gate_up", out=y[:, 150:450])
    assert same(y[:, 150:450], want)


def test_packed_copies_nothing() -> None:
    """The gate gets views of the input."""
    x = np.zeros((8, 6))
    seen = []
    from fastact.api import gated

    class Spy:
        def __call__(self, a, b, **kwargs):
            seen.append((a, b))
            return a

    entry = next(row for row in fastact.table.GATES if row.name == "swiglu")
    packed = gated._packed(entry, Spy(), "fastact")
    for axis, layout in ((1, "gate_up"), (0, "up_gate"), (0, "interleaved")):
        packed(x, axis, layout=layout)
    packed(x.T, 0, layout="interleaved")
    assert len(seen) == 4 and all(np.shares_memory(half, x) for pair in seen for half in pair)


def test_other_containers_get_the_binary_ufunc() -> None:
    x = np.ma.masked_array(np.ones((2, 4)), mask=[[False, False, True, False]] * 2)
    y = fastact.swiglu_packed(x, layout="gate_up")
    assert isinstance(y, np.ma.MaskedArray) and y.mask.tolist() == [[True, False]] * 2


def test_packed_errors() -> None:
    x = np.zeros((4, 5))
    with pytest.raises(ValueError, match=r"swiglu_packed.*axis 1.*even.*5"):
        fastact.swiglu_packed(x, layout="gate_up")
    with pytest.raises(ValueError, match=r"swiglu_packed.*'llama'.*gate_up, up_gate, interleaved"):
        fastact.swiglu_packed(x, 0, layout="llama")
    with pytest.raises(ValueError, match=r"\['gate_up'\]"):
        fastact.swiglu_packed(x, 0, layout=["gate_up"])
    for axis in (2, -3):
        with pytest.raises(np.exceptions.AxisError, match=rf"swiglu_packed.*{axis}"):
            fastact.swiglu_packed(x, axis, layout="gate_up")
    with pytest.raises(np.exceptions.AxisError):
        fastact.swiglu_packed(np.float64(1), layout="gate_up")
    with pytest.raises(TypeError):
        fastact.swiglu_packed(x, 0.5, layout="gate_up")
    with pytest.raises(ValueError, match=r"out has shape \(3, 5\).*\(2, 5\)"):
        fastact.swiglu_packed(x, 0, layout="gate_up", out=np.zeros((3, 5)))
    frozen = np.ones((2, 5))
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        fastact.swiglu_packed(x, 0, layout="gate_up", out=frozen)
    assert np.all(frozen == 1)


@pytest.mark.by_shape
def test_gated_linear(gate_row: Gate, real: type) -> None:
    rng = np.random.default_rng(3)
    gate, formula = getattr(fastact, gate_row.name), in_numpy(gate_row)
    for shape, m in (((5,), 7), ((3, 5), 7), ((2, 3, 5), 1), ((700, 5), 300), ((0, 5), 4), ((3, 5), 0)):
        x, (W, V), (b, c) = rng.normal(size=shape), rng.normal(size=(2, 5, m)), rng.normal(size=(2, m))
        x, W, V, b, c = (a.astype(real) for a in (x, W, V, b, c))
        rtol = 200 * np.finfo(real).eps
        for left, right in ((None, None), (b, None), (None, c), (b, c)):
            want = formula(x @ W + (0 if left is None else left), x @ V + (0 if right is None else right))
            got = fastact.gated_linear(x, W, V, left, right, gate=gate)
            assert got.dtype == real
            np.testing.assert_allclose(got, want, rtol=rtol, atol=rtol)
            for out in (np.empty_like(got), np.asfortranarray(np.empty_like(got))):
                assert fastact.gated_linear(x, W, V, left, right, gate=gate, out=out) is out
                assert same(out, got)


def test_gated_linear_defaults() -> None:
    x, W, V = np.ones((2, 3)), np.full((3, 4), 0.5), np.full((3, 4), 2.0)
    np.testing.assert_allclose(fastact.gated_linear(x, W, V), 6 / (1 + np.exp(-np.full((2, 4), 1.5))))
    assert fastact.gated_linear(np.ones((2, 3), int), np.ones((3, 4), int), np.ones((3, 4), int)).dtype == np.float64
    kept = x.copy(), W.copy(), V.copy()
    fastact.gated_linear(x, W, V, np.ones(4), np.ones(4))
    assert same((x, W, V), kept)


def test_gated_linear_errors() -> None:
    x, W = np.zeros((2, 3)), np.zeros((3, 4))
    f = fastact.gated_linear
    with pytest.raises(ValueError, match=r"x has shape \(2, 5\) and W \(3, 4\)"):
        f(np.zeros((2, 5)), W, W)
    with pytest.raises(ValueError, match=r"W has shape \(3, 4\) and V \(3, 5\)"):
        f(x, W, np.zeros((3, 5)))
    with pytest.raises(ValueError, match=r"x has shape \(2, 3\) and W \(3,\)"):
        f(x, np.zeros(3), np.zeros(3))
    with pytest.raises(ValueError, match=r"x has shape \(\) and W"):
        f(1.0, W, W)
    with pytest.raises(ValueError, match=r"b has shape \(3,\) and W \(3, 4\)"):
        f(x, W, W, np.zeros(3))
    with pytest.raises(ValueError, match=r"c has shape \(1, 4\) and W \(3, 4\)"):
        f(x, W, W, None, np.zeros((1, 4)))
    with pytest.raises(ValueError, match=r"out has shape \(4,\).*\(2, 4\)"):
        f(x, W, W, out=np.zeros(4))
    for bad in (x.astype(complex), x.astype(object), x.astype("U4")):
        with pytest.raises(TypeError):
            f(bad, W, W)


def test_bernoulli_gelu() -> None:
    x = np.linspace(-2, 2, 1000).astype("f").reshape(10, 100)
    y = fastact.bernoulli_gelu(x, rng=1)
    assert y.dtype == np.float32 and y.shape == x.shape
    assert same(y, fastact.bernoulli_gelu(x, np.random.default_rng(1)))
    assert not same(y, fastact.bernoulli_gelu(x, 2))
    out = np.empty_like(x)
    assert fastact.bernoulli_gelu(x, 1, out) is out and same(out, y)
    assert fastact.bernoulli_gelu(50) == 50 and fastact.bernoulli_gelu(-50) == 0
    assert fastact.bernoulli_gelu(np.ones(3, np.int8)).dtype == np.float16
    for bad in (1j, "a", np.zeros(2, "M8[s]"), None):
        with pytest.raises(TypeError):
            fastact.bernoulli_gelu(bad)
    with pytest.raises(ValueError):
        fastact.bernoulli_gelu(x, out=np.empty(3, "f"))


def test_factors_of_any_size(gate_row: Gate) -> None:
    """A product of two factors overflows or underflows, but that of all three does not."""
    f, back = getattr(fastact, gate_row.name), getattr(fastact, f"{gate_row.name}_backward")
    one = np.float32
    if gate_row.params and NUMPY_1:
        pytest.skip("NumPy 1 takes float32 scalars for Python numbers")
    with np.errstate(all="raise"):
        if gate_row.gate not in ("identity", "sigmoid"):
            for slot in (one(-200), np.full(64, -200, "f")):
                assert np.all(np.abs(f(slot, np.full_like(slot, 3e38))) == 0)
            dgate, dup = back(one(1e20), one(-200), one(1e20))
            assert dgate == 0 and dup == 0
    if gate_row.gate in ("silu", "gelu", "gelu_tanh", "gelu_quick"):
        np.testing.assert_allclose(f(one(1e-45), one(2.8e19)), float(one(1e-45)) * 2.8e19 / 2, rtol=1e-6)
        dgate, dup = back(1e38, -100.0, 1.0)
        _, single = back(one(1e38), one(-100), one(1))
        np.testing.assert_allclose(single, dup, rtol=1e-6)


def test_clamped_swiglu_beyond_its_limits(real: type) -> None:
    """A clamped value is the limit, and has no slope for any gradient; NaN stays NaN."""
    f, back, inf = fastact.clamped_swiglu, fastact.clamped_swiglu_backward, np.inf
    top, half = (g / (1 + math.exp(-1.702 * g)) for g in (7, 0.5))
    gate, up = np.array([[inf, 9, inf, 0.5, 0.5, -inf, -inf], [0, 2, -inf, inf, -9, 1, inf]], real)
    want = [top, 3 * top, -6 * top, 8 * half, -6 * half, 0, 0]
    np.testing.assert_allclose(f(gate, up), want, rtol=8 * np.finfo(real).eps, atol=0)
    assert np.isnan(f(np.array([np.nan, 1], real), np.array([1, np.nan], real))).all()
    dgate, dup = back(real(2), gate, up)
    assert (dgate[:3] == 0).all() and (dgate[5:] == 0).all() and (dup[2:5] == 0).all() and dup[0] > 0
    huge = np.full(3, np.finfo(real).max)
    with np.errstate(over="ignore"):
        _, dup = back(huge, np.full(3, 100, real), np.full(3, 2000, real), limit=1000.0)
    assert (dup == 0).all()


def test_labelled_containers_are_refused_not_misaligned() -> None:
    """pandas and xarray would match the halves by their labels."""

    class Labelled(np.lib.mixins.NDArrayOperatorsMixin):
        ndim, shape = 1, (4,)

        def __getitem__(self, key):
            return self

        def __array_ufunc__(self, *args, **kwargs):
            return self

    with pytest.raises(TypeError, match="swiglu_packed: Labelled matched the halves by their labels"):
        fastact.swiglu_packed(Labelled(), layout="gate_up")


def test_gated_linear_refuses_what_is_no_gate() -> None:
    x, W = np.zeros((2, 3)), np.zeros((3, 4))
    for bad in ("swiglu", fastact.gelu, fastact.swiglu_backward, np.matmul.__class__):
        with pytest.raises(TypeError, match="gate must be a ufunc of two arrays"):
            fastact.gated_linear(x, W, W, gate=bad)
    with pytest.raises(TypeError, match="out must be an ndarray, not list"):
        fastact.gated_linear(x, W, W, out=[1])
    assert fastact.gated_linear(np.zeros((2, 0)), np.zeros((0, 4)), np.zeros((0, 4))).shape == (2, 4)
