"""The largest errors of float32 results on a fixed grid of inputs, in two measures.

Relative: in ulp of the true result, where that is a normal number. Scaled, for functions that are x times a factor
between 0 and 1, or nearly: in ulp of x, or of gate*up; differences below 2^-100 do not count. A small scaled error is
enough for inference; only a small relative one keeps the tails. The reference is the catalogue's formula in C and
double precision (tools/wide.py), or NumPy in long double where the catalogue has no formula. The largest error on a
grid is not a bound; tools/exhaustive.py checks all inputs of fastact.
"""

import sys
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from contenders import DEFAULTS, FROM_OUTPUT, GATES
from numpy.typing import NDArray

from fastact.catalogue import FUNCTIONS
from fastact.catalogue.derived import textbook

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import wide

Array = NDArray[Any]
SCALED = ("relu", "leaky_relu", "hard_swish", "silu", "gelu", "gelu_tanh", "mish", *GATES)
DENSE, SPARSE = 1009, 10007  # every so many bit patterns
NEAR = (2.0**-20, 12.0)  # magnitudes between which the grid is dense
ENDS = (2.0**-126, 128.0)
ROWS, LENGTH = 300, 1000  # of softmax
SCALES = (1, 4, 20)  # of its inputs
TABLE = {f.name: f for f in FUNCTIONS}
EXACT = ("relu", "leaky_relu", "relu_backward", "leaky_relu_backward")  # whatever is right has the same result
MEASURED_NOT = ("softmax_backward",)  # a difference, whose relative error has no limit
EXPONENT, DIGITS = -126, 23  # of the smallest normal number, of a fraction
SMALLEST = 2.0**EXPONENT
NOTHING = 2.0**-100  # smaller differences are not counted as scaled errors


class Error(NamedTuple):
    relative: float
    where: float  # the input of the largest relative error
    scaled: float | None


@lru_cache(maxsize=2)
def grid(coarser: int = 1) -> Array:
    """The inputs, of both signs, and zero."""
    low, high = np.array(NEAR, np.float32).view(np.uint32)
    first, last = np.array(ENDS, np.float32).view(np.uint32)
    parts = [
        np.arange(first, low, SPARSE * coarser, np.uint32),
        np.arange(low, high, DENSE * coarser, np.uint32),
        np.arange(high, last, SPARSE * coarser, np.uint32),
    ]
    x = np.concatenate(parts).view(np.float32)
    return np.concatenate([-x[::-1], np.zeros(1, np.float32), x])


def inputs(name: str, coarser: int = 1) -> tuple[Array, ...]:
    """The inputs of a function on the grid. Gradients are 1, so that a backward pass is a derivative."""
    rng = np.random.default_rng(0)
    if name == "softmax":
        rows = rng.standard_normal((ROWS, LENGTH), np.float32)
        return (rows * np.repeat(np.array(SCALES, np.float32), ROWS // len(SCALES))[:, None],)
    x = grid(coarser)
    if name in FROM_OUTPUT:
        y = x[(np.abs(x) < 1) & (name.startswith("tanh") | (x > 0))]
        return np.ones_like(y), y
    if name in GATES:
        return x, rng.standard_normal(x.size, np.float32)
    if name.endswith("_backward"):
        x = x[x != 0]  # where libraries choose the slope of a kink
        return np.ones_like(x), x
    return (x,)


@cache
def formula(name: str, derivative: bool) -> str:
    function = TABLE[name]
    return str(wide.source(textbook(function.entry), function.inputs, derivative))


def truth(name: str, given: Sequence[Array]) -> Array:
    """The true results, in double."""
    if name == "softmax":
        x = given[0].astype(np.longdouble)
        e = np.exp(x - x.max(-1, keepdims=True))
        return np.asarray(e / e.sum(-1, keepdims=True), np.float64)
    if name in FROM_OUTPUT:
        y = given[1].astype(np.longdouble)
        return np.asarray((1 - y) * (1 + y) if name.startswith("tanh") else y * (1 - y), np.float64)
    derivative, short = name.endswith("_backward"), name.removesuffix("_backward")
    arrays = given[1:] if derivative else given
    parameters = [np.full(arrays[0].size, np.float32(value)) for value in DEFAULTS[short]]
    want, _ = wide.compare(
        formula(short, derivative), "double", [*arrays, *parameters], [], "float32", np.zeros(arrays[0].size)
    )
    return want


def ulp(value: Array) -> Array:
    """The distance of float32 numbers of this size."""
    return np.ldexp(1.0, np.maximum(np.frexp(np.abs(value))[1] - 1, EXPONENT) - DIGITS)


def largest(got: Array, want: Array, scale: Array | None, x: Array) -> Error:
    """The largest errors of results; `scale` has the numbers whose ulp is the unit of the scaled error."""
    with np.errstate(all="ignore"):
        difference = np.abs(got.astype(np.float64) - want)
        difference[np.isnan(difference)] = np.inf
        normal = (np.abs(want) >= SMALLEST) & (np.abs(want) <= np.finfo(np.float32).max)
        relative = np.where(normal, difference / ulp(want), 0)
        i = int(np.argmax(relative))
        seen = np.where(difference < NOTHING, 0, difference)
        scaled = None if scale is None else float(np.max(seen / ulp(scale)))
        return Error(float(relative.flat[i]), float(x.flat[i]), scaled)


def measure(name: str, evaluate: dict[str, Callable[[], Array]], given: tuple[Array, ...]) -> dict[str, Error]:
    """The errors of several contenders' results for the same inputs."""
    want = truth(name, given)
    scale = None
    if name in SCALED:
        scale = np.prod([a.astype(np.float64) for a in given], axis=0)
    x = given[-1] if "backward" in name else given[0]
    return {who: largest(np.asarray(call()), want, scale, x) for who, call in evaluate.items()}
