"""Times every function of the catalogue beside its usual NumPy and SciPy expression (pytest-benchmark).

    python -m pytest benchmarks                          everything: 2 dtypes, 5 sizes, half an hour
    python -m pytest benchmarks --quick                  10,000 float32 elements, a few seconds
    python -m pytest benchmarks --sizes 1000,1000000     these sizes only
    python -m pytest benchmarks -k "gelu and float32"    these functions only
    FASTACT_NUM_THREADS=1 python -m pytest benchmarks    on one thread, like the expressions

Each group of the report is one function, dtype and size, with the times of fastact and of the expression. Parameters
give other groups, e.g. `--benchmark-group-by=param:size,param:dtype,param:who`. fastact writes into a preallocated
`out`; the expressions make their arrays, in memory that the process keeps. The two are timed one after the other, so a
small difference needs a second run. This is not part of the test suite.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from expressions import EXPRESSIONS
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

import fastact
from fastact.catalogue import FUNCTIONS, Function

BY_NAME = {f.name: f for f in FUNCTIONS}
WRITTEN = [name for name in BY_NAME if name in EXPRESSIONS]


@lru_cache(maxsize=4)
def array(seed: int, dtype: str, size: int) -> NDArray[Any]:
    """Pre-activations: normally distributed, some of them well into the tails."""
    return np.random.default_rng(seed).normal(scale=3, size=size).astype(dtype)


def arguments(f: Function, dtype: str, size: int) -> list[Any]:
    """Arrays, then the parameters as Python floats: their defaults, or 1/4."""
    params = [0.25 if default is None else default for _, default in getattr(f.entry, "params", ())]
    arrays = [array(seed, dtype, size) for seed in range(len(f.inputs) - len(params))]
    if "y" in f.inputs:
        arrays[f.inputs.index("y")] = getattr(fastact, f.entry.name)(array(1, dtype, size), *params)
    return [*arrays, *params]


def ours(f: Function, args: list[Any], dtype: str, size: int) -> Callable[[], Any]:
    function = getattr(fastact, f.name)
    function = getattr(function, "ufunc", function)
    args = [np.asarray(a, dtype) for a in args]
    out = tuple(np.empty(size, dtype) for _ in f.outputs)
    return lambda: function(*args, out=out)


@pytest.mark.parametrize("name", WRITTEN)
def test_same_function(name: str, dtype: str) -> None:
    """Function and expression have the same dtype and, within a loose tolerance, the same result."""
    args = arguments(BY_NAME[name], dtype, 1000)
    want = EXPRESSIONS[name](*args)
    want = want if isinstance(want, tuple) else (want,)
    got = ours(BY_NAME[name], args, dtype, 1000)()
    for a, b in zip(got if isinstance(got, tuple) else (got,), want, strict=True):
        assert a.dtype == b.dtype == dtype
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "who"), [*((name, "fastact") for name in BY_NAME), *((name, "expression") for name in WRITTEN)]
)
def test_time(benchmark: BenchmarkFixture, name: str, who: str, dtype: str, size: int) -> None:
    benchmark.group = f"{name} {dtype} {size:,}"
    f = BY_NAME[name]
    args = arguments(f, dtype, size)
    if who == "fastact":
        benchmark(ours(f, args, dtype, size))
    else:
        benchmark(EXPRESSIONS[name], *args)
