"""fastact.fast: what it has, its special values, flags, layouts and calls. Bounds are tested in test_bounds.py."""

import pickle

import numpy as np
import pytest
from conftest import bits, outputs, same

import fastact
from fastact import fast
from fastact.api.names import PUBLIC
from fastact.catalogue import FUNCTIONS, Activation, Function, Gate

FAST = [f for f in FUNCTIONS if f.fast]
every = pytest.mark.parametrize("quick", FAST, ids=lambda f: f.name)
SPECIAL = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e30, -1e30, 3.4e38, -3.4e38], np.float32)


def both(f: Function, *args: object, **kwargs: object) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """The results of fastact.fast and of fastact."""
    made = (getattr(module, f.name)(*args, **kwargs) for module in (fast, fastact))
    return tuple(outputs(y) for y in made)


def draw(f: Function, n: int, seed: int = 1) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    count = len(f.inputs) - len(f.params)
    return [rng.normal(0, 6, n).astype(np.float32) for _ in range(count)]


def test_it_is_complete() -> None:
    assert set(fast.__all__) == set(PUBLIC) <= vars(fast).keys()
    assert fast.softmax is fastact.softmax and fast.relu is fastact.relu and fast.expit is fast.sigmoid
    own = {f.name for f in FAST}
    for f in FUNCTIONS:
        assert (getattr(fast, f.name) is not getattr(fastact, f.name)) == (f.name in own), f.name
    for name in ("gelu", "gelu_backward", "bias_gelu", "swiglu", "swiglu_backward", "swish", "swiglu_packed"):
        made = getattr(fast, name)
        assert pickle.loads(pickle.dumps(made)) is made and made is not getattr(fastact, name)
    assert fast.swish.__module__ == "fastact.fast" and "ulp of x" in fast.gelu.__doc__


@every
def test_other_dtypes_have_the_same_bits(quick: Function) -> None:
    for dtype in (np.float16, np.float64):
        ours, theirs = both(quick, *(x.astype(dtype) for x in draw(quick, 500)))
        assert same(ours, theirs) and ours[0].dtype == dtype


@every
def test_special_values(quick: Function) -> None:
    """Zeros, infinities and NaN, and for functions of one number the largest numbers: as in fastact. The derivatives'
    zeros have no sign."""
    count = len(quick.inputs) - len(quick.params)
    grids = np.meshgrid(*[SPECIAL if count == 1 else SPECIAL[:-4]] * count, indexing="ij")
    with np.errstate(over="ignore"):
        ours, theirs = both(quick, *(g.ravel() for g in grids))
    for k, (got, want) in enumerate(zip(ours, theirs, strict=True)):
        exact = ~np.isfinite(want) | (want == 0)
        assert np.array_equal(got[exact], want[exact], equal_nan=True)
        np.testing.assert_allclose(got, want, rtol=5e-7)
        if quick.kind == "forward" and k == 0:
            zero = want == 0
            assert np.array_equal(np.signbit(got[zero]), np.signbit(want[zero]))


@every
def test_no_flag_without_overflow(quick: Function) -> None:
    x = np.linspace(-130, 130, 50_001, dtype=np.float32)
    x = np.concatenate([x, np.float32(2) ** np.arange(-149, 127), -(np.float32(2) ** np.arange(-149, 127))])
    count = len(quick.inputs) - len(quick.params)
    others = [np.full_like(x, 1.5)] * (count - 1)
    at = quick.inputs.index("gate" if "gate" in quick.inputs else "x")
    others.insert(at, x)
    with np.errstate(all="raise"):
        y = getattr(fast, quick.name)(*others)
    assert all(np.isfinite(a).all() for a in outputs(y))


def test_overflow_is_reported() -> None:
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        fast.swiglu(np.float32([3e38]), np.float32([3e38]))


@every
def test_layouts_and_threads(quick: Function, threads) -> None:
    x = draw(quick, 70_000)
    want = outputs(getattr(fast, quick.name)(*x))
    spread = [np.repeat(a, 2)[::2] for a in x]
    assert same(outputs(getattr(fast, quick.name)(*spread)), want)
    part = outputs(getattr(fast, quick.name)(*(a[13:1000] for a in x)))
    assert same(part, tuple(w[13:1000] for w in want))
    matrices = [np.asfortranarray(a.reshape(700, 100)) for a in x]
    assert same(outputs(getattr(fast, quick.name)(*matrices)), tuple(w.reshape(700, 100) for w in want))
    for count in (1, 2, 3):
        threads(count)
        assert same(outputs(getattr(fast, quick.name)(*x)), want)


def test_calls() -> None:
    """Fast calls of core/fast_calls.c, defaults, keywords and packed gates."""
    x = np.linspace(-3, 3, 100, dtype=np.float32)
    before = fastact._core.count_fast_calls()
    y = fast.gelu(x)
    assert fast.gelu(x, out=y) is y
    fast.swish(x, 0.5)
    if fastact._dispatch.fast_calls == "1":
        assert fastact._core.count_fast_calls() == before + 3
    assert same(fast.swish(x), fast.swish(x, beta=1.0)) and same(fast.swish(x), fast.silu(x))
    packed = fast.swiglu_packed(x, layout="gate_up")
    assert same(packed, fast.swiglu(x[:50], x[50:])) and packed.dtype == np.float32
    linear = fastact.gated_linear(np.eye(4, dtype=np.float32), np.eye(4, dtype=np.float32), np.eye(4, dtype=np.float32),
                                  gate=fast.swiglu)  # fmt: skip
    assert same(linear, fast.swiglu(np.eye(4, dtype=np.float32), np.eye(4, dtype=np.float32)))


def test_softplus_with_any_beta() -> None:
    x = np.array([-30, -1, 0, 2, 40], np.float32)
    for beta in (-2.0, 0.01, 0.5, 3.0, 1e4):
        np.testing.assert_allclose(fast.softplus(x, beta), fastact.softplus(x, beta), rtol=5e-7, atol=1.2e-38)


def test_bits_of_parts_of_a_function() -> None:
    """bias_NAME and the backward passes are those of the fast function."""
    x = np.linspace(-9, 9, 1001, dtype=np.float32)
    for f in FAST:
        if f.kind == "biased":
            whole = getattr(fast, f.entry.name)(x + np.float32(0.5))
            assert np.array_equal(bits(getattr(fast, f.name)(x, np.float32(0.5))), bits(whole))
        if f.kind == "backward" and isinstance(f.entry, Activation):
            assert same(getattr(fast, f.name)(np.float32(1), x), getattr(fast, f"{f.entry.name}_derivative")(x))
        if f.kind == "backward" and isinstance(f.entry, Gate):
            _, dup = getattr(fast, f.name)(x[::-1].copy(), x, x)
            assert same(dup, getattr(fast, f.entry.name)(x, x[::-1].copy()))
