"""``python -m fastact bench``: times of functions for arrays of several sizes, beside a copy and NumPy.

`python -m pytest benchmarks`, in the source tree, times everything.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import fastact

from ..catalogue import FUNCTIONS as ELEMENTWISE
from ..catalogue import ROWWISE, Function, Gate, Rowwise
from . import demo

Array = NDArray[Any]
Timed = Function | Rowwise

SIZES = (1, 1000, 100_000, 1_000_000)
MOST = 10**9
USUAL = ("relu", "sigmoid", "tanh", "silu", "gelu", "gelu_tanh", "softplus", "swiglu", "softmax")
TOGETHER = 10_000  # elements that are timed together at least, in at most 100 calls

# As demo.NUMPY, for functions along an axis; the row is the whole array.
NUMPY_ROWS: dict[str, Callable[[Array], Any]] = {
    "softmax": lambda x: (e := np.exp(x - x.max())) / e.sum(),
    "log_softmax": lambda x: (d := x - x.max()) - np.log(np.exp(d).sum()),
    "logsumexp": lambda x: (top := x.max()) + np.log(np.exp(x - top).sum()),
    "maxout": lambda x: (x.max(), x.argmax()),
}

FUNCTIONS: dict[str, Timed] = {
    **{f.name: f for f in ELEMENTWISE},
    **{alias: f for f in ELEMENTWISE if f.kind == "forward" for alias in f.entry.aliases},
    # without maxout_backward, whose result has another size than its input
    **{name: r for r in ROWWISE if r.operands[0] == "r" for name in (r.name, *r.aliases)},
}


class Calls(NamedTuple):
    """The calls that are timed side by side."""

    mine: demo.Call
    copy: demo.Call
    numpy: demo.Call | None


def head() -> str:
    """The two lines above the table."""
    return (
        f"{'':24} {'':>10} {'ns an element':^29} {'times':>9} {'times':>7}\n"
        f"{'function':24} {'elements':>10} {'fastact':>9} {'copy':>9} {'NumPy':>9} {'a copy':>9} {'faster':>7}"
    )


def lines(names: Sequence[str], sizes: Sequence[int], dtype: np.dtype[Any], rounds: int) -> Iterator[str]:
    """A line of the table for each function and size; a MemoryError where arrays do not fit into memory."""
    for name in names:
        for size in sizes:
            with np.errstate(all="ignore"):
                calls = _calls(FUNCTIONS[name], size, dtype)
                together = min(100, math.ceil(TOGETHER / size))
                own, copy, plain = (1e9 * t / size for t in demo.times(calls, rounds, together))
            other = f"{plain:9.3f} {own / copy:9.1f} {plain / own:7.1f}"
            if calls.numpy is None:
                other = f"{'-':>9} {own / copy:9.1f} {'-':>7}"
            yield f"{name:24} {size:10} {own:9.3f} {copy:9.3f} {other}"


def _calls(function: Timed, size: int, dtype: np.dtype[Any]) -> Calls:
    """The call of fastact, a copy and the NumPy expression, each with its own arrays."""
    x, *others = _arrays(size, dtype)
    out = np.empty_like(x)
    copy = partial(np.copyto, np.empty_like(x), x)
    if isinstance(function, Rowwise):
        return Calls(_row_call(function, x, others[0], out), copy, _numpy_row(function, x))
    entry = function.entry
    values = demo.params(entry)
    if getattr(entry, "least", -math.inf) == 0:
        x = np.abs(x)
    gated = isinstance(entry, Gate)  # x is the second input of a gate whose value is an activation
    given = {"grad": others[1], "gate": x, "up": others[0], "b": others[0], "x": others[0] if gated else x}
    if "y" in function.inputs:
        given["y"] = getattr(fastact, entry.name)(x, *values.values())
    inputs = [given[name] for name in function.inputs if name not in values]
    outs = tuple(np.empty_like(x) for _ in function.outputs)
    mine = partial(getattr(fastact, function.name), *inputs, *values.values(), out=outs)
    other = None
    if function.kind == "forward":
        other = demo.expression(entry, np.empty_like(x))
    return Calls(mine, copy, partial(other, *inputs, out) if other else None)


def _arrays(size: int, dtype: np.dtype[Any]) -> list[Array]:
    """Three arrays of real pre-activations in random order."""
    sample, rng = demo.sample().ravel(), np.random.default_rng(0)
    return [np.resize(rng.permutation(sample).astype(dtype), size) for _ in range(3)]


def _row_call(entry: Rowwise, x: Array, grad: Array, out: Array) -> demo.Call:
    function = getattr(fastact, entry.name)
    into = {"out": out} if entry.operands.endswith(">r") else {}  # others return one number
    if entry.signature.startswith("grad"):
        return partial(function, grad, getattr(fastact, entry.name.removesuffix("_backward"))(x), **into)
    return partial(function, x, **into)


def _numpy_row(entry: Rowwise, x: Array) -> demo.Call | None:
    expression = NUMPY_ROWS.get(entry.name)
    return partial(expression, x) if expression else None
